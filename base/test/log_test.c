/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: lines, prefixes, long lines, names of status values.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/log.h>
#include <by/session/log.h>
#include <by/status_name.h>
#include <by/types.h>
#include <string.h>

UNIT_MAIN("log")


static bool printed(char const *text)
{
	return !strcmp(fake.log, text);
}


TEST(a_line_is_one_request)
{
	fake_init();
	by_log("value %d, %s", 7, "text");
	CHECK(printed("value 7, text\n"));
	CHECK_EQ(fake.log_calls, 1);
}


TEST(prefixes)
{
	fake_init();
	by_warning("%u left", 3u);
	by_error("gone");
	CHECK(printed("Warning: 3 left\nError: gone\n"));
}


TEST(long_lines_come_in_parts)
{
	char text[3 * BY_LOG_WRITE_TEXT_MAX];

	for (size_t len = BY_LOG_WRITE_TEXT_MAX - 2; len <= BY_LOG_WRITE_TEXT_MAX + 1; len++) {
		fake_init();
		memset(text, 'x', len);
		text[len] = 0;
		by_log("%s", text);
		CHECK_EQ(strlen(fake.log), len + 1);
		CHECK_EQ(fake.log[len], '\n');
		CHECK_EQ(fake.log_calls, len + 1 <= BY_LOG_WRITE_TEXT_MAX ? 1 : 2);
	}
	fake_init();
	memset(text, 'y', sizeof(text));
	text[sizeof(text) - 1] = 0;
	by_log("%s", text);
	CHECK_EQ(strlen(fake.log), sizeof(text));
	CHECK_EQ(fake.log_calls, 3);
}


TEST(empty_line)
{
	fake_init();
	by_log("%s", "");
	CHECK(printed("\n"));
}


TEST(status_names)
{
	CHECK_STR(by_status_name(BY_OK), "ok");
	CHECK_STR(by_status_name(BY_OUT_OF_CAPS), "out_of_caps");
	CHECK_STR(by_status_name(BY_STATUS(63)), "?");
	CHECK_STR(by_status_name(BY_STATUS(4000)), "?");
}
