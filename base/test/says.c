/* SPDX-License-Identifier: BSD-2-Clause */
#include "says.h"
#include <by/cap.h>
#include <by/slots.h>
#include <string.h>

/* Slots in which the children hold something: their numbers are the component's, too. */
static by_cap_t kept[512];
static unsigned kept_count;

void keep(by_status_t result, by_cap_t cap)
{
	if (result == BY_OK && kept_count < sizeof(kept) / sizeof(kept[0]))
		kept[kept_count++] = cap;
}


struct by_parent parent = { { BY_SLOT_PARENT } };
by_status_t status;

struct family_work work;


void announce(void *arg)
{
	status = by_parent_provide(&parent, arg ? arg : "Text");
	fake_release();
}


void fetch(void *arg)
{
	(void)arg;
	memset(&work, 0, sizeof(work));
	status = by_parent_request(&parent, &work.what, &work.id, &work.ram, &work.caps, work.service,
	                           work.label, work.args, &work.args_len);
	fake_release();
}


struct by_pd pd = { .session.cap = { BY_SLOT_PD } };

static by_status_t make_endpoint(by_cap_t *endpoint)
{
	by_cap_t const    thread = { (uint32_t)by_control()->cap };
	by_status_t const result = by_pd_endpoint_create(&pd, thread, endpoint);

	keep(result, *endpoint);

	return result;
}


/* A gate of the server's. */
by_status_t make_gate(by_cap_t *gate)
{
	by_cap_t    endpoint;
	by_status_t result = make_endpoint(&endpoint);

	if (result != BY_OK)
		return result;

	result = by_pd_gate_create(&pd, endpoint, 7, gate);
	keep(result, *gate);

	return result;
}


by_status_t make_signal(by_cap_t *signal)
{
	by_cap_t    endpoint;
	by_status_t result = make_endpoint(&endpoint);

	if (result != BY_OK)
		return result;

	result = by_pd_signal_create(&pd, endpoint, 8, false, signal);
	keep(result, *signal);

	return result;
}


by_cap_t server_gate;

void deliver(void *arg)
{
	uint32_t const *id = arg;

	status = make_gate(&server_gate);
	if (status == BY_OK)
		status = by_parent_deliver(&parent, id ? *id : work.id, server_gate);
	fake_release();
}


void refuse(void *arg)
{
	uint32_t const *reason = arg;

	status = by_parent_refuse(&parent, work.id, *reason);
	fake_release();
}


void refuse_it(void *arg)
{
	uint32_t denied = 4;

	(void)arg;
	refuse(&denied);
}


void done(void *arg)
{
	(void)arg;
	status = by_parent_done(&parent, work.id);
	fake_release();
}


void lose_it(void *arg)
{
	(void)arg;
	status = by_parent_lost(&parent, work.id);
	fake_release();
}


static by_cap_t hoard;

/* Use up all that is free. */
void spend(void *arg)
{
	struct by_pd_balance balance;

	(void)arg;
	status = by_pd_account(&pd, &balance);
	if (status == BY_OK)
		status = by_pd_ram_alloc(&pd, (balance.ram_quota - balance.ram_used) & ~4095ull,
		                         BY_PD_CACHE_CACHED, 12, 0, &hoard);
	keep(status, hoard);
	fake_release();
}


void unspend(void *arg)
{

	(void)arg;
	status = by_pd_ram_free(&pd, hoard);
	hoard  = BY_NO_CAP;
	fake_release();
}


void family_forget(void)
{
	while (kept_count)
		by_slot_free(kept[--kept_count]);
}
