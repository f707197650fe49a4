/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated RPC stubs stand on; see doc/rpc.md for the wire format.
 *
 * Users of an interface include the generated headers and need nothing from
 * here but struct by_cap_arg. The first part is what the runtime provides, the
 * second the pieces that stubs and dispatchers are made of.
 */
#ifndef BY_RPC_H
#define BY_RPC_H

#include <by/ipc.h>
#include <by/message.h>
#include <by/types.h>

struct by_message;

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stubs copy numbers as they are");

/** A received capability, on the way to a handler. */
struct by_cap_arg {
	enum by_cap_kind kind;
	by_word_t        badge;   /* if kind is BY_CAP_OWN */
	by_cap_t         cap;     /* if kind is BY_CAP_FOREIGN */
};

/**
 * Keep a foreign capability beyond the handler. Gives: the slot; the argument
 * becomes BY_CAP_NONE. Anything but a foreign capability yields BY_NO_CAP.
 */
static inline by_cap_t by_cap_arg_take(struct by_cap_arg *arg)
{
	if (arg->kind != BY_CAP_FOREIGN)
		return BY_NO_CAP;

	arg->kind = BY_CAP_NONE;

	return arg->cap;
}

typedef by_tag_t (*by_rpc_dispatch_t)(void *self, const void *ops, by_tag_t tag,
                                      struct by_message *msg);

/** An interface as the runtime knows it; made by tool/rpc. */
struct by_rpc_interface {
	const char        *name;     /* of the interface */
	const char        *service;  /* of the service, NULL for objects */
	size_t             ram;      /* what a session costs at least, in bytes */
	size_t             caps;
	by_rpc_dispatch_t  dispatch;
	const char *const *opcodes;  /* names for traces, by opcode, [0] is NULL */
	unsigned           opcode_count; /* highest opcode + 1 */
};

/** What a dispatcher returns for a request that was answered early. */
#define BY_RPC_ANSWERED by_tag_event(BY_EVENT_NONE, BY_OK)

/** A function off the usual path: one copy per source file, out of the way. */
#define BY_RPC_COLD __attribute__((noinline, cold, unused)) static

/** Machine words that hold so many bytes. */
static inline unsigned by_rpc_words(size_t bytes)
{
	return (unsigned)((bytes + sizeof(by_word_t) - 1) / sizeof(by_word_t));
}

/**
 * Place in the message of byte 'offset'. The compiler is told the alignment, without
 * which some machines would copy numbers byte by byte.
 */
static inline unsigned char *by_rpc_at(struct by_message *msg, size_t offset)
{
	void *const block = &msg->word[0];

	return (unsigned char *)__builtin_assume_aligned(block, sizeof(by_word_t)) + offset;
}

/**
 * Take 'count' (at most the tag's) capabilities of a request out of 'msg' and
 * drop the others; 'count' 0 drops all. The receive slots that were filled are
 * replaced by empty ones before the next wait. Gives: the capabilities in 'args'.
 */
void by_rpc_take_caps(struct by_message *msg, by_tag_t tag, struct by_cap_arg *args,
                      unsigned count);

/** Drop the foreign capabilities that a handler left in 'args'. */
void by_rpc_drop_caps(struct by_cap_arg *args, unsigned count);

/**
 * Make sure that 'count' receive slots are named in 'msg'. May change the
 * message's words. Errors: BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_rpc_name_slots(struct by_message *msg, unsigned count);

/**
 * Take the capability results of a reply and drop what is beyond 'count'. The
 * words of 'msg' stay as they are. Gives: 'caps'. On failure (one was lost:
 * BY_OUT_OF_CAPS, there are fewer: BY_MALFORMED) none is kept.
 */
BY_MUST_USE by_status_t by_rpc_take_results(struct by_message *msg, by_tag_t tag,
                                            by_cap_t *caps, unsigned count);

/** Drop all capabilities that a reply brought. */
void by_rpc_drop_results(struct by_message *msg, by_tag_t tag);

/** Answer the caller now with BY_OK: a one-way request. The message's content is lost. */
void by_rpc_reply_early(void);

/**
 * A call to core was refused with BY_OUT_OF_RAM or BY_OUT_OF_CAPS: add to the
 * donation of the session behind 'gate' out of the component's own budget.
 * True if it is worth to repeat the call.
 */
bool by_rpc_upgrade(by_cap_t gate, by_status_t refusal);

/** A handler answered a status that its interface does not declare. */
void by_rpc_undeclared(const char *interface, unsigned opcode, by_status_t status);


/** Whether a call to core is to be repeated with the same arguments. */
static inline bool by_rpc_repeat(by_cap_t gate, by_status_t status, unsigned *upgrades)
{
	if (__builtin_expect(status == BY_OK, 1))
		return false;

	if (status == BY_AGAIN)
		return true;

	if ((status != BY_OUT_OF_RAM && status != BY_OUT_OF_CAPS) || *upgrades == 2)
		return false;

	++*upgrades;

	return by_rpc_upgrade(gate, status);
}

/** Length as padded in the variable part. */
static inline size_t by_rpc_padded(size_t len)
{
	return (len + 7) & ~(size_t)7;
}

/** Length of 'text', max + 1 if it is longer than 'max'; reads max + 1 bytes at most. */
static inline size_t by_rpc_length(const char *text, size_t max)
{
	size_t len = 0;

	while (len <= max && text[len])
		len++;

	return len;
}

/** Whether 'len' bytes are free of NUL. */
static inline bool by_rpc_text(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!bytes[i])
			return false;

	return true;
}

/** Write a length. */
static inline void by_rpc_set_u16(unsigned char *at, size_t value)
{
	uint16_t const raw = (uint16_t)value;

	__builtin_memcpy(at, &raw, sizeof(raw));
}

/** Write a number, also one that stands for a status or an enum. */
static inline void by_rpc_set_u32(unsigned char *at, uint32_t value)
{
	__builtin_memcpy(at, &value, sizeof(value));
}

/**
 * Put the content of a string or of bytes at 'at', a multiple of 8, and zeros to the
 * next one. Gives: the place behind.
 */
static inline size_t by_rpc_put(unsigned char *block, size_t at, const void *data, size_t len)
{
	size_t const end = at + by_rpc_padded(len);

	if (len) {
		void *const last = block + end - 8;

		__builtin_memset(__builtin_assume_aligned(last, sizeof(by_word_t)), 0, 8);
		__builtin_memcpy(block + at, data, len);
	}

	return end;
}

/** Read a number. */
static inline uint32_t by_rpc_get_u32(const unsigned char *at)
{
	uint32_t value;

	__builtin_memcpy(&value, at, sizeof(value));

	return value;
}

/** Read a value below 'count'; clears 'ok' and yields 0 if it is not. */
static inline uint32_t by_rpc_get_enum(const unsigned char *at, uint32_t count, bool *ok)
{
	uint32_t const value = by_rpc_get_u32(at);

	*ok &= value < count;

	return value < count ? value : 0;
}

/** Read a byte that is 0 or 1; clears 'ok' and yields false if it is not. */
static inline bool by_rpc_get_bool(const unsigned char *at, bool *ok)
{
	unsigned char const value = *at;

	*ok &= value <= 1;

	return value == 1;
}

/** Read a length of at most 'max'; clears 'ok' and yields 0 if it is longer. */
static inline size_t by_rpc_get_length(const unsigned char *at, size_t max, bool *ok)
{
	uint16_t value;

	__builtin_memcpy(&value, at, sizeof(value));
	*ok &= value <= max;

	return value <= max ? value : 0;
}

/** Set of the one status; a set holds the statuses that a handler may answer. */
static inline uint64_t by_rpc_set_of(by_status_t status)
{
	return (uint64_t)1 << ((uintptr_t)status & 63);
}

/** Whether a handler may answer this status. */
static inline bool by_rpc_declared(uint64_t set, by_status_t status)
{
	return (uintptr_t)status < 64 && (set & by_rpc_set_of(status));
}

/** Answer a request with 'status' alone. */
static inline by_tag_t by_rpc_refuse(struct by_message *msg, by_status_t status)
{
	unsigned char *const block = by_rpc_at(msg, 0);

	__builtin_memset(block, 0, 8);
	by_rpc_set_u32(block, (uint32_t)(uintptr_t)status);

	return by_tag(0, by_rpc_words(4), 0);
}

/** Answer a request that reaches no handler, and drop its capabilities. */
BY_RPC_COLD by_tag_t
by_rpc_reject(struct by_message *msg, by_tag_t tag, by_status_t status)
{
	if (by_tag_caps(tag))
		by_rpc_take_caps(msg, tag, NULL, 0);

	return by_rpc_refuse(msg, status);
}

/** Answer with a handler's refusal, which is to be one of 'set'. */
BY_RPC_COLD by_tag_t
by_rpc_answer(struct by_message *msg, const char *interface, unsigned opcode, uint64_t set,
              by_status_t status)
{
	if (!by_rpc_declared(set, status)) {
		by_rpc_undeclared(interface, opcode, status);
		status = BY_DENIED;
	}

	return by_rpc_refuse(msg, status);
}

/** A reply whose content breaks its format: drop its capabilities. */
BY_RPC_COLD by_status_t
by_rpc_bad_reply(struct by_message *msg, by_tag_t tag)
{
	if (by_tag_caps(tag))
		by_rpc_drop_results(msg, tag);

	return BY_MALFORMED;
}

/**
 * The status of any reply, with 'words' and 'caps' of a good one. After a
 * refusal, and if there are none to take, the reply's capabilities are dropped.
 */
BY_RPC_COLD by_status_t
by_rpc_any_status(struct by_message *msg, by_tag_t tag, unsigned words, unsigned caps)
{
	by_status_t const transport = by_tag_status(tag);
	uint32_t const    value     = by_rpc_get_u32(by_rpc_at(msg, 0));

	if (transport == BY_OK && (by_tag_words(tag) < by_rpc_words(4) || value >= 64))
		return by_rpc_bad_reply(msg, tag);

	if (transport == BY_OK && value == 0 && by_tag_words(tag) < words)
		return by_rpc_bad_reply(msg, tag);

	if (by_tag_caps(tag) && (transport != BY_OK || value != 0 || caps == 0))
		by_rpc_drop_results(msg, tag);

	return transport != BY_OK ? transport : BY_STATUS((uintptr_t)value);
}

/** As by_rpc_any_status, quick for a good reply of exactly this size. */
static inline by_status_t by_rpc_status(struct by_message *msg, by_tag_t tag,
                                        unsigned words, unsigned caps)
{
	if (__builtin_expect(tag == by_tag(0, words, caps)
	                     && by_rpc_get_u32(by_rpc_at(msg, 0)) == 0, 1))
		return BY_OK;

	return by_rpc_any_status(msg, tag, words, caps);
}

#endif
