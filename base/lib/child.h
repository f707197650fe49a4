/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of child.c's work share.
 */
#ifndef BASE_LIB_CHILD_H
#define BASE_LIB_CHILD_H

#include <by/child.h>
#include <by/kernel.h>
#include <by/label.h>
#include <by/object/parent.h>
#include <by/service.h>
#include <by/session.h>

/** Submit a signal that the child may have named. */
static inline void by_child_tell(by_cap_t signal)
{
	if (by_cap_valid(signal))
		by_signal_submit(signal, 1);
}

/** Load the program into the child's address space and note its entry. */
BY_MUST_USE by_status_t by_child_load(struct by_child *child, struct by_attached const *binary);

/** Publish the parent interface that the child talks to. */
BY_MUST_USE by_status_t by_child_parent_init(struct by_child *child);

/** Close all sessions of the child, and withdraw the interface. */
void by_child_parent_fini(struct by_child *child);

/** Allocate RAM of the child's. Gives: ds. */
BY_MUST_USE by_status_t by_child_ram(struct by_child *child, size_t size, by_cap_t *ds);

/** Attach all of a dataspace in the child's address space; flags BY_ATTACH_WRITE, _EXEC. */
BY_MUST_USE by_status_t by_child_attach(struct by_child *child, by_cap_t ds, by_word_t at,
                                        uint32_t flags);


/*
 * A parent's record of a session that a child has asked for; see doc/parent.md
 */

/** What the client is told. */
enum claim {
	CLAIM_ASKED,     /* pending */
	CLAIM_OPEN,
	CLAIM_REFUSED,   /* because of 'reason' */
	CLAIM_LOST,      /* its server is dead */
	CLAIM_FINISHING, /* its number is in use until the donation is back */
	CLAIM_CLOSED,    /* nothing: it has no number any more */
};

/** Where the donation is. */
enum place {
	PLACE_BACK,  /* with the client */
	PLACE_ASIDE, /* with us, not to be used */
	PLACE_AWAY,  /* with the provider */
};

/** How far a child that provides the session is. */
enum phase {
	PHASE_QUEUED,    /* it does not know */
	PHASE_OPENING,   /* it has fetched the request */
	PHASE_ABANDONED, /* the same, and it is to be told that nobody wants it any more */
	PHASE_SERVED,
	PHASE_CLOSING,   /* it is to be told */
	PHASE_ENDING,    /* it has been told */
	PHASE_OWING,     /* it is done, but its account has not enough to give back */
};

struct session;

/** What a client that is no child of ours is told (uplink.c, own_session.c). */
struct session_above {
	void (*changed)(struct session *session); /* it may end the session */
	void (*ended)(struct session *session);   /* all is back, the record goes away */
};

struct session {
	struct by_env      *env;
	struct by_child    *child;     /* the client, NULL if it is dead */
	struct session_above const *above; /* the client is no child */
	struct by_list_node record;    /* among the client's */
	struct by_tree_node by_id;     /* among those that it can name, */
	struct by_list_node news;      /* and of which it has something to hear */
	uint32_t            id;        /* the client's number */
	enum claim          claim;
	by_status_t         reason;
	enum place          place;
	uint64_t            ram, caps; /* donated */
	uint64_t            fee;       /* paid for this record */
	bool                pd;        /* its account is the child's to inherit, and */
	bool                inherited; /* will be, so that we return nothing */

	struct by_session          upper; /* from our own parent, or */
	struct by_service_session *local; /* from a service of our own, or */
	struct by_provider        *provider;
	enum phase          phase;
	uint32_t            number;    /* by which the provider's child knows it */
	struct by_tree_node by_number;
	struct by_list_node todo;      /* in one of the provider's lists */
	by_cap_t            gate;
	uint64_t            more_ram, more_caps; /* donated, and not told yet */
	char                service[BY_SERVICE_NAME + 1], label[BY_LABEL_SIZE];
	char                asked[BY_LABEL_SIZE]; /* before the route has changed it */
	unsigned char       args[BY_PARENT_SESSION_ARGS_MAX];
	size_t              args_len;

	struct by_announced_session announced; /* uplink.c's */
	bool                delivered, closed; /* what it has told, what it has been told */
	struct by_own_session *own;            /* own_session.c's */
};

/** What a parent takes for any session of a child, at most. */
uint64_t by_child_fee(void);

/**
 * Open a session for a child by a route, after the donation and the fee are collected; the
 * label is that of the route. BY_OK, BY_PENDING: 'out' is one of the child's now. Otherwise
 * nothing has happened.
 */
BY_MUST_USE by_status_t by_child_session_open(struct by_child *child, uint32_t id,
                                              struct by_route const *route,
                                              struct by_service_request const *asked,
                                              struct session **out);

/**
 * The same for a client that is no child, and whose donation is in our account: by_uplink and
 * by_own_session. It is told by 'above'. BY_OK, BY_PENDING: gives out.
 */
BY_MUST_USE by_status_t by_child_session_forward(struct by_env *env,
                                                 struct by_route const *route,
                                                 struct by_service_request const *asked,
                                                 struct session_above const *above,
                                                 struct session **out);

/** The gate of an open session. */
by_cap_t by_child_session_gate(struct session const *session);

/** A session of the child by the child's number, or NULL. */
struct session *by_child_session_find(struct by_child *child, uint32_t id);

/** Donate more to an open session. BY_PENDING: its provider is not told yet. */
BY_MUST_USE by_status_t by_child_session_upgrade(struct session *session, uint64_t ram,
                                                 uint64_t caps);

/**
 * End a session: CLAIM_CLOSED, or CLAIM_FINISHING to keep the number until all is back.
 * True: all is back, the record is gone. Takes: session.
 */
bool by_child_session_end(struct session *session, enum claim claim);

/** Show it as by_child_sessions() does. */
void by_child_session_show(struct session const *session,
                           void (*each)(struct by_child_session const *session, void *arg),
                           void *arg);

/** Something has come back: refund what could not be refunded when it was due. */
void by_child_pay_back(void);

/** All sessions of a dying child are closed, what is left of them is not its any more. */
void by_child_sessions_end(struct by_child *child);

/** Tell the client that something has changed. */
void by_child_session_changed(struct session *session);

/** The number of the next session of which the child has something to hear. Errors: BY_EMPTY. */
BY_MUST_USE by_status_t by_child_session_news(struct by_child *child, uint32_t *id);

/** What was away is with us now: give it back. The record may be gone afterwards. */
void by_child_session_settle(struct session *session);

/** Set the donation aside, or not any more. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t by_child_set_aside(struct session *session);
void by_child_take_from_aside(struct session *session);

/*
 * What a provider does with it (child_provider.c)
 */

/** What a child is to do for a session. */
struct by_provider_work {
	enum by_parent_work what;
	uint64_t            ram, caps;
	struct session     *session; /* for its number and the text of the request */
};

/** A new session, whose donation is set aside: have it opened. */
void by_provider_open(struct by_provider *provider, struct session *session);

/**
 * The client has donated more, which is with us, and is told to the provider's child.
 * BY_PENDING: not yet. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_provider_upgrade(struct session *session, uint64_t ram,
                                            uint64_t caps);

/** The client does not want any more what the child has; settled when that is done. */
void by_provider_close(struct session *session);

/** What the child says, see parent.rpc. */
BY_MUST_USE by_status_t by_provider_provide(struct by_provider *provider, char const *service);
BY_MUST_USE by_status_t by_provider_request(struct by_provider *provider,
                                            struct by_provider_work *work);
BY_MUST_USE by_status_t by_provider_deliver(struct by_provider *provider, uint32_t number,
                                            struct by_cap_arg *gate);
BY_MUST_USE by_status_t by_provider_refuse(struct by_provider *provider, uint32_t number,
                                           uint32_t reason);
BY_MUST_USE by_status_t by_provider_done(struct by_provider *provider, uint32_t number);
BY_MUST_USE by_status_t by_provider_lost(struct by_provider *provider, uint32_t number);

/** The child of a provider has come, or its account has fallen to ours. */
void by_provider_attach(struct by_provider *provider, struct by_child *child);
void by_provider_detach(struct by_provider *provider);

#endif
