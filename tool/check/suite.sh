# SPDX-License-Identifier: BSD-2-Clause
#
# Run a test command and turn what it does into lines that can be counted:
# "ok suite.case" and "FAIL suite.case: why". An end with an error but without a
# FAIL line is a failure, and so is a suite that says nothing at all. Ends with 0
# only if something passed and nothing failed.
#
# usage: suite.sh SUITE COMMAND

# A make inside is on its own: make does not expect one here.
unset MAKEFLAGS MAKELEVEL

{ sh -c "$2" 2>&1 </dev/null; echo "exit status $?"; } | awk -v suite="$1" '
	function show() { if (held != "") print held; fflush() }

	# The last line is the exit status, so each line waits for its successor.
	NR > 1 { show() }
	{ held = $0 }
	/^ok [^ ]+\./ {
		passed++
		# The same case under another compiler counts once.
		if (seen[$0]++)
			held = ""
	}
	/^FAIL [^ ]+\./ { failed++ }

	END {
		status = held
		sub("exit status ", "", status)
		if (status != 0 && !failed)
			print "FAIL " suite ".crash: ended with status " status
		else if (!passed && !failed)
			print "FAIL " suite ".empty: no case was run"
		exit status != 0 || failed || !passed
	}'
