# SPDX-License-Identifier: BSD-2-Clause
#
# Run all scenarios again and again, and random programs and requests with new seeds: for
# MINUTES (default 60), or until one fails; at least once.

end=$(($(date +%s) + ${MINUTES:-60} * 60))
round=0
while [ $round = 0 ] || [ "$(date +%s)" -lt $end ]; do
	round=$((round + 1))
	echo "soak: round $round"
	for suite in kernel_smp kernel_smp_fine kernel_race_fine; do
		SEED=$((round * 100000)) SEEDS=300 ${MAKE:-make} -f tool/mk/host.mk unit/$suite || exit 1
	done
	SEED=$((round * 100000)) SEEDS=500 ${MAKE:-make} -f tool/mk/host.mk unit/core_requests || exit 1
	KINDS=run build/host/guard sh tool/run/test.sh || exit 1
done
echo "soak: $round rounds passed"
