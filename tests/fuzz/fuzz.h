/* What every fuzz target shares (docs/fuzzing.md): one input as a text, and properties that end the process when they
 * do not hold. A target is one file with LLVMFuzzerTestOneInput; libFuzzer calls it, or replay.c with the files of its
 * corpus. */
#ifndef SEPAREX_FUZZ_H
#define SEPAREX_FUZZ_H

#include "log.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Always returns 0. The bytes are borrowed, and there is no NUL behind them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that holds for every input. */
#define HOLDS(condition, ...)                                                                                          \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                 \
			fuzz_shown(__VA_ARGS__);                                                                       \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

/* Tells what did not hold; "" for nothing more. */
static inline __attribute__((format(printf, 1, 2))) void fuzz_shown(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* The input as a text on ctx: what is behind a NUL is there and is not read. */
static inline char *fuzz_text(const void *ctx, const uint8_t *data, size_t size)
{
	char *text = talloc_size(ctx, size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* A text that a parser promised: there, and UTF-8. */
static inline void fuzz_is_text(const char *text)
{
	HOLDS(text != NULL, " ");
	HOLDS(utf8_valid(text, strlen(text)), "%s", text);
}

/* Nothing is logged: a fuzzer meets every trouble thousands of times a second. */
static inline void fuzz_quiet(void)
{
	log_set_level((enum log_level)(LOG_ERROR + 1));
}

/* Takes the first byte off the input: a small choice. 0 when there is none. */
static inline unsigned fuzz_choice(const uint8_t **data, size_t *size)
{
	if (!*size)
		return 0;
	(*size)--;
	return *(*data)++;
}

#endif
