/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration of rom_filter makes of its inputs. Nothing here allocates, and what is
 * read from inputs is not trusted.
 */
#ifndef FILTER_H
#define FILTER_H

#include <by/hid.h>

/** A configuration with what its inputs are at the moment. */
struct filter {
	struct by_hid_node const *config;

	/* The top node of what an input's ROM has; false if there is none. */
	bool (*rom)(struct filter const *filter, struct by_hid_span input,
	            struct by_hid_node *top);
};

/**
 * The value of an input: what its ROM says at the place that the configuration describes, or
 * its default. False if it has none.
 */
bool filter_value(struct filter const *filter, struct by_hid_span input,
                  struct by_hid_span *value);

/** Write the output, whose node is 'output', as a document. */
void filter_write(struct filter const *filter, struct by_hid_node const *output,
                  struct by_hid_writer *writer);

/** The input of this name in the configuration; false if there is none. */
bool filter_input(struct by_hid_node const *config, struct by_hid_span name,
                  struct by_hid_node *input);

/**
 * Name what is wrong in a configuration by calls to 'complain', with the number of the node
 * among those at the top, counted from 1. Returns the number of mistakes.
 */
unsigned filter_check(struct by_hid_node const *config,
                      void (*complain)(unsigned node, char const *what,
                                       struct by_hid_span detail));

#endif
