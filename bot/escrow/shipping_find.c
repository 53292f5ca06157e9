/* Tracking codes in the middle of what people write, and the pages on which carriers show a parcel. */
#include "shipping.h"
#include "typed.h"
#include "utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum {
	POST_DIGITS = 24,
	GROUP_LEAST = 3, /* digits in a group of a code; other groups beside each other are other numbers */
	GROUP_MOST = 12,
	RUN_DIGITS = 240,
	RUN_GROUPS = 40
};

/* `with_code`: the code is the end of the address. Sources: the carriers' public pages. */
static const struct page {
	enum carrier carrier;
	const char *address;
	bool with_code;
} pages[] = {
	{CARRIER_POST, "https://tracking.post.ir/?id=", true},
	{CARRIER_TIPAX, "https://tipaxco.com/tracking?id=", true},
	{CARRIER_MAHEX, "https://mahex.com/tracking?id=", true},
	{CARRIER_CHAPAR, "https://chapar.io/tracking/", true},
	{CARRIER_SNAPPBOX, "https://box.snapp.ir/tracking", false},
};

const char *carrier_tracking_url(enum carrier carrier, const char *code, char out[TRACKING_URL_BYTES])
{
	char normal[TRACKING_BYTES];

	out[0] = '\0';
	if (tracking_read(carrier, code, normal) != TRACKING_OK || strcmp(normal, code) != 0)
		return out;
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		size_t n = strlen(pages[i].address);

		if (pages[i].carrier != carrier)
			continue;
		assert(n + TRACKING_BYTES <= TRACKING_URL_BYTES);
		memcpy(out, pages[i].address, n + 1);
		if (pages[i].with_code)
			memcpy(out + n, normal, strlen(normal) + 1);
	}
	return out;
}

/* Digits with nothing but spaces, dashes and invisible marks between them. */
struct run {
	char digits[RUN_DIGITS];
	size_t n;
	size_t ends[RUN_GROUPS]; /* of the groups, in `digits` */
	size_t n_groups;
	bool open; /* the last group goes on */
	bool behind_letter;
};

struct finding {
	enum tracking_found found;
	char code[TRACKING_BYTES];
};

static size_t group_start(const struct run *r, size_t group)
{
	return group > 0 ? r->ends[group - 1] : 0;
}

/* The last group of a code that begins with `group`; n_groups when none does. */
static size_t code_end(const struct run *r, size_t group)
{
	size_t start = group_start(r, group);

	if (r->ends[group] - start == POST_DIGITS)
		return group;
	for (size_t last = group; last < r->n_groups; last++) {
		size_t length = r->ends[last] - group_start(r, last);

		if (length < GROUP_LEAST || length > GROUP_MOST || r->ends[last] - start > POST_DIGITS)
			break;
		if (r->ends[last] - start == POST_DIGITS)
			return last;
	}
	return r->n_groups;
}

static void note(struct finding *f, const char digits[POST_DIGITS])
{
	char typed[POST_DIGITS + 1], code[TRACKING_BYTES];

	memcpy(typed, digits, POST_DIGITS);
	typed[POST_DIGITS] = '\0';
	if (tracking_read(CARRIER_POST, typed, code) != TRACKING_OK)
		return;
	if (f->found == TRACKING_FOUND_NONE) {
		f->found = TRACKING_FOUND_ONE;
		memcpy(f->code, code, sizeof code);
	} else if (strcmp(f->code, code) != 0) {
		f->found = TRACKING_FOUND_SEVERAL;
	}
}

static void finish_run(struct run *r, struct finding *f)
{
	for (size_t group = 0; group < r->n_groups && !r->behind_letter; group++) {
		size_t last = code_end(r, group);

		if (last == r->n_groups)
			continue;
		note(f, r->digits + group_start(r, group));
		group = last;
	}
	r->n = r->n_groups = 0;
	r->open = false;
}

static void take_digit(struct run *r, char digit, struct finding *f)
{
	if (r->n == RUN_DIGITS || (!r->open && r->n_groups == RUN_GROUPS))
		finish_run(r, f);
	if (!r->open)
		r->n_groups++;
	r->open = true;
	r->digits[r->n++] = digit;
	r->ends[r->n_groups - 1] = r->n;
}

/* One character in its plain form: "" for blanks and invisible marks. */
static size_t plain_char(const char *s, size_t left, char out[8])
{
	size_t n = utf8_step(s, left);
	char one[5] = "";

	memcpy(one, s, n ? n : 1);
	typed_fold(one, "-", out, 8);
	return n ? n : 1;
}

enum tracking_found tracking_find(const char *text, char out[TRACKING_BYTES])
{
	const char *s = text ? text : "", *end = s + strlen(s);
	struct finding f = {.found = TRACKING_FOUND_NONE};
	struct run r = {.n = 0};

	while (s < end) {
		char c[8];

		s += plain_char(s, (size_t)(end - s), c);
		if (c[0] >= '0' && c[0] <= '9') {
			take_digit(&r, c[0], &f);
		} else if (c[0] == '\0') {
			r.behind_letter &= r.n > 0;
			r.open = false;
		} else {
			finish_run(&r, &f);
			r.behind_letter = c[0] >= 'A' && c[0] <= 'Z';
		}
	}
	finish_run(&r, &f);
	out[0] = '\0';
	if (f.found == TRACKING_FOUND_ONE)
		memcpy(out, f.code, sizeof f.code);
	return f.found;
}
