/* The payment page: what a buyer reads before, while and after paying. */
#ifndef SEPAREX_WEB_PAY_PAGE_H
#define SEPAREX_WEB_PAY_PAGE_H

#include "repo_payment.h"
#include "web_visit.h"

/* True when that payment can no longer be paid and another one may take its place. */
bool pay_page_ended(enum payment_state s);

/* The page for the newest payment of a deal, in the language of the visit. With the fields back and at (ms) of an
 * address that the bank's return made, an unpaid payment is shown as being asked about. */
void pay_page_show(struct visit *v, const struct payment *p, const struct deal_file *f);

#endif
