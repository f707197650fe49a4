/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What RISC-V's isa strings say.
 */
#include "isa.h"
#include "unit.h"

UNIT_MAIN("boot-isa")

static char const full[] = "rv64imafdch_zicsr_zifencei_zba_sstc";


/** Whether 'what' begins the name of what is missing; NULL: nothing is. */
static bool lacks(char const *isa, char const *mmu, char const *what)
{
	char const *is = isa_lacks(isa, mmu);

	return what ? is && strstr(is, what) : !is;
}


TEST(letters_stand_before_names)
{
	CHECK(isa_has(full, "i"));
	CHECK(isa_has(full, "d"));
	CHECK(isa_has(full, "h"));
	CHECK(!isa_has(full, "v"));
	CHECK(!isa_has(full, "r")); /* of the base's name */
	CHECK(!isa_has("rv64imac_zd", "d"));
	CHECK(!isa_has("rv64imaczfinx", "f"));
	CHECK(!isa_has("rv64imacxventana", "v"));
}


TEST(names_match_as_a_whole)
{
	CHECK(isa_has(full, "sstc"));
	CHECK(isa_has(full, "zba"));
	CHECK(!isa_has(full, "zb"));
	CHECK(!isa_has(full, "sst"));
	CHECK(!isa_has("rv64imac_sstcx", "sstc"));
	CHECK(!isa_has("rv64imacsstc", "sstc"));
}


TEST(general_set)
{
	CHECK(isa_has("rv64gc", "m"));
	CHECK(isa_has("rv64gc", "d"));
	CHECK(!isa_has("rv64g", "c"));
	CHECK(lacks("rv64gc", "riscv,sv39", NULL));
}


TEST(each_thing_needed_is_missed)
{
	CHECK(lacks(full, "riscv,sv39", NULL));
	CHECK(lacks(full, "riscv,sv57", NULL));
	CHECK(lacks("rv64imac", "riscv,sv48", NULL));
	CHECK(lacks("rv32imac", "riscv,sv39", "RV64I"));
	CHECK(lacks("rv64eac", "riscv,sv39", "RV64I"));
	CHECK(lacks("rv64iac", "riscv,sv39", "(M)"));
	CHECK(lacks("rv64imc", "riscv,sv39", "(A)"));
	CHECK(lacks("rv64imafd", "riscv,sv39", "(C)"));
	CHECK(lacks(full, "riscv,none", "Sv39"));
	CHECK(lacks(full, NULL, "Sv39"));
	CHECK(lacks(NULL, "riscv,sv39", "RV64I"));
	CHECK(lacks("", "", "RV64I"));
}
