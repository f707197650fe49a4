# SPDX-License-Identifier: BSD-2-Clause
#
# Make the table of status names from kernel/abi/by/status.h.
# Usage: awk -f status.awk status.h > status_names.inc

/^#define BY_[A-Z_]+ +BY_STATUS\([0-9]+\)/ {
	name = tolower(substr($2, 4))
	value = $3
	gsub(/[^0-9]/, "", value)
	printf "[%d] = \"%s\",\n", value, name
}
