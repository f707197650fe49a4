/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hello: the client, a child of the component hello.
 */
#include <by/session/hello.h>
#include <by/session/rom.h>
#include <by/string.h>
#include <check.h>


static void echo_all_sizes(struct by_hello *hello)
{
	unsigned char out[BY_HELLO_ECHO_DATA_MAX], in[BY_HELLO_ECHO_DATA_BACK_MAX];
	size_t        len;

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 7 + 1);
	for (size_t size = 0; size <= sizeof(out); size += 13) {
		len = 0;
		CHECK_STATUS(by_hello_echo(hello, out, size, in, &len), BY_OK);
		CHECK_EQ(len, size);
		CHECK(!memcmp(in, out, size));
	}
	CHECK_STATUS(by_hello_echo(hello, out, sizeof(out) + 1, in, &len), BY_INVALID);
}


void component_main(struct by_env *env)
{
	struct by_hello   first, second;
	struct by_rom     none;
	char     text[BY_HELLO_GREET_TEXT_MAX + 1];
	uint32_t count = 0;
	int32_t  sum = 0;

	check_need(env, by_hello_open(env, "front door", &first), "session");
	check_need(env, by_hello_open(env, "back door", &second), "second session");
	CHECK_STATUS(by_rom_open(env, "anything", &none), BY_DENIED);

	CHECK_STATUS(by_hello_greet(&first, "client", text, &count), BY_OK);
	by_log("server says: %s", text);
	CHECK(!by_strcmp(text, "Hello, client, at \"client -> front door\""));
	CHECK_STATUS(by_hello_greet(&second, "client", text, &count), BY_OK);
	CHECK_EQ(count, 1); /* each session counts for itself */
	CHECK_STATUS(by_hello_greet(&second, "a name of more than forty characters, which is too long",
	                            text, &count), BY_INVALID);
	CHECK_STATUS(by_hello_add(&first, 3, 4, &sum), BY_OK);
	by_log("3 + 4 = %d", (int)sum);
	CHECK_EQ(sum, 7);
	echo_all_sizes(&first);
	CHECK_STATUS(by_hello_note(&first, "goodbye"), BY_OK);

	by_hello_close(env, &second);
	CHECK(by_hello_add(&second, 1, 1, &sum) != BY_OK);
	check_finish(env, "hello client");
}
