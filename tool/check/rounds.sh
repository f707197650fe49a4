# SPDX-License-Identifier: BSD-2-Clause
#
# Fuzzing in rounds of a fixed number of runs, always the same way: sourced by scripts.
#
# One round is nearly always enough. But how soon a fuzzer finds something also
# depends on addresses, which differ where setarch may not fix them, so that a
# single round would be a throw of the dice on somebody else's machine.

# Addresses enter into what the fuzzer thinks is new: the same ones each time.
FUZZ_FIXED=$(setarch -R true 2>/dev/null && echo setarch -R)

# fuzz_judge LOG FLOOR: sets 'edges', what was reached, and 'lack', what was not
fuzz_judge() {
	# Lines of libFuzzer: "#1000 DONE cov: 123 ft: ...".
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$1" | sort -n | tail -n 1)
	lack=
	[ "${edges:-0}" -ge "$2" ] || lack="reached ${edges:-0} edges, recorded floor is $2"
	grep -q '^canary found' "$1" || lack="canary not found"
}

# fuzz_rounds LOG FLOOR COMMAND...: run it until it fails or lacks nothing; sets 'status'
# as well. Its corpus is to stay between the rounds.
fuzz_rounds() {
	fuzz_log=$1 fuzz_floor=$2
	shift 2
	for seed in 1 2 3 4 5; do
		$FUZZ_FIXED "$@" -seed=$seed -reload=0 >"$fuzz_log" 2>&1 </dev/null
		status=$?
		fuzz_judge "$fuzz_log" "$fuzz_floor"
		[ $status = 0 ] && [ "$lack" ] || break
	done
}
