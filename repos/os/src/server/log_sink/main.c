/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions, passed on with their labels.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <log_service.h>
#include <rom_config.h>

enum { BURST = 2048, RATE = 1024, MOST = 1 << 20 };


static void line(struct log_service *service, char const *label, char const *text, size_t size)
{
	(void)service;
	by_log("[%s] %.*s", label, (int)size, text);
}


static struct log_service service = { .line = line, .burst = BURST, .rate = RATE };


static uint32_t number(struct by_hid_node const *top, char const *tag, uint32_t otherwise)
{
	uint64_t const value = by_hid_u64(top, tag, otherwise);

	if (value <= MOST)
		return (uint32_t)value;

	by_error("config: \"%s\" is more than %u", tag, (unsigned)MOST);

	return otherwise;
}


static void configure(struct rom_config *config)
{
	service.burst = number(&config->top, "burst", BURST);
	service.rate  = number(&config->top, "rate", RATE);
}


void component_main(struct by_env *env)
{
	static struct rom_config config;
	by_status_t              status = rom_config_open(&config, env, configure);

	if (status == BY_OK)
		status = log_service_provide(env, &service);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
