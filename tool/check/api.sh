# SPDX-License-Identifier: BSD-2-Clause
#
# The API manual agrees with the tree: what it quotes ("```language file") stands in the
# file, in one piece; the functions and headers that it names exist; every example is
# quoted, and part of the scenario that runs them.

page=doc/api.md
work=build/test/api
mkdir -p $work

# verdict CASE FILE WHY: a failure if the file has lines
verdict() {
	if [ -s "$2" ]; then
		cat "$2"
		echo "FAIL api.$1: $3"
	else
		echo "ok api.$1"
	fi
}

awk -v page=$page '
	function whole(file,   text, line) {
		text = "\n"
		while ((getline line <file) > 0)
			text = text line "\n"
		close(file)
		return text
	}
	/^```/ && !inside {
		inside = FNR
		file   = $2
		block  = "\n"
		if (file == "")
			print page ":" FNR ": no file is named"
		next
	}
	/^```/ {
		inside = 0
		quotes++
		if (file != "" && !index(whole(file), block))
			print page ":" FNR ": this does not stand in " file
		next
	}
	inside { block = block $0 "\n" }
	END {
		if (inside)
			print page ":" inside ": a quote does not end"
		if (quotes < 20)
			print page ": only " quotes + 0 " quotes were seen"
	}' $page >$work/quotes
verdict quotes $work/quotes "quotes differ from the sources"

# Words of the headers, written by hand and generated.
cat base/include/by/*.h base/include/by/*/*.h kernel/abi/by/*.h build/gen/by/*/*.h |
	grep -oE '[A-Za-z_][A-Za-z_0-9]*' | sort -u >$work/known
grep -oE '`(by_[a-z_0-9]+\(\)|BY_[A-Z_0-9]+)' $page | tr -d '`()' | sort -u >$work/named
comm -13 $work/known $work/named >$work/unknown
verdict names $work/unknown "these names are in no header"
[ "$(wc -l <$work/named)" -gt 30 ] || echo "FAIL api.names_seen: only $(wc -l <$work/named) names"

grep -oE '`<?by/[a-z_/]+\.h>?`' $page | tr -d '`<>' | sort -u | while read -r header; do
	[ -f "base/include/$header" ] || [ -f "kernel/abi/$header" ] || echo "$header"
done >$work/headers
verdict headers $work/headers "there are no such headers"

for dir in repos/os/src/example/*/; do
	name=$(basename "$dir")
	grep -q "^\`\`\`[a-z]* ${dir}main.c$" $page || echo "$name is not quoted in $page"
	grep -qw "$name" run/api.run ||
		echo "$name does not run in run/api.run"
done >$work/examples
verdict examples $work/examples "examples that nobody shows or runs"
