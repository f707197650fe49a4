/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layouts of declared structs, to be the same bytes in the object files of all
 * architectures; see compile.sh.
 */
#include <by/object/names.h>
#include <by/object/region_map.h>
#include <by/session/counter.h>
#include <by/session/mixed.h>
#include <by/session/opened.h>

#define AT(type, member) offsetof(struct type, member)

extern uint32_t const offsets[];

uint32_t const offsets[] = {
	sizeof(struct by_counter_range), AT(by_counter_range, size),
	sizeof(struct by_mixed_point), AT(by_mixed_point, y),
	sizeof(struct by_mixed_pixel), AT(by_mixed_pixel, at), AT(by_mixed_pixel, order),
	AT(by_mixed_pixel, shade),
	sizeof(struct by_mixed_deep), AT(by_mixed_deep, pixel), AT(by_mixed_deep, wide),
	AT(by_mixed_deep, last),
	sizeof(struct by_mixed_full), AT(by_mixed_full, h),
	sizeof(struct by_region_map_region), AT(by_region_map_region, access),
	sizeof(struct by_names_reply), AT(by_names_reply, ok), AT(by_names_reply, caps),
	sizeof(struct by_opened_args), AT(by_opened_args, quiet), AT(by_opened_args, at),
	AT(by_opened_args, mode), AT(by_opened_args, line),
};

_Static_assert(sizeof(struct by_mixed_pixel) == 20, "1 3 8 4 1 3");
_Static_assert(AT(by_mixed_pixel, at) == 4 && AT(by_mixed_pixel, order) == 12
               && AT(by_mixed_pixel, shade) == 16, "1 3 8 4 1 3");
_Static_assert(AT(by_mixed_deep, pixel) == 4 && AT(by_mixed_deep, wide) == 24
               && AT(by_mixed_deep, last) == 32, "1 3 20 8 1 7");
_Static_assert(sizeof(struct by_mixed_deep) == 40, "1 3 20 8 1 7");
_Static_assert(AT(by_names_reply, ok) == 16 && AT(by_names_reply, caps) == 20, "16 1 3 4");
