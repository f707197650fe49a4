/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: extensions (unprivileged ISA, chapter 27: naming conventions).
 *
 *     rv64imafdch_zicsr_zifencei_sstc
 *     base, letters, then longer names
 */
#include "isa.h"
#include <stddef.h>

static char const base[] = "rv64";


static bool begins(char const *text, char const *with)
{
	for (; *with; text++, with++)
		if (*text != *with)
			return false;

	return true;
}


/** 'g' stands for the general set. */
static bool has_letter(char const *isa, char letter)
{
	if (!begins(isa, base))
		return false;

	for (isa += sizeof(base) - 1; *isa && *isa != '_' && *isa != 'z' && *isa != 'x'; isa++) {
		bool const general = *isa == 'g' && (letter == 'i' || letter == 'm' || letter == 'a'
		                                     || letter == 'f' || letter == 'd');
		if (*isa == letter || general)
			return true;
	}

	return false;
}


static bool has_name(char const *isa, char const *name)
{
	for (; *isa; isa++) {
		char const *want = name, *at = isa + 1;

		if (*isa != '_')
			continue;
		for (; *want && *at == *want; at++, want++) { }
		if (!*want && (!*at || *at == '_'))
			return true;
	}

	return false;
}


bool isa_has(char const *isa, char const *extension)
{
	if (!isa)
		return false;

	return extension[1] ? has_name(isa, extension) : has_letter(isa, extension[0]);
}


char const *isa_lacks(char const *isa, char const *mmu)
{
	static struct { char const *extension, *name; } const needed[] = {
		{ "i", "64-bit registers (RV64I)" },
		{ "m", "multiplication (M)" },
		{ "a", "atomic instructions (A)" },
		{ "c", "compressed instructions (C)" },
	};

	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!isa_has(isa, needed[i].extension))
			return needed[i].name;

	/* whoever has more levels has three as well (privileged architecture 4.1.11) */
	return mmu && begins(mmu, "riscv,sv") ? NULL : "page tables (Sv39)";
}
