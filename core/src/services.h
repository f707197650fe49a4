/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's smaller services, and the way a session is opened.
 */
#ifndef CORE_SERVICES_H
#define CORE_SERVICES_H

#include "pd.h"
#include <by/boot_info.h>

/** A request for a session, as the parent interface delivers it. */
struct request {
	const char     *label;
	uint64_t        ram, caps;   /* donation */
	const void     *args;
	size_t          args_len;
	struct account *account;     /* that pays */
};

typedef by_status_t (*create_t)(struct request const *request, struct item **item);

by_status_t rm_create(struct request const *request, struct item **item);
by_status_t rom_create(struct request const *request, struct item **item);
by_status_t io_mem_create(struct request const *request, struct item **item);
by_status_t io_port_create(struct request const *request, struct item **item);
by_status_t irq_create(struct request const *request, struct item **item);

/** Make the parent interface for the first component. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t parent_create(struct pd *client, struct item **item);

/** Open a session of core by its service's name. Errors: as the service; BY_DENIED. */
BY_MUST_USE by_status_t service_open(const char *service, struct request const *request,
                                     struct item **item);

/** Make what core tells about the machine, in a page of its own. Needs accounts. */
void rom_init(void);

/** That page. */
by_paddr_t rom_platform(void);

/** A boot module by name. Errors: BY_NOT_FOUND. */
BY_MUST_USE by_status_t module_find(const char *name, struct by_boot_region *content,
                                    uint64_t *size);

/** What the bootstrap told. */
struct by_boot_info const *boot_info(void);

/** Create, load and start the first component. */
void start_init(struct account *donor, uint64_t ram, uint64_t caps);

#endif
