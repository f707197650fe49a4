# SPDX-License-Identifier: BSD-2-Clause
#
# What build/host/source says of two sample files.

here=$PWD/tool/report/test
program=$PWD/build/host/source
mkdir -p build/test/report
if (cd $here && $program sample.h sample.c) | diff $here/expected -; then
	echo "ok report.source"
else
	echo "FAIL report.source: facts differ, see above"
fi
