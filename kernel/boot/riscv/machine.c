/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what the bootstrap learns from the device tree.
 */
#include "isa.h"
#include "machine.h"
#include "tree.h"

enum { INTERRUPT_EXTERNAL = 9 }; /* of the supervisor level, in scause */

static char const *const uarts[] = { "ns16550a", "ns16550", "snps,dw-apb-uart", NULL };
static char const *const plics[] = { "riscv,plic0", "sifive,plic-1.0.0", NULL };


/** Number of the hart that a node of /cpus describes. */
static bool hart_number(struct fdt_node const *node, uint32_t *hart)
{
	return fdt_cell(node, "reg", node->bus[node->depth - 1].address_cells - 1, hart);
}


/** Harts that cannot run the kernel are left alone, but not the one that boots. */
static void read_cpu(struct machine *machine, struct fdt_node const *node, uint32_t *hart,
                     uint32_t boot_hart)
{
	if (!hart_number(node, hart) || !fdt_enabled(node)
	    || machine->cpu_count == BY_BOOT_CPUS)
		return;

	char const *isa   = fdt_string(node, "riscv,isa");
	char const *lacks = isa_lacks(isa, fdt_string(node, "mmu-type"));
	if (lacks && *hart == boot_hart)
		boot_fail("this CPU cannot run Banyan: it lacks %s", lacks);
	if (lacks)
		return;

	machine->sstc &= isa_has(isa, "sstc");
	machine->fpu  &= isa_has(isa, "d");
	machine->cpu_id[machine->cpu_count++] = *hart;
}


/** Read /cpus (Devicetree Specification 3.8): the harts and their local controllers. */
static void read_cpus(struct machine *machine, struct fdt const *fdt, uint32_t boot_hart)
{
	struct fdt_node node;
	bool     cpus = false;
	uint32_t hart = 0, frequency;

	machine->sstc = machine->fpu = true;
	for (bool more = fdt_first(fdt, &node); more; more = fdt_next(&node)) {
		if (node.depth == 1)
			cpus = fdt_named(&node, "cpus");
		if (!cpus)
			continue;
		if (fdt_cell(&node, "timebase-frequency", 0, &frequency))
			machine->clock_frequency = frequency;
		if (node.depth == 2 && fdt_named(&node, "cpu"))
			read_cpu(machine, &node, &hart, boot_hart);
		if (node.depth == 3 && fdt_named(&node, "interrupt-controller")
		    && hart == boot_hart)
			(void)fdt_cell(&node, "phandle", 0, &machine->boot_intc);
	}
}


/** The context of the PLIC that leads to the boot hart's supervisor level. */
static void read_plic(struct machine *machine, struct fdt const *fdt)
{
	static char const contexts[] = "interrupts-extended";
	struct fdt_node node;
	uint32_t phandle, number;

	if (!tree_find(fdt, plics, &node) || !fdt_reg(&node, 0, &machine->plic))
		boot_fail("the device tree names no PLIC");

	(void)fdt_cell(&node, "riscv,ndev", 0, &machine->plic_sources);
	for (unsigned i = 0; fdt_cell(&node, contexts, 2 * i, &phandle); i++) {
		if (!fdt_cell(&node, contexts, 2 * i + 1, &number))
			break;
		if (phandle == machine->boot_intc && number == INTERRUPT_EXTERNAL) {
			machine->plic_context = i;
			return;
		}
	}
	boot_fail("the PLIC does not interrupt the boot hart");
}


/** The boot hart is the kernel's first CPU. */
static void boot_hart_first(struct machine *machine, uint32_t boot_hart)
{
	for (unsigned i = 0; i < machine->cpu_count; i++) {
		if (machine->cpu_id[i] == boot_hart) {
			machine->cpu_id[i] = machine->cpu_id[0];
			machine->cpu_id[0] = boot_hart;
			return;
		}
	}
	boot_fail("the device tree does not know hart %u, which boots", boot_hart);
}


void machine_read(struct machine *machine, struct boot *boot, void *blob, uint32_t boot_hart)
{
	static struct fdt fdt;

	/* its own header says how large it is: there is nobody else to ask */
	if (!fdt_open(&fdt, blob, SIZE_MAX))
		boot_fail("the firmware passed no device tree");

	fdt_trim(&fdt, blob);
	machine->fdt  = &fdt;
	machine->tree = (struct by_boot_region) { (uintptr_t)blob, fdt.size };
	tree_memory(&fdt, &boot->ram, &boot->free);
	read_cpus(machine, &fdt, boot_hart);
	boot_hart_first(machine, boot_hart);
	read_plic(machine, &fdt);
	machine->console = tree_device(&fdt, uarts);
	if (!machine->clock_frequency)
		boot_fail("the device tree does not tell the frequency of the clock");
}
