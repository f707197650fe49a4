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

# One board of each architecture gets everything, the others a smoke set.
boards=
case $kinds in
*run*)
	boards=$TEST_BOARDS
	[ "$boards" = all ] && boards=$BOARDS
	# For one that does not exist nothing need be built.
	for board in $boards; do
		$make -f tool/mk/build.mk BOARD="$board" vars || exit 2
	done
	;;
esac

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

for board in $boards; do
	$make -k -f tool/mk/build.mk BOARD="$board" all database || prebuilt=failed
done

export PREBUILT=$prebuilt
unset MAKEFLAGS MAKELEVEL MFLAGS
expect -f tool/run/test.exp -- $boards
