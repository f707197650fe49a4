/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An extension of GNU make: $(exit-with STATUS) ends make with that status, or
 * expands to nothing if it is 0. Loaded by the Makefile, which says why.
 */
#include <stdio.h>
#include <stdlib.h>

typedef char *gmk_function(const char *name, unsigned count, char **arguments);

extern void gmk_add_function(const char *name, gmk_function *function, unsigned least,
                             unsigned most, unsigned flags);
int plugin_is_GPL_compatible; /* make loads nothing without this symbol */
int exit_gmk_setup(void);


static char *exit_with(const char *name, unsigned count, char **arguments)
{
	int const status = atoi(arguments[0]);

	(void)name;
	(void)count;
	if (status) {
		fflush(stdout);
		exit(status);
	}

	return NULL;
}


int exit_gmk_setup(void)
{
	gmk_add_function("exit-with", exit_with, 1, 1, 0);

	return 1;
}
