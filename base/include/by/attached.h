/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces in the component's own address space.
 *
 * Each *_init allocates or opens, attaches, and gives a pointer; by_attached_fini()
 * undoes all of that.
 */
#ifndef BY_ATTACHED_H
#define BY_ATTACHED_H

#include <by/env.h>
#include <by/region.h>
#include <by/session.h>
#include <by/session/io_mem.h>
#include <by/session/rom.h>

/** Memory that is attached. Zeroed: nothing is. */
struct by_attached {
	void             *base;
	size_t            size;    /* of the dataspace, in bytes */
	by_cap_t          ds;
	bool              owned;   /* RAM of ours */
	union {                    /* that gave the dataspace, if it is none of ours */
		struct by_session session;
		struct by_rom     rom;
		struct by_io_mem  io_mem;
	};
};

/**
 * Allocate cleared RAM and attach it. Gives: attached. Errors: BY_OUT_OF_RAM,
 * BY_OUT_OF_CAPS, BY_NO_SPACE.
 */
BY_MUST_USE by_status_t by_attached_ram_init(struct by_env *env, struct by_attached *attached,
                                             size_t size, enum by_pd_cache cache);

/**
 * Open the ROM that 'label' names and attach its present content, to be read only.
 * Opening may block. Gives: attached. Errors: BY_DENIED, BY_NOT_FOUND, and as above;
 * BY_MALFORMED if the server says that there is more than there is.
 */
BY_MUST_USE by_status_t by_attached_rom_init(struct by_env *env, struct by_attached *attached,
                                             char const *label);

/**
 * Take over the present content of the ROM, whose session is open: 'base' and 'size' are
 * those of the new one, and the old one is not to be read any more. If need be more is
 * donated to the session, which may block as opening does (elsewhere: BY_PENDING, and it is
 * to be tried again). Errors: BY_NOT_FOUND, there is no content now, nor any attached;
 * BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_NO_SPACE; BY_MALFORMED as above; BY_GONE.
 */
BY_MUST_USE by_status_t by_attached_rom_update(struct by_env *env, struct by_attached *attached);

/**
 * Open a window of 'size' bytes of device memory at physical address 'base', which
 * need not be aligned; the pointer is to this address. Gives: attached. Errors: as above.
 */
BY_MUST_USE by_status_t by_attached_io_mem_init(struct by_env *env, struct by_attached *attached,
                                                uint64_t base, size_t size, bool combined);

/**
 * Attach a dataspace of somebody's; 'flags' are BY_ATTACH_WRITE and BY_ATTACH_EXEC.
 * Borrows: ds, while attached. Gives: attached. Errors: BY_BAD_CAP, BY_DENIED, and as above.
 */
BY_MUST_USE by_status_t by_attached_ds_init(struct by_env *env, struct by_attached *attached,
                                            by_cap_t ds, uint32_t flags);

/** Detach, and close or free what init opened or allocated. Takes: attached. */
void by_attached_fini(struct by_env *env, struct by_attached *attached);

#endif
