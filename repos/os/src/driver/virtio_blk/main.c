/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver of a virtio disk: a Block server. Its configuration says where the device is,
 * and who may have what of it; see README.md.
 */
#include "disk.h"
#include <block/server.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/hid.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/policy.h>
#include <by/session/irq.h>
#include <by/status_name.h>
#include <virtio/mmio.h>
#include <virtio/pci.h>

enum { TIMEOUT_MS = 10000, WATCHES = 4 };

static struct driver {
	struct by_env           *env;
	struct by_attached       rom;
	struct by_hid_node       config;
	struct virtio_mmio       mmio;
	struct virtio_pci        pci;
	struct by_attached       memory;
	struct disk              disk;
	struct by_irq            irq;
	by_cap_t                 irq_object;
	struct by_signal_handler interrupt, watch;
	struct block_server      server;
	bool                     watching;
	unsigned                 watches;  /* without progress */
	uint32_t                 ended;    /* as the last one saw it */
	uint64_t                 period_us;
} driver;


/*
 * The device does something as long as requests are under way, or is given up.
 */

static void watch(void)
{
	if (driver.watching || !driver.disk.under_way)
		return;

	driver.watching = true;
	by_timeout_set(driver.watch.target.cap, by_deadline_us(driver.period_us));
}


static void handle_watch(struct by_signal_handler *handler, unsigned count)
{
	bool const stuck = driver.disk.under_way && driver.ended == driver.disk.ended;

	(void)handler, (void)count;
	driver.watching = false;
	driver.watches  = stuck ? driver.watches + 1 : 0;
	driver.ended    = driver.disk.ended;
	if (driver.watches == WATCHES) {
		disk_stop(&driver.disk, "does not answer");
		block_server_settle(&driver.server);
	}
	watch();
}


/*
 * The service
 */

static by_status_t limit(struct block_server *server, char const *label,
                         struct block_view *view)
{
	struct disk const *const disk = &driver.disk;
	struct block_view const  all  = {
		.count = disk->count, .block_size = disk->block_size, .most = disk->most,
		.most_discard = disk->most_discard, .most_zeroes = disk->most_zeroes,
		.writeable = disk->writeable,
	};
	struct by_hid_node policy;

	by_status_t const status = by_policy_find(&driver.config, label, &policy);

	(void)server;
	if (status != BY_OK)
		return status;

	return block_view_narrow(&all, by_hid_u64(&policy, "first", 0),
	                         by_hid_u64(&policy, "count", 0),
	                         disk->writeable && by_hid_bool(&policy, "writeable", false),
	                         view);
}


static bool room(struct block_server *server)
{
	(void)server;

	return disk_room(&driver.disk);
}


static void begin(struct block_server *server, struct block_session *session,
                  struct block_job const *job, void *data, uint64_t dma)
{
	static enum disk_op const op[] = {
		[BLOCK_READ] = DISK_READ, [BLOCK_WRITE] = DISK_WRITE, [BLOCK_FLUSH] = DISK_FLUSH,
		[BLOCK_DISCARD] = DISK_DISCARD, [BLOCK_WRITE_ZEROES] = DISK_ZEROES,
	};
	struct disk_request const request = {
		.op = op[job->op], .block = job->block, .count = job->count, .dma = dma,
		.owner = session, .tag = job->tag,
	};

	(void)server, (void)data;
	disk_begin(&driver.disk, &request);
}


static void push(struct block_server *server)
{
	(void)server;
	disk_push(&driver.disk);
	watch();
}


static void done(struct disk *disk, void *owner, uint32_t tag, by_status_t status)
{
	(void)disk;
	block_server_done(&driver.server, owner, tag, status);
}


static void stopped(struct disk *disk, char const *why)
{
	(void)disk;
	by_error("the device %s and is not used any more", why);
}


static void handle_interrupt(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	disk_interrupt(&driver.disk);
	by_irq_ack(driver.irq_object);
	block_server_settle(&driver.server);
}


/*
 * Start
 */

/* Registers in memory of their own, or a function of a PCI bus. */
static by_status_t open_device(struct by_env *env)
{
	uint64_t const mmio = by_hid_u64(&driver.config, "mmio", 0);
	uint64_t const pci  = by_hid_u64(&driver.config, "pci", 0);

	if (!mmio == !pci) {
		by_error("the configuration names one of 'mmio' and 'pci'");
		return BY_INVALID;
	}
	driver.disk.virtio = mmio ? &driver.mmio.virtio : &driver.pci.virtio;

	return mmio ? virtio_mmio_init(env, &driver.mmio, mmio, VIRTIO_DEVICE_BLOCK)
	            : virtio_pci_init(env, &driver.pci, pci, VIRTIO_DEVICE_BLOCK);
}


static by_status_t start_disk(struct by_env *env)
{
	struct disk *const disk = &driver.disk;
	by_status_t status = by_attached_ram_init(env, &driver.memory, disk_memory(),
	                                          BY_PD_CACHE_CACHED);
	if (status == BY_OK)
		status = by_pd_dma_address(&env->pd, driver.memory.ds, &disk->dma);
	if (status != BY_OK)
		return status;

	disk->memory  = driver.memory.base;
	disk->done    = done;
	disk->stopped = stopped;

	return disk_init(disk);
}


static by_status_t open_interrupt(struct by_env *env)
{
	struct by_irq_args const args = {
		.number = (uint32_t)by_hid_u64(&driver.config, "irq", UINT32_MAX),
	};
	by_status_t status = by_signal_handler_init(&driver.interrupt, env->endpoint,
	                                            BY_SIGNAL_IO, handle_interrupt);
	if (status == BY_OK)
		status = by_signal_handler_init(&driver.watch, env->endpoint, BY_SIGNAL_IO,
		                                handle_watch);
	if (status == BY_OK)
		status = by_irq_open(env, "virtio_blk", &args, &driver.irq);
	if (status == BY_OK)
		status = by_irq_attach(&driver.irq, driver.interrupt.target.cap,
		                       &driver.irq_object);

	return status;
}


static by_status_t provide(struct by_env *env)
{
	static struct block_server_ops const ops = {
		.limit = limit, .room = room, .begin = begin, .push = push,
	};
	uint64_t const timeout_ms = by_hid_u64(&driver.config, "timeout_ms", TIMEOUT_MS);

	driver.period_us = by_us_of_ms(timeout_ms ? timeout_ms : 1) / WATCHES;
	driver.server    = (struct block_server){
		.ops = &ops, .safe = !driver.disk.flush, .dma = true,
	};
	by_log("%llu blocks of %u bytes%s%s%s", (unsigned long long)driver.disk.count,
	       driver.disk.block_size, driver.disk.writeable ? "" : ", read-only",
	       driver.disk.most_discard ? ", discard" : "",
	       driver.disk.most_zeroes ? ", zeroes" : "");

	return block_server_provide(env, &driver.server);
}


static void need(struct by_env *env, by_status_t status, char const *what)
{
	if (status == BY_OK)
		return;

	by_error("no %s: %s", what, by_status_name(status));
	by_exit(env, 1);
}


void component_main(struct by_env *env)
{
	driver.env = env;
	need(env, by_attached_rom_init(env, &driver.rom, "config"), "configuration");
	need(env, by_hid_open((struct by_hid_span){ driver.rom.base, driver.rom.size },
	                      &driver.config), "configuration");
	need(env, open_device(env), "device");
	need(env, start_disk(env), "disk");
	need(env, open_interrupt(env), "interrupt");
	need(env, provide(env), "service");
}
