/* Money going out: payouts to sellers and refunds to buyers. Each has a track id that is stored before the bank hears
 * of it; what is unknown is looked up under that id and never sent again. */
#ifndef SEPAREX_MONEY_OUT_H
#define SEPAREX_MONEY_OUT_H

#include "money_in.h"
#include "repo_settlement.h"

/* Inserts a queued settlement under a new track id, which it fills in. 0, and the turn has failed, when it cannot be
 * kept. */
int64_t money_new_settlement(struct turn *t, struct settlement *s);

/* Whose account the payout rail empties: the payout gateway's, or our own at the bank ("bank"). */
const char *money_rail_account(const struct turn *t);
/* Whose account a settlement leaves. */
const char *money_settlement_account(struct turn *t, const struct settlement *s);

/* Lets a settlement go by its rail. One without an IBAN is given its person's when it leaves (money_work.c). */
void money_send_by_iban(struct turn *t, const struct settlement *s);

/* Has the bank asked now what became of a settlement that is on its way. */
void money_ask_about(struct turn *t, const struct settlement *s);

/* Whether money may be sent to this person: an IBAN is given, and it is theirs. */
bool money_payee_ready(struct turn *t, const struct person *payee);

/* Whether the deal's payout waits for two treasurers; and their word. */
bool money_payout_needs_two(struct turn *t, const struct deal *d);
/* Whether something of the deal would leave, if it were not held since the store was restored (repo_restored.h). */
bool money_is_held(struct turn *t, const struct deal *d);
/* Either of the two: the treasurers' button is for both. */
bool money_waits_for_two(struct turn *t, const struct deal *d);
void money_payout_approved(struct turn *t, struct deal_file *f);

/* The treasurers found the payout in the bank's list under this number, after a restore: the bank is asked about it (or
 * its results tell of it), and nothing is ever sent. */
void money_payout_left(struct turn *t, struct deal_file *f, const char *track_id);

/* Starts the payout of all that is payable, if the seller's IBAN is known; otherwise asks for it. */
void money_pay_out(struct turn *t, struct deal_file *f);

/* By when the payout of a deal is in the seller's account, by the banks' cycles; 0 when it is in the time that is
 * always promised, when banks do not matter, or when nothing is on its way. */
int64_t money_arrives_late_ms(struct turn *t, const struct deal *d);
/* True while the newest payout of a deal waits for the next file for the bank. */
bool money_waits_for_file(struct turn *t, const struct deal *d);

/* A payout, or a refund to an IBAN, that was done has come back, by the bank's own word: it is owed again, and whose it
 * is is asked for another IBAN. False when it was not done, went along a payment, or the deal refuses. */
bool money_bounced(struct turn *t, const struct settlement *s);

/* Until when money to this person waits because the IBAN was changed, in ms; 0 when it does not. */
int64_t money_payout_waits_until(const struct person *payee);

/* The seller gave an IBAN: payouts of theirs that were only waiting for it start now. */
void money_iban_known(struct turn *t, int64_t person_id);

/* Sends `amount` back along the deal's payments: along `payment_id` first when it is not 0. */
void money_refund(struct turn *t, const struct deal_file *f, struct rial amount, int64_t payment_id);

/* What the bank answered to a call about settlement `s` (REFUND, PAYOUT and their inquiries). */
struct money_next money_out_answer(struct turn *t, const struct settlement *s, const struct gateway_call *call,
				   const struct gateway_result *r);

#endif
