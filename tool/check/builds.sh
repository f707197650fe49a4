# SPDX-License-Identifier: BSD-2-Clause
#
# Build for one board of each architecture in another way; warnings are errors, and so is
# whatever else tools say: only steps ("  CC      file") are expected.
#
# usage: builds.sh SUITE GOAL [SETTING=value]...

suite=$1 goal=$2
shift 2
. tool/check/boards.sh
mkdir -p build/test
for board in $(one_board_per_architecture); do
	log=build/test/builds.$suite.$board
	if ! $MAKE -k -f tool/mk/build.mk BOARD="$board" "$@" "$goal" >$log 2>&1; then
		grep -m 10 -E 'error|warning|undefined|\*\*\*' $log
		echo "FAIL $suite.$board: does not build, see $log"
	elif grep -m 10 -v '^  [A-Z]' $log; then
		echo "FAIL $suite.$board: tools complain, see $log"
	else
		echo "ok $suite.$board"
	fi
done
