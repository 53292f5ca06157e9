/* The log and its masking: see log.h. */
#include "log.h"

#include <ctype.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_SECRETS = 32, MAX_PASSING = 8, LINE_MAX_BYTES = 1000, MASK_RUN = 10, KEEP_LAST = 2, SHORTEST_SECRET = 4 };

static enum log_level least_level = LOG_INFO;
static char *secrets[MAX_SECRETS];
static size_t n_secrets;
static char *passing[MAX_PASSING]; /* the newest takes the place of the oldest */
static size_t n_passing;
static char scope[64];
static bool as_json;

void log_set_level(enum log_level least)
{
	least_level = least;
}

void log_hide(const char *secret)
{
	if (!secret || strlen(secret) < SHORTEST_SECRET)
		return;
	for (size_t i = 0; i < n_secrets; i++)
		if (!strcmp(secrets[i], secret))
			return;
	if (n_secrets == MAX_SECRETS)
		abort();
	secrets[n_secrets] = strdup(secret);
	if (!secrets[n_secrets])
		abort();
	n_secrets++;
}

void log_hide_passing(const char *secret)
{
	char **place = &passing[n_passing % MAX_PASSING];

	if (!secret || strlen(secret) < SHORTEST_SECRET)
		return;
	for (size_t i = 0; i < MAX_PASSING; i++)
		if (passing[i] && !strcmp(passing[i], secret))
			return;
	free(*place);
	*place = strdup(secret);
	if (!*place)
		abort();
	n_passing++;
}

void log_scope(const char *id)
{
	snprintf(scope, sizeof scope, "%s", id ? id : "");
}

const char *log_scope_now(void)
{
	return scope;
}

void log_as_json(bool json)
{
	as_json = json;
}

static void mask_secret(char *text, const char *secret)
{
	size_t n = strlen(secret);

	for (char *at = text; (at = strstr(at, secret));) {
		memcpy(at, "***", 3);
		memmove(at + 3, at + n, strlen(at + n) + 1);
		at += 3;
	}
}

static void mask_digits(char *text)
{
	for (char *p = text; *p;) {
		size_t run = strspn(p, "0123456789");

		if (run >= MASK_RUN)
			memset(p, '*', run - KEEP_LAST);
		p += run ? run : 1;
	}
}

void log_mask(char *text)
{
	for (size_t i = 0; i < n_secrets; i++)
		mask_secret(text, secrets[i]);
	for (size_t i = 0; i < MAX_PASSING; i++)
		if (passing[i])
			mask_secret(text, passing[i]);
	mask_digits(text);
	for (char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = ' ';
}

/* A line that was cut in the middle of a letter, or that quotes bytes of strangers, is no JSON text: it is said without
 * its text. */
static void write_json(const char *stamp, const char *level, const char *text)
{
	json_t *line = json_pack("{ssssssss}", "time", stamp, "level", level, "about", scope, "text", text);

	if (!line)
		line = json_pack("{ssssssss}", "time", stamp, "level", level, "about", scope, "text", "(unreadable)");
	json_dumpf(line, stderr, JSON_COMPACT);
	fputc('\n', stderr);
	json_decref(line);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char line[LINE_MAX_BYTES], stamp[40];
	struct timespec now;
	struct tm tm;
	va_list ap;
	size_t n;

	if (level < least_level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	log_mask(line);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(stamp + n, sizeof stamp - n, ".%03ldZ", now.tv_nsec / 1000000);
	if (as_json)
		write_json(stamp, names[level], line);
	else
		fprintf(stderr, "%s %-5s %s%s%s\n", stamp, names[level], scope, scope[0] ? ": " : "", line);
}
