/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: what the bootstrap learns from the device tree.
 */
#include "machine.h"
#include "tree.h"
#include <port/cp15.h>
#include <port/platform.h>

enum { AFFINITY = 0xffffff }; /* bits of MPIDR that name a CPU */

static char const *const uarts[] = { "arm,pl011", NULL };
static char const *const gics[]  = { "arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a7-gic",
                                     "arm,cortex-a9-gic", NULL };
static char const *const pscis[] = { "arm,psci-0.2", "arm,psci-1.0", NULL };


/** Read /cpus (Devicetree Specification 3.8). */
static void read_cpus(struct machine *machine, struct fdt const *fdt)
{
	struct fdt_node node;
	bool     cpus = false;
	uint32_t id;

	for (bool more = fdt_first(fdt, &node); more; more = fdt_next(&node)) {
		if (node.depth == 1)
			cpus = fdt_named(&node, "cpus");
		else if (cpus && node.depth == 2 && fdt_named(&node, "cpu")
		         && fdt_cell(&node, "reg", node.bus[1].address_cells - 1, &id)
		         && machine->cpu_count < BY_BOOT_CPUS)
			machine->cpu_id[machine->cpu_count++] = id;
	}
}


/** The boot CPU is the kernel's first one, even if the tree does not know it. */
static void boot_cpu_first(struct machine *machine)
{
	uint32_t const self = cp15_read(CP15_MPIDR) & AFFINITY;

	for (unsigned i = 0; i < machine->cpu_count; i++)
		if (machine->cpu_id[i] == self)
			machine->cpu_id[i] = machine->cpu_id[0];
	machine->cpu_id[0] = self;
	if (!machine->cpu_count)
		machine->cpu_count = 1;
}


static uint64_t read_psci(struct fdt const *fdt)
{
	struct fdt_node node;
	char const *method = tree_find(fdt, pscis, &node) ? fdt_string(&node, "method") : NULL;

	if (method && fdt_equal(method, "hvc"))
		return PSCI_HVC;

	return method && fdt_equal(method, "smc") ? PSCI_SMC : PSCI_NONE;
}


static void read_gic(struct machine *machine, struct fdt const *fdt)
{
	struct fdt_node node;

	if (!tree_find(fdt, gics, &node) || !fdt_reg(&node, 0, &machine->gicd)
	    || !fdt_reg(&node, 1, &machine->gicc))
		boot_fail("the device tree names no GICv2");
}


void machine_read(struct machine *machine, struct boot *boot, void *blob)
{
	static struct fdt fdt;

	/* its own header says how large it is: there is nobody else to ask */
	if (!fdt_open(&fdt, blob, SIZE_MAX))
		boot_fail("no device tree at %p", blob);

	fdt_trim(&fdt, blob);
	machine->fdt  = &fdt;
	machine->tree = (struct by_boot_region) { (uintptr_t)blob, fdt.size };
	tree_memory(&fdt, &boot->ram, &boot->free);
	read_cpus(machine, &fdt);
	boot_cpu_first(machine);
	read_gic(machine, &fdt);
	machine->console = tree_device(&fdt, uarts);
	machine->psci    = read_psci(&fdt);
	if (!boot->free.count)
		boot_fail("the device tree names no memory");
}
