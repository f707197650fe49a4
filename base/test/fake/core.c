/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core of the model: its services over generated dispatchers. Capabilities are
 * numbers of objects on this side.
 */
#define _GNU_SOURCE
#define BY_PARENT_SELF     struct object
#define BY_PD_SELF         struct object
#define BY_CPU_SELF        struct object
#define BY_LOG_SELF        struct object
#define BY_REGION_MAP_SELF struct object
#define BY_DATASPACE_SELF  struct object
#define BY_ROM_SELF        struct object
#define BY_IO_MEM_SELF     struct object

#include "model.h"
#include <by/abi.h>
#include <by/label.h>
#include <by/object/dataspace_server.h>
#include <by/object/parent_server.h>
#include <by/object/region_map_server.h>
#include <by/session/cpu_server.h>
#include <by/session/io_mem_server.h>
#include <by/session/log_server.h>
#include <by/session/pd_server.h>
#include <by/session/rom_server.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../../lib/env.h"

enum { PAGE = 4096 };


static unsigned number(struct object const *object)
{
	return (unsigned)(object - model_objects);
}


static struct fake_pd *account_of(struct object const *object)
{
	return &fake.pd[object->pd];
}


unsigned core_arg(struct by_cap_arg const *arg)
{
	return arg->kind == BY_CAP_OWN ? (unsigned)arg->badge : 0;
}


static unsigned arg_of(struct by_cap_arg const *arg, enum fake_kind kind)
{
	unsigned const object = core_arg(arg);

	return object && model_objects[object].kind == kind ? object : 0;
}


/* An object of 'self's PD as a result. */
static by_status_t give(struct object *self, enum fake_kind kind, by_cap_t *cap)
{
	unsigned const object = model_create(kind, self->pd, self->pd);

	if (!object)
		return BY_OUT_OF_CAPS;

	cap->slot = object;

	return BY_OK;
}


/* None, if more is charged to it than it has. */
static uint64_t free_ram_of(struct fake_pd const *pd)
{
	uint64_t const taken = pd->ram_used + pd->ram_aside;

	return taken < pd->ram_quota ? pd->ram_quota - taken : 0;
}


static uint64_t free_caps_of(struct fake_pd const *pd)
{
	return pd->caps_quota - pd->caps_used - pd->caps_aside;
}


static bool transfer(struct fake_pd *from, struct fake_pd *to, uint64_t ram, uint64_t caps)
{
	if (free_ram_of(from) < ram || free_caps_of(from) < caps)
		return false;

	from->ram_quota  -= ram;
	from->caps_quota -= caps;
	to->ram_quota    += ram;
	to->caps_quota   += caps;

	return true;
}


/*
 * PD
 */

static by_status_t pd_account(struct object *self, struct by_pd_balance *balance)
{
	struct fake_pd *pd = account_of(self);

	*balance = (struct by_pd_balance){ pd->ram_quota, pd->ram_used + pd->ram_aside,
	                                   pd->caps_quota, pd->caps_used + pd->caps_aside };

	return BY_OK;
}


static by_status_t pd_transfer(struct object *self, struct by_cap_arg *to, uint64_t ram,
                               uint64_t caps)
{
	unsigned const other = arg_of(to, FAKE_PD);

	if (!other)
		return BY_BAD_CAP;

	struct fake_pd *from = account_of(self), *into = account_of(&model_objects[other]);

	if (from->reference != (int)model_objects[other].pd && into->reference != (int)self->pd)
		return BY_DENIED;
	if (free_ram_of(from) < ram)
		return BY_OUT_OF_RAM;

	return transfer(from, into, ram, caps) ? BY_OK : BY_OUT_OF_CAPS;
}


/* Whether the test wants this call, one of those that can fail, to do so. */
static bool fails(void)
{
	if (!fake.fail_at || --fake.fail_at)
		return false;

	fake.fail_at = 1; /* and all that follow */

	return true;
}


/* To set less aside does not fail. */
static by_status_t pd_set_aside(struct object *self, uint64_t ram, uint64_t caps)
{
	struct fake_pd *pd   = account_of(self);
	bool const      more = ram > pd->ram_aside || caps > pd->caps_aside;

	if (more && fails())
		return fake.fail_with;
	if (free_ram_of(pd) + pd->ram_aside < ram)
		return BY_OUT_OF_RAM;
	if (pd->caps_quota - pd->caps_used < caps)
		return BY_OUT_OF_CAPS;

	pd->ram_aside  = ram;
	pd->caps_aside = caps;

	return BY_OK;
}


static by_status_t pd_reference(struct object *self, struct by_cap_arg *to)
{
	unsigned const other = arg_of(to, FAKE_PD);

	if (!other)
		return BY_BAD_CAP;

	account_of(self)->reference = (int)model_objects[other].pd;

	return BY_OK;
}


static by_status_t pd_dma_grant(struct object *self, struct by_cap_arg *to)
{
	unsigned const other = arg_of(to, FAKE_PD);

	if (!other)
		return BY_BAD_CAP;

	struct fake_pd *into = account_of(&model_objects[other]);

	if (!account_of(self)->dma || into->reference != (int)self->pd)
		return BY_DENIED;

	into->dma = true;

	return BY_OK;
}


static by_status_t pd_ram_alloc(struct object *self, uint64_t size, enum by_pd_cache cache,
                                uint32_t align, uint64_t limit, by_cap_t *ds)
{
	struct fake_pd *pd    = account_of(self);
	uint64_t const  bytes = (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);

	(void)cache, (void)limit;
	if (!size || align < 12)
		return BY_INVALID;
	if (free_ram_of(pd) < bytes)
		return BY_OUT_OF_RAM;

	by_status_t const status = give(self, FAKE_DS, ds);
	if (status != BY_OK)
		return status;

	struct object *object = &model_objects[ds->slot];

	pd->ram_used  += bytes;
	object->owned  = true;
	object->mapped = true;
	object->size   = (size_t)bytes;
	object->memory = mmap(NULL, object->size, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return BY_OK;
}


static void free_ram(unsigned ds)
{
	fake.pd[model_objects[ds].pd].ram_used -= model_objects[ds].size;
	model_destroy(ds);
}


static by_status_t pd_ram_free(struct object *self, struct by_cap_arg *arg)
{
	unsigned const ds = arg_of(arg, FAKE_DS);

	if (!ds)
		return BY_BAD_CAP;
	if (!model_objects[ds].owned || model_objects[ds].pd != self->pd)
		return BY_DENIED;

	free_ram(ds);

	return BY_OK;
}


static by_status_t pd_ram_seal(struct object *self, struct by_cap_arg *arg)
{
	unsigned const ds = arg_of(arg, FAKE_DS);

	(void)self;
	if (!ds)
		return BY_BAD_CAP;

	if (mprotect(model_objects[ds].memory, model_objects[ds].size, PROT_READ))
		return BY_INVALID;

	model_objects[ds].sealed = true;

	return BY_OK;
}


static by_status_t pd_space(struct object *self, by_cap_t *map)
{
	map->slot = account_of(self)->space;

	return BY_OK;
}


static by_status_t pd_endpoint_create(struct object *self, struct by_cap_arg *arg,
                                      by_cap_t *endpoint)
{
	unsigned const thread = arg_of(arg, FAKE_THREAD);

	if (!thread)
		return BY_BAD_CAP;

	by_status_t const status = give(self, FAKE_ENDPOINT, endpoint);
	if (status == BY_OK)
		model_objects[endpoint->slot].thread = thread;

	return status;
}


static by_status_t create_part(struct object *self, enum fake_kind kind,
                               struct by_cap_arg *endpoint, uint64_t badge, by_cap_t *cap)
{
	unsigned const at = arg_of(endpoint, FAKE_ENDPOINT);

	if (!at)
		return BY_BAD_CAP;

	by_status_t const status = give(self, kind, cap);
	if (status == BY_OK) {
		model_objects[cap->slot].endpoint = at;
		model_objects[cap->slot].badge    = (by_word_t)badge;
	}

	return status;
}


static by_status_t pd_gate_create(struct object *self, struct by_cap_arg *endpoint,
                                  uint64_t badge, by_cap_t *gate)
{
	return create_part(self, FAKE_GATE, endpoint, badge, gate);
}


static by_status_t pd_signal_create(struct object *self, struct by_cap_arg *endpoint,
                                    uint64_t badge, bool io, by_cap_t *signal)
{
	by_status_t const status = create_part(self, FAKE_SIGNAL, endpoint, badge, signal);

	if (status == BY_OK)
		model_objects[signal->slot].io = io;

	return status;
}


/* Callers whose request waits at a gate that goes away. */
static void drop_callers(unsigned gate)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *endpoint = &model_objects[i];
		unsigned      *link     = &endpoint->first_caller;
		if (endpoint->kind != FAKE_ENDPOINT)
			continue;
		while (*link) {
			struct object *caller = &model_objects[*link];
			if (caller->call_gate != gate) {
				link = &caller->next_caller;
				continue;
			}
			*link = caller->next_caller;
			caller->replied   = true;
			caller->reply_tag = by_tag_event(BY_EVENT_NONE, BY_GONE);
		}
	}
	model_wake();
}


static by_status_t pd_object_free(struct object *self, struct by_cap_arg *arg)
{
	unsigned const index = core_arg(arg);
	enum fake_kind kind  = model_objects[index].kind;

	if (!index || (kind != FAKE_GATE && kind != FAKE_SIGNAL && kind != FAKE_ENDPOINT))
		return BY_BAD_CAP;
	if (model_objects[index].pd != self->pd)
		return BY_DENIED;

	drop_callers(index);
	model_destroy(index);

	return BY_OK;
}


static by_status_t pd_slots_add(struct object *self, uint32_t *slots)
{
	struct fake_pd *pd = account_of(self);

	if (pd->slots / BY_LEAF_SLOTS >= fake.leaves_max || pd->slots == FAKE_SLOTS)
		return BY_LIMIT;

	pd->slots += BY_LEAF_SLOTS;
	*slots = pd->slots;

	return BY_OK;
}


static by_status_t pd_tables_add(struct object *self, uint32_t count)
{
	(void)self;

	return count ? BY_OK : BY_INVALID;
}


static by_status_t pd_assign(struct object *self, uint32_t slot, struct by_cap_arg *object)
{
	struct fake_pd *pd = account_of(self);

	if (!core_arg(object))
		return BY_BAD_CAP;
	if (pd->slot[slot])
		return BY_EXISTS;

	pd->slot[slot] = (uint16_t)core_arg(object);

	return BY_OK;
}


static struct by_pd_ops const pd_ops = {
	.account = pd_account, .transfer = pd_transfer, .set_aside = pd_set_aside, .reference = pd_reference,
	.dma_grant = pd_dma_grant,
	.ram_alloc = pd_ram_alloc, .ram_free = pd_ram_free, .ram_seal = pd_ram_seal,
	.space = pd_space, .endpoint_create = pd_endpoint_create,
	.gate_create = pd_gate_create, .signal_create = pd_signal_create,
	.object_free = pd_object_free, .slots_add = pd_slots_add,
	.tables_add = pd_tables_add, .assign = pd_assign,
};


/*
 * CPU
 */

static by_status_t cpu_thread_create(struct object *self, struct by_cap_arg *pd,
                                     char const *name, uint64_t message, bool passive,
                                     by_cap_t *thread)
{
	unsigned const owner = arg_of(pd, FAKE_PD);

	(void)self, (void)name, (void)passive;
	if (!owner)
		return BY_BAD_CAP;

	by_status_t const status = give(&model_objects[owner], FAKE_THREAD, thread);
	if (status != BY_OK || model_objects[owner].pd != 0)
		return status;

	struct object *object = &model_objects[thread->slot];

	object->page = mmap((void *)(uintptr_t)message, PAGE, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	object->message_mapped = true;

	return BY_OK;
}


static by_status_t cpu_thread_destroy(struct object *self, struct by_cap_arg *arg)
{
	unsigned const thread = arg_of(arg, FAKE_THREAD);

	(void)self;
	if (!thread)
		return BY_BAD_CAP;

	model_thread_kill(thread);
	model_destroy(thread);

	return BY_OK;
}


static by_status_t cpu_start(struct object *self, struct by_cap_arg *arg, uint64_t ip,
                             uint64_t sp, uint64_t argument)
{
	unsigned const thread = arg_of(arg, FAKE_THREAD);

	(void)self, (void)ip, (void)sp;
	fake.argument = argument;
	if (!thread)
		return BY_BAD_CAP;
	if (model_objects[thread].running)
		return BY_EXISTS;
	if (model_objects[thread].pd == 0)
		model_thread_start(thread, (void *)(uintptr_t)argument);

	return BY_OK;
}


static by_status_t cpu_pause(struct object *self, struct by_cap_arg *arg)
{
	(void)self;

	return arg_of(arg, FAKE_THREAD) ? BY_OK : BY_BAD_CAP;
}


static by_status_t cpu_fault_sigh(struct object *self, struct by_cap_arg *sigh)
{
	self->sigh = arg_of(sigh, FAKE_SIGNAL);

	return self->sigh ? BY_OK : BY_BAD_CAP;
}


static by_status_t cpu_fault(struct object *self, by_cap_t *thread, char *name,
                             struct by_cpu_fault *fault)
{
	if (!self->faulted)
		return BY_EMPTY;

	self->faulted = false;
	*thread = BY_NO_CAP;
	strcpy(name, "main");
	*fault = (struct by_cpu_fault){
		.cause = self->cause, .access = fake.fault_access, .address = self->address,
		.ip = 0x1000123, .sp = fake.fault_sp,
	};

	return BY_OK;
}


static by_status_t cpu_registers(struct object *self, struct by_cap_arg *thread, void *regs,
                                 size_t *regs_len)
{
	(void)self, (void)thread;
	memset(regs, 0, sizeof(struct by_regs));
	*regs_len = sizeof(struct by_regs);

	return BY_OK;
}


static struct by_cpu_ops const cpu_ops = {
	.thread_create = cpu_thread_create, .thread_destroy = cpu_thread_destroy,
	.start = cpu_start, .pause = cpu_pause, .resume = cpu_pause,
	.fault_sigh = cpu_fault_sigh, .fault = cpu_fault, .registers = cpu_registers,
};


/*
 * Dataspaces, maps, LOG, ROM, IO_MEM
 */

static by_status_t ds_info(struct object *self, uint64_t *size, uint32_t *flags)
{
	*size  = self->size;
	*flags = self->owned ? BY_DS_WRITE : 0;

	return BY_OK;
}


static struct by_dataspace_ops const ds_ops = { .info = ds_info };


/* In the component's own space memory is where it is, or at a given place instead. */
static by_status_t attach_own(struct object *ds, uint64_t at, uint32_t flags, uint64_t *place)
{
	if (flags & BY_ATTACH_AT) {
		munmap(ds->memory, ds->size);
		ds->memory = mmap((void *)(uintptr_t)at, ds->size, PROT_READ | PROT_WRITE,
		                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (ds->memory == MAP_FAILED)
			return BY_CONFLICT;
	}
	*place = (uintptr_t)ds->memory;

	return BY_OK;
}


static by_status_t map_attach(struct object *self, struct by_cap_arg *arg, uint64_t offset,
                              uint64_t size, uint64_t at, uint32_t flags, uint64_t *place)
{
	unsigned const  ds = arg_of(arg, FAKE_DS);
	struct fake_pd *pd = account_of(self);

	if (!ds)
		return BY_BAD_CAP;
	if (size > model_objects[ds].size)
		return BY_INVALID;
	if (flags & BY_ATTACH_WRITE && !model_objects[ds].owned && !model_objects[ds].device)
		return BY_DENIED;
	if (self->pd == 0)
		return attach_own(&model_objects[ds], at, flags, place);
	if (pd->attachments == FAKE_ATTACHMENTS)
		return BY_NO_SPACE;

	pd->attached[pd->attachments++] = (struct fake_attachment){
		ds, offset, size ? size : model_objects[ds].size, at, flags
	};
	*place = at;

	return BY_OK;
}


static by_status_t map_detach(struct object *self, uint64_t address)
{
	(void)self, (void)address;

	return BY_OK;
}


static struct by_region_map_ops const map_ops = { .attach = map_attach, .detach = map_detach };


static by_status_t log_write(struct object *self, void const *text, size_t len)
{
	size_t const used = strlen(fake.log);

	(void)self;
	fake.log_calls++;
	if (used + len < sizeof(fake.log))
		memcpy(fake.log + used, text, len);

	return BY_OK;
}


static struct by_log_ops const log_ops = { .write = log_write };


static unsigned fixed_ds(struct object *session, void const *data, size_t size);

/* The test changes the content by another 'data'. */
static bool rom_outdated(struct object const *self)
{
	return self->rom_data != fake.rom[self->rom].data;
}


static by_status_t rom_dataspace(struct object *self, by_cap_t *ds, uint64_t *size)
{
	if (self->ram < fake.rom[self->rom].price)
		return BY_OUT_OF_RAM;

	if (rom_outdated(self)) {
		if (self->ds)
			model_destroy(self->ds);
		self->rom_data = fake.rom[self->rom].data;
		self->size     = fake.rom[self->rom].size;
		self->ds       = self->rom_data ? fixed_ds(self, self->rom_data, self->size) : 0;
	}
	ds->slot = self->ds;
	*size    = self->size + fake.rom[self->rom].lie;

	return self->ds ? BY_OK : BY_NOT_FOUND;
}


static by_status_t rom_update(struct object *self, uint64_t *size)
{
	if (!self->ds || !fake.rom[self->rom].data)
		return BY_NOT_FOUND;

	*size = self->size + fake.rom[self->rom].lie;

	return rom_outdated(self) ? BY_NO_SPACE : BY_OK;
}


static by_status_t rom_sigh(struct object *self, struct by_cap_arg *sigh)
{
	self->sigh = arg_of(sigh, FAKE_SIGNAL);

	return self->sigh ? BY_OK : BY_BAD_CAP;
}


static struct by_rom_ops const rom_ops = {
	.dataspace = rom_dataspace, .update = rom_update, .sigh = rom_sigh,
};


void core_rom_changed(unsigned rom)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object const *object = &model_objects[i];
		if (object->kind == FAKE_ROM && object->rom == rom && object->sigh)
			model_signal(object->sigh, 1);
	}
}


static by_status_t io_mem_dataspace(struct object *self, by_cap_t *ds)
{
	ds->slot = self->ds;

	return BY_OK;
}


static struct by_io_mem_ops const io_mem_ops = { .dataspace = io_mem_dataspace };


/*
 * Parent, as core is one
 */

static struct object *find_session(struct object *self, uint32_t id)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind != FAKE_NONE && model_objects[i].client_id == id
		    && model_objects[i].client_pd == self->pd)
			return &model_objects[i];

	return NULL;
}


static void parent_exit(struct object *self, int32_t code)
{
	(void)self;
	fake.exited    = true;
	fake.exit_code = code;
}


static enum fake_kind kind_of(char const *service)
{
	static struct { char const *name; enum fake_kind kind; } const services[] = {
		{ "PD", FAKE_PD }, { "CPU", FAKE_CPU }, { "LOG", FAKE_LOG }, { "ROM", FAKE_ROM },
		{ "RM", FAKE_RM }, { "IO_MEM", FAKE_IO_MEM },
	};

	for (unsigned i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (!strcmp(services[i].name, service))
			return services[i].kind;

	return FAKE_NONE;
}


static void begin_pd(struct object *session, struct fake_pd *donor)
{
	unsigned pd = 1;

	while (fake.pd[pd].alive)
		pd++;
	fake.pd[pd] = (struct fake_pd){
		.alive = true, .object = number(session), .slots = FAKE_SLOTS,
		.reference = (int)(donor - fake.pd),
	};
	session->pd = pd;
	transfer(donor, &fake.pd[pd], session->ram, session->caps);
	fake.pd[pd].space = model_create(FAKE_MAP, pd, pd);
}


/* A dataspace of the model's own memory. */
static unsigned fixed_ds(struct object *session, void const *data, size_t size)
{
	size_t const   whole = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
	unsigned const ds    = model_create(FAKE_DS, session->pd, session->payer);

	model_objects[ds].size   = whole;
	model_objects[ds].mapped = true;
	model_objects[ds].memory = mmap(NULL, whole, PROT_READ | PROT_WRITE,
	                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data)
		memcpy(model_objects[ds].memory, data, size);

	return ds;
}


static bool begin_rom(struct object *session, char const *label)
{
	for (unsigned i = 0; i < sizeof(fake.rom) / sizeof(fake.rom[0]); i++) {
		if (!fake.rom[i].name || strcmp(fake.rom[i].name, by_label_last(label)))
			continue;
		session->rom      = i;
		session->rom_data = fake.rom[i].data;
		session->size     = fake.rom[i].size;
		if (session->rom_data)
			session->ds = fixed_ds(session, session->rom_data, session->size);
		return true;
	}

	return false;
}


static bool begin_io_mem(struct object *session, void const *args, size_t len)
{
	struct by_io_mem_args content;

	if (by_io_mem_args_read(args, len, &content) != BY_OK)
		return false;

	session->ds = fixed_ds(session, NULL, (size_t)(content.size + content.base % PAGE));
	model_objects[session->ds].device = true;

	return true;
}


static void end_session(struct object *session)
{
	struct fake_pd *donor = &fake.pd[session->client_pd];

	if (session->kind == FAKE_PD) {
		unsigned const pd = session->pd;
		session->pd = session->client_pd;
		core_pd_end(pd);
		transfer(&fake.pd[pd], &fake.pd[fake.pd[pd].reference], fake.pd[pd].ram_quota,
		         fake.pd[pd].caps_quota);
		fake.pd[pd].alive = false;
	} else {
		donor->ram_quota  += session->ram;
		donor->caps_quota += session->caps;
	}
	if (session->ds)
		model_destroy(session->ds);
	model_destroy(number(session));
}


static by_status_t begin_session(struct object *session, char const *label, void const *args,
                                 size_t len)
{
	struct fake_pd *donor = &fake.pd[session->client_pd];
	bool            good  = true;

	if (session->kind == FAKE_ROM)
		good = begin_rom(session, label);
	if (session->kind == FAKE_IO_MEM)
		good = begin_io_mem(session, args, len);
	if (!good) {
		model_destroy(number(session));
		return BY_DENIED;
	}
	if (session->kind == FAKE_PD) {
		begin_pd(session, donor);
	} else {
		donor->ram_quota  -= session->ram;
		donor->caps_quota -= session->caps;
	}

	return BY_OK;
}


static void note(char const *service, char const *label, uint64_t ram, uint64_t caps,
                 size_t len)
{
	snprintf(fake.session.service, sizeof(fake.session.service), "%s", service);
	snprintf(fake.session.label, sizeof(fake.session.label), "%s", label);
	fake.session.ram      = ram;
	fake.session.caps     = caps;
	fake.session.args_len = (unsigned)len;
}


static by_status_t parent_session(struct object *self, uint32_t id, char const *service,
                                  char const *label, uint64_t ram, uint64_t caps,
                                  void const *args, size_t len, by_cap_t *cap)
{
	struct fake_pd *donor = account_of(self);

	note(service, label, ram, caps, len);
	memcpy(fake.session.args, args, len);
	if (find_session(self, id))
		return BY_EXISTS;
	if (kind_of(service) == FAKE_NONE)
		return BY_DENIED;
	if (free_ram_of(donor) < ram)
		return BY_OUT_OF_RAM;
	if (free_caps_of(donor) < caps + 8)
		return BY_OUT_OF_CAPS;

	unsigned const object  = model_create(kind_of(service), self->pd, self->pd);
	struct object *session = &model_objects[object];

	session->client_pd = self->pd;
	session->client_id = id;
	session->ram       = ram;
	session->caps      = caps;
	by_status_t const status = begin_session(session, label, args, len);
	if (status != BY_OK)
		return status;

	cap->slot = fake.dead ? 0 : object;

	return fake.pending ? BY_PENDING : BY_OK;
}


static by_status_t parent_session_cap(struct object *self, uint32_t id, by_cap_t *cap)
{
	struct object *session = find_session(self, id);

	if (!session)
		return BY_NOT_FOUND;
	if (fake.pending && !session->answered)
		return BY_PENDING;
	if (fake.verdict != BY_OK) {
		end_session(session);
		return fake.verdict;
	}
	cap->slot = fake.dead ? 0 : number(session);

	return BY_OK;
}


static by_status_t parent_upgrade(struct object *self, uint32_t id, uint64_t ram, uint64_t caps)
{
	struct object *session = find_session(self, id);
	struct fake_pd *donor  = account_of(self);

	fake.upgrades++;
	if (!session)
		return BY_NOT_FOUND;
	if (free_ram_of(donor) < ram)
		return BY_OUT_OF_RAM;

	if (session->kind == FAKE_PD)
		return transfer(donor, account_of(session), ram, caps) ? BY_OK : BY_OUT_OF_CAPS;

	session->ram  += ram;
	session->caps += caps;
	donor->ram_quota  -= ram;
	donor->caps_quota -= caps;

	return fake.pending ? BY_PENDING : BY_OK;
}


static by_status_t parent_close(struct object *self, uint32_t id)
{
	struct object *session = find_session(self, id);

	if (!session)
		return BY_NOT_FOUND;

	end_session(session);

	return BY_OK;
}


static by_status_t parent_finish(struct object *self, uint32_t id)
{
	if (find_session(self, id) && fake.unfinished)
		return BY_PENDING;

	return parent_close(self, id);
}


static by_status_t parent_answered(struct object *self, uint32_t *id)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *session = &model_objects[i];
		if (session->kind == FAKE_NONE || !session->news || session->client_pd != self->pd)
			continue;
		session->news = false;
		*id = session->client_id;
		return BY_OK;
	}

	return BY_EMPTY;
}


static by_status_t parent_fee(struct object *self, uint64_t *ram)
{
	(void)self;
	*ram = fake.fee;

	return BY_OK;
}


static by_status_t parent_provide(struct object *self, char const *service)
{
	(void)self;
	if (fake.provide == BY_OK) {
		strncat(fake.provided, service, sizeof(fake.provided) - strlen(fake.provided) - 2);
		strcat(fake.provided, " ");
	}

	return fake.provide;
}


static by_status_t parent_request_sigh(struct object *self, struct by_cap_arg *sigh)
{
	self->request_sigh = arg_of(sigh, FAKE_SIGNAL);

	return self->request_sigh ? BY_OK : BY_BAD_CAP;
}


/* Donations of clients that are not modelled. */

static void donate(uint32_t id, uint64_t ram, uint64_t caps)
{
	unsigned const i = id % 32;

	fake.donated[i].ram   += ram;
	fake.donated[i].caps  += caps;
	fake.pd[0].ram_quota  += ram;
	fake.pd[0].caps_quota += caps;
}


static void take_back(uint32_t id)
{
	unsigned const i = id % 32;

	if (free_ram_of(&fake.pd[0]) < fake.donated[i].ram
	    || free_caps_of(&fake.pd[0]) < fake.donated[i].caps)
		fake.unpaid++;
	fake.pd[0].ram_quota  -= fake.donated[i].ram;
	fake.pd[0].caps_quota -= fake.donated[i].caps;
	fake.donated[i].ram = fake.donated[i].caps = 0;
	fake.answers++;
}


static by_status_t parent_request(struct object *self, enum by_parent_work *what, uint32_t *id,
                                  uint64_t *ram, uint64_t *caps, char *service, char *label,
                                  void *args, size_t *args_len)
{
	(void)self;
	if (fake.fetched == fake.requests)
		return BY_EMPTY;

	unsigned const i = fake.fetched++;

	*what = (enum by_parent_work)fake.request[i].what;
	*id   = fake.request[i].id;
	*ram  = fake.request[i].ram;
	*caps = fake.request[i].caps;
	if (*what != BY_PARENT_WORK_CLOSE)
		donate(*id, *ram, *caps);
	if (!fake.request[i].service)
		return BY_OK;

	strcpy(service, fake.request[i].service);
	strcpy(label, fake.request[i].label);
	*args_len = strlen(fake.request[i].args);
	memcpy(args, fake.request[i].args, *args_len);

	return BY_OK;
}


static by_status_t parent_deliver(struct object *self, uint32_t id, struct by_cap_arg *session)
{
	(void)self;
	if (!arg_of(session, FAKE_GATE))
		return BY_BAD_CAP;
	if (fake.deliver == BY_OK) {
		fake.delivered = id;
		fake.answers++;
	}

	return fake.deliver;
}


static by_status_t parent_refuse(struct object *self, uint32_t id, uint32_t reason)
{
	(void)self;
	if (reason == 15) /* BY_EXISTS: no reason for a client */
		return BY_INVALID;

	fake.refused = id;
	fake.reason  = reason;
	take_back(id);

	return BY_OK;
}


static by_status_t parent_done(struct object *self, uint32_t id)
{
	(void)self;
	fake.done = id;
	take_back(id);

	return BY_OK;
}


static by_status_t parent_lost(struct object *self, uint32_t id)
{
	(void)self;
	if (fake.closing)
		return BY_NOT_FOUND;

	fake.lost = id;
	take_back(id);

	return BY_OK;
}


static by_status_t parent_session_sigh(struct object *self, struct by_cap_arg *sigh)
{
	self->sigh = arg_of(sigh, FAKE_SIGNAL);

	return self->sigh ? BY_OK : BY_BAD_CAP;
}


static by_status_t set_news(struct object *self, enum fake_news news, struct by_cap_arg *sigh)
{
	self->news_sigh[news] = arg_of(sigh, FAKE_SIGNAL);

	return self->news_sigh[news] ? BY_OK : BY_BAD_CAP;
}


static by_status_t parent_resource_request(struct object *self, uint64_t ram, uint64_t caps)
{
	(void)self;
	fake.wanted_ram  = ram;
	fake.wanted_caps = caps;
	fake.wishes++;

	return BY_OK;
}


static by_status_t parent_resource_sigh(struct object *self, struct by_cap_arg *sigh)
{
	return set_news(self, FAKE_RICHER, sigh);
}


static by_status_t parent_yield_sigh(struct object *self, struct by_cap_arg *sigh)
{
	return set_news(self, FAKE_YIELD, sigh);
}


static by_status_t parent_yield_request(struct object *self, uint64_t *ram, uint64_t *caps)
{
	(void)self;
	*ram  = fake.yield_ram;
	*caps = fake.yield_caps;

	return *ram || *caps ? BY_OK : BY_EMPTY;
}


static by_status_t parent_yield_done(struct object *self)
{
	(void)self;
	fake.yields++;
	fake.yield_ram = fake.yield_caps = 0;

	return BY_OK;
}


static by_status_t parent_heartbeat_sigh(struct object *self, struct by_cap_arg *sigh)
{
	return set_news(self, FAKE_BEAT, sigh);
}


static by_status_t parent_alive(struct object *self)
{
	(void)self;
	fake.alive++;

	return BY_OK;
}


static struct by_parent_ops const parent_ops = {
	.exit = parent_exit, .session = parent_session, .session_cap = parent_session_cap,
	.upgrade = parent_upgrade, .close = parent_close, .finish = parent_finish,
	.session_sigh = parent_session_sigh, .answered = parent_answered, .fee = parent_fee,
	.provide = parent_provide, .request_sigh = parent_request_sigh,
	.request = parent_request, .deliver = parent_deliver, .refuse = parent_refuse,
	.done = parent_done, .lost = parent_lost,
	.resource_request = parent_resource_request, .resource_sigh = parent_resource_sigh,
	.yield_sigh = parent_yield_sigh, .yield_request = parent_yield_request,
	.yield_done = parent_yield_done,
	.heartbeat_sigh = parent_heartbeat_sigh, .alive = parent_alive,
};


/*
 * Dispatch
 */

static struct { struct by_rpc_interface const *interface; void const *ops; } const
services[FAKE_KINDS] = {
	[FAKE_PARENT] = { &by_parent_interface, &parent_ops },
	[FAKE_PD]     = { &by_pd_interface, &pd_ops },
	[FAKE_CPU]    = { &by_cpu_interface, &cpu_ops },
	[FAKE_LOG]    = { &by_log_interface, &log_ops },
	[FAKE_MAP]    = { &by_region_map_interface, &map_ops },
	[FAKE_DS]     = { &by_dataspace_interface, &ds_ops },
	[FAKE_ROM]    = { &by_rom_interface, &rom_ops },
	[FAKE_IO_MEM] = { &by_io_mem_interface, &io_mem_ops },
};


/* Calls that undo something, or print, do not fail. */
static bool can_fail(struct by_rpc_interface const *interface, by_tag_t tag)
{
	static char const *const sure[] = {
		"exit", "close", "finish", "done", "refuse", "lost", "set_aside", "ram_free", "object_free",
		"detach", "thread_destroy", "pause",
		"write", "fault", "account",
	};
	unsigned const opcode = by_tag_opcode(tag);

	for (unsigned i = 0; i < sizeof(sure) / sizeof(sure[0]); i++)
		if (opcode < interface->opcode_count && interface->opcodes[opcode]
		    && !strcmp(interface->opcodes[opcode], sure[i]))
			return false;

	return true;
}


by_tag_t core_call(unsigned object, by_tag_t tag, struct by_message *msg)
{
	struct by_rpc_interface const *interface = services[model_objects[object].kind].interface;

	fake.calls++;
	if (!interface)
		return by_rpc_refuse(msg, BY_NOT_SUPPORTED);
	if (fake.again) {
		fake.again--;
		return by_rpc_refuse(msg, BY_AGAIN);
	}
	if (can_fail(interface, tag) && fails())
		return by_rpc_refuse(msg, fake.fail_with);

	return interface->dispatch(&model_objects[object],
	                           services[model_objects[object].kind].ops, tag, msg);
}


/* Sessions first, because they take others with them. */
void core_pd_end(unsigned pd)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind != FAKE_NONE && model_objects[i].client_id
		    && model_objects[i].client_pd == pd)
			end_session(&model_objects[i]);
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *object = &model_objects[i];
		if (object->kind == FAKE_NONE || object->pd != pd || object->client_id)
			continue;
		if (object->kind == FAKE_THREAD)
			model_thread_kill(i);
		if (object->kind == FAKE_DS && object->owned)
			free_ram(i);
		else
			model_destroy(i);
	}
}


/* The model's own mistake. */
void by_rpc_undeclared(char const *interface, unsigned opcode, by_status_t status)
{
	fprintf(stderr, "core: %s: call %u answers %u, which is not declared\n", interface, opcode,
	        (unsigned)status);
	abort();
}
