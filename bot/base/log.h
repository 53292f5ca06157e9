/* The log: one line an event, to stderr. What must not be seen is masked here, so no caller can forget it. */
#ifndef SEPAREX_LOG_H
#define SEPAREX_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* The least level that is written. Default LOG_INFO. */
void log_set_level(enum log_level least);

/* Registers a text (a token, a password) that is written as "***" wherever it would appear.
 * At most 32 are kept; more end the process, since one of them would leak. Texts shorter than 4 bytes are ignored. */
void log_hide(const char *secret);

/* The same for secrets that others take the place of, such as tokens that are renewed every few days: the last 8 are
 * masked. */
void log_hide_passing(const char *secret);

/* What the following lines are about, until it is set again: "update 17", "web 3"; NULL for nothing. Copied. Work that
 * is decided meanwhile carries it along (work.origin), so that one id leads from an update to its reply. */
void log_scope(const char *id);
/* "" when there is none. Valid until the next log_scope. */
const char *log_scope_now(void);

/* Lines of text ("MOMENT LEVEL ABOUT: TEXT"), or a JSON object each, with the keys time, level, about and text. */
void log_as_json(bool json);

/* Writes one line. Line breaks become spaces, a line is cut at 1000 bytes, registered secrets become "***", and in any
 * run of 10 or more digits (cards, phones, IBANs) all but the last two become "*": log row ids and codes instead. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

/* What log_line would write of `text`, for tests: masks in place. */
void log_mask(char *text);

#endif
