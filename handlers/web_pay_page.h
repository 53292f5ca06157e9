/* The payment page: what a buyer reads before, while and after paying. */
#ifndef SEPAREX_WEB_PAY_PAGE_H
#define SEPAREX_WEB_PAY_PAGE_H

#include "repo_payment.h"
#include "web_visit.h"

/* The page on the way to a bank: it goes on by itself, or by its button. */
void pay_page_send(struct visit *v, const struct gateway_redirect *where);

/* The page for a part of what is due, in the language of the visit. With the fields back and at (ms) of an
 * address that the bank's return made, an unpaid payment is shown as being asked about. */
void pay_page_show(struct visit *v, const struct payment *p, const struct deal_file *f);

#endif
