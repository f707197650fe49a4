# SPDX-License-Identifier: BSD-2-Clause
#
# Run a scenario on one board, several or all, LOOP times. The status is 0 if it passed on
# at least one board and failed nowhere, 77 if every board skipped it; it goes
# into the file STATUS, because make would not pass it on.
#
# usage: run.sh SCENARIO      (settings from the environment, see doc/run.md)

# Works with closed stdin: files opened later must not become descriptor 0.
[ -e /proc/self/fd/0 ] || exec </dev/null

finish() {
	echo "$1" >"$STATUS"
	exit 0
}

boards=$BOARD
[ "$BOARD" = all ] && boards=$BOARDS

case ${LOOP:-1} in
*[!0-9]* | 0)
	echo "run: LOOP is a number of rounds, not '$LOOP'" >&2
	finish 2 ;;
esac

# The user's keyboard is for one machine.
case "$LOOP $boards" in
" "*" "* | [0-9]*) exec </dev/null ;;
esac

result=77
for board in $boards; do
	$MAKE -f tool/mk/build.mk BOARD="$board" vars || finish 2
	round=0
	while [ $round -lt "${LOOP:-1}" ]; do
		round=$((round + 1))
		[ "$LOOP" ] && echo "round $round of $LOOP"
		# Each process in the chain dies with the one above it.
		BOARD=$board build/host/guard expect -f tool/run/run.exp -- "$1"
		status=$?
		case $status in
		0) [ $result = 77 ] && result=0 ;;
		77) break ;;
		1) result=1 ;;
		*) finish $status ;;
		esac
		# A failure is to be looked at, not to be averaged away.
		[ $status = 0 ] || break
	done
done
finish $result
