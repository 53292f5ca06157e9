/* Hosts: the tricks are userinfo, numbers, letters of other scripts, shorteners and near misses of known names. */
#include "link_host.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { LABEL_BYTES = 24, SLIPS = 1 };

static const char *const shorteners[] = {
	"bit.ly",  "tinyurl.com", "t.co",    "goo.gl",   "is.gd",    "v.gd",    "cutt.ly",   "rb.gy",      "ow.ly",
	"buff.ly", "shorturl.at", "tiny.cc", "t.ly",     "s.id",     "lnkd.in", "u.to",      "rebrand.ly", "soo.gd",
	"yun.ir",  "b2n.ir",      "zaya.io", "opizo.me", "plink.ir", "2ad.ir",  "opizo.com", "l.vu",       "da.gd",
};

/* Ends that make a word without a scheme an address. Others need http:// before them. */
static const char *const ends[] = {"ir",   "com",  "net", "org",  "me",    "io",   "app",   "dev",    "info",
				   "biz",  "link", "xyz", "top",  "site",  "shop", "store", "online", "pro",
				   "club", "co",   "cc",  "tk",   "ml",    "ga",   "ly",    "gl",     "gd",
				   "at",   "id",   "tv",  "live", "click", "bank"};

static const struct known {
	const char *name, *domain;
	bool near; /* long enough that one slip still means it */
} known[] = {{"shaparak", "shaparak.ir", true}, {"sheypoor", "sheypoor.com", true}, {"divar", "divar.ir", false}};

bool host_within(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	return n >= m && strcmp(host + n - m, domain) == 0 && (n == m || host[n - m - 1] == '.');
}

static bool is_plain(const char *host)
{
	return host[strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == '\0';
}

/* "1.2.3.4", "2130706433", "0x7f.1", "[::1]". */
static bool is_number(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last ? last + 1 : host;
	return host[0] == '[' || last[strspn(last, "0123456789")] == '\0' ||
	       (last[0] == '0' && last[1] == 'x' && last[2 + strspn(last + 2, "0123456789abcdef")] == '\0');
}

static char letter_of(char c)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
		return 'l';
	case '3':
		return 'e';
	case '4':
		return 'a';
	case '5':
		return 's';
	default: /* itself */
		return c;
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be changed, left out or added to make one of the other; both at most LABEL_BYTES long. */
static size_t slips_between(const char *a, const char *b)
{
	size_t row[LABEL_BYTES + 1], n = strlen(b);

	assert(n <= LABEL_BYTES);
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

static bool label_imitates(const char *label, const struct known *k)
{
	return strstr(label, k->name) || (k->near && slips_between(label, k->name) <= SLIPS);
}

/* One label after the other, with digits read as the letters that they imitate and without hyphens. */
static bool imitates(const char *host, const struct known *k)
{
	char label[LABEL_BYTES + 1];
	size_t n = 0;

	if (host_within(host, k->domain))
		return false;
	for (const char *s = host;; s++) {
		if (*s && *s != '.' && n < LABEL_BYTES) {
			label[n] = letter_of(*s);
			n += *s != '-';
			continue;
		}
		label[n] = '\0';
		if (label_imitates(label, k))
			return true;
		if (!*s)
			return false;
		n = 0;
	}
}

static unsigned flags_of(const char *host)
{
	unsigned flags = 0;

	if (is_number(host))
		flags |= LINK_IP;
	else if (!is_plain(host) || strncmp(host, "xn--", 4) == 0 || strstr(host, ".xn--"))
		flags |= LINK_IDN;
	for (size_t i = 0; i < sizeof shorteners / sizeof *shorteners; i++) {
		if (host_within(host, shorteners[i]))
			flags |= LINK_SHORTENER;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (imitates(host, &known[i]))
			flags |= LINK_IMITATES;
	}
	return flags;
}

/* Steps over "http:", "https:" and the slashes behind it, of which browsers forgive any number and either kind. */
static const char *skip_scheme(const char *word, unsigned *flags)
{
	const char *s = word;

	if (strncasecmp(word, "https:", 6) == 0)
		s += 6;
	else if (strncasecmp(word, "http:", 5) == 0)
		s += 5;
	if (s == word)
		return word;
	*flags |= s - word == 5 ? LINK_INSECURE : 0;
	return s + strspn(s, "/\\");
}

/* A word without a scheme is an address when a letter stands before a dot and a known end, or a number of four parts.
 */
static bool could_be_host(const char *host)
{
	const char *last = strrchr(host, '.');

	if (!last || last == host || host[0] == '.' || strstr(host, ".."))
		return false;
	if (strncmp(host, "www.", 4) == 0 || strstr(host, "xn--"))
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (strcmp(last + 1, ends[i]) == 0)
			return true;
	}
	return false;
}

static char *lower_host(const void *ctx, const char *from, size_t n)
{
	char *host = talloc_strndup(ctx, from, n), *port;

	if (!host)
		abort();
	for (char *s = host; *s; s++) {
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
	}
	port = host[0] == '[' ? strstr(host, "]:") : strrchr(host, ':');
	if (port)
		port[host[0] == '['] = '\0';
	if (*host && host[strlen(host) - 1] == '.')
		host[strlen(host) - 1] = '\0';
	return host;
}

bool address_read(const void *ctx, const char *word, struct address *out)
{
	unsigned flags = 0;
	const char *begin = skip_scheme(word, &flags), *at = NULL, *host = begin;
	bool scheme = begin != word;
	size_t n = strcspn(begin, "/\\?#");

	for (const char *s = begin; s < begin + n; s++)
		at = *s == '@' ? s : at;
	if (at && !scheme)
		return false; /* a mail address */
	if (at) {
		flags |= LINK_USERINFO;
		host = at + 1;
	}
	n -= (size_t)(host - begin);
	*out = (struct address){.host = lower_host(ctx, host, n), .path = host + n};
	if (!out->host[0] || (!scheme && !could_be_host(out->host)))
		return false;
	out->flags = flags | flags_of(out->host);
	return true;
}
