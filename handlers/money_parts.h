/* What a buyer has to pay, in parts when it is more than one payment may carry; each part with its own page, and as
 * many tries at banks as it takes. */
#ifndef SEPAREX_MONEY_PARTS_H
#define SEPAREX_MONEY_PARTS_H

#include "gateway.h"
#include "parts.h"
#include "repo_payment.h"
#include "turn.h"

/* What the buyer has to pay in all: by the new terms when both agreed to a higher price (row 55). */
const struct deal_terms *money_terms(const struct deal *d);
struct rial money_due(const struct deal *d);
/* What of it has not come yet. */
struct rial money_missing(const struct deal *d);
/* Whether the deal takes a payment now. A price raised after payment is paid like any other sum. */
bool money_awaited(const struct deal *d);

/* Whether a paid deal's higher price can be paid in one more payment: ask before a person agrees to it. Row 55 knows no
 * top-up in parts. */
bool money_may_top_up(struct turn *t, const struct deal *d);

/* Plans parts for what is missing and not planned yet. The first bank is asked for a page at once where its page lives
 * as long as the buyer's time; otherwise when the buyer chooses one. */
void money_plan(struct turn *t, const struct deal_file *f);

/* Begins a try at the part of `p` through a bank: *p becomes the payment that is asked for. False when the part has had
 * MONEY_MAX_TRIES, or nothing is missing. */
bool money_start(struct turn *t, const struct deal_file *f, struct payment *p, const struct house_bank *bank);

/* Whether the buyer can go to the page that the bank opened for it. */
bool money_page_lives(const struct turn *t, const struct payment *p);

/* The part that is to be paid next: the first that is not credited. False when there is none. */
bool money_next_part(struct turn *t, const struct deal *d, struct payment *out);

/* The address of our page for a payment, and for the part to be paid next (the newest part when all are paid; NULL when
 * there is none). On ctx. */
const char *money_page_of(struct turn *t, const struct payment *p);
const char *money_page_url(struct turn *t, const struct deal_file *f);

/* Where a button beside the terms leads: on to the bank's page at once while that is open and it is the only thing to
 * do, and to our page otherwise. What is scanned or forwarded gets the page that says the terms. NULL as above. */
const char *money_pay_now_url(struct turn *t, const struct deal_file *f);

/* Whether the buyer must first say with which card. */
bool money_card_wanted(const struct turn *t, const struct person *buyer);

#endif
