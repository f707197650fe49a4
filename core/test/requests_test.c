/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to core through its dispatchers: hostile ones of every kind, and long random
 * sequences with a census after each. SEEDS=n makes n of them, SEED=n begins with that one.
 */
#include "census.h"
#include "inside.h"
#include "requests.h"
#include "../src/work.h"
#include <stdlib.h>

UNIT_MAIN("core-requests")

enum { BYTES = 1500, SEQUENCES = 360, SEQUENCES_FULL = 5000, MOST_CALLS = 16 };

static struct requests_report all;


static void add(struct requests_report const *one)
{
	all.requests   += one->requests;
	all.served     += one->served;
	all.unfinished += one->unfinished;
	all.refused    += one->refused;
	all.malformed  += one->malformed;
	all.faults     += one->faults;
	for (unsigned i = 0; i < requests_methods(); i++)
		all.statuses[i] |= one->statuses[i];
	if (one->most_calls > all.most_calls) {
		all.most_calls  = one->most_calls;
		all.most_method = one->most_method;
	}
	all.most_work  = one->most_work > all.most_work ? one->most_work : all.most_work;
}


/*
 * What the interfaces declare, read from where they are declared
 */

static uint32_t status_bit(const char *name, size_t len)
{
	static const char *const names[] = {
		"ok", "again", "invalid", "bad_cap", "denied", "out_of_ram", "out_of_caps", "gone",
		"cancelled", "timeout", "no_reply", "deadlock", "limit", "not_supported", "not_found",
		"exists", "conflict", "no_space", "malformed", "pending", "empty", "busy",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return 1u << i;

	return 0;
}


/** Statuses that a call declares in its interface's text; 0 if it is not there. */
static uint32_t declared_in(const char *text, const char *method)
{
	char   head[64];
	size_t len = (size_t)snprintf(head, sizeof(head), "%s ", method);

	for (; text; text = strchr(text, '\n'), text += text != NULL) {
		bool call = !strncmp(text, "call ", 5), sent = !strncmp(text, "send ", 5);
		if ((!call && !sent)
		    || (strncmp(text + 5, head, len) && (strncmp(text + 5, head, len - 1) || text[4 + len] != '\n')))
			continue;

		uint32_t set = 1;
		bool     errors = false;
		for (const char *c = text; *c && (*c != '\n' || c[-1] == '\\'); ) {
			size_t word = strspn(c, "abcdefghijklmnopqrstuvwxyz_");
			if (errors && word)
				set |= status_bit(c, word);
			errors |= *c == '!';
			c += word ? word : 1;
		}
		return set;
	}

	return 0;
}


static uint32_t declared(unsigned method)
{
	static char text[16384];
	char        interface[32], file[64];
	const char *name = requests_method_name(method), *dot = strchr(name, '.');

	snprintf(interface, sizeof(interface), "%.*s", (int)(dot - name), name);
	snprintf(file, sizeof(file), "base/session/%s.rpc", interface);
	FILE *stream = fopen(file, "r");
	if (!stream)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, stream)] = 0;
	fclose(stream);

	return declared_in(text, dot + 1);
}


/** An error that only machines of 32 bit answer with. */
#define ONLY_32_BIT (sizeof(by_word_t) == sizeof(uint64_t) ? "invalid" : "")

/** What core declares and never answers here, and why. */
static const struct { const char *method, *statuses, *why; } unseen[] = {
	{ "parent.session", "pending limit gone", "core's parent interface never defers" },
	{ "parent.session_cap", "pending denied out_of_ram out_of_caps invalid limit gone", "the same" },
	{ "parent.upgrade", "pending", "the same" },
	{ "parent.close", "pending", "the same" },
	{ "parent.finish", "pending", "the same" },
	{ "pd.space", "out_of_ram out_of_caps", "a PD is made with it" },
	{ "pd.gate_create", ONLY_32_BIT, "every badge is a word" },
	{ "pd.signal_create", ONLY_32_BIT, "the same" },
	{ "pd.slots_add", "limit", "pd_test: slots are added up to the limit" },
	{ "pd.tables_add", "limit", "pd_test: tables are added up to the limit" },
	{ "cpu.fault_sigh", "out_of_caps", "core keeps no capability" },
	{ "region_map.fault_sigh", "out_of_caps", "the same" },
	{ "region_map.attach", "out_of_caps", "attachments are free of it" },
	{ "rom.dataspace", "not_found", "for other servers" },
	{ "rom.update", "no_space", "accounts_test: more accounts than there was room for" },
	{ "irq.attach", "denied", "for other servers" },
	{ "machine.reset", "ok", "a machine that obeys does not answer" },
	{ "machine.poweroff", "ok", "the same" },
};


static uint32_t statuses_in(const char *text)
{
	uint32_t set = 0;

	while (*text) {
		size_t word = strcspn(text, " ");
		set  |= status_bit(text, word);
		text += word + (text[word] == ' ');
	}

	return set;
}


/** All that a method declares was answered some time, and nothing else. */
static void check_method(unsigned i)
{
	static char    text[160];
	uint32_t const transport = statuses_in("again not_supported malformed");
	uint32_t       wanted = declared(i), seen = all.statuses[i];

	for (size_t n = 0; n < sizeof(unseen) / sizeof(unseen[0]); n++)
		if (!strcmp(unseen[n].method, requests_method_name(i)))
			wanted &= ~statuses_in(unseen[n].statuses);
	if (wanted && !(wanted & ~seen) && !(seen & ~declared(i) & ~transport))
		return;

	snprintf(text, sizeof(text), "%s: set %x declared, %x never seen, %x not declared",
	         requests_method_name(i), wanted, wanted & ~seen, seen & ~declared(i) & ~transport);
	unit_fail(__FILE__, __LINE__, text);
}


static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text && *text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}


CORE_TEST(random_sequences_leave_core_intact)
{
	unsigned const first = setting("SEED", 0);
	unsigned const count = setting("SEEDS", setting("FULL", 0) ? SEQUENCES_FULL : SEQUENCES);
	static uint8_t data[BYTES];
	unsigned canary = 0;

	for (unsigned seed = first; seed < first + count; seed++) {
		struct requests_report report;
		host_seed(seed);
		for (unsigned i = 0; i < BYTES; i++)
			data[i] = (uint8_t)host_random(256);
		CHECK_TEXT(requests_run(data, BYTES, &report));
		add(&report);
		canary += report.canary;
	}
	for (unsigned i = 0; i < requests_methods(); i++)
		check_method(i);
	CHECK(canary >= SEQUENCES / 20);
	CHECK(all.unfinished >= SEQUENCES);
	CHECK(all.most_calls <= MOST_CALLS);
	CHECK(all.most_work <= WORK_REQUEST);
}
