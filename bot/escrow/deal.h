/* The deal machine: states, events, and deal_apply, the one place where a deal may change.
 * Pure: the same deal, event, policy and time always give the same outcome. Nothing here reads a clock, a store or a
 * chat. */
#ifndef SEPAREX_DEAL_H
#define SEPAREX_DEAL_H

#include "fee.h"
#include "ledger.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers are stored: only add. escrow-rules.md section 2.2. */
enum deal_state {
	DEAL_NONE = 0, /* not yet created */
	DEAL_DRAFT = 1,
	DEAL_OFFERED = 2,
	DEAL_COUNTERED = 3,
	DEAL_AGREED = 4,
	DEAL_AWAIT_PAY = 5,
	DEAL_PAY_REVIEW = 6,
	DEAL_PART_PAID = 7,
	DEAL_FUNDED = 8,
	DEAL_SHIPPED = 9,
	DEAL_DELIVERED = 10,
	DEAL_ISSUE = 11,
	DEAL_RETURN_DUE = 12,
	DEAL_RETURN_SENT = 13,
	DEAL_RETURN_CHECK = 14,
	DEAL_DISPUTED = 15,
	DEAL_RULED = 16,
	DEAL_PAYOUT_DUE = 17,
	DEAL_REFUND_DUE = 18,
	DEAL_SPLIT_DUE = 19,
	DEAL_COMPLETED = 20,
	DEAL_REFUNDED = 21,
	DEAL_SPLIT_CLOSED = 22,
	DEAL_CANCELLED = 23,
	DEAL_EXPIRED = 24,
	DEAL_STATE_END
};

/* Who acts. Numbers are stored: only add. */
enum role {
	ROLE_NOBODY = 0,
	ROLE_BUYER = 1,
	ROLE_SELLER = 2,
	ROLE_MEDIATOR = 3,
	ROLE_ADMIN = 4, /* of the group where the deal began */
	ROLE_TIMER = 5,
	ROLE_BANK = 6,
	ROLE_CARRIER = 7,
	ROLE_SYSTEM = 8,
	ROLE_END
};

/* What happens to a deal. Numbers are stored in its history: only add. The comment names the rows of section 2.3;
 * rows from 101 are ours and explained in deal_table.c. */
enum event_kind {
	EVENT_CREATE = 1, /* 1 */
	EVENT_DRAFT_EXPIRED = 2, /* 101 */
	EVENT_PUBLISH = 3, /* 2 */
	EVENT_JOIN = 4, /* 3 */
	EVENT_COUNTER = 5, /* 4 */
	EVENT_AGREE = 6, /* 5 */
	EVENT_DECLINE = 7, /* 6 */
	EVENT_OFFER_EXPIRED = 8, /* 6 */
	EVENT_ISSUE_PAYMENT = 9, /* 7 */
	EVENT_EXTEND_PAYMENT = 10, /* 102 */
	EVENT_RECEIPT = 11, /* 8 */
	EVENT_CREDIT = 12, /* 9, 10, 11, 13, 14, 18, 55 */
	EVENT_CREDIT_FOREIGN = 13, /* 15 */
	EVENT_REVIEW_CONFIRM = 14, /* 16 */
	EVENT_REVIEW_REJECT = 15, /* 16 */
	EVENT_PART_EXPIRED = 16, /* 12 */
	EVENT_ASK_BACK = 17, /* 12 */
	EVENT_PAY_EXPIRED = 18, /* 17 */
	EVENT_KEEP_LATE = 19, /* 18: one side wants the late-paid deal after all */
	EVENT_LATE_OVER = 20, /* 18 */
	EVENT_ASK_EXTENSION = 21, /* 19 */
	EVENT_GRANT_EXTENSION = 22, /* 19 */
	EVENT_SHIP = 23, /* 20 */
	EVENT_SHIP_EXPIRED = 24, /* 21 */
	EVENT_CANCEL = 25, /* 22, 23, 52 */
	EVENT_CANCEL_SILENCE = 26, /* 23 */
	EVENT_REFUSE_CANCEL = 27, /* 103 */
	EVENT_TRACKING_BAD = 28, /* 24 */
	EVENT_TRACKING_FIX = 29, /* 25 */
	EVENT_DELIVER = 30, /* 26 */
	EVENT_SAY_DELIVERED = 31, /* 104 */
	EVENT_ASK_ARRIVAL = 32, /* 105 */
	EVENT_NOT_YET = 33, /* 106 */
	EVENT_TRANSIT_LOST = 34, /* 27 */
	EVENT_ARRIVAL_OVERDUE = 35, /* 53 */
	EVENT_ACCEPT = 36, /* 28, 41 */
	EVENT_INSPECTION_END = 37, /* 29 */
	EVENT_REPORT = 38, /* 30 */
	EVENT_ANSWER = 39, /* 107: the seller's story */
	EVENT_PROPOSE_MONEY = 40, /* 31 */
	EVENT_ACCEPT_MONEY = 41, /* 31, 41 */
	EVENT_PROPOSE_RETURN = 42, /* 32 */
	EVENT_ACCEPT_RETURN = 43, /* 32 */
	EVENT_WITHDRAW = 44, /* 33 */
	EVENT_SELLER_SILENT = 45, /* 34 */
	EVENT_ESCALATE = 46, /* 35 */
	EVENT_NEGOTIATION_END = 47, /* 35 */
	EVENT_RETURN_SHIP = 48, /* 36 */
	EVENT_RETURN_EXPIRED = 49, /* 37 */
	EVENT_RETURN_DELIVER = 50, /* 38 */
	EVENT_RETURN_LOST = 51, /* 108 */
	EVENT_RETURN_ACCEPT = 52, /* 39, 41 */
	EVENT_RETURN_SILENT = 53, /* 39 */
	EVENT_RETURN_REJECT = 54, /* 40 */
	EVENT_ASK_INFO = 55, /* 42 */
	EVENT_INFO_SILENT = 56, /* 42 */
	EVENT_RULE = 57, /* 43 */
	EVENT_RULING_LATE = 58, /* 109 */
	EVENT_APPEAL = 59, /* 44 */
	EVENT_APPEAL_END = 60, /* 45 */
	EVENT_PAYOUT_RIPE = 61, /* 110 */
	EVENT_PAYOUT_SENT = 62, /* 46 */
	EVENT_PAYOUT_DONE = 63, /* 47 */
	EVENT_PAYOUT_RETURNED = 64, /* 48 */
	EVENT_REFUND_DONE = 65, /* 49 */
	EVENT_RECALL = 66, /* 50 */
	EVENT_FREEZE = 67, /* 51 */
	EVENT_UNFREEZE = 68, /* 51 */
	EVENT_PIN = 69, /* 54 */
	EVENT_PIN_WRONG = 70, /* 54 */
	EVENT_PROPOSE_AMEND = 71, /* 55 */
	EVENT_ACCEPT_AMEND = 72, /* 55 */
	EVENT_REPORT_FRAUD = 73, /* 56 */
	EVENT_ADMIN_CANCEL = 74, /* 57 */
	EVENT_EDIT_DRAFT = 75, /* 116 */
	EVENT_TURN_AWAY = 76, /* 119 */
	EVENT_SWAP_SEATS = 77, /* 120 */
	EVENT_REFUSE_AMEND = 78, /* 121 */
	EVENT_PAYOUT_BOUNCED = 79, /* 122 */
	EVENT_REFUND_BOUNCED = 80, /* 123 */
	EVENT_KIND_END
};

/* The clocks of a deal. Numbers are stored: only add. */
enum timer_kind {
	TIMER_DRAFT = 1,
	TIMER_OFFER = 2,
	TIMER_PAY = 3,
	TIMER_PART = 4,
	TIMER_LATE = 5,
	TIMER_SHIP = 6,
	TIMER_CANCEL = 7,
	TIMER_TRACKING = 8,
	TIMER_ARRIVAL = 9,
	TIMER_OVERDUE = 10,
	TIMER_TRANSIT = 11,
	TIMER_INSPECTION = 12,
	TIMER_ANSWER = 13,
	TIMER_NEGOTIATION = 14,
	TIMER_RETURN = 15,
	TIMER_RETURN_TRANSIT = 16,
	TIMER_RETURN_CHECK = 17,
	TIMER_INFO = 18,
	TIMER_RULING = 19,
	TIMER_APPEAL = 20,
	TIMER_PAYOUT = 21,
	TIMER_KIND_END
};

/* Numbers are stored: only add. */
enum ruling { RULING_NONE = 0, RULING_RELEASE = 1, RULING_REFUND = 2, RULING_SPLIT = 3, RULING_RETURN = 4 };

/* Who pays the carrier; that money never passes through us. Numbers are stored: only add. */
enum ship_payer { SHIP_BY_SELLER = 0, SHIP_BY_BUYER = 1 };

enum { DEAL_HASH_BYTES = 65, DEAL_MAX_EFFECTS = 24, DEAL_MAX_TRACKING_FIXES = 2, DEAL_MAX_PIN_TRIES = 5 };

/* What both sides agree to. `hash` names this very text (terms_hash). */
struct deal_terms {
	struct rial price, fee;
	enum fee_payer fee_payer;
	int inspection_h; /* hours */
	int ship_h; /* hours */
	enum ship_payer ship_payer;
	char hash[DEAL_HASH_BYTES];
};

struct deal {
	int64_t id;
	int64_t version; /* counts changes; named in every UPDATE's WHERE */
	enum deal_state state;
	enum role creator; /* ROLE_BUYER or ROLE_SELLER */
	int64_t buyer_id, seller_id; /* persons; 0 while the seat is empty */
	struct deal_terms terms;
	bool buyer_agreed, seller_agreed; /* to terms.hash */
	bool in_group; /* offered to whoever reads a group, not to one person */
	bool by_hand; /* handed over face to face with a PIN, not posted */

	/* Where the deal's money is: equal to the ledger's accounts of this deal, proven by the audit. */
	struct rial held, suspense, payable, refund, inflight;
	struct rial paid_in, fee_taken; /* sums over the deal's life */
	struct rial recalled; /* the part of suspense that came from HOLD by a recall */

	bool frozen;
	int64_t frozen_at_ms;
	enum role cancel_asked; /* ROLE_BUYER after the buyer asked to cancel a paid deal */
	bool payment_extended;
	bool late_ok_buyer, late_ok_seller; /* row 18: who wants the late-paid deal after all */
	bool extension_asked, extension_used;
	bool tracking_suspect;
	int tracking_fixes;
	bool delivery_proven; /* by the carrier, an operator who looked, or the buyer */
	bool said_delivered; /* the seller's word, which proves nothing */
	bool buyer_waiting; /* the buyer answered "not yet" */
	int asked_again; /* how often the end of an unproven inspection was turned into a question */
	int64_t inspection_ends_ms;
	int64_t inspection_left_ms;
	int64_t issue_since_ms;
	bool seller_answered;
	struct rial offer_to_buyer; /* row 31: the proposed part for the buyer */
	enum role offer_by, return_by; /* who proposed; ROLE_NOBODY for none */
	enum ruling ruling;
	struct rial ruling_to_buyer; /* RULING_SPLIT */
	int64_t ruled_by, ruled_second; /* the operators of the last ruling */
	bool ruling_late; /* nobody ruled in the mediator's time: the first operators may again */
	bool appealed;
	enum role info_wanted_from;
	int silences; /* counted against the side that was asked, row 42 */
	int pin_tries;
	struct deal_terms amended; /* row 55: proposed new terms */
	enum role amended_by;
	bool topup_wanted;
	int64_t closed_ms;
};

/* One event. `role` is the seat that the actor claims; deal_apply checks the claim against the deal. */
struct event {
	enum event_kind kind;
	enum role role;
	int64_t actor_id; /* person; 0 for machines */
	int64_t second_id; /* a second operator's approval, 0 for none */
	struct rial amount; /* CREDIT*, PAYOUT_*, REFUND_DONE, PROPOSE_MONEY (part for the buyer), RULE (same) */
	int64_t bank_id; /* CREDIT*, PAYOUT_DONE, REFUND_DONE: which BANK account */
	const char *hash; /* AGREE, ACCEPT_AMEND: the terms that were on the screen */
	const struct deal_terms *terms; /* CREATE, COUNTER, PROPOSE_AMEND */
	enum role creator; /* CREATE */
	bool in_group; /* PUBLISH */
	enum ruling ruling; /* RULE */
	enum role asked; /* ASK_INFO */
	int evidence; /* REPORT: how many photos or files came with it */
};

/* Why an event was refused; each has a text for the person who pressed. */
enum refusal {
	REFUSAL_NONE = 0,
	REFUSAL_NOT_NOW, /* this state has no such step */
	REFUSAL_NOT_YOURS, /* the step belongs to somebody else */
	REFUSAL_FROZEN,
	REFUSAL_AMOUNT, /* price out of limits */
	REFUSAL_SELF, /* the same person on both seats */
	REFUSAL_SEAT_TAKEN,
	REFUSAL_SEAT_EMPTY, /* nobody has joined yet */
	REFUSAL_TERMS_CHANGED, /* agreed to a text that is no longer the deal's */
	REFUSAL_ALREADY, /* done before */
	REFUSAL_TOO_EARLY,
	REFUSAL_TOO_LATE,
	REFUSAL_ONCE_ONLY, /* allowed once (or a stated number of times) and used up */
	REFUSAL_EVIDENCE, /* a photo or file is needed */
	REFUSAL_ASKED_FIRST, /* nobody proposed or asked what this accepts */
	REFUSAL_OWN_PROPOSAL,
	REFUSAL_SECOND_PERSON, /* above the limit two different operators must approve */
	REFUSAL_OTHER_MEDIATOR, /* an appeal is heard by somebody who did not rule before */
	REFUSAL_PARTY, /* an operator who is a party to the deal */
	REFUSAL_PIN_BLOCKED,
	REFUSAL_END
};

/* The numbers that the rules leave to the configuration; durations in ms. escrow-rules.md section 2.7. */
struct deal_policy {
	struct rial price_min; /* inclusive */
	struct rial due_max; /* inclusive: what one payment carries, the buyer's part of the fee included */
	struct rial two_person_above; /* rulings and reviews above this price need two operators */
	int64_t draft_ms, offer_ms, pay_ms, pay_extended_ms, part_ms, late_ms;
	int64_t extension_ms, cancel_ms, tracking_ms; /* tracking_ms 0: no carrier is asked, no such clock */
	int64_t arrival_ms, overdue_ms, transit_ms; /* overdue counts from the estimated arrival */
	int64_t ask_again_ms, inspection_rest_min_ms;
	int64_t answer_ms, escalate_ms, negotiation_ms;
	int64_t return_ms, return_transit_ms, return_check_ms;
	int64_t info_ms, ruling_ms, appeal_ms;
	int64_t payout_min_ms; /* from the deal's end to the payout */
	int64_t fraud_report_ms;
};

enum effect_kind {
	EFFECT_TRANSFER, /* post `transfer` to the ledger */
	EFFECT_TIMER, /* set `timer` to due_ms; 0 stops it */
	EFFECT_STOP_TIMERS, /* all of the deal's timers */
	EFFECT_SHIFT_TIMERS, /* all of the deal's timers move by `due_ms` (a freeze ended) */
	EFFECT_OPEN_PAYMENT, /* the buyer may pay `amount` until the pay timer ends */
	EFFECT_PAY_OUT, /* send `amount` from PAYABLE to the seller */
	EFFECT_SEND_REFUND, /* send `amount` from REFUND to the buyer */
	EFFECT_STRIKE /* a mark against `who` */
};

struct effect {
	enum effect_kind kind;
	struct transfer transfer;
	enum timer_kind timer;
	int64_t due_ms;
	struct rial amount;
	enum role who;
};

/* Bits of outcome.tell. */
enum { TELL_BUYER = 1, TELL_SELLER = 2, TELL_STAFF = 4 };

struct outcome {
	enum refusal refusal; /* REFUSAL_NONE: applied */
	int row; /* the row that applied, for the history */
	unsigned tell; /* who is to be told with attention; both cards are redrawn in any case */
	struct deal deal; /* the deal after the event; equal to the input when refused */
	size_t n_effects;
	struct effect effects[DEAL_MAX_EFFECTS];
};

/* One row of the table. Guards and steps are small functions in deal_table.c. */
struct deal_row {
	int number;
	uint32_t from; /* bit 1 << state */
	enum event_kind event;
	unsigned actors; /* bit 1 << role */
	enum refusal (*guard)(const struct deal *, const struct event *, const struct deal_policy *, int64_t now_ms);
	enum deal_state next; /* DEAL_NONE: the same */
	void (*step)(struct outcome *, const struct event *, const struct deal_policy *, int64_t now_ms);
	unsigned tell;
};

extern const struct deal_row deal_rows[];
extern const size_t deal_n_rows;

/* Applies `e` to `d`. Never fails otherwise than by `refusal`; then out->deal equals *d, with no effects. */
void deal_apply(const struct deal *d, const struct event *e, const struct deal_policy *p, int64_t now_ms,
		struct outcome *out);

/* Facts about states and timers. */
bool deal_is_final(enum deal_state s);
bool deal_has_money(const struct deal *d); /* any of the deal's accounts is not zero */
const char *deal_state_name(enum deal_state s); /* "FUNDED", for logs and operators */
const char *event_name(enum event_kind k); /* "SHIP" */
enum event_kind timer_event(enum timer_kind t); /* what a timer's end means */
bool timer_is_punitive(enum timer_kind t); /* its end takes something from a person: outage rules apply */
/* Whom the clock runs against: who is reminded at 50 % and 90 %; 0 bits for none. TELL_ bits. */
unsigned timer_reminds(enum timer_kind t);

/* What the buyer has to pay for `t`: price and the buyer's part of the fee. */
struct rial terms_due(const struct deal_terms *t);
/* What the seller gets at a full release: price less the seller's part of the fee. */
struct rial terms_payout(const struct deal_terms *t);

/* The name of the frozen terms: SHA-256 over a canonical text of title, price, fee, payers and times.
 * `title` is what both saw. */
void terms_hash(struct deal_terms *t, const char *title);

/* Where everything goes when `to_buyer` of the price is returned: the fee shrinks with the part that the seller keeps,
 * each part rounded down, the remainder is the buyer's. refund + payout + fee = held. Needs to_buyer <= price and
 * held >= terms_due. */
struct split {
	struct rial refund, payout, fee;
};
struct split deal_split(const struct deal *d, struct rial to_buyer);

#endif
