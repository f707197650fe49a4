/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO_MEM and IO_PORT sessions: each range belongs to one session at a time. RAM is
 * not device memory. Whoever takes the console's device gets the console, and likewise
 * the screen.
 */
#include "io.h"
#include "boot.h"
#include "console.h"
#include "ds.h"
#include "kcall.h"
#include "work.h"

#define BY_IO_MEM_SELF  struct io
#define BY_IO_PORT_SELF struct io

struct io {
	struct item         item;
	struct by_tree_node node;    /* in 'memory' or 'ports', by 'base' */
	uint64_t            base, size;
	uint32_t            cache;
	bool                uses[CONSOLE_DEVICES]; /* overlaps this device of core's log */
	struct ds          *ds;
};

#include <by/session/io_mem_server.h>
#include <by/session/io_port_server.h>

/*
 * Page tables of 64-bit machines hold 52 bits of an address, those of 32-bit machines 40.
 * Larger addresses would lose their upper part there, and could be RAM then.
 */
static uint64_t const PHYSICAL_LAST = ((uint64_t)1 << (sizeof(by_word_t) == 8 ? 52 : 40)) - 1;

static struct by_tree memory, ports; /* ranges that are taken */
static unsigned       users[CONSOLE_DEVICES];


static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}


static struct io *io_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct io, node);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint64_t base = *(uint64_t const *)key;

	return base < io_of(node)->base ? -1 : base > io_of(node)->base;
}


/** The range that begins last before the end of this one is the only one that can overlap it. */
static bool taken(struct by_tree const *tree, uint64_t base, uint64_t size)
{
	uint64_t             last = base + size - 1;
	struct by_tree_node *node = by_tree_floor(tree, &last, compare);

	return node && overlap(base, size, io_of(node)->base, io_of(node)->size);
}


static bool touches_ram(uint64_t base, uint64_t size)
{
	struct by_boot_info const *info = boot_info();

	for (uint32_t i = 0; i < info->ram_count; i++)
		if (overlap(base, size, info->ram[i].base, info->ram[i].size))
			return true;

	return false;
}


/** Take the devices of core's log that a new session overlaps. */
static void take_console(struct io *io)
{
	struct by_boot_console     const *line   = &boot_info()->console;
	struct by_boot_framebuffer const *screen = &boot_info()->framebuffer;
	bool const port = io->item.type == ITEM_IO_PORT;

	io->uses[CONSOLE_LINE]   = (line->port != 0) == port
	                           && overlap(io->base, io->size, line->base, line->size);
	io->uses[CONSOLE_SCREEN] = !port && overlap(io->base, io->size, screen->base,
	                                            (uint64_t)screen->pitch * screen->height);
	for (unsigned i = 0; i < CONSOLE_DEVICES; i++)
		if (io->uses[i] && !users[i]++)
			console_hand_over(i);
}


static void release_console(struct io const *io)
{
	for (unsigned i = 0; i < CONSOLE_DEVICES; i++)
		if (io->uses[i] && !--users[i])
			console_take_back(i);
}


static by_status_t create(struct request const *request, enum item_type type,
                          struct by_tree *tree, uint64_t base, uint64_t size, struct io **out)
{
	void *record;

	if (!size || base + size < base)
		return BY_INVALID;
	if (taken(tree, base, size))
		return BY_DENIED;

	by_status_t status = item_create_object(request->account, type, sizeof(struct io), &record);
	if (status != BY_OK)
		return status;

	struct io *io = record;
	io->base = base;
	io->size = size;
	console_must(by_tree_insert(tree, &io->node, &io->base, compare), "free range");
	take_console(io);
	*out = io;

	return BY_OK;
}


bool io_reap(struct item *item)
{
	struct io *io = BY_CONTAINER_OF(item, struct io, item);

	if (!item_drop_kernel(item) || (io->ds && !ds_reap(&io->ds->item)))
		return false;
	io->ds = NULL;
	if (!work(WORK_FREE))
		return false;

	by_tree_remove(item->type == ITEM_IO_MEM ? &memory : &ports, &io->node);
	release_console(io);
	item_end(item);

	return true;
}


by_status_t io_mem_create(struct request const *request, struct item **item)
{
	struct by_io_mem_args args;
	struct io  *io;
	by_status_t status = by_io_mem_args_read(request->args, request->args_len, &args);

	if (status != BY_OK)
		return status;
	if (!args.size || args.base > PHYSICAL_LAST || args.size > PHYSICAL_LAST + 1 - args.base)
		return BY_INVALID;

	/* a page can hold registers of several devices, so a window is whole pages */
	uint64_t base = phys_floor(args.base);
	uint64_t end  = phys_round(args.base + args.size);
	if (touches_ram(base, end - base))
		return BY_DENIED;

	status = create(request, ITEM_IO_MEM, &memory, base, end - base, &io);
	if (status != BY_OK)
		return status;

	io->cache = args.combined ? BY_MAP_COMBINE : BY_MAP_UNCACHED;
	*item = &io->item;

	return BY_OK;
}


by_status_t io_port_create(struct request const *request, struct item **item)
{
	struct by_io_port_args args;
	struct io  *io;
	by_status_t status = by_io_port_args_read(request->args, request->args_len, &args);

	if (status != BY_OK)
		return status;
	if (args.base > 0xffff || args.size > 0x10000 - args.base)
		return BY_INVALID;

	status = create(request, ITEM_IO_PORT, &ports, args.base, args.size, &io);
	if (status == BY_OK)
		*item = &io->item;

	return status;
}


static by_status_t dataspace(struct io *io, by_cap_t *ds)
{
	if (!io->ds) {
		by_status_t status = ds_create_fixed(io->item.account, io->base, io->size,
		                                     BY_DS_WRITE | BY_DS_DEVICE, io->cache, &io->ds);
		if (status != BY_OK)
			return status;
		item_subordinate(&io->ds->item);
	}
	*ds = item_cap(&io->ds->item);

	return BY_OK;
}


static by_status_t check_port(struct io *io, uint32_t port, uint32_t width)
{
	if (width != 1 && width != 2 && width != 4)
		return BY_INVALID;

	return port >= io->base && port - io->base + width <= io->size ? BY_OK : BY_DENIED;
}


static by_status_t read(struct io *io, uint32_t port, uint32_t width, uint32_t *value)
{
	by_status_t status = check_port(io, port, width);

	if (status != BY_OK)
		return status;

	struct kargs args = { { port, width } };
	status = kcall(BY_CALL_PORT_IO, &args);
	*value = (uint32_t)args.arg[0];

	return status == BY_OK ? BY_OK : BY_DENIED;
}


static by_status_t write(struct io *io, uint32_t port, uint32_t width, uint32_t value)
{
	by_status_t status = check_port(io, port, width);

	if (status != BY_OK)
		return status;

	return KCALL(PORT_IO, port, width | BY_PORT_OUT, value) == BY_OK ? BY_OK : BY_DENIED;
}


static const struct by_io_mem_ops  mem_ops  = { .dataspace = dataspace };
static const struct by_io_port_ops port_ops = { .read = read, .write = write };


by_tag_t io_mem_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_io_mem_dispatch(item, &mem_ops, tag, msg);
}


by_tag_t io_port_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_io_port_dispatch(item, &port_ops, tag, msg);
}
