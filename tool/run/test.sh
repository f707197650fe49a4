# SPDX-License-Identifier: BSD-2-Clause
#
# Build all that the tests need, then run them with test.exp.
#
# From the environment: KINDS (among unit fuzz check run; default all), FULL,
# TEST_BOARDS (names, or "all" for the standard choice).

# Works with closed stdin: files opened later must not become descriptor 0.
[ -e /proc/self/fd/0 ] || exec </dev/null

kinds=${KINDS:-check unit fuzz run}
make="${MAKE:-make}"
echo "test: building"

prebuilt=ok
mkdir -p build/test
rm -f build/test/jobs
goals=
for kind in $kinds; do
	case $kind in
	run) goals="$goals build/host/plugin.so" ;; # of the job 'bench'
	*)   goals="$goals prebuild/$kind" ;;
	esac
done
$make -k -f tool/mk/host.mk tools $goals jobs JOB_KINDS="$kinds" || prebuilt=failed

# One board of each architecture gets everything, the others a smoke set.
boards=
case $kinds in
*run*)
	[ "$TEST_BOARDS" = all ] || BOARDS=$TEST_BOARDS
	for board in $BOARDS; do
		$make -k -f tool/mk/build.mk BOARD="$board" vars all database || prebuilt=failed
		boards="$boards $board"
	done
	;;
esac

export PREBUILT=$prebuilt
unset MAKEFLAGS MAKELEVEL MFLAGS
expect -f tool/run/test.exp -- $boards
