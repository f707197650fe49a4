/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules: reports by their label, each of which ROM sessions can see.
 *
 * A module exists as long as somebody reports under its label, looks at it, or it has a report
 * that is kept. Its report is paid for by the session that has submitted it, its *author*, or
 * by the server, within a limit, when that is gone.
 */
#ifndef MODULES_H
#define MODULES_H

#include <by/dict.h>
#include <rom_service.h>

/** A session that reports; embedded in it. */
struct reporter {
	struct module *module;
};

struct module {
	struct by_dict_node node;
	char                label[BY_LABEL_SIZE];
	struct rom_source   source;
	unsigned            reporters;
	struct reporter    *author; /* of the present report, NULL: none, or gone */
	size_t              kept;   /* bytes that the server pays for it */
};

/** Begin, with so many bytes for what is kept. */
void modules_init(struct by_env *env, size_t keep_limit);

/** The module of a label, made if there is none. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t modules_get(char const *label, struct module **out);

/** Begin to report. Errors: those of modules_get(). */
BY_MUST_USE by_status_t reporter_init(struct reporter *reporter, char const *label);

/** The newest report. Borrows: content. Errors: those of rom_source_set(). */
BY_MUST_USE by_status_t reporter_submit(struct reporter *reporter, void const *content,
                                        size_t size);

/**
 * Stop reporting. Its last report stays if 'keep' says so and the limit allows it.
 * Takes: reporter.
 */
void reporter_fini(struct reporter *reporter, bool keep);

/** Free modules that are there for nothing, and reports for which 'keep' says no. */
void modules_sweep(bool (*keep)(char const *label));

#endif
