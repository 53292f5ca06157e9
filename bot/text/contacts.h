/* Phones, card numbers and IBANs in the middle of what people write. */
#ifndef SEPAREX_CONTACTS_H
#define SEPAREX_CONTACTS_H

#include <stdbool.h>
#include <stddef.h>

enum contact_kind { CONTACT_PHONE = 1, CONTACT_CARD, CONTACT_IBAN };

enum { CONTACT_BYTES = 27 };

struct contact {
	enum contact_kind kind;
	size_t start, end; /* bytes of the text, with the "+" or "IR" before the digits */
	char value[CONTACT_BYTES]; /* the normal form of identity.h; "" for a landline or a number with a slip */
};

/* Finds the next one at or behind byte `at`: in Persian digits too, in groups with spaces, dashes or brackets. A card
 * or an IBAN whose check digits do not fit is one with a slip when it has a card's or an IBAN's form. False at the end.
 */
bool contact_next(const char *text, size_t at, struct contact *out);

/* A copy on ctx in which each digit of a contact is a dot. */
char *contacts_mask(const void *ctx, const char *text);

#endif
