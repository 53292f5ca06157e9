/* Tracking codes as carriers print them and people copy them. Pure. */
#ifndef SEPAREX_SHIPPING_H
#define SEPAREX_SHIPPING_H

/* The numbers are stored with deals: only add. */
enum carrier {
	CARRIER_POST = 1, /* Iran Post */
	CARRIER_TIPAX = 2,
	CARRIER_MAHEX = 3,
	CARRIER_CHAPAR = 4,
	CARRIER_ALOPEYK = 5,
	CARRIER_SNAPPBOX = 6,
	CARRIER_OTHER = 99
};

enum { TRACKING_BYTES = 31, TRACKING_URL_BYTES = 96 };

enum tracking_flaw {
	TRACKING_OK,
	TRACKING_EMPTY,
	TRACKING_IS_PHONE, /* a phone number where the code belongs */
	TRACKING_SPREADSHEET, /* a spreadsheet rounded it ("2.05E+23", or zeros after 15 digits): copy it from the
				 receipt */
	TRACKING_LETTERS, /* Iran Post: something that is no digit */
	TRACKING_ONE_MISSING, /* Iran Post: 23 digits, one was left out */
	TRACKING_SHORT, /* Iran Post: fewer than 23 digits; others: fewer than 6 characters */
	TRACKING_LONG, /* Iran Post: more than 24 digits; others: more than 30 characters */
	TRACKING_FAKE, /* one digit repeated; other carriers: no digit at all */
	TRACKING_SIGNS /* other carriers: something that is no letter of a-z, digit or dash */
};

/* Writes the normal form of a code: for Iran Post 24 digits (printed under the bar code; it has no public check digit),
 * for every other carrier 6 to 30 of 0-9, A-Z and '-', of which at least one is a digit. Persian digits, spaces and
 * direction marks are folded; dashes vanish from a code of Iran Post. On a flaw `out` is "". A right form is no proof
 * that the parcel exists. */
enum tracking_flaw tracking_read(enum carrier carrier, const char *text, char out[TRACKING_BYTES]);

/* Where a person follows a parcel: the carrier's page, with the code in its normal form where the page takes one. ""
 * when the carrier has no such page, or when `code` is not in its normal form. Returns `out`. */
const char *carrier_tracking_url(enum carrier carrier, const char *code, char out[TRACKING_URL_BYTES]);

enum tracking_found { TRACKING_FOUND_NONE, TRACKING_FOUND_ONE, TRACKING_FOUND_SEVERAL };

/* Looks for a code of Iran Post in a longer text ("the code is 2058…, thank you"), also with Persian digits, in groups
 * with spaces or dashes, or inside a link. An IBAN is none. `out` is "" unless exactly one (however often) was found.
 */
enum tracking_found tracking_find(const char *text, char out[TRACKING_BYTES]);

#endif
