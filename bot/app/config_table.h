/* Between the three files of the configuration: the registry's rows and the readers of each kind of value. */
#ifndef SEPAREX_CONFIG_TABLE_H
#define SEPAREX_CONFIG_TABLE_H

#include "config.h"

/* Each kind is one reader in config_value.c. */
enum config_kind {
	CONFIG_TEXT, /* at most `high` bytes, at least `low` */
	CONFIG_TOKEN, /* a bot token, or "" */
	CONFIG_URL, /* http or https, or "" */
	CONFIG_LISTEN, /* ADDRESS:PORT, or "" */
	CONFIG_STORE, /* sqlite:FILE */
	CONFIG_WORD, /* one of `words`, stored as its place among them counted from `low` */
	CONFIG_BOOL, /* on or off */
	CONFIG_TOMAN, /* low to high, stored as struct rial */
	CONFIG_INT, /* low to high, multiplied by `unit` */
	CONFIG_IDS, /* people's ids */
	CONFIG_WORDS, /* words of any letters; "_" stands for a blank in them */
	CONFIG_NAMES, /* names of letters, digits, "_" and "-" */
	CONFIG_PROXIES, /* addresses of proxies */
	CONFIG_TIERS, /* FROM-TOMAN:BASIS-POINTS, rising from 0, stored as struct fee_plan */
	CONFIG_CYCLES, /* times of a day: "12:45 18:45" */
	CONFIG_DAYS, /* dates: "2026-03-01" */
	CONFIG_KINDS
};

struct config_row {
	struct config_key_info info;
	enum config_kind kind;
	size_t at; /* of the field in struct config */
	int64_t low, high, unit;
	const char *words; /* divided by "|" */
};

/* The registry; a row with a NULL section ends it. */
extern const struct config_row config_rows[];
enum { CONFIG_MAX_ROWS = 200 };

/* Reads `value` into row's field of `c`, copying what it keeps. False leaves the field as it was, with the reason in
 * `why`: what is wanted, never the value of a secret. */
bool config_value_read(struct config *c, const struct config_row *row, const char *value, struct err *why);

/* A list may go on in the next, indented line of the file. */
bool config_is_list(const struct config_row *row);

#endif
