/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: any codes, in any order. What is sent is ASCII and of bounded size, and when
 * all keys have been released the state is that of the beginning, but for caps lock.
 */
#include "canary.h"
#include "require.h"
#include <keys.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	struct keys keys = { 0 };
	bool        found = false;
	char        to[KEYS_MAX];

	for (size_t i = 0; i < size; i++) {
		unsigned count = keys_code(&keys, data[i], to);
		REQUIRE(count <= KEYS_MAX);
		for (unsigned j = 0; j < count; j++)
			REQUIRE((unsigned char)to[j] <= 0x7f);
		found |= count == 2 && to[1] == 'Z' && keys.caps;
	}
	static uint8_t const released[] = { 0, 0, 0xaa, 0xb6, 0x9d, 0xe0, 0x9d, 0xb8, 0xe0, 0xb8, 0xba };
	for (unsigned i = 0; i < sizeof(released); i++)
		REQUIRE(!keys_code(&keys, released[i] ? released[i] : 0xff, to));
	for (unsigned side = 0; side < 2; side++)
		REQUIRE(!keys.shift[side] && !keys.ctrl[side] && !keys.alt[side]);
	REQUIRE(!keys.caps_down && !keys.extended && !keys.skip);
	canary(found);

	return 0;
}
