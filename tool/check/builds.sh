# SPDX-License-Identifier: BSD-2-Clause
#
# Build for one board of each architecture in another way; warnings are errors.
#
# usage: builds.sh SUITE GOAL [SETTING=value]...

suite=$1 goal=$2
shift 2
. tool/check/boards.sh
mkdir -p build/test
for board in $(one_board_per_architecture); do
	log=build/test/builds.$suite.$board
	if $MAKE -k -f tool/mk/build.mk BOARD="$board" "$@" "$goal" >$log 2>&1; then
		echo "ok $suite.$board"
	else
		grep -m 10 -E 'error|warning|undefined|\*\*\*' $log
		echo "FAIL $suite.$board: does not build, see $log"
	fi
done
