/* A sample for test.sh. "Not a string. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdint.h> /* counts */

#ifdef FEATURE
int feature(void);
#endif

/** Explained. */
int explained(int (*callback)(void), const char *text);
int covered(void);

int unexplained(void);

typedef int (*not_a_function_t)(int);

#define NOT_A_FUNCTION(x) \
	do { (x); } while (0)

/* With attributes in front and behind. */
__attribute__((noreturn))
static inline void attributes(void) __attribute__((cold));

static const int table[] = { (1), 2 };

static inline int short_one(void) { return '{'; }

#endif
