/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCG plugin for QEMU: counts from outside what the guest does between two
 * marks (marks.md tells which instructions those are):
 *
 *   -plugin build/host/plugin.so,out=FILE
 *
 * When QEMU ends, FILE holds a line per mark id that was used:
 *
 *   id  intervals  instructions  switches  tlb  atomics  mmio  until
 *
 * sums over all intervals, for the reader to divide; but 'until' are the instructions
 * from the start of the machine to the end of the last interval. The marks themselves
 * are not counted. Intervals of different ids may overlap. Counters are shared by
 * all CPUs without locks, so figures are exact for one CPU only.
 *
 *   -plugin ...,profile=FILE,mark=ID
 *
 * writes in addition how often each instruction was executed in the intervals of ID:
 *
 *   address  bytes  count
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

/* QEMU's plugin interface, version 1, as far as it is used here. */

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;

struct plugin_info {
	const char *target_name;
	struct { int min, cur; } version;
	bool system_emulation;
	struct { int smp_vcpus, max_vcpus; } system;
};

enum { CB_NO_REGS = 0, MEM_RW = 3, INLINE_ADD_U64 = 0 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(
	plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
extern char *qemu_plugin_insn_disas(const struct qemu_plugin_insn *);
extern void qemu_plugin_register_vcpu_insn_exec_cb(
	struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_vcpu_insn_exec_inline(
	struct qemu_plugin_insn *, int, void *, uint64_t);
extern void qemu_plugin_register_vcpu_mem_cb(
	struct qemu_plugin_insn *, void (*)(unsigned, uint32_t, uint64_t, void *), int, int, void *);
extern struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(uint32_t, uint64_t);
extern bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *);
extern void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(
	plugin_id, const struct plugin_info *, int, char **);

/* Counters. */

enum { INSTRUCTIONS, SWITCHES, TLB, ATOMICS, MMIO, KINDS, IDS = 32 };

struct interval {
	bool     open;
	uint64_t start[KINDS];
	uint64_t sum[KINDS];
	uint64_t count;
	uint64_t until;
};

static uint64_t        now[KINDS];
static struct interval intervals[IDS];
static unsigned        open_intervals;
static decode_t       *decode;
static const char     *out_path;

/* An instruction that was translated; the same one can be several times. */
struct site {
	struct site *next;
	uint64_t     address, count;
	size_t       size;
	uint8_t      bytes[16];
};

static struct site     *sites;
static const char      *profile_path;
static struct interval *profiled;


static void mark_begin(unsigned cpu, void *data)
{
	struct interval *interval = data;

	(void)cpu;
	open_intervals += !interval->open;
	interval->open = true;
	memcpy(interval->start, now, sizeof(now));
}


static void mark_end(unsigned cpu, void *data)
{
	struct interval *interval = data;

	(void)cpu;
	if (!interval->open)
		return;

	interval->open = false;
	open_intervals--;
	interval->count++;
	interval->until = now[INSTRUCTIONS];
	for (int kind = 0; kind < KINDS; kind++)
		interval->sum[kind] += now[kind] - interval->start[kind];
}


static void memory_access(unsigned cpu, uint32_t info, uint64_t address, void *data)
{
	(void)cpu;
	(void)data;
	if (!open_intervals)
		return;

	const struct qemu_plugin_hwaddr *physical = qemu_plugin_get_hwaddr(info, address);
	if (physical && qemu_plugin_hwaddr_is_io(physical))
		now[MMIO]++;
}


/*
 * Arm's two instruction sets cannot be told apart by their bytes, and plugins
 * cannot see the state bit. So what looks interesting in one of them is
 * confirmed by QEMU's disassembler, which knows the state.
 */
static bool disassembled_as_event(const struct qemu_plugin_insn *insn)
{
	static const char *const starts[] = {
		"mcr", "ldrex", "strex", "lda", "stl", "swp", "dmb", "dsb", "isb", "hint",
	};
	char *text = qemu_plugin_insn_disas(insn);
	bool found = false;

	for (size_t i = 0; text && i < sizeof(starts) / sizeof(*starts); i++)
		found |= !strncmp(text, starts[i], strlen(starts[i]));
	free(text);

	return found;
}


static struct decoded decode_insn(const struct qemu_plugin_insn *insn)
{
	const uint8_t *bytes = qemu_plugin_insn_data(insn);
	size_t const size = qemu_plugin_insn_size(insn);
	struct decoded d = decode(bytes, size);

	if (decode != decode_arm)
		return d;

	if (!d.events && !d.mark)
		d = decode_thumb(bytes, size);
	if ((d.events || d.mark) && !disassembled_as_event(insn))
		d = (struct decoded){ 0 };

	return d;
}


static void executed(unsigned cpu, void *data)
{
	struct site *site = data;

	(void)cpu;
	site->count += profiled->open;
}


static void add_site(struct qemu_plugin_insn *insn)
{
	struct site *site = calloc(1, sizeof(*site));
	size_t const size = qemu_plugin_insn_size(insn);

	if (!site || size > sizeof(site->bytes))
		abort();

	site->address = qemu_plugin_insn_vaddr(insn);
	site->size    = size;
	memcpy(site->bytes, qemu_plugin_insn_data(insn), size);
	site->next = sites;
	sites      = site;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, CB_NO_REGS, site);
}


static void translate_insn(struct qemu_plugin_insn *insn)
{
	static const struct { unsigned event; int kind; } kinds[] = {
		{ EVENT_SWITCH, SWITCHES }, { EVENT_TLB, TLB },
		{ EVENT_ATOMIC, ATOMICS },  { EVENT_IO, MMIO },
	};
	struct decoded const d = decode_insn(insn);

	if (d.mark != MARK_NONE) {
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, d.mark == MARK_BEGIN ? mark_begin : mark_end, CB_NO_REGS,
			&intervals[d.id]);
		return;
	}
	if (profile_path)
		add_site(insn);
	qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &now[INSTRUCTIONS], 1);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (d.events & kinds[i].event)
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, INLINE_ADD_U64, &now[kinds[i].kind], 1);
	qemu_plugin_register_vcpu_mem_cb(insn, memory_access, CB_NO_REGS, MEM_RW, NULL);
}


static void translate(plugin_id id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
		translate_insn(qemu_plugin_tb_get_insn(tb, i));
}


static void write_profile(void)
{
	FILE *out = profile_path ? fopen(profile_path, "w") : NULL;

	for (const struct site *site = sites; out && site; site = site->next) {
		if (!site->count)
			continue;
		fprintf(out, "%" PRIx64 "\t", site->address);
		for (size_t i = 0; i < site->size; i++)
			fprintf(out, "%02x", site->bytes[i]);
		fprintf(out, "\t%" PRIu64 "\n", site->count);
	}
	if (out)
		fclose(out);
}


static void write_results(plugin_id id, void *data)
{
	(void)id;
	(void)data;
	write_profile();
	FILE *out = fopen(out_path, "w");
	if (!out) {
		perror(out_path);
		return;
	}

	fprintf(out, "id\tintervals\tinstructions\tswitches\ttlb\tatomics\tmmio\tuntil\n");
	for (int i = 0; i < IDS; i++) {
		if (!intervals[i].count)
			continue;
		fprintf(out, "%d\t%" PRIu64, i, intervals[i].count);
		for (int kind = 0; kind < KINDS; kind++)
			fprintf(out, "\t%" PRIu64, intervals[i].sum[kind]);
		fprintf(out, "\t%" PRIu64 "\n", intervals[i].until);
	}
	fclose(out);
}


static void read_argument(const char *argument)
{
	if (!strncmp(argument, "out=", 4))
		out_path = strdup(argument + 4);
	if (!strncmp(argument, "profile=", 8))
		profile_path = strdup(argument + 8);
	if (!strncmp(argument, "mark=", 5))
		profiled = &intervals[strtoul(argument + 5, NULL, 10) % IDS];
}


int qemu_plugin_install(plugin_id id, const struct plugin_info *info, int argc, char **argv)
{
	static const struct { const char *name; decode_t *decode; } targets[] = {
		{ "i386", decode_x86_32 }, { "x86_64", decode_x86_64 },
		{ "riscv64", decode_riscv }, { "arm", decode_arm }, { "aarch64", decode_aarch64 },
	};

	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		if (!strcmp(info->target_name, targets[i].name))
			decode = targets[i].decode;
	for (int i = 0; i < argc; i++)
		read_argument(argv[i]);
	if (!decode || !out_path || !profile_path != !profiled) {
		fprintf(stderr, "plugin: target %s: unknown, or arguments missing\n",
		        info->target_name);
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, write_results, NULL);

	return 0;
}
