# SPDX-License-Identifier: BSD-2-Clause
#
# Make a new component, or an interface with a server and a client, from the templates
# beside this script: files in which @NAME@ and the like are filled in. They are made
# elsewhere first, so that there are all of them, or none.
#
# usage: new.sh component|session     NAME, REPO and REPOS from the environment

kind=$1
here=$(dirname "$0")
top=$(pwd -P)

fail() {
	echo "new/$kind: $1" >&2
	exit 2
}

case $kind in
component) most=32 ;;
session)   most=25 ;; # for "_client" behind it
*) echo "new: there are new/component and new/session, but no new/$kind" >&2
   exit 2 ;;
esac


# The name

case $NAME in
'') fail "which name? make new/$kind NAME=..." ;;
*[!a-z0-9_]* | [!a-z]*)
	fail "'$NAME' cannot be a name: small letters, digits and '_' only, and a letter first" ;;
config | core_log | platform_info)
	fail "'$NAME' is the name of a ROM that every system has" ;;
esac
[ ${#NAME} -le $most ] || fail "'$NAME' is too long: at most $most characters"


# The repository. Without REPO it is the one in REPOS, or one that git does not look at and
# every make finds.

# shellcheck disable=SC2086
[ "$REPO" ] || case $(echo $REPOS) in
'')    REPO=repos/my ;;
*' '*) fail "which repository? REPO=, one of: $REPOS" ;;
*)     REPO=$REPOS ;;
esac
case $REPO in
*[!A-Za-z0-9_./+,@^-]*)
	# bytes beyond ASCII are letters of some language
	[ -z "$(printf %s "$REPO" | tr -d 'A-Za-z0-9_./+,@^\200-\377-')" ] ||
		fail "'$REPO': make can use paths only of letters, digits and _ . / + , @ ^ -" ;;
esac
# repos/<name> can be a link to elsewhere
repo=$(realpath -ms -- "$REPO")
name=${repo#"$top/repos/"}
case $name in
/* | */* | '') repo=$(realpath -m -- "$REPO") ;;
*)             repo=repos/$name ;;
esac
case $repo in
"$top"/build/*) ;;
"$top"/repos/* | "$top"/repos) fail "'$REPO' is no repository: those of the tree are repos/<name>" ;;
"$top" | "$top"/*) fail "'$REPO' lies in this tree: choose repos/<name>, or a place outside" ;;
esac
case $top/ in
"${repo%/}"/*) fail "'$REPO' contains this tree: choose another place" ;;
esac
[ ! -e "$repo" ] || [ -d "$repo" ] || fail "'$REPO' is no folder"


# Nothing of this name exists. (Paths in REPOS have no blanks.)

# shellcheck disable=SC2086
others=$(for other in $REPOS $repo; do realpath -m -- $other; done | grep -v "^$top/repos/" | sort -u)
# shellcheck disable=SC2086
all=$(find -L base core kernel repos $others '(' -name component.mk -o -name '*.rpc' ')' 2>/dev/null
	ls run/*.run repos/*/run/*.run 2>/dev/null
	for other in $others; do ls $other/run/*.run 2>/dev/null; done)

free() {
	found=$(echo "$all" | grep -m 1 "/$1\$")
	[ ! "$found" ] || fail "'$NAME' exists already: $found"
}
free "$NAME/component.mk"
free "run/$NAME.run"
if [ $kind = session ]; then
	free "session/$NAME.rpc"
	free "${NAME}_client/component.mk"
fi


# All that is going to be there, made in a folder of our own.

mkdir -p build || exit 2
work=$(mktemp -d build/new.XXXXXX) || exit 2
made=
undo() {
	for path in $made; do
		rm -f "$path" 2>/dev/null || rmdir "$path"
	done
	made=
}
trap 'undo; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

service=$(echo "$NAME" | cut -c 1 | tr '[:lower:]' '[:upper:]')$(echo "$NAME" | cut -c 2-)
capitals=$(echo "$NAME" | tr '[:lower:]' '[:upper:]')

# fill TEMPLATE FILE
fill() {
	mkdir -p "$work/$(dirname "$2")"
	sed -e "s/@NAME@/$NAME/g; s/@SERVICE@/$service/g; s/@CAPITALS@/$capitals/g" \
	    -e "s:@REPO@:$(basename "$repo"):g" "$here/$1" >"$work/$2" || exit 2
}

# component TEMPLATE FOLDER: with what belongs to it elsewhere
component() {
	for template in "$here/$1"/*; do
		file=$(basename "$template")
		case $file in
		scenario.run) fill "$1/$file" "run/$NAME.run" ;;
		session.rpc)  fill "$1/$file" "session/$NAME.rpc" ;;
		*)            fill "$1/$file" "$2/$file" ;;
		esac
	done
}

# The interface generator knows what cannot be a name in C, and whether the names that it
# generates for two interfaces meet.
# shellcheck disable=SC2046
good_interface() {
	said=$(build/host/rpc --check $(echo "$all" | grep '/session/[^/]*\.rpc$') "$1" 2>&1) ||
		fail "'$NAME' cannot be a name: $(echo "$said" | sed -n '1s/^[^:]*:[0-9:]* error: //p')"
}

if [ $kind = component ]; then
	echo "object $NAME" >"$work/$NAME.rpc"
	good_interface "$work/$NAME.rpc"
	rm "$work/$NAME.rpc"
	component component "src/app/$NAME"
else
	component server "src/server/$NAME"
	component client "src/app/${NAME}_client"
	build/host/rpc --record "$work/session/$NAME.rpc" >/dev/null 2>&1
	good_interface "$work/session/$NAME.rpc"
fi
[ -e "$repo/README.md" ] || fill repository/README.md README.md


# Now the real place.

# folder PATH: with those above it
folder() {
	[ -d "$1" ] && return
	folder "$(dirname "$1")" && mkdir -- "$1" && made="$1 $made"
}

files=$(cd "$work" && find . -type f | sed 's:^\./::' | sort)
for file in $files; do
	target=$repo/$file
	[ ! -e "$target" ] || fail "'$target' exists already"
	folder "$(dirname "$target")" || fail "cannot write to '$repo'"
	made="$target $made"
	cat "$work/$file" 2>/dev/null >"$target" || fail "cannot write to '$repo'"
done
made=

echo "new in $repo:"
echo "$files" | sed 's/^/  /'
case " $REPOS " in
*" $repo "* | *" $REPO "*) set -- ;;
*) [ "$repo" = "${repo#repos/}" ] && set -- "REPOS=$repo" || set -- ;;
esac
echo "try it: make run/$NAME${1:+ $1}"
