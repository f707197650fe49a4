# SPDX-License-Identifier: BSD-2-Clause
#
# Boards for checks that need one of each architecture.

arch_of() {
	sed -n 's/^ARCH *= *//p' "kernel/board/$1/board.mk"
}

one_board_per_architecture() {
	for mk in kernel/board/*/board.mk; do
		board=${mk%/board.mk}
		board=${board##*/}
		echo "$(arch_of "$board") $board"
	done | sort -u -k 1,1 | cut -d ' ' -f 2
}
