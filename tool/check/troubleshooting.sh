# SPDX-License-Identifier: BSD-2-Clause
#
# doc/troubleshooting.md quotes messages that the tree contains, and its tables say what the
# folders of boards and the scenarios say.

page=doc/troubleshooting.md
work=build/test/troubleshooting
mkdir -p $work

verdict() {
	if [ -s "$2" ]; then
		cat "$2"
		echo "FAIL troubleshooting.$1: $3"
	else
		echo "ok troubleshooting.$1"
	fi
}

# All texts, as they stand in sources but for what C puts in front of quotes; names of status
# values are generated.
find kernel core base repos tool -type f '(' -name '*.[chS]' -o -name '*.tcl' -o -name '*.exp' -o \
	-name '*.sh' -o -name '*.awk' -o -name '*.mk' ')' ! -path '*/test/*' ! -name troubleshooting.sh \
	-exec cat '{}' + | tr -d '\\' >$work/texts
sed -n 's/^#define BY_\([A-Z_]*\) .*BY_STATUS(.*/\1/p' kernel/abi/by/status.h | tr '[:upper:]' '[:lower:]' >>$work/texts

# The messages in the first columns, in pieces: '...' is what differs.
awk '/^\| `/ { sub(/^\| `/, ""); sub(/`.*/, ""); gsub(/\.\.\./, "\n"); print }
	/^## What runs where/ { exit }' $page | sed 's/^ *//; s/ *$//' | grep '....' | sort -u >$work/pieces
said() {
	grep -qF -- "$1" $work/texts
}
while IFS= read -r piece; do
	case $piece in 'ignoring return value of') continue ;; esac # a compiler's
	said "$piece" && continue
	# put together from two texts, perhaps
	said "${piece%: *}" && said "${piece##*: }" && continue
	echo "$piece"
done <$work/pieces >$work/unknown
[ "$(wc -l <$work/pieces)" -gt 50 ] || echo "only $(wc -l <$work/pieces) pieces were seen" >>$work/unknown
verdict messages $work/unknown "nobody says this"

# What the tables should say.
boards=$(cd kernel/board && for mk in */board.mk; do dirname "$mk"; done)
features() {
	sed -n 's/^FEATURES *= *//p' "kernel/board/$1/board.mk"
}
{
	for board in $boards; do
		for feature in $(features "$board"); do echo "$feature"; done
	done
	cat run/*.run repos/*/run/*.run 2>/dev/null | sed -n 's/^needs //p' | tr ' ' '\n'
} | sort -u | while read -r feature; do
	printf '| `%s`' "$feature"
	for board in $boards; do
		arch=$(sed -n 's/^ARCH *= *//p' "kernel/board/$board/board.mk")
		family=$(sed -n 's/^FAMILY *:*= *//p' "tool/mk/arch/$arch.mk")
		case " $(features "$board") $arch $family " in
		*" $feature "*) printf ' | yes' ;;
		*) printf ' |' ;;
		esac
	done
	printf ' |'
	for file in run/*.run; do
		sed -n 's/^needs/& /p' "$file" | grep -qw "$feature" && printf ' `%s`' "$(basename "$file" .run)"
	done
	echo ' |'
done >$work/features
sed -n '/^| feature |/,$p' $page | grep '^| `' >$work/features.said
diff $work/features.said $work/features >$work/features.diff
verdict features $work/features.diff "the table of features should be as behind '>'"

{
	printf '| |%s |\n' "$(printf ' `%s` |' $boards | sed 's/ |$//')"
	printf '| all scenarios by'
	for board in $boards; do
		printf ' | `%s`' $(sed -n 's/^BOOT *= *//p' "kernel/board/$board/board.mk" | cut -d ' ' -f 1)
	done
	printf ' |\n| scenario `log` also by'
	for board in $boards; do
		printf ' |'
		for chain in $(sed -n 's/^BOOT *= *//p' "kernel/board/$board/board.mk" | cut -s -d ' ' -f 2-); do
			printf ' `%s`' "$chain"
		done
	done
	printf ' |\n'
} | while IFS= read -r line; do
	grep -qxF -- "$line" $page || echo "there is no line: $line"
done >$work/chains
verdict chains $work/chains "the table of boards differs from their folders"
