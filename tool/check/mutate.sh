# SPDX-License-Identifier: BSD-2-Clause
#
# 'make mutate': run every script named mutate.sh below a test folder. Each plants
# mistakes, and prints "ok suite.case" for one that the tests catch and "FAIL
# suite.case: why" for one that survives.

found=
result=0
for script in $(find kernel core base repos -path '*/test/*' -name mutate.sh 2>/dev/null | sort); do
	found=1
	sh tool/check/suite.sh "mutate-${script%%/*}" "sh $script" || result=1
done
[ "$found" ] || echo "mutate: no script mutate.sh below a test folder"
exit $result
