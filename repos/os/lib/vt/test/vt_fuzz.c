/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: any bytes. The first two are the size of the picture. What was drawn is what
 * the picture holds, and all of it are characters in colours that exist.
 */
#include "canary.h"
#include "require.h"
#include <string.h>
#include <vt.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct vt      vt;
static struct vt_cell shown[VT_ROWS][VT_COLUMNS];


static void draw(struct vt *self, unsigned row, unsigned column, struct vt_cell cell, bool cursor)
{
	(void)cursor;
	REQUIRE(row < self->rows && column < self->columns);
	shown[row][column] = cell;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	if (size < 2)
		return 0;

	memset(shown, 0, sizeof(shown));
	vt_init(&vt, 1 + data[0] % 12, 1 + data[1] % 8, draw);
	vt_write(&vt, data + 2, size - 2);
	REQUIRE(vt.column <= vt.columns && vt.row < vt.rows);
	bool found = false;
	for (unsigned row = 0; row < vt.rows; row++)
		for (unsigned column = 0; column < vt.columns; column++) {
			struct vt_cell const cell = vt.cells[row][column];
			REQUIRE(!memcmp(&cell, &shown[row][column], sizeof(cell)));
			REQUIRE(cell.c >= ' ' && cell.c <= '~' && cell.ink < 16 && cell.paper < 16);
			found |= row == 2 && column == 3 && cell.c == 'x' && cell.paper == 5;
		}
	canary(found);

	return 0;
}
