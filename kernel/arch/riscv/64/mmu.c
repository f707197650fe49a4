/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: address spaces of Sv39 (privileged architecture 4.2.1 and 4.4).
 */
#include "asid.h"
#include "cpu.h"
#include "panic.h"
#include <arch/device.h>
#include <arch/mmu.h>
#include <by/boot_info.h>
#include <port/csr.h>
#include <port/internal.h>
#include <port/platform.h>
#include <port/sbi.h>

enum { FLUSH_PAGES = 32 }; /* more of them are dropped by dropping all of the space */

static pte_t   *kernel_root, *device_table;
static unsigned devices;  /* entries of device_table in use */

uint32_t mmu_asid_max;


void mmu_init(struct by_boot_info const *info)
{
	kernel_root  = mem_kernel(info->platform[PLATFORM_ROOT]);
	device_table = mem_kernel(info->platform[PLATFORM_DEVICES]);

	/* the bits of the ASID that exist keep a one (4.1.11) */
	csr_write(satp, mmu_satp(kernel_root, 0xffff));
	mmu_asid_max = csr_read(satp) >> SATP_ASID_SHIFT & 0xffff;
	space_load_kernel();
	__asm__ volatile ("sfence.vma" ::: "memory");
}


void *device_map(paddr_t pa, word_t size)
{
	word_t const low   = pa & (PAGE_SIZE - 1);
	word_t const first = MMU_DEVICES + devices * PAGE_SIZE;

	for (word_t done = 0; done < low + size; done += PAGE_SIZE) {
		ASSERT(devices < pt_entries(0));
		pte_store(&device_table[devices++],
		          (pa - low + done) >> PAGE_SHIFT << PTE_SHIFT | PTE_VALID | PTE_READ
		          | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL);
	}
	__asm__ volatile ("sfence.vma" ::: "memory");

	return (void *)(first + low);
}


void space_init(struct space *space, pte_t *root)
{
	word_t const half = pt_entries(PT_LEVELS - 1);

	memset(root, 0, half * sizeof(pte_t));
	memcpy(root + half, kernel_root + half, half * sizeof(pte_t));
	*space = (struct space){ .root = root };
}


void space_fini(struct space *space)
{
	space->tag = 0;
}


void mmu_flush_all(void)
{
	__asm__ volatile ("sfence.vma" ::: "memory");
}


void space_load_kernel(void)
{
	csr_write(satp, mmu_satp(kernel_root, 0));
}


/** The number under which this CPU's TLB can hold translations of a space. */
static word_t space_asid(struct space const *space)
{
	word_t const satp = csr_read(satp);

	if ((satp & SATP_PPN) == mem_physical(space->root) >> PAGE_SHIFT)
		return (satp & SATP_ASID) >> SATP_ASID_SHIFT;

	return asid_number(atomic_load(&space->tag)); /* pairs with asid_renew() */
}


void tlb_flush(struct space *space, word_t va, word_t pages)
{
	word_t const asid = space_asid(space);

	if (pages > FLUSH_PAGES) {
		__asm__ volatile ("sfence.vma zero, %0" : : "r" (asid) : "memory");
		return;
	}
	for (; pages--; va += PAGE_SIZE)
		__asm__ volatile ("sfence.vma %0, %1" : : "r" (va), "r" (asid) : "memory");
}


static inline void clear_run(word_t *to)
{
	to[0] = to[1] = to[2] = to[3] = to[4] = to[5] = to[6] = to[7] = 0;
	__asm__ volatile ("" ::: "memory"); /* the compiler would call memset() */
}


void mem_clear_page(paddr_t page)
{
	word_t *const from = mem_kernel(page);

	/* like memset(), but with a quarter of its rounds */
	for (word_t *to = from; to < from + PAGE_SIZE / sizeof(word_t); to += 32) {
		clear_run(to);
		clear_run(to + 8);
		clear_run(to + 16);
		clear_run(to + 24);
	}
}


/** Memory is coherent with devices; each hart fetches instructions anew after fence.i. */
void mem_cache_page(paddr_t page, unsigned operation)
{
	(void)page;

	if (operation != BY_CACHE_CODE) {
		__asm__ volatile ("fence iorw, iorw" ::: "memory");
		return;
	}
	__asm__ volatile ("fence.i" ::: "memory");
	if (cpu_count > 1)
		sbi_call(SBI_RFENCE, SBI_RFENCE_I, 0, ~(word_t)0);
}


pte_t space_entry(struct space const *space, word_t va, unsigned *level)
{
	pte_t const *table = space->root;

	*level = PT_LEVELS - 1;
	if (va > BY_USER_LAST)
		return 0;

	for (;; --*level) {
		pte_t const pte = atomic_relaxed(&table[pt_index(va, *level)]);

		if (!pte_present(pte))
			return 0;
		if (!pte_is_table(pte, *level))
			return pte;
		if (!*level)
			return 0;
		table = mem_kernel(pte_address(pte));
	}
}
