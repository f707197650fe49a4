/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF executables in memory: 32 and 64 bit, little-endian, from anybody.
 *
 * by_elf_open() checks a whole image; by_elf_next() reads its segments one by
 * one and checks each again, so that an image in memory that somebody else can
 * change never yields a segment outside its file. Nothing is allocated, no
 * field is read that is not aligned.
 */
#ifndef BY_ELF_H
#define BY_ELF_H

#include <by/types.h>

/** Machines, numbered as in the file. The class (32 or 64 bit) follows from it. */
enum by_elf_machine {
	BY_ELF_X86_32  = 3,
	BY_ELF_ARM_32  = 40,
	BY_ELF_X86_64  = 62,
	BY_ELF_ARM_64  = 183,
	BY_ELF_RISCV64 = 243,
};

enum { BY_ELF_NAME = 160 }; /* bytes for the name of an interpreter */

/** An image that was checked; borrows the memory. */
struct by_elf {
	uint8_t const *image;
	size_t         size;
	bool           wide;        /* 64 bit */
	bool           relocatable; /* position-independent: addresses count from 0 */
	uint16_t       headers;     /* number of program headers; private */
	uint64_t       table;       /* their offset; private */
	uint64_t       entry;       /* address; 0: a library without one */
	char           interpreter[BY_ELF_NAME]; /* name of the dynamic linker; empty: none */
	char const    *mistake;     /* what by_elf_open() objected to, and at which offset */
	uint64_t       mistake_at;
};

/** A segment to load, or the template of thread-local storage. */
struct by_elf_segment {
	uint64_t addr;   /* in memory */
	uint64_t memory; /* bytes in memory; those beyond 'file' are zero */
	uint64_t offset; /* in the file */
	uint64_t file;   /* bytes in the file */
	uint64_t align;  /* a power of two */
	bool     read, write, execute;
	uint16_t next;   /* header to go on with; private */
};

enum { BY_ELF_PAGE = 4096 }; /* no two segments share such a page */

/**
 * Check the image of an executable for this machine.
 *
 * Borrows: the image, as long as 'elf' is used. On failure 'mistake' and
 * 'mistake_at' tell a human more, nothing else in 'elf' is valid.
 * Errors: BY_MALFORMED (no ELF file, or one that contradicts itself),
 * BY_NOT_SUPPORTED (other class, byte order, machine or type), BY_DENIED (a
 * segment is writeable and executable), BY_CONFLICT (segments overlap, share a
 * page, or are not in ascending order), BY_LIMIT (addresses wrap around).
 */
BY_MUST_USE by_status_t by_elf_open(void const *image, size_t size,
                                    enum by_elf_machine machine, struct by_elf *elf);

/**
 * Read the first segment to load.
 *
 * Errors: BY_EMPTY if there is none; others as by_elf_open(), if the image
 * changed in between.
 */
BY_MUST_USE by_status_t by_elf_first(struct by_elf const *elf, struct by_elf_segment *segment);

/** Read the next segment to load, given the one before. Errors: as by_elf_first(). */
BY_MUST_USE by_status_t by_elf_next(struct by_elf const *elf, struct by_elf_segment *segment);

/** Read the template of thread-local storage. Errors: as by_elf_first(). */
BY_MUST_USE by_status_t by_elf_tls(struct by_elf const *elf, struct by_elf_segment *segment);

#endif
