# SPDX-License-Identifier: BSD-2-Clause
#
# Core is the same on machines of 32 bit, where ids and slots are fewer.

$(call unit32,core_phys core_memory core_map core_pd core_cpu core_bound core_accounts core_stop core_requests)
