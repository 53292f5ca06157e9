/* IBANs, cards, mobiles, national ids and tracking codes: a normal form is one of its kind, and reads as itself. */
#include "bank_code.h"
#include "fuzz.h"
#include "identity.h"
#include "ship_code.h"
#include "typed.h"

static void iban_holds(const char *text)
{
	char out[IBAN_BYTES], again[IBAN_BYTES], bank[BANK_CODE_BYTES];

	if (iban_read(text, out) != IBAN_OK) {
		HOLDS(!out[0], "%s", out);
		return;
	}
	HOLDS(strlen(out) == 26 && !strncmp(out, "IR", 2) && typed_digits(out + 2, 24), "%s", out);
	HOLDS(iban_read(out, again) == IBAN_OK && !strcmp(out, again), "%s", out);
	HOLDS(iban_bank(out, bank) && strlen(bank) == 3 && !strncmp(bank, out + 4, 3), "%s", out);
}

static void card_holds(const char *text)
{
	char out[CARD_BYTES], again[CARD_BYTES];
	enum card_flaw flaw = card_read(text, out);

	HOLDS(card_bank(text) != NULL, " ");
	if (flaw != CARD_OK && flaw != CARD_BANK) {
		HOLDS(!out[0], "%s", out);
		return;
	}
	HOLDS(strlen(out) == 16 && typed_digits(out, 16), "%s", out);
	HOLDS(card_read(out, again) == flaw && !strcmp(out, again), "%s", out);
}

static void mobile_holds(const char *text)
{
	char out[MOBILE_BYTES], again[MOBILE_BYTES];
	enum mobile_flaw flaw = mobile_read(text, out);

	if (flaw != MOBILE_OK && flaw != MOBILE_RANGE) {
		HOLDS(!out[0], "%s", out);
		return;
	}
	HOLDS(strlen(out) == 11 && !strncmp(out, "09", 2) && typed_digits(out, 11), "%s", out);
	HOLDS(mobile_read(out, again) == flaw && !strcmp(out, again), "%s", out);
}

static void national_id_holds(const char *text)
{
	char out[NATIONAL_ID_BYTES], again[NATIONAL_ID_BYTES];

	if (national_id_read(text, out) != NATIONAL_ID_OK) {
		HOLDS(!out[0], "%s", out);
		return;
	}
	HOLDS(strlen(out) == 10 && typed_digits(out, 10), "%s", out);
	HOLDS(national_id_read(out, again) == NATIONAL_ID_OK && !strcmp(out, again), "%s", out);
}

static void tracking_holds(const char *text)
{
	static const enum carrier carriers[] = {CARRIER_POST,    CARRIER_TIPAX,    CARRIER_MAHEX, CARRIER_CHAPAR,
						CARRIER_ALOPEYK, CARRIER_SNAPPBOX, CARRIER_OTHER};
	char out[TRACKING_BYTES], again[TRACKING_BYTES], url[TRACKING_URL_BYTES];

	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
		if (tracking_read(carriers[i], text, out) != TRACKING_OK) {
			HOLDS(!out[0], "%s", out);
			continue;
		}
		HOLDS(tracking_read(carriers[i], out, again) == TRACKING_OK && !strcmp(out, again), "%s", out);
		HOLDS(!strpbrk(carrier_tracking_url(carriers[i], out, url), "<>\"' "), "%s", url);
	}
	if (tracking_find(text, out) == TRACKING_FOUND_ONE)
		HOLDS(tracking_read(CARRIER_POST, out, again) == TRACKING_OK, "%s", out);
	else
		HOLDS(!out[0], "%s", out);
}

static void ship_code_holds(const char *text)
{
	struct ship_code s;
	char again[TRACKING_BYTES];

	ship_code_read(text, &s);
	if (s.flaw == TRACKING_OK && !s.several) {
		HOLDS(s.code[0], "%s", text);
		HOLDS(tracking_read(s.carrier ? s.carrier : CARRIER_OTHER, s.code, again) == TRACKING_OK, "%s", s.code);
	} else {
		HOLDS(!s.code[0], "%s", s.code);
	}
}

static void bank_words_hold(void *ctx, const char *text)
{
	const char *mask = bank_card_mask(ctx, text);
	size_t digits = 0;

	for (const char *p = mask; *p; p++)
		digits += *p >= '0' && *p <= '9';
	HOLDS(!digits || digits == 10, "%s", mask);
	HOLDS(bank_number(text) >= 0 && bank_number(text) < INT64_C(1000000000000000000), "%s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *text = fuzz_text(ctx, data, size);

	iban_holds(text);
	card_holds(text);
	mobile_holds(text);
	national_id_holds(text);
	tracking_holds(text);
	ship_code_holds(text);
	bank_words_hold(ctx, text);
	talloc_free(ctx);
	return 0;
}
