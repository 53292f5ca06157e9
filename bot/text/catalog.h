/* The catalogues: every text for people, in every language, read from i18next v4 JSON files and checked at start. */
#ifndef SEPAREX_CATALOG_H
#define SEPAREX_CATALOG_H

#include "err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog;
struct tongue;

enum {
	CATALOG_MAX_LANGUAGES = 16,
	CATALOG_MAX_KEYS = 4096,
	CATALOG_MAX_PIECES = 64, /* of one message: texts and arguments */
	CATALOG_KEY_BYTES = 128,
	CATALOG_FILE_BYTES = 1 << 20
};

/* How an argument is shown: the word after the comma in {{name, word}}. */
enum piece_format {
	PIECE_TEXT, /* no argument: the catalogue's own words */
	PIECE_PLAIN, /* {{name}}: as its kind wants */
	PIECE_NUMBER, /* {{n, number}} */
	PIECE_DIGITS, /* {{n, digits}}: without marks between thousands: years, order numbers */
	PIECE_MONEY, /* {{price, money}}: toman in digits */
	PIECE_RIAL, /* {{price, rial}}: rial in digits */
	PIECE_WORDS, /* {{price, words}}: toman in words */
	PIECE_TIME, /* {{when, time}}: day and hour */
	PIECE_DATE, /* {{when, date}}: day and year */
	PIECE_CLOCK, /* {{when, clock}}: the hour alone */
	PIECE_SPAN /* {{left, duration}} */
};

struct piece {
	enum piece_format format;
	const char *text; /* PIECE_TEXT: trusted HTML; otherwise the argument's name */
};

/* One message in one language, ready to be put together. */
struct message {
	size_t n_pieces;
	const struct piece *pieces;
};

/* Reads every LANGUAGE.json in `dir` (nested objects or flat dotted keys). All languages must have the same keys, the
 * same arguments and the plural forms that ICU asks of them; a plural is a key with _other beside _one and the like.
 * On failure NULL, and `e` names the file, the key and what to do. Freed with ctx. */
struct catalog *catalog_load(void *ctx, const char *dir, struct err *e);

/* The languages ("fa", "en"), fa first and the others in alphabetical order. Borrowed from the catalogue. */
size_t catalog_languages(const struct catalog *c, const char *const **languages);

/* The language of the catalogue that suits a tag such as "fa-IR", "EN_us", "" or NULL: fa when none does. Borrowed,
 * lives as long as the catalogue. */
const char *catalog_pick(const struct catalog *c, const char *tag);

/* Whether say() marks moments so that Telegram can also show them by the reader's own clock (tg-time,
 * telegram.md 1.12); off at first. */
void catalog_mark_times(struct catalog *c, bool on);
bool catalog_marks_times(const struct catalog *c);

/* True when `key` is a message (a plural counts by its name without suffix). */
bool catalog_has(const struct catalog *c, const char *key);

/* The message for `key` in the language that catalog_pick gives for `lang`, or NULL. A plural takes the form for
 * *count; a NULL count takes the form _other. Borrowed from the catalogue. */
const struct message *catalog_message(const struct catalog *c, const char *lang, const char *key, const int64_t *count);

/* What ICU knows of that language. Borrowed from the catalogue. */
struct tongue *catalog_tongue(const struct catalog *c, const char *lang);

/* Calls `each` for every message of a language with its full key, plural suffix and all, sorted by key: for tests. */
void catalog_each(const struct catalog *c, const char *lang,
		  void (*each)(void *arg, const char *key, const struct message *m), void *arg);

#endif
