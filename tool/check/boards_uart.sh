# SPDX-License-Identifier: BSD-2-Clause
#
# What board.mk tells user level about the UART (UART, UART_DRIVER) is what board.h tells
# the kernel, as far as both know it; and who says 'uart' among FEATURES says the rest.

value() {
	sed -n "s/^#define  *$1  *\\([^ ]*\\).*/\\1/p" "$header"
}

attribute() {
	echo "$uart" | tr '|' '\n' | sed -n "s/^ *$1: *\\([^ ]*\\) *\$/\\1/p"
}

# same WHAT ATTRIBUTE MACRO: equal numbers, if there is such a macro
same() {
	want=$(value "$3")
	have=$(attribute "$2")
	[ -z "$want" ] || [ "$((want))" = "$((${have:-0}))" ] ||
		wrong="$wrong; '$2: $have' is not $3, $want"
}

for mk in kernel/board/*/board.mk; do
	board=${mk%/board.mk}
	header=$board/board.h
	board=${board##*/}
	wrong=
	uart=$(sed -n 's/^UART *= *//p' "$mk")
	driver=$(sed -n 's/^UART_DRIVER *= *//p' "$mk")
	if grep -q '^FEATURES.* uart\( \|$\)' "$mk"; then
		same base io_port BOARD_UART_PORT
		same base io_mem BOARD_UART_BASE
		same clock clock BOARD_UART_CLOCK
		[ "$(attribute irq)" ] || wrong="$wrong; no irq"
		[ -f "repos/os/src/driver/$driver/component.mk" ] || wrong="$wrong; no driver '$driver'"
	elif [ "$uart$driver" ]; then
		wrong="; 'uart' is not among FEATURES"
	fi
	[ "$wrong" ] && echo "FAIL boards_uart.$board: ${wrong#; }" || echo "ok boards_uart.$board"
done
