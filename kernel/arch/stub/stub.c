/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stub architecture: a machine made of data, for tests on the host.
 */
#include "memory.h"
#include "asid.h"
#include "panic.h"
#include "thread.h"
#include <arch/clock.h>
#include <arch/console.h>
#include <arch/screen.h>
#include <arch/fpu.h>
#include <arch/irqc.h>
#include <arch/machine.h>
#include <stdio.h>
#include <stdlib.h>

struct cpu *stub_cpu = &cpus[0];
void (*stub_on_point)(void);
void (*stub_on_relax)(void);
void (*stub_on_panic)(void);

ticks_t        stub_now;
ticks_t        stub_timer[CPU_MAX];
bool           stub_irq_raised[STUB_IRQS];
bool           stub_irq_masked[STUB_IRQS];
bool           stub_ipi[CPU_MAX];
char           stub_console[4096];
unsigned       stub_console_count, stub_console_room, stub_console_inits;
char           stub_screen[4096];
unsigned       stub_screen_count;
bool           stub_screen_busy;
word_t         stub_fpu[CPU_MAX];
bool           stub_fpu_on[CPU_MAX];

/** A TLB entry: filled on access, dropped by the kernel only. */
struct tlb_entry {
	bool          valid;
	uint32_t      asid;
	struct space *space;  /* it was filled from; NULL: dead */
	uint64_t      tag;    /* that the space had */
	word_t        va;     /* first address and size of the page */
	word_t        size;
	pte_t         pte;
};

static struct tlb_entry tlb[CPU_MAX][STUB_TLB_ENTRIES];
static unsigned         tlb_next[CPU_MAX];
static uint32_t         loaded_asid[CPU_MAX]; /* 0: the kernel's own space */
static struct space    *loaded[CPU_MAX];


void stub_reset(unsigned count)
{
	stub_ram_reset();
	stub_lock_reset();
	memset(cpus, 0, CPU_MAX * sizeof(cpus[0]));
	memset(tlb, 0, sizeof(tlb));
	memset(loaded, 0, sizeof(loaded));
	memset(loaded_asid, 0, sizeof(loaded_asid));
	memset(stub_ipi, 0, sizeof(stub_ipi));
	memset(stub_irq_raised, 0, sizeof(stub_irq_raised));
	memset(stub_irq_masked, 1, sizeof(stub_irq_masked));
	memset(stub_timer, 0xff, sizeof(stub_timer));
	memset(stub_fpu_on, 0, sizeof(stub_fpu_on));
	stub_now = 0;
	stub_console_count = stub_screen_count = 0;
	stub_screen_busy = false;
	stub_console_room  = sizeof(stub_console);
	stub_on_point = stub_on_relax = stub_on_panic = NULL;
	cpu_count = count;
	for (unsigned i = 0; i < count; i++)
		cpu_init(&cpus[i], i);
	stub_cpu = &cpus[0];
}


/*
 * arch/smp.h, clock.h, console.h, fpu.h, machine.h
 */

void smp_ipi(unsigned id)
{
	stub_ipi[id] = true;
}


ticks_t clock_now(void)
{
	return stub_now;
}


uint64_t clock_frequency(void)
{
	return 1000000000;
}


void clock_set_timer(ticks_t deadline)
{
	stub_timer[stub_cpu->id] = deadline;
}


void console_init(void)
{
	stub_console_inits++;
}


bool console_put(char c)
{
	if (!stub_console_room)
		return false;

	stub_console_room--;
	if (stub_console_count < sizeof(stub_console) - 1)
		stub_console[stub_console_count++] = c;

	return true;
}


void screen_init(void)
{
	stub_screen_count = 0;
}


bool screen_put(char c)
{
	if (stub_screen_busy)
		return false;

	if (stub_screen_count < sizeof(stub_screen) - 1)
		stub_screen[stub_screen_count++] = c;

	return true;
}


void fpu_init(struct fpu *fpu)
{
	memset(fpu, 0, BY_FPU_SIZE);
}


void fpu_switch(struct fpu *from, struct fpu *to)
{
	unsigned id = stub_cpu->id;

	if (from)
		*(word_t *)(void *)from = stub_fpu[id];
	if (to)
		stub_fpu[id] = *(word_t *)(void *)to;
	stub_fpu_on[id] = to != NULL;
}


unsigned stub_machine_asked[2];


status_t machine_control(unsigned operation)
{
	if (operation < ARRAY_SIZE(stub_machine_asked))
		stub_machine_asked[operation]++;

	return BY_NOT_SUPPORTED;
}


status_t machine_port_io(word_t port, unsigned width, bool out, word_t *value)
{
	static word_t content;

	(void)width;
	if (port != STUB_PORT)
		return BY_NOT_SUPPORTED;
	if (out)
		content = *value;
	else
		*value = content;

	return BY_OK;
}


void machine_backtrace(void) { }


void machine_halt(void)
{
	if (stub_on_panic)
		stub_on_panic();
	fprintf(stderr, "%.*s\n", (int)stub_console_count, stub_console);
	abort();
}


/*
 * arch/irqc.h
 */

bool irqc_usable(unsigned number)
{
	return number < STUB_IRQS;
}


void irqc_configure(unsigned number, unsigned mode)
{
	(void)number, (void)mode;
}


void irqc_mask(unsigned number)
{
	stub_irq_masked[number] = true;
}


void irqc_unmask(unsigned number)
{
	stub_irq_masked[number] = false;
}


static unsigned pending_irq(void)
{
	for (unsigned i = 0; i < STUB_IRQS; i++)
		if (stub_irq_raised[i] && !stub_irq_masked[i])
			return i;

	return STUB_IRQS;
}


bool irqc_pending(void)
{
	return stub_ipi[stub_cpu->id] || stub_timer[stub_cpu->id] <= stub_now
	       || pending_irq() < STUB_IRQS;
}


void irqc_take(void)
{
	struct cpu *cpu = stub_cpu;
	unsigned    irq = pending_irq();

	if (stub_ipi[cpu->id]) {
		stub_ipi[cpu->id] = false;
	} else if (stub_timer[cpu->id] <= stub_now) {
		stub_timer[cpu->id] = BY_NEVER;
		kernel_timer(cpu);
	} else if (irq < STUB_IRQS) {
		stub_irq_raised[irq] = false;
		stub_irq_masked[irq] = true;
		kernel_irq(irq);
	}
}


/*
 * arch/frame.h
 */

void frame_start(struct frame *frame, word_t ip, word_t sp, word_t arg)
{
	*frame = (struct frame) { .ip = ip, .sp = sp, .cap = arg };
}


void frame_read(struct frame const *frame, struct by_regs *regs)
{
	*regs = (struct by_regs) { .op = frame->op, .cap = frame->cap, .tag = frame->tag,
	                           .ip = frame->ip, .sp = frame->sp };
	memcpy(regs->word, frame->word, sizeof(regs->word));
}


void frame_write(struct frame *frame, struct by_regs const *regs)
{
	*frame = (struct frame) { .op = regs->op, .cap = regs->cap, .tag = regs->tag,
	                          .ip = regs->ip, .sp = regs->sp };
	memcpy(frame->word, regs->word, sizeof(frame->word));
}


/*
 * arch/mmu.h
 */

void mem_clear_page(paddr_t page)
{
	memset(mem_kernel(page), 0, PAGE_SIZE);
}


void mem_cache_page(paddr_t page, unsigned operation)
{
	(void)page, (void)operation;
}


void space_init(struct space *space, pte_t *root)
{
	memset(root, 0, BY_ROOT_SIZE);
	*space = (struct space) { .root = root };
}


void space_fini(struct space *space)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (loaded[i] == space)
			panic("stub: space of a dead PD is loaded");

	/* entries stay, and must not be hit under their number */
	for (unsigned i = 0; i < cpu_count; i++)
		for (unsigned n = 0; n < STUB_TLB_ENTRIES; n++)
			if (tlb[i][n].space == space)
				tlb[i][n].space = NULL;
	space->tag = 0;
}


static void tlb_drop_all(void)
{
	memset(tlb[stub_cpu->id], 0, sizeof(tlb[0]));
}


void stub_space_load(struct space *space)
{
	loaded[stub_cpu->id]      = space;
	loaded_asid[stub_cpu->id] = asid_get(&space->tag, STUB_ASIDS, tlb_drop_all);
}


void space_load_kernel(void)
{
	loaded[stub_cpu->id]      = NULL;
	loaded_asid[stub_cpu->id] = 0;
}


void tlb_flush(struct space *space, word_t va, word_t pages)
{
	unsigned id   = stub_cpu->id;
	uint32_t asid = loaded[id] == space ? loaded_asid[id] : asid_number(space->tag);
	word_t   size = pages > BY_USER_LAST / PAGE_SIZE ? BY_USER_LAST : pages * PAGE_SIZE;

	for (unsigned i = 0; i < STUB_TLB_ENTRIES; i++) {
		struct tlb_entry *e = &tlb[id][i];
		if (e->asid == asid && e->va < va + size && va < e->va + e->size)
			e->valid = false;
	}
}


static bool allowed(pte_t pte, unsigned access)
{
	return access == BY_ACCESS_READ || (access == BY_ACCESS_WRITE && (pte & PTE_WRITE))
	       || (access == BY_ACCESS_EXEC && (pte & PTE_EXEC));
}


/** Walk the tables; the entry found, and the page's size. */
static pte_t walk(struct space *space, word_t va, word_t *size)
{
	pte_t *table = space->root;

	for (unsigned level = PT_LEVELS - 1; ; level--) {
		pte_t pte = table[pt_index(va, level)];
		*size = (word_t)1 << pt_shift(level);
		if (!pte_is_table(pte, level))
			return pte;
		table = mem_kernel(pte_address(pte));
	}
}


static struct tlb_entry *tlb_find(unsigned id, word_t va)
{
	for (unsigned i = 0; i < STUB_TLB_ENTRIES; i++) {
		struct tlb_entry *e = &tlb[id][i];
		if (e->valid && e->asid == loaded_asid[id] && va - e->va < e->size)
			return e;
	}

	return NULL;
}


bool stub_access(struct cpu *cpu, word_t va, unsigned access, paddr_t *pa)
{
	unsigned          id    = cpu->id;
	struct tlb_entry *entry = tlb_find(id, va);

	if (!loaded[id])
		return false;

	if (!entry) {
		word_t size;
		pte_t  pte = walk(loaded[id], va, &size);
		if (!pte_present(pte))
			return false;
		entry  = &tlb[id][tlb_next[id]++ % STUB_TLB_ENTRIES];
		*entry = (struct tlb_entry) { true, loaded_asid[id], loaded[id], loaded[id]->tag,
		                              va & ~(size - 1), size, pte };
	}
	if (!allowed(entry->pte, access))
		return false;

	*pa = pte_address(entry->pte) + (va - entry->va);

	return true;
}


bool stub_tag_current(uint64_t tag, unsigned id)
{
	return tag && tag >> ASID_BITS == asid_generation && asid_seen[id] == asid_generation;
}


/** Whether the tables of a space give less at 'offset' into an entry than the entry. */
static bool contradicts(struct space *space, struct tlb_entry const *e, word_t offset)
{
	word_t const va = e->va + offset;
	word_t       size;
	pte_t  const pte   = walk(space, va, &size);
	pte_t  const might = PTE_WRITE | PTE_EXEC;

	return !pte_present(pte) || (e->pte & might & ~pte)
	       || pte_address(pte) + (va & (size - 1)) != pte_address(e->pte) + offset;
}


static const char *entry_check(unsigned id, struct tlb_entry const *e)
{
	bool hit = loaded[id] && loaded_asid[id] == e->asid;

	if (hit && loaded[id] != e->space)
		return "a TLB entry of another space can be hit";

	/* its number may be loaded without a flush before */
	bool later = e->space && e->space->tag == e->tag && stub_tag_current(e->tag, id);

	if ((hit || later) && (contradicts(e->space, e, 0)
	                       || contradicts(e->space, e, e->size - PAGE_SIZE)))
		return "a TLB entry contradicts the tables";

	return NULL;
}


const char *stub_tlb_check(void)
{
	for (unsigned id = 0; id < cpu_count; id++) {
		for (unsigned i = 0; i < STUB_TLB_ENTRIES; i++) {
			struct tlb_entry const *e = &tlb[id][i];
			const char *text = e->valid ? entry_check(id, e) : NULL;
			if (text)
				return text;
		}
	}

	return NULL;
}
