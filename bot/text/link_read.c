/* Which kind of thing a text is: see link_read.h. Words first, then numbers, then codes. */
#include "link_read.h"
#include "contacts.h"
#include "link_host.h"
#include "safe_name.h"
#include "typed.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum {
	NAME_LEAST = 4,
	NAME_MOST = 32,
	START_MOST = 64,
	CODE_BYTES = 16,
	DIVAR_LEAST = 8,
	DIVAR_MOST = 10, /* longer ones begin with the token and end with the owner's secret */
	SHEYPOOR_LEAST = 6,
	SHEYPOOR_MOST = 12
};

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
static const char code_letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"; /* rnd_code */
static const char parameter_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
static const char digits[] = "0123456789";

static char *copy(const void *ctx, const char *s, size_t n)
{
	char *c = talloc_strndup(ctx, s, n);

	if (!c)
		abort();
	return c;
}

/* ---- Telegram ---- */

/* Takes a user name that ends at a character of `stops`; one with other letters is flagged. */
static bool take_name(const void *ctx, const char *s, const char *stops, struct link *out)
{
	size_t n = strcspn(s, stops);
	bool plain = strspn(s, name_letters) == n;

	if (n < NAME_LEAST || n > (plain ? NAME_MOST : 4 * NAME_MOST))
		return false;
	out->kind = LINK_TELEGRAM;
	out->value = copy(ctx, s, n);
	out->flags |= plain ? 0 : LINK_IDN;
	return true;
}

/* The value of `name=` in what follows a "?". */
static const char *parameter(const void *ctx, const char *query, const char *name)
{
	const char *s = strchr(query, '?');
	size_t n = strlen(name);

	while (s) {
		s++;
		if (strncasecmp(s, name, n) == 0 && s[n] == '=') {
			size_t length = strspn(s + n + 1, parameter_letters);

			return copy(ctx, s + n + 1, length < START_MOST ? length : START_MOST);
		}
		s = strchr(s, '&');
	}
	return "";
}

static const char *start_of(const void *ctx, const char *query)
{
	static const char *const names[] = {"start", "startgroup", "startapp"};
	const char *value = "";

	for (size_t i = 0; !value[0] && i < sizeof names / sizeof *names; i++)
		value = parameter(ctx, query, names[i]);
	return value;
}

/* t.me/NAME, t.me/NAME/12, t.me/s/NAME, NAME.t.me; invitations and the like name nobody. */
static void read_telegram_web(const void *ctx, const struct address *a, struct link *out)
{
	static const char *const nobody[] = {"+",     "joinchat", "c/",    "addlist", "addstickers", "proxy",
					     "socks", "share",    "login", "invoice", "addemoji",    "boost"};
	const char *s = a->path[0] == '/' ? a->path + 1 : "";

	out->kind = LINK_TELEGRAM;
	out->start = start_of(ctx, a->path);
	if (strcmp(a->host, "www.t.me") != 0 && host_within(a->host, "t.me") && strlen(a->host) > strlen("t.me")) {
		take_name(ctx, a->host, ".", out);
		return;
	}
	if (strncmp(s, "s/", 2) == 0)
		s += 2;
	s += *s == '@';
	for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
		if (strncasecmp(s, nobody[i], strlen(nobody[i])) == 0)
			return;
	}
	take_name(ctx, s, "/?#", out);
}

static bool read_tg_scheme(const void *ctx, const char *word, struct link *out)
{
	if (strncasecmp(word, "tg:", 3) != 0)
		return false;
	out->kind = LINK_TELEGRAM;
	out->start = start_of(ctx, word);
	take_name(ctx, parameter(ctx, word, "domain"), "", out);
	return true;
}

/* ---- markets ---- */

/* The last part of a path, without what follows "?" or "#" and without slashes at its end. */
static const char *last_part(const void *ctx, const char *path)
{
	size_t n = strcspn(path, "?#"), start;

	while (n > 0 && path[n - 1] == '/')
		n--;
	for (start = n; start > 0 && path[start - 1] != '/'; start--)
		;
	return copy(ctx, path + start, n - start);
}

static void read_divar(const void *ctx, const struct address *a, struct link *out)
{
	const char *token = last_part(ctx, a->path);
	size_t n = strspn(token, name_letters);

	n += token[n] == '-' ? 1 + strspn(token + n + 1, name_letters) : 0;
	if (strstr(a->path, "/manage/")) {
		out->kind = LINK_DIVAR;
		out->value = "";
		out->flags |= LINK_SECRET;
		return;
	}
	if (strncmp(a->path, "/v/", 3) != 0 || token[n] || n < DIVAR_LEAST)
		return;
	out->kind = LINK_DIVAR;
	out->value = n <= DIVAR_MOST ? token : "";
	out->flags |= n <= DIVAR_MOST ? 0 : LINK_SECRET;
}

static void read_sheypoor(const void *ctx, const struct address *a, struct link *out)
{
	char *part = copy(ctx, last_part(ctx, a->path), LINK_TEXT_CODEPOINTS);
	size_t n = strlen(part), start;

	if (n > 5 && strcmp(part + n - 5, ".html") == 0)
		part[n -= 5] = '\0';
	for (start = n; start > 0 && strchr(digits, part[start - 1]); start--)
		;
	if (n - start < SHEYPOOR_LEAST || n - start > SHEYPOOR_MOST || (start > 0 && part[start - 1] != '-'))
		return;
	out->kind = LINK_SHEYPOOR;
	out->value = part + start;
}

/* ---- words ---- */

static bool is_host(const char *host, const char *domain)
{
	return strcmp(host, domain) == 0 || (strncmp(host, "www.", 4) == 0 && strcmp(host + 4, domain) == 0);
}

static bool read_address(const void *ctx, const char *word, struct link *out)
{
	struct address a;

	if (!address_read(ctx, word, &a))
		return false;
	out->kind = LINK_WEB;
	out->flags |= a.flags;
	out->value = out->host = a.host;
	if (host_within(a.host, "t.me") || is_host(a.host, "telegram.me") || is_host(a.host, "telegram.dog")) {
		out->value = "";
		read_telegram_web(ctx, &a, out);
	} else if (is_host(a.host, "divar.ir")) {
		read_divar(ctx, &a, out);
	} else if (is_host(a.host, "sheypoor.com")) {
		read_sheypoor(ctx, &a, out);
	} else if (host_within(a.host, "shaparak.ir") && a.flags == 0) {
		out->kind = LINK_BANK;
	}
	return true;
}

static bool read_word(const void *ctx, const char *word, struct link *out)
{
	if (word[0] == '@')
		return take_name(ctx, word + 1, "/?#", out);
	return read_tg_scheme(ctx, word, out) || read_address(ctx, word, out);
}

static bool read_code(const void *ctx, const char *word, bool sure, struct link *out)
{
	char typed[CODE_BYTES];
	size_t n = typed_fold(word, "-#", typed, sizeof typed);

	if (n >= sizeof typed || typed[strspn(typed, code_letters)] || (!sure && !strpbrk(typed, digits)))
		return false;
	if (n != DEAL_CODE_LETTERS && n != RECEIPT_CODE_LETTERS)
		return false;
	out->kind = n == DEAL_CODE_LETTERS ? LINK_DEAL : LINK_RECEIPT;
	out->value = copy(ctx, typed, n);
	return true;
}

static bool read_contact(const void *ctx, const char *text, struct link *out)
{
	struct contact c;

	if (!contact_next(text, 0, &c))
		return false;
	switch (c.kind) {
	case CONTACT_CARD:
		out->kind = LINK_CARD;
		break;
	case CONTACT_IBAN:
		out->kind = LINK_IBAN;
		break;
	case CONTACT_PHONE:
		out->kind = LINK_PHONE;
		break;
	}
	out->value = copy(ctx, c.value, strlen(c.value));
	return true;
}

/* ---- the text ---- */

static bool is_mark(const char *s, size_t n)
{
	static const char *const marks[] = {"(", ")", "[", "]", "<", ">", "{", "}", "\"", "'", "،", "؛",
					    "؟", ",", ";", "!", "«", "»", "*", "`", "“",  "”", "|"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (strlen(marks[i]) == n && memcmp(marks[i], s, n) == 0)
			return true;
	}
	return false;
}

/* Bytes of the character that ends before s[n]. */
static size_t last_bytes(const char *s, size_t n)
{
	size_t k = 1;

	while (k < n && ((unsigned char)s[n - k] & 0xC0) == 0x80)
		k++;
	return k;
}

/* Cuts off what a sentence puts around a word. */
static char *bare_word(const void *ctx, const char *s, size_t n)
{
	const char *at = s, *next;

	for (;; n -= (size_t)(next - at), at = next) {
		next = at;
		if (n == 0 || utf8_next(&next) == 0 || !is_mark(at, (size_t)(next - at)))
			break;
	}
	while (n > 0 && (strchr(".:?", at[n - 1]) || is_mark(at + n - last_bytes(at, n), last_bytes(at, n))))
		n -= strchr(".:?", at[n - 1]) ? 1 : last_bytes(at, n);
	return copy(ctx, at, n);
}

typedef bool word_reader(const void *ctx, const char *word, struct link *out);

static bool read_sure_code(const void *ctx, const char *word, struct link *out)
{
	return read_code(ctx, word, true, out);
}

static bool read_likely_code(const void *ctx, const char *word, struct link *out)
{
	return read_code(ctx, word, false, out);
}

/* The first word that `read` takes. */
static bool first_word(const void *ctx, const char *text, word_reader *read, struct link *out)
{
	struct link more;
	bool found = false;
	size_t n;

	for (size_t i = 0; *text && i < LINK_MAX_TOKENS; i++, text += n) {
		const char *word;

		text += strspn(text, " \n");
		n = strcspn(text, " \n");
		word = bare_word(ctx, text, n);
		more = (struct link){.value = "", .host = "", .start = ""};
		if (!read(ctx, word, found ? &more : out))
			continue;
		if (found) {
			out->flags |= LINK_MORE;
			return true;
		}
		found = true;
	}
	return found;
}

/* Characters that show the letters of an address in another order. */
static bool is_turned(const char *text)
{
	return strstr(text, "\xE2\x80\xAD") || strstr(text, "\xE2\x80\xAE");
}

static void distrust(struct link *out)
{
	out->flags |= LINK_IDN;
	if (out->kind == LINK_BANK)
		out->kind = LINK_WEB;
}

enum link_kind link_read(const void *ctx, const char *text, struct link *out)
{
	const char *clean = safe_text(ctx, text, LINK_TEXT_CODEPOINTS, true);

	*out = (struct link){.value = "", .host = "", .start = ""};
	if (!strpbrk(clean, " \n") && first_word(ctx, clean, read_sure_code, out))
		return out->kind;
	if (first_word(ctx, clean, read_word, out)) {
		if (text && is_turned(text))
			distrust(out);
		return out->kind;
	}
	if (read_contact(ctx, clean, out))
		return out->kind;
	*out = (struct link){.value = "", .host = "", .start = ""};
	(void)first_word(ctx, clean, read_likely_code, out);
	return out->kind;
}
