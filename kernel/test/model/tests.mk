# SPDX-License-Identifier: BSD-2-Clause
#
# The model of IPC, and the kernel's code judged by it; see README.md.

$(call check,ipc-model,sh $(here)/model.sh,build/setup/base build/setup/spin)
$(call check,ipc-traces,sh $(here)/traces.sh,build/setup/base build/setup/spin)
