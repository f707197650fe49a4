# SPDX-License-Identifier: BSD-2-Clause
#
# Run all scenarios again and again: for MINUTES (default 60), or until one fails; at
# least once.

end=$(($(date +%s) + ${MINUTES:-60} * 60))
round=0
while [ $round = 0 ] || [ "$(date +%s)" -lt $end ]; do
	round=$((round + 1))
	echo "soak: round $round"
	KINDS=run build/host/guard sh tool/run/test.sh || exit 1
done
echo "soak: $round rounds passed"
