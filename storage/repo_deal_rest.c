/* Flags and proposals of a deal as JSON: see repo_deal_rest.h. */
#include "repo_deal_rest.h"

#include "js.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum field_type { FIELD_BOOL, FIELD_INT, FIELD_ENUM, FIELD_I64, FIELD_RIAL, FIELD_HASH };

/* Names are stored: only add. */
static const struct field {
	const char *name;
	enum field_type type;
	size_t at;
} fields[] = {
	{"buyer_agreed", FIELD_BOOL, offsetof(struct deal, buyer_agreed)},
	{"seller_agreed", FIELD_BOOL, offsetof(struct deal, seller_agreed)},
	{"in_group", FIELD_BOOL, offsetof(struct deal, in_group)},
	{"by_hand", FIELD_BOOL, offsetof(struct deal, by_hand)},
	{"paid_in", FIELD_RIAL, offsetof(struct deal, paid_in)},
	{"fee_taken", FIELD_RIAL, offsetof(struct deal, fee_taken)},
	{"recalled", FIELD_RIAL, offsetof(struct deal, recalled)},
	{"frozen", FIELD_BOOL, offsetof(struct deal, frozen)},
	{"frozen_at_ms", FIELD_I64, offsetof(struct deal, frozen_at_ms)},
	{"cancel_asked", FIELD_ENUM, offsetof(struct deal, cancel_asked)},
	{"payment_extended", FIELD_BOOL, offsetof(struct deal, payment_extended)},
	{"late_ok_buyer", FIELD_BOOL, offsetof(struct deal, late_ok_buyer)},
	{"late_ok_seller", FIELD_BOOL, offsetof(struct deal, late_ok_seller)},
	{"extension_asked", FIELD_BOOL, offsetof(struct deal, extension_asked)},
	{"extension_used", FIELD_BOOL, offsetof(struct deal, extension_used)},
	{"tracking_suspect", FIELD_BOOL, offsetof(struct deal, tracking_suspect)},
	{"tracking_fixes", FIELD_INT, offsetof(struct deal, tracking_fixes)},
	{"delivery_proven", FIELD_BOOL, offsetof(struct deal, delivery_proven)},
	{"said_delivered", FIELD_BOOL, offsetof(struct deal, said_delivered)},
	{"buyer_waiting", FIELD_BOOL, offsetof(struct deal, buyer_waiting)},
	{"asked_again", FIELD_INT, offsetof(struct deal, asked_again)},
	{"inspection_ends_ms", FIELD_I64, offsetof(struct deal, inspection_ends_ms)},
	{"inspection_left_ms", FIELD_I64, offsetof(struct deal, inspection_left_ms)},
	{"issue_since_ms", FIELD_I64, offsetof(struct deal, issue_since_ms)},
	{"seller_answered", FIELD_BOOL, offsetof(struct deal, seller_answered)},
	{"offer_to_buyer", FIELD_RIAL, offsetof(struct deal, offer_to_buyer)},
	{"offer_by", FIELD_ENUM, offsetof(struct deal, offer_by)},
	{"return_by", FIELD_ENUM, offsetof(struct deal, return_by)},
	{"ruling", FIELD_ENUM, offsetof(struct deal, ruling)},
	{"ruling_to_buyer", FIELD_RIAL, offsetof(struct deal, ruling_to_buyer)},
	{"ruled_by", FIELD_I64, offsetof(struct deal, ruled_by)},
	{"ruled_second", FIELD_I64, offsetof(struct deal, ruled_second)},
	{"ruling_late", FIELD_BOOL, offsetof(struct deal, ruling_late)},
	{"appealed", FIELD_BOOL, offsetof(struct deal, appealed)},
	{"info_wanted_from", FIELD_ENUM, offsetof(struct deal, info_wanted_from)},
	{"silences", FIELD_INT, offsetof(struct deal, silences)},
	{"pin_tries", FIELD_INT, offsetof(struct deal, pin_tries)},
	{"amended_price", FIELD_RIAL, offsetof(struct deal, amended.price)},
	{"amended_fee", FIELD_RIAL, offsetof(struct deal, amended.fee)},
	{"amended_fee_payer", FIELD_ENUM, offsetof(struct deal, amended.fee_payer)},
	{"amended_inspection_h", FIELD_INT, offsetof(struct deal, amended.inspection_h)},
	{"amended_ship_h", FIELD_INT, offsetof(struct deal, amended.ship_h)},
	{"amended_ship_payer", FIELD_ENUM, offsetof(struct deal, amended.ship_payer)},
	{"amended_hash", FIELD_HASH, offsetof(struct deal, amended.hash)},
	{"amended_by", FIELD_ENUM, offsetof(struct deal, amended_by)},
	{"topup_wanted", FIELD_BOOL, offsetof(struct deal, topup_wanted)},
};

_Static_assert(sizeof(enum role) == sizeof(int), "FIELD_ENUM reads and writes enums as int");

static json_t *field_value(const struct deal *d, const struct field *f)
{
	const char *at = (const char *)d + f->at;
	int64_t n = 0;

	switch (f->type) {
	case FIELD_BOOL:
		n = *(const bool *)at;
		break;
	case FIELD_INT:
	case FIELD_ENUM:
		n = *(const int *)at;
		break;
	case FIELD_I64:
		n = *(const int64_t *)at;
		break;
	case FIELD_RIAL:
		n = rial_raw(*(const struct rial *)at);
		break;
	case FIELD_HASH:
		return *at ? json_string(at) : NULL;
	}
	return n ? json_integer(n) : NULL;
}

char *deal_rest_text(const void *ctx, const struct deal *d)
{
	json_t *o = json_object();
	char *text;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		json_t *v = field_value(d, &fields[i]);

		if (v)
			json_object_set_new(o, fields[i].name, v);
	}
	text = js_text(ctx, o);
	json_decref(o);
	return text;
}

static void set_field(struct deal *d, const struct field *f, const json_t *o)
{
	char *at = (char *)d + f->at;
	int64_t n = js_int(o, f->name, 0);

	switch (f->type) {
	case FIELD_BOOL:
		*(bool *)at = n != 0;
		return;
	case FIELD_INT:
	case FIELD_ENUM:
		*(int *)at = (int)n;
		return;
	case FIELD_I64:
		*(int64_t *)at = n;
		return;
	case FIELD_RIAL:
		*(struct rial *)at = rial_of(n);
		return;
	case FIELD_HASH:
		strncpy(at, js_str(o, f->name, ""), DEAL_HASH_BYTES - 1);
		return;
	}
}

void deal_rest_read(const char *text, struct deal *d)
{
	json_t *o = json_loads(text, 0, NULL);

	if (!o)
		abort();
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		set_field(d, &fields[i], o);
	json_decref(o);
}
