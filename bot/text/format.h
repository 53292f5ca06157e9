/* say(): a catalogue message with its arguments, in one person's language, safe to send as Telegram HTML. */
#ifndef SEPAREX_FORMAT_H
#define SEPAREX_FORMAT_H

#include "catalog.h"
#include <stdint.h>

enum {
	SAY_MAX_ARGS = 24,
	SAY_MAX_BYTES = 1 << 17, /* of a result; what does not fit is left out and logged */
	SAY_TEXT_CODEPOINTS = 512, /* of an ARG_TEXT or ARG_CODE; longer ones are cut */
	SAY_LINES_CODEPOINTS = 4096 /* of an ARG_LINES */
};

enum arg_kind {
	ARG_KIND_END,
	ARG_KIND_TEXT,
	ARG_KIND_LINES,
	ARG_KIND_CODE,
	ARG_KIND_ACCOUNT,
	ARG_KIND_RAW,
	ARG_KIND_INT,
	ARG_KIND_MONEY,
	ARG_KIND_TIME,
	ARG_KIND_SPAN
};

struct arg {
	enum arg_kind kind;
	const char *name;
	const char *text; /* NULL is shown as nothing */
	int64_t n;
};

/* A person's words, one line: cleaned by safe_text, escaped, isolated (FSI…PDI) so that it cannot turn the line around
 * it, and in HTML with word joiners wherever a client would make a link, an account or a command to tap out of it. */
#define ARG_TEXT(arg_name, value) ((struct arg){.kind = ARG_KIND_TEXT, .name = (arg_name), .text = (value)})
/* A person's words, several lines: the same, each line isolated on its own. */
#define ARG_LINES(arg_name, value) ((struct arg){.kind = ARG_KIND_LINES, .name = (arg_name), .text = (value)})
/* A code of ours to be copied or tapped: cleaned and escaped, not isolated, digits as they are. */
#define ARG_CODE(arg_name, value) ((struct arg){.kind = ARG_KIND_CODE, .name = (arg_name), .text = (value)})
/* The username of an account, shown with its @ and isolated; it can be tapped. "" is shown as nothing. */
#define ARG_ACCOUNT(arg_name, value) ((struct arg){.kind = ARG_KIND_ACCOUNT, .name = (arg_name), .text = (value)})
/* HTML that our own code made (another say(), a link): inserted as it is. Never a person's words. */
#define ARG_RAW(arg_name, value) ((struct arg){.kind = ARG_KIND_RAW, .name = (arg_name), .text = (value)})
/* A number. The one named "count" also chooses the plural form. */
#define ARG_INT(arg_name, value) ((struct arg){.kind = ARG_KIND_INT, .name = (arg_name), .n = (value)})
/* Rial, shown as toman (or as rial or in words, when the catalogue asks for it). */
#define ARG_MONEY(arg_name, rial) ((struct arg){.kind = ARG_KIND_MONEY, .name = (arg_name), .n = (rial)})
/* A moment, ms since 1970, shown in Tehran's time. */
#define ARG_TIME(arg_name, ms) ((struct arg){.kind = ARG_KIND_TIME, .name = (arg_name), .n = (ms)})
/* A length of time in ms, shown in its two greatest units and rounded to the smaller of them. */
#define ARG_SPAN(arg_name, ms) ((struct arg){.kind = ARG_KIND_SPAN, .name = (arg_name), .n = (ms)})
#define ARG_NONE ((struct arg){.kind = ARG_KIND_END})

/* SAY(ctx, catalog, "fa", "deal.created", ARG_TEXT("title", t), ARG_MONEY("price", rial)): any number of arguments. */
#define SAY(ctx, cat, lang, key, ...)                                                                                  \
	say((ctx), (cat), (lang), (key), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ) ARG_NONE})
#define SAY_PLAIN(ctx, cat, lang, key, ...)                                                                            \
	say_plain((ctx), (cat), (lang), (key), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ) ARG_NONE})

/* The message as Telegram HTML, talloc'd on ctx; never NULL. `args` ends with ARG_NONE. An unknown key gives the key
 * itself, a missing argument gives its name in braces; both are logged as errors. An unknown language gives fa. */
char *say(const void *ctx, const struct catalog *cat, const char *lang, const char *key, const struct arg *args);

/* The same as plain text, for toasts, button labels and the log of a chat: nothing escaped, tags taken out, entities
 * decoded. */
char *say_plain(const void *ctx, const struct catalog *cat, const char *lang, const char *key, const struct arg *args);

/* The single formats, for places where no sentence is around them. All talloc'd on ctx, plain text without markup.
 * A sum that is no whole toman shows its rest as rial. */
char *format_int(const void *ctx, const struct catalog *cat, const char *lang, int64_t n);
char *format_money(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial);
char *format_rial(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial);
char *money_words(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial);
char *format_time(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms);
char *format_date(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms);
char *format_clock(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms);
char *format_span(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms);

#endif
