/* separex amount TEXT…: what the bot would read as a price. */
#ifndef SEPAREX_AMOUNT_COMMAND_H
#define SEPAREX_AMOUNT_COMMAND_H

/* Joins the `n` words with blanks and reads them as an amount. Prints "25000000 sure" or "25000000 confirm" (rial) and
 * returns 0; otherwise says on stderr why it is no amount and returns 1. */
int amount_command(int n, char **words);

#endif
