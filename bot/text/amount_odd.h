/* Digits that are no quantity though each group of them could be one: phones and card numbers. */
#ifndef SEPAREX_AMOUNT_ODD_H
#define SEPAREX_AMOUNT_ODD_H

#include "amount_lex.h"

/* Turns the tokens of phone numbers ("+98 912 123 4567", "021-88776655"), of card numbers and IBANs in groups of four
 * into TOKEN_ODD. `tokens` ends with TOKEN_END. */
void amount_odd_mark(struct token *tokens);

#endif
