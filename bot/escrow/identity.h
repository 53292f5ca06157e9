/* Numbers that name a person or an account in Iran: IBAN, card, mobile, national id. Pure checks of form; a right form
 * is no proof of ownership. Each reader folds what people type (spaces, dashes, Persian digits, lower case), writes the
 * one normal form, and says what is wrong in an enum. On any flaw but the one marked "filled", `out` is "". Rules: ISO
 * 13616 and the Central Bank's Sheba (mod 97), ISO 7812 (Luhn), the civil registry's check digit, the numbering plan
 * 98-9. */
#ifndef SEPAREX_IDENTITY_H
#define SEPAREX_IDENTITY_H

#include <stdbool.h>

enum {
	IBAN_BYTES = 27, /* "IR" and 24 digits */
	CARD_BYTES = 17, /* 16 digits */
	MOBILE_BYTES = 12, /* "09" and 9 digits */
	NATIONAL_ID_BYTES = 11, /* 10 digits */
	BANK_CODE_BYTES = 4 /* "017", as in an IBAN */
};

enum iban_flaw {
	IBAN_OK,
	IBAN_EMPTY,
	IBAN_FOREIGN, /* another country's IBAN */
	IBAN_LETTERS, /* letters or signs among the digits */
	IBAN_IS_CARD, /* a card number where an IBAN belongs */
	IBAN_SHORT, /* fewer than 24 digits */
	IBAN_LONG,
	IBAN_CHECK /* the check digits do not fit: a typing mistake */
};

enum card_flaw {
	CARD_OK,
	CARD_EMPTY,
	CARD_LETTERS,
	CARD_IS_IBAN, /* an IBAN where a card number belongs */
	CARD_SHORT, /* fewer than 16 digits */
	CARD_LONG,
	CARD_CHECK, /* the check digit does not fit: a typing mistake */
	CARD_BANK /* filled: no bank of Iran that is known here; new banks do appear */
};

enum mobile_flaw {
	MOBILE_OK,
	MOBILE_EMPTY,
	MOBILE_LETTERS,
	MOBILE_FOREIGN, /* a country code that is not 98 */
	MOBILE_LANDLINE, /* an area code: no SMS goes there */
	MOBILE_SHORT,
	MOBILE_LONG,
	MOBILE_RANGE /* filled: 095 to 098 are given to no operator; ask before using it */
};

enum national_id_flaw {
	NATIONAL_ID_OK,
	NATIONAL_ID_EMPTY,
	NATIONAL_ID_LETTERS,
	NATIONAL_ID_SHORT, /* fewer than 8 digits; 8 and 9 get their lost leading zeros back */
	NATIONAL_ID_LONG,
	NATIONAL_ID_FAKE, /* one digit repeated, or zeros in the middle */
	NATIONAL_ID_CHECK /* the check digit does not fit: a typing mistake */
};

/* Writes "IR" and 24 digits. A missing "IR" is added. */
enum iban_flaw iban_read(const char *text, char out[IBAN_BYTES]);

/* Writes 16 digits. */
enum card_flaw card_read(const char *text, char out[CARD_BYTES]);

/* Writes "09" and 9 digits from +98…, 0098…, 98…, 09… or 9…. */
enum mobile_flaw mobile_read(const char *text, char out[MOBILE_BYTES]);

/* Writes 10 digits. */
enum national_id_flaw national_id_read(const char *text, char out[NATIONAL_ID_BYTES]);

/* The bank that gave a card (whose last digits may be masked), by its code in an IBAN; "" when it is not known. A bank
 * that was merged counts as the one that it is part of now. */
const char *card_bank(const char *card);
/* The same of a well-formed IBAN; false for what is none. */
bool iban_bank(const char *iban, char out[BANK_CODE_BYTES]);

#endif
