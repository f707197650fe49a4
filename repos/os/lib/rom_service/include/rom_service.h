/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROMs that the component provides, with content that changes.
 *
 *     content ──set──> │ rom_source │ current ──> version 3 <── seen by session a, b
 *                                                version 1 <── seen by session c
 *
 * A *source* has a content, or none. Each content is a *version*: a dataspace of its own
 * that is sealed before anybody sees it. So no client can write what others read, nobody
 * ever sees one version turn into another, and a new content costs one copy however many
 * look at it. A session keeps the version that it has seen until it asks for the present one,
 * or ends; a version that nobody has seen, or sees any more, is freed.
 *
 * A *service* finds the source that a session wants by its label, and can be asked to do so
 * again, when policies have changed. One source can serve any number of services.
 *
 * Who pays: the present version is the source's owner's. A session can hold back an older one,
 * so it can see a content only if its donation would pay for that, beyond ROM_SERVICE_SESSION
 * ('dataspace' answers BY_OUT_OF_RAM else, and the client donates more), unless the service is
 * 'free_of_charge': then sessions can make the owner keep one older version each.
 *
 * Everything here is called by the thread of the service's endpoint.
 */
#ifndef ROM_SERVICE_H
#define ROM_SERVICE_H

#include <by/hid.h>
#include <by/label.h>
#include <by/list.h>
#include <by/service.h>

enum { ROM_SERVICE_SESSION = 4096 }; /* bytes of a donation that are for the session itself */

struct by_env;
struct rom_version;

/** A content that changes; its owner's storage, which must not move. */
struct rom_source {
	struct by_env      *env;
	struct rom_version *current;  /* NULL: there is no content */
	struct by_list      sessions; /* that look at it */
};

/** A service with ROMs; its provider's storage. Set 'find' or 'only', the rest is zero. */
struct rom_service {
	struct by_service  service;
	struct by_list     sessions;
	struct rom_source *only;            /* what every label stands for, if 'find' is NULL */
	bool               free_of_charge;  /* its sessions need not pay for what they see */

	/* The source that a label stands for; kept until it is ended or found again. Errors:
	 * BY_DENIED. */
	by_status_t (*find)(struct rom_service *service, char const *label,
	                    struct rom_source **source);
};

/** A source without content. Keeps: env. */
void rom_source_init(struct rom_source *source, struct by_env *env);

/**
 * End a source. Its sessions go on without one: what they have seen stays theirs.
 * Takes: source.
 */
void rom_source_fini(struct rom_source *source);

/**
 * Give a source this content, and tell the sessions, unless it has the same already.
 * Borrows: content. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_NO_SPACE; the content is the
 * old one then.
 */
BY_MUST_USE by_status_t rom_source_set(struct rom_source *source, void const *content,
                                       size_t size);

/**
 * As rom_source_set() with the document that 'write' writes, which is called twice: to
 * find out about the size, and into place. Errors: also BY_INVALID, as of
 * by_hid_write_finish().
 */
BY_MUST_USE by_status_t rom_source_write(struct rom_source *source,
                                         void (*write)(struct by_hid_writer *writer, void *arg),
                                         void *arg);

/** Take a source's content away, and tell the sessions. */
void rom_source_clear(struct rom_source *source);

/** The present content of a source, borrowed until it is changed; empty if there is none. */
struct by_hid_span rom_source_content(struct rom_source const *source);

/** Make a service ready for the component's own children. Keeps: service. */
void rom_service_local(struct by_env *env, struct rom_service *service);

/** The same, and announce it to the parent. Errors: those of by_service_provide(). */
BY_MUST_USE by_status_t rom_service_provide(struct by_env *env, struct rom_service *service);

/** Find the sources of all sessions again; tell those that see another content now. */
void rom_service_find_again(struct rom_service *service);

#endif
