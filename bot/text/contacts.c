/* Contacts are recognised by groups of digits that together pass the checks of identity.h. */
#include "contacts.h"
#include "buf.h"
#include "identity.h"
#include "typed.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

enum {
	MAX_GROUPS = 8, /* of one contact */
	JOINT_BYTES = 12, /* between two groups */
	CONTACT_TEXT = 128, /* bytes of one contact as it was typed */
	IBAN_DIGITS = 24,
	CARD_DIGITS = 16,
	MOBILE_DIGITS = 10, /* without the zero */
	ABROAD_DIGITS = 12 /* with 98 */
};

struct group {
	size_t start, end;
	unsigned digits;
};

/* Bytes of the digit at s, of three scripts; 0 for none. */
static size_t digit_bytes(const char *s)
{
	unsigned char a = (unsigned char)s[0], b = a ? (unsigned char)s[1] : 0;

	if (a >= '0' && a <= '9')
		return 1;
	return (a == 0xD9 && b >= 0xA0 && b <= 0xA9) || (a == 0xDB && b >= 0xB0 && b <= 0xB9) ? 2 : 0;
}

static bool read_group(const char *text, size_t at, struct group *g)
{
	size_t n;

	*g = (struct group){.start = at, .end = at};
	while ((n = digit_bytes(text + g->end)) > 0) {
		g->end += n;
		g->digits++;
	}
	return g->digits > 0;
}

/* Whether the bytes between two groups may stand inside one number. */
static bool is_joint(const char *text, size_t start, size_t end)
{
	char between[JOINT_BYTES + 1], rest[JOINT_BYTES + 1];

	if (end - start > JOINT_BYTES)
		return false;
	memcpy(between, text + start, end - start);
	between[end - start] = '\0';
	return !strpbrk(between, "\r\n") && typed_fold(between, "-.()", rest, sizeof rest) == 0;
}

static size_t read_groups(const char *text, size_t at, struct group g[MAX_GROUPS])
{
	size_t n = 0;

	while (n < MAX_GROUPS && read_group(text, at, &g[n])) {
		at = g[n++].end;
		while (text[at] && digit_bytes(text + at) == 0 && at - g[n - 1].end <= JOINT_BYTES)
			at++;
		if (!is_joint(text, g[n - 1].end, at))
			break;
	}
	return n;
}

/* Where the contact begins: at the "+" or the "IR" before its digits. */
static size_t with_front(const char *text, size_t start, bool *plus, bool *ir)
{
	size_t at = start;

	*plus = start > 0 && text[start - 1] == '+';
	*ir = false;
	if (*plus)
		return start - 1;
	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '-'))
		at--;
	if (at < 2 || (text[at - 2] | 0x20) != 'i' || (text[at - 1] | 0x20) != 'r')
		return start;
	if (at > 2 && (text[at - 3] | 0x20) >= 'a' && (text[at - 3] | 0x20) <= 'z')
		return start;
	*ir = true;
	return at - 2;
}

static bool is_card(const char *typed, const struct group *g, size_t n, struct contact *out)
{
	char card[CARD_BYTES];
	enum card_flaw flaw = card_read(typed, card);

	memcpy(out->value, card, sizeof card);
	if (flaw == CARD_OK || flaw == CARD_BANK)
		return true;
	return flaw == CARD_CHECK && (n == 1 || (n == 4 && g[0].digits == 4 && g[1].digits == 4 && g[2].digits == 4));
}

static bool is_iban(const char *typed, bool ir, struct contact *out)
{
	enum iban_flaw flaw = iban_read(typed, out->value);

	return flaw == IBAN_OK || (ir && flaw == IBAN_CHECK);
}

/* Ten bare digits that are round are money. */
static bool is_round(const char *text, const struct group *last)
{
	char tail[16], folded[16];
	size_t n = last->end - last->start < 6 ? last->end - last->start : 6;

	memcpy(tail, text + last->end - n, n);
	tail[n] = '\0';
	if (typed_fold(tail, "", folded, sizeof folded) < 3)
		return false;
	return strcmp(folded + strlen(folded) - 3, "000") == 0;
}

static bool is_phone(const char *typed, const char *text, const struct group *g, size_t n, struct contact *out)
{
	char mobile[MOBILE_BYTES], folded[CONTACT_TEXT];
	enum mobile_flaw flaw = mobile_read(typed, mobile);
	bool fronted;

	typed_fold(typed, "-.()", folded, sizeof folded);
	fronted = folded[0] == '+' || folded[0] == '0';
	memcpy(out->value, mobile, sizeof mobile);
	if (flaw == MOBILE_LANDLINE)
		return fronted;
	if (flaw != MOBILE_OK && flaw != MOBILE_RANGE)
		return false;
	return fronted || (n == 1 && (g->digits == MOBILE_DIGITS || g->digits == ABROAD_DIGITS) && !is_round(text, g));
}

/* Whether the groups 0 to n-1 are one contact. */
static bool judge(const char *text, const struct group *g, size_t n, struct contact *out)
{
	char typed[CONTACT_TEXT];
	unsigned digits = 0;
	bool plus, ir;

	*out = (struct contact){.start = with_front(text, g[0].start, &plus, &ir), .end = g[n - 1].end};
	for (size_t i = 0; i < n; i++)
		digits += g[i].digits;
	if (digits > IBAN_DIGITS || out->end - out->start >= sizeof typed)
		return false;
	memcpy(typed, text + out->start, out->end - out->start);
	typed[out->end - out->start] = '\0';
	if (digits == IBAN_DIGITS) {
		out->kind = CONTACT_IBAN;
		return is_iban(typed, ir, out);
	}
	if (digits == CARD_DIGITS && !plus) {
		out->kind = CONTACT_CARD;
		return is_card(typed, g, n, out);
	}
	out->kind = CONTACT_PHONE;
	return !ir && is_phone(typed, text, g, n, out);
}

bool contact_next(const char *text, size_t at, struct contact *out)
{
	struct group g[MAX_GROUPS];

	while (text[at]) {
		size_t n = read_groups(text, at, g);

		for (size_t last = n; last > 0; last--) {
			if (judge(text, g, last, out))
				return true;
		}
		at = n > 0 ? g[0].end : at + 1;
	}
	return false;
}

char *contacts_mask(const void *ctx, const char *text)
{
	struct buf *out = buf_new(ctx, 2 * strlen(text) + strlen(text) + 1);
	struct contact c;
	size_t at = 0, n;
	char *masked;

	while (contact_next(text, at, &c)) {
		buf_add(out, text + at, c.start > at ? c.start - at : 0);
		for (at = c.start > at ? c.start : at; at < c.end; at += n ? n : 1) {
			n = digit_bytes(text + at);
			if (n > 0)
				buf_puts(out, "\xE2\x80\xA2");
			else
				buf_add(out, text + at, 1);
		}
	}
	buf_puts(out, text + at);
	assert(!out->failed);
	masked = talloc_strdup(ctx, out->data);
	talloc_free(out);
	return masked;
}
