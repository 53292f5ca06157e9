/* What a buyer says of the card that they pay with, and whether the bank's word fits it. */
#ifndef SEPAREX_PAY_CARD_H
#define SEPAREX_PAY_CARD_H

#include <stdbool.h>

/* The last four digits in what was said, of the card or of the IBAN. */
const char *card_said_end(const char *said);
/* Whether a masked card is what was said: the same last four digits, or a card of the IBAN's bank (a card whose bank is
 * not known fits every IBAN). */
bool card_fits(const char *said, const char *mask);

#endif
