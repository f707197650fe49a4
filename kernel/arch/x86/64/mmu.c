/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address spaces and the TLB.
 *
 * The kernel's half of all root tables is the same, global in the TLB, and never
 * changes. Without tags (PCID) a write of CR3 drops everything else, so a TLB
 * has translations of the space that is loaded and of no other.
 */
#include <arch/mmu.h>
#include <port/instruction.h>
#include <port/start.h>

enum {
	ROOT_KERNEL = 256,    /* first entry of the kernel's half */
	ROOT_SIZE   = 512,
	FLUSH_PAGES = 32,     /* beyond that, to reload everything is faster */
	CACHE_LINE  = 64,
};

/* WB, WC, UC-, UC twice: entry 1 is write-combining instead of write-through (SDM 12.12). */
#define PAT 0x0007010600070106

unsigned mmu_page_level = 1;

static pte_t *kernel_root;


void mmu_start(void)
{
	kernel_root = mem_kernel(cr3_read());
	if (cpuid_has(0x80000001u, CPUID_EDX, 26))
		mmu_page_level = 2;

	/* the bootstrap's mapping, which its code needed for its last instruction */
	kernel_root[0] = 0;
	msr_write(MSR_PAT, PAT);
	cr3_write(cr3_read());
}


void space_init(struct space *space, pte_t *root)
{
	memset(root, 0, ROOT_KERNEL * sizeof(*root));
	memcpy(root + ROOT_KERNEL, kernel_root + ROOT_KERNEL,
	       (ROOT_SIZE - ROOT_KERNEL) * sizeof(*root));
	space->root = root;
	space->cr3  = mem_physical(root);
}


void space_fini(struct space *space)
{
	space->cr3 = 0;
}


void space_load_kernel(void)
{
	cr3_write(mem_physical(kernel_root));
}


void tlb_flush(struct space *space, word_t va, word_t pages)
{
	if (cr3_read() != space->cr3)
		return;

	if (pages > FLUSH_PAGES) {
		cr3_write(space->cr3);
		return;
	}
	/* drops cached entries of all levels as well (SDM volume 3, 4.10.4.1) */
	for (; pages--; va += PAGE_SIZE)
		asm volatile ("invlpg (%0)" : : "r"(va) : "memory");
}


void mem_clear_page(paddr_t page)
{
	memset(mem_kernel(page), 0, PAGE_SIZE);
}


/* Caches are coherent with code and DMA; only a change to uncached needs a flush. */
void mem_cache_page(paddr_t page, unsigned operation)
{
	char *line = mem_kernel(page);

	if (operation == BY_CACHE_CODE)
		return;

	for (unsigned i = 0; i < PAGE_SIZE; i += CACHE_LINE)
		asm volatile ("clflush %0" : "+m"(line[i]));
	asm volatile ("mfence" : : : "memory");
}
