# SPDX-License-Identifier: BSD-2-Clause
#
# See that the Debian packages of some groups are installed: as root install
# what is missing, otherwise print the line to do it and end with 2.
#
# usage: setup.sh GROUP...      (groups stand in tool/mk/packages; default: all)

list=tool/mk/packages
[ $# -gt 0 ] || set -- $(awk '!/^#/ { print $1 }' $list)
groups=" $* "

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

done_all() {
	mkdir -p build/setup
	for group in $groups; do
		touch "build/setup/$group"
	done
	exit 0
}

if ! command -v dpkg-query >/dev/null; then
	echo "setup: not a Debian system; packages of $list are taken for granted" >&2
	done_all
fi

# One at a time: dpkg lets nobody else in.
mkdir -p build
exec 9>build/setup.lock
flock 9

missing=
for package in $(awk -v groups="$groups" '!/^#/ && index(groups, " " $1 " ") {
			for (i = 2; i <= NF; i++) print $i }' $list); do
	installed "$package" || missing="$missing $package"
done
[ "$missing" ] || done_all

install="apt-get install --yes --no-install-recommends$missing"
if [ "$(id -u)" != 0 ]; then
	echo "These Debian packages are missing:$missing" >&2
	echo "Install them as root (or all of them with 'make setup'):" >&2
	echo "apt-get update && $install" >&2
	exit 2
fi

export DEBIAN_FRONTEND=noninteractive
echo "installing:$missing"
# A fresh machine has no package lists, an old one has outdated ones.
exec </dev/null
$install 9>&- || { apt-get update 9>&- && $install 9>&-; } || {
	echo "setup: could not install:$missing" >&2
	exit 2
}
done_all
