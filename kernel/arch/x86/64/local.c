/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptor tables and stacks of each CPU.
 *
 * The stack stands first in the data segment, behind read-only memory, so that
 * an overrun is a double fault and not a mystery.
 */
#include <port/instruction.h>
#include <port/local.h>
#include <port/trap.h>
#include <port/vector.h>

enum {
	TRAP_STACK_SIZE = 4096,

	GATE_INTERRUPT = 0x8e00,          /* present, DPL 0, interrupt gate */
	GATE_USER      = 0x6000,          /* DPL 3 */
};

/* Segment descriptors: bases and limits mean nothing in long mode (APM volume 2, 4.8). */
#define CODE        0x0020980000000000 /* present, code, 64 bit */
#define DATA        0x0000920000000000 /* present, data, writeable */
#define USER        0x0000600000000000 /* DPL 3 */
#define TSS_PRESENT 0x0000890000000000

struct local locals[1];

__attribute__((section(".bss.stack"), aligned(16))) uint8_t local_stack[LOCAL_STACK_SIZE];
extern uint8_t local_stack_end[];

/* For exceptions that can find the kernel without a stack: NMI, double fault, machine check. */
static uint8_t trap_stack[TRAP_STACK_SIZE] __attribute__((aligned(16)));

/* Intel SDM volume 3, 6.14.1 */
static struct { uint16_t offset, selector, type, middle; uint32_t high, reserved; }
idt[VECTORS];

/* Operand of LGDT and LIDT. */
struct table { uint16_t limit; uint64_t base; } __attribute__((packed));

extern uint8_t entry_vectors[][16];
void entry_call(void);


static void set_gate(unsigned vector, uint64_t address, unsigned type)
{
	idt[vector].offset   = (uint16_t)address;
	idt[vector].selector = SELECTOR_KERNEL_CODE;
	idt[vector].type     = (uint16_t)type;
	idt[vector].middle   = (uint16_t)(address >> 16);
	idt[vector].high     = (uint32_t)(address >> 32);
}


void trap_set_gate(unsigned vector, void (*entry)(void))
{
	set_gate(vector, entry ? (uint64_t)entry : (uint64_t)entry_vectors[vector],
	         GATE_INTERRUPT);
}


static void init_gates(void)
{
	for (unsigned i = 0; i < VECTORS; i++)
		trap_set_gate(i, NULL);

	idt[VECTOR_BREAKPOINT].type |= GATE_USER;
	idt[VECTOR_NMI].type    |= 1; /* entry of the TSS's IST, counted from 1 */
	idt[VECTOR_DOUBLE].type |= 1;
	idt[VECTOR_CHECK].type  |= 1;
}


static void init_segments(struct local *local)
{
	uint64_t tss = (uint64_t)&local->tss;

	local->gdt[SELECTOR_KERNEL_CODE / 8] = CODE;
	local->gdt[SELECTOR_KERNEL_DATA / 8] = DATA;
	local->gdt[SELECTOR_USER_CODE / 8]   = CODE | USER;
	local->gdt[SELECTOR_USER_DATA / 8]   = DATA | USER;
	local->gdt[SELECTOR_TSS / 8] = TSS_PRESENT | (sizeof(local->tss) - 1)
	                               | (tss & 0xffffff) << 16 | (tss >> 24 & 0xff) << 56;
	local->gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
	local->tss.ist[0] = (uint64_t)(trap_stack + sizeof(trap_stack));
	local->tss.io_map = sizeof(local->tss); /* beyond the limit: no port for user level */
}


static void load_segments(struct local *local)
{
	struct table gdt = { sizeof(local->gdt) - 1, (uint64_t)local->gdt };

	asm volatile ("lgdt %0\n\t"
	              "pushq %1\n\t"
	              "leaq 1f(%%rip), %%rax\n\t"
	              "pushq %%rax\n\t"
	              "lretq\n"
	              "1:\tmov %2, %%ss\n\t"
	              "xor %%eax, %%eax\n\t"
	              "mov %%eax, %%ds\n\t"
	              "mov %%eax, %%es\n\t"
	              "mov %%eax, %%fs\n\t"
	              "mov %%eax, %%gs\n\t"
	              "ltr %w3"
	              : : "m"(gdt), "i"(SELECTOR_KERNEL_CODE), "r"(SELECTOR_KERNEL_DATA),
	                  "r"(SELECTOR_TSS) : "rax", "memory");
}


static void init_call_entry(void)
{
	uint64_t star = (uint64_t)SELECTOR_KERNEL_CODE << 32
	                | (uint64_t)(SELECTOR_USER_DATA - 8) << 48;

	msr_write(MSR_STAR, star);
	msr_write(MSR_LSTAR, (uint64_t)entry_call);
	msr_write(MSR_SFMASK, FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_AC);
	msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_SCE);
}


void local_init(struct local *local, struct cpu *cpu)
{
	struct table table = { sizeof(idt) - 1, (uint64_t)idt };

	init_gates();
	init_segments(local);
	load_segments(local);
	asm volatile ("lidt %0" : : "m"(table));

	local->cpu   = cpu;
	local->stack = (word_t)local_stack_end;
	msr_write(MSR_GS_BASE, (uint64_t)local);
	msr_write(MSR_KERNEL_GS_BASE, 0);
	init_call_entry();
}
