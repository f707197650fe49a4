# SPDX-License-Identifier: BSD-2-Clause
exec sh tool/check/mutants.sh core
