/* SPDX-License-Identifier: BSD-2-Clause */
#include "family.h"
#include <stdlib.h>

#include "../lib/env.h"

struct image       family_image;
struct by_attached family_binary;

static struct {
	uint64_t quota, used, caps;
	unsigned objects, filled;
} base;


void family_begin(void)
{
	fake_init();
	image_make(&family_image, true);
	image_put(&family_image, 0, E_PHNUM, 4); /* no interpreter */
	for (unsigned i = 0; i < 0x100; i++)
		family_image.bytes[0x2008 + i] = (unsigned char)(i + 1);
	fake.rom[0].name = "kid";
	fake.rom[0].data = family_image.bytes;
	fake.rom[0].size = sizeof(family_image.bytes);
	fake.rom[1].name = "text";
	fake.rom[1].data = "text";
	fake.rom[1].size = 4;
	fake.fee = FAMILY_FEE;
	if (by_child_prepare(&by_the_env) != BY_OK
	    || by_attached_rom_init(&by_the_env, &family_binary, "kid") != BY_OK)
		abort();
	base.quota   = fake.pd[0].ram_quota;
	base.used    = fake.pd[0].ram_used;
	base.caps    = fake.pd[0].caps_quota - fake.pd[0].caps_used;
	base.objects = fake_live_all();
	base.filled  = fake_filled();
}


bool family_balanced(void)
{
	return fake.pd[0].ram_quota == base.quota && fake.pd[0].ram_used == base.used
	       && !fake.pd[0].ram_aside && !fake.pd[0].caps_aside
	       && fake.pd[0].caps_quota - fake.pd[0].caps_used == base.caps
	       && fake_live_all() == base.objects && fake_filled() == base.filled;
}


uint64_t family_parent_quota(void)
{
	return base.quota;
}


void family_finish(void)
{
	by_attached_fini(&by_the_env, &family_binary);
}


void family_run(unsigned pd, void (*function)(void *arg), void *arg)
{
	fake_hold();
	pthread_t const thread = fake_spawn(pd, function, arg);
	fake_serve();
	fake_join(thread);
}
