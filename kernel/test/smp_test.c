/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programs on several CPUs, interleaved. SEEDS=n runs n of them, SEED=n begins
 * with that one.
 */
#include "unit.h"
#include "weave.h"
#include <stdlib.h>


static unsigned long setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}


static void campaign(unsigned cpus, unsigned long seeds, unsigned steps)
{
	unsigned long first = setting("SEED", 1);

	seeds = setting("SEEDS", weave_fine ? seeds / 4 : seeds);
	for (unsigned long seed = first; seed < first + seeds; seed++) {
		const char *text = weave_run(seed, cpus, steps);
		if (text) {
			char line[400];
			snprintf(line, sizeof(line), "seed %lu: %s", seed, text);
			unit_fail(__FILE__, __LINE__, line);
			return;
		}
	}
}


TEST(one_cpu)    { campaign(1, 300, 400); }
TEST(two_cpus)   { campaign(2, 600, 600); }
TEST(three_cpus) { campaign(3, 300, 600); }


UNIT_MAIN(weave_fine ? "smp_fine" : "smp")
