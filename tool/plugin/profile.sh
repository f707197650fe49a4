# SPDX-License-Identifier: BSD-2-Clause
#
# Print functions by the instructions that the plugin's profile has of them, per operation.
#
# usage: profile.sh VARS PROFILE OPERATIONS
#
# All components lie at the same addresses: an instruction belongs to the program that
# has the same bytes there.

. "$1"
for program in "$D/bench/image.debug" "$D/kernel.elf" "$A/core.elf" "$A/bin/init" "$A"/bin/bench*; do
	echo "program $(basename "$program" .elf)"
	"${BINUTILS}objdump" -dw "$program"
done | awk -v operations="$3" -v family="$FAMILY" '
	# Other tools than the one for x86 print numbers of 2 or 4 bytes.
	function in_memory(text,    result, i)
	{
		if (family == "x86")
			return text
		for (i = length(text) - 1; i > 0; i -= 2)
			result = result substr(text, i, 2)
		return result
	}

	FNR == NR {
		count[$1, $2] += $3
		next
	}
	$1 == "program"        { program = $2 }
	/^[0-9a-f]+ <.*>:$/    { symbol = substr($2, 2, length($2) - 3) }
	/^ *[0-9a-f]+:\t/ {
		split($0, part, "\t")
		address = part[1]
		gsub(/[ :]/, "", address)
		sub(/^0+/, "", address)
		gsub(/ /, "", part[2])
		key = address SUBSEP in_memory(part[2])
		if (key in count) {
			sum[program ": " symbol] += count[key]
			delete count[key]
		}
	}
	END {
		for (name in sum) {
			printf "%10.2f  %s\n", sum[name] / operations, name
			all += sum[name]
		}
		for (key in count)
			other += count[key]
		printf "%10.2f  (elsewhere)\n%10.2f  (all)\n", other / operations, (all + other) / operations
	}' "$2" - | sort -rn
