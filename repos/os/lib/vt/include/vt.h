/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A terminal's picture: what bytes make of it. A subset of ECMA-48, as the VT100 has it;
 * README has the list. Nobody reads the picture back: the drawer is called for each cell that
 * changes.
 */
#ifndef VT_H
#define VT_H

#include <by/types.h>

enum { VT_COLUMNS = 160, VT_ROWS = 64, VT_PARAMETERS = 16 };

/** A character, ' ' to '~', and its colours, 0 to 15 (of ECMA-48, with 8 for bright). */
struct vt_cell { unsigned char c, ink, paper; };

struct vt {
	/* Show a cell, with the cursor on it or not. */
	void (*draw)(struct vt *vt, unsigned row, unsigned column, struct vt_cell cell, bool cursor);

	unsigned       columns, rows;
	unsigned       column, row;   /* of the cursor; column == columns: behind the last one */
	unsigned       saved_column, saved_row;
	struct vt_cell pen;           /* how the next character looks */
	bool           reverse;
	unsigned       state;         /* in the midst of a sequence */
	unsigned       parameter[VT_PARAMETERS], parameters;
	struct vt_cell cells[VT_ROWS][VT_COLUMNS];
};

/** Begin with an empty picture of at most VT_COLUMNS by VT_ROWS. Keeps: draw. */
void vt_init(struct vt *vt, unsigned columns, unsigned rows,
             void (*draw)(struct vt *vt, unsigned row, unsigned column, struct vt_cell cell,
                          bool cursor));

/** What the next bytes make of it. Borrows: data. */
void vt_write(struct vt *vt, void const *data, size_t size);

#endif
