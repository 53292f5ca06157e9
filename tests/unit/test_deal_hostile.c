/* Ways in which somebody might cheat the deal machine or wedge it: each was, or could have been, a hole. */
#include "deal_world.h"

static struct outcome credit(struct deal *d, int64_t amount, int row)
{
	struct event e = event_for(d, EVENT_CREDIT, ROLE_BANK);

	e.amount = rial_of(amount);
	return take_at(d, &e, row, NOW);
}

static struct outcome propose(struct deal *d, enum role by, const struct deal_terms *t)
{
	struct event e = event_for(d, EVENT_PROPOSE_AMEND, by);

	e.terms = t;
	return take_at(d, &e, 55, NOW);
}

/* A price rise is accepted; before it is paid one side drops it and proposes other terms with the same sum. The top-up
 * must not bring those into force. */
START_TEST(topup_brings_only_accepted_terms)
{
	struct deal_terms trap = terms_other;
	struct event again;
	struct deal d;

	trap.inspection_h = 1;
	strcpy(trap.hash, "trap");
	deal_in(&d, DEAL_FUNDED);
	propose(&d, ROLE_SELLER, &terms_other);
	take(&d, EVENT_ACCEPT_AMEND, ROLE_BUYER, 55);
	ck_assert(d.topup_wanted);
	again = event_for(&d, EVENT_PROPOSE_AMEND, ROLE_SELLER);
	again.terms = &trap;
	refused_event(&d, &again, REFUSAL_ALREADY);
	take(&d, EVENT_REFUSE_AMEND, ROLE_SELLER, 121);
	propose(&d, ROLE_SELLER, &trap);
	credit(&d, 2020000 - DUE, 14);
	ck_assert_str_eq(d.terms.hash, "first");
	ck_assert_int_eq(rial_raw(d.held), DUE);
	ck_assert_int_eq(rial_raw(d.refund), 2020000 - DUE);
}
END_TEST

/* A problem reported and withdrawn again and again cannot keep the seller from a mediator. */
START_TEST(report_and_withdraw_in_turn)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_DELIVERED);
	take(&d, EVENT_REPORT, ROLE_BUYER, 30);
	refused(&d, EVENT_ESCALATE, ROLE_SELLER, REFUSAL_TOO_EARLY);
	for (int hours = 23; hours < 72; hours += 23) {
		e = event_for(&d, EVENT_WITHDRAW, ROLE_BUYER);
		take_at(&d, &e, 33, NOW + hours * HOUR_MS);
		e = event_for(&d, EVENT_REPORT, ROLE_BUYER);
		take_at(&d, &e, 30, NOW + hours * HOUR_MS);
	}
	e = event_for(&d, EVENT_ESCALATE, ROLE_SELLER);
	take_at(&d, &e, 35, NOW + 47 * HOUR_MS);
}
END_TEST

/* A part payment is recalled, more comes while the deal is frozen, and the recall turns out to be nothing: the hold
 * never exceeds what is due, and nothing is lost. */
START_TEST(money_while_frozen)
{
	struct deal d;

	deal_in(&d, DEAL_AWAIT_PAY);
	credit(&d, PART, 10);
	take(&d, EVENT_RECALL, ROLE_BANK, 50);
	ck_assert_int_eq(rial_raw(d.held), 0);
	credit(&d, DUE - PART + 5000, 117);
	ck_assert_int_eq(d.state, DEAL_PAY_REVIEW);
	credit(&d, 77, 122);
	take(&d, EVENT_UNFREEZE, ROLE_MEDIATOR, 51);
	ck_assert_int_eq(rial_raw(d.held), PART);
	take(&d, EVENT_REVIEW_CONFIRM, ROLE_MEDIATOR, 16);
	ck_assert_int_eq(d.state, DEAL_FUNDED);
	ck_assert_int_eq(rial_raw(d.held), DUE);
	ck_assert_int_eq(rial_raw(d.suspense), 0);
	ck_assert_int_eq(rial_raw(d.refund), 5077);
}
END_TEST

/* The seller of a frozen deal is never told that it is paid. */
START_TEST(frozen_is_not_funded)
{
	struct deal d;

	deal_in(&d, DEAL_AWAIT_PAY);
	take(&d, EVENT_FREEZE, ROLE_MEDIATOR, 51);
	credit(&d, DUE, 117);
	ck_assert_int_eq(d.state, DEAL_PAY_REVIEW);
	take(&d, EVENT_UNFREEZE, ROLE_MEDIATOR, 51);
	take(&d, EVENT_REVIEW_REJECT, ROLE_MEDIATOR, 16);
	ck_assert_int_eq(rial_raw(d.refund), DUE);
}
END_TEST

/* The buyer's wish to keep a late-paid deal ends with the money it was for. */
START_TEST(late_wish_is_not_kept)
{
	struct deal d;

	deal_in(&d, DEAL_EXPIRED);
	credit(&d, DUE, 18);
	take(&d, EVENT_KEEP_LATE, ROLE_BUYER, 18);
	take(&d, EVENT_LATE_OVER, ROLE_TIMER, 18);
	credit(&d, DUE, 18);
	take(&d, EVENT_KEEP_LATE, ROLE_SELLER, 18);
	ck_assert_int_eq(d.state, DEAL_EXPIRED);
}
END_TEST

/* A stranger's money cannot enter by the side door of a lapsed deal. */
START_TEST(late_money_of_a_stranger)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_EXPIRED);
	e = event_for(&d, EVENT_CREDIT_FOREIGN, ROLE_BANK);
	e.amount = rial_of(DUE);
	take_at(&d, &e, 113, NOW);
	ck_assert_int_eq(rial_raw(d.suspense), 0);
	ck_assert_int_eq(rial_raw(d.refund), DUE);
	refused(&d, EVENT_KEEP_LATE, ROLE_BUYER, REFUSAL_NOT_NOW);
}
END_TEST

/* A deal that both never agreed to is not revived by money. */
START_TEST(late_money_for_no_agreement)
{
	struct deal d;

	deal_in(&d, DEAL_OFFERED);
	take(&d, EVENT_DECLINE, ROLE_BUYER, 6);
	credit(&d, DUE, 18);
	refused(&d, EVENT_KEEP_LATE, ROLE_SELLER, REFUSAL_NOT_NOW);
	refused(&d, EVENT_KEEP_LATE, ROLE_BUYER, REFUSAL_NOT_NOW);
}
END_TEST

/* More time is added, however early it is granted; no other clock moves. */
START_TEST(extension_never_shortens)
{
	struct deal d;
	struct outcome o;

	deal_in(&d, DEAL_FUNDED);
	take(&d, EVENT_CANCEL, ROLE_BUYER, 23);
	take(&d, EVENT_ASK_EXTENSION, ROLE_SELLER, 19);
	o = take(&d, EVENT_GRANT_EXTENSION, ROLE_BUYER, 19);
	ck_assert_uint_eq(o.n_effects, 2);
	ck_assert_int_eq(o.effects[0].timer, TIMER_CANCEL);
	ck_assert_int_eq(o.effects[0].due_ms, 0);
	ck_assert_int_eq(o.effects[1].kind, EFFECT_SHIFT_TIMERS);
	refused(&d, EVENT_CANCEL_SILENCE, ROLE_TIMER, REFUSAL_ASKED_FIRST);
	refused(&d, EVENT_ASK_EXTENSION, ROLE_SELLER, REFUSAL_ONCE_ONLY);
}
END_TEST

/* A foreign parcel's code: its carrier's "delivered" proves nothing while the code is in doubt. */
START_TEST(doubtful_parcel_never_releases)
{
	struct deal d;

	deal_in(&d, DEAL_SHIPPED);
	take(&d, EVENT_TRACKING_BAD, ROLE_CARRIER, 24);
	refused(&d, EVENT_DELIVER, ROLE_CARRIER, REFUSAL_NOT_NOW);
	take(&d, EVENT_SAY_DELIVERED, ROLE_SELLER, 104);
	refused(&d, EVENT_DELIVER, ROLE_CARRIER, REFUSAL_NOT_NOW);
	take(&d, EVENT_INSPECTION_END, ROLE_TIMER, 29);
	ck_assert_int_eq(d.state, DEAL_DELIVERED);
	take(&d, EVENT_INSPECTION_END, ROLE_TIMER, 29);
	take(&d, EVENT_INSPECTION_END, ROLE_TIMER, 114);
	ck_assert_int_eq(d.state, DEAL_DISPUTED);
}
END_TEST

/* Terms agreed under an older text, or an amount that was proposed before. */
START_TEST(old_buttons)
{
	struct deal d, before;
	struct event e;

	deal_in(&d, DEAL_OFFERED);
	e = event_for(&d, EVENT_AGREE, ROLE_BUYER);
	e.hash = "first";
	take(&d, EVENT_COUNTER, ROLE_SELLER, 4);
	refused_event(&d, &e, REFUSAL_TERMS_CHANGED);
	deal_in(&d, DEAL_ISSUE);
	take(&d, EVENT_PROPOSE_MONEY, ROLE_BUYER, 31);
	e = event_for(&d, EVENT_ACCEPT_MONEY, ROLE_SELLER);
	before = d;
	d.offer_to_buyer = rial_of(PRICE);
	refused_event(&d, &e, REFUSAL_TERMS_CHANGED);
	take_at(&before, &e, 31, NOW);
}
END_TEST

/* An appeal is heard by somebody else, also as the second person. */
START_TEST(appeal_by_another)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_RULED);
	take(&d, EVENT_APPEAL, ROLE_BUYER, 44);
	e = event_for(&d, EVENT_RULE, ROLE_MEDIATOR);
	refused_event(&d, &e, REFUSAL_OTHER_MEDIATOR);
	e.actor_id = OTHER;
	e.second_id = MEDIATOR;
	refused_event(&d, &e, REFUSAL_OTHER_MEDIATOR);
	e.second_id = 0;
	take_at(&d, &e, 43, NOW);
	refused(&d, EVENT_APPEAL, ROLE_SELLER, REFUSAL_ONCE_ONLY);
}
END_TEST

/* An admin begins a deal for two others and can neither agree for them nor take part in it after the money. */
START_TEST(deal_of_an_admin)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_NONE);
	take(&d, EVENT_CREATE, ROLE_ADMIN, 1);
	take(&d, EVENT_PUBLISH, ROLE_ADMIN, 2);
	ck_assert(!d.buyer_agreed && !d.seller_agreed && !d.buyer_id && !d.seller_id);
	take(&d, EVENT_JOIN, ROLE_SELLER, 3);
	refused(&d, EVENT_AGREE, ROLE_SELLER, REFUSAL_SEAT_EMPTY);
	e = event_for(&d, EVENT_JOIN, ROLE_BUYER);
	e.actor_id = SELLER;
	refused_event(&d, &e, REFUSAL_SELF);
	take(&d, EVENT_JOIN, ROLE_BUYER, 3);
	take(&d, EVENT_AGREE, ROLE_BUYER, 5);
	ck_assert_int_eq(d.state, DEAL_OFFERED);
	take(&d, EVENT_AGREE, ROLE_SELLER, 5);
	ck_assert_int_eq(d.state, DEAL_AGREED);
	deal_in(&d, DEAL_FUNDED);
	refused(&d, EVENT_ADMIN_CANCEL, ROLE_ADMIN, REFUSAL_NOT_NOW);
}
END_TEST

/* A payout that ripened during a freeze, or came back, is asked for again. */
START_TEST(payout_is_never_forgotten)
{
	struct deal d;
	struct outcome o;

	deal_in(&d, DEAL_PAYOUT_DUE);
	take(&d, EVENT_PAYOUT_RIPE, ROLE_TIMER, 110);
	take(&d, EVENT_FREEZE, ROLE_MEDIATOR, 51);
	refused(&d, EVENT_PAYOUT_SENT, ROLE_SYSTEM, REFUSAL_FROZEN);
	o = take(&d, EVENT_UNFREEZE, ROLE_MEDIATOR, 51);
	ck_assert_int_eq(o.effects[o.n_effects - 1].timer, TIMER_PAYOUT);
	take(&d, EVENT_PAYOUT_RIPE, ROLE_TIMER, 110);
	take(&d, EVENT_PAYOUT_SENT, ROLE_SYSTEM, 46);
	refused(&d, EVENT_PAYOUT_RIPE, ROLE_TIMER, REFUSAL_ALREADY);
	refused(&d, EVENT_PAYOUT_SENT, ROLE_SYSTEM, REFUSAL_AMOUNT);
	o = take(&d, EVENT_PAYOUT_RETURNED, ROLE_BANK, 48);
	ck_assert_int_eq(o.effects[o.n_effects - 1].timer, TIMER_PAYOUT);
	ck_assert_int_eq(o.effects[o.n_effects - 1].due_ms, NOW + HOUR_MS);
}
END_TEST

/* A frozen deal that the bank ends can still be reported as a fraud. */
START_TEST(frozen_end_can_be_reported)
{
	struct deal d;

	deal_in(&d, DEAL_REFUND_DUE);
	take(&d, EVENT_FREEZE, ROLE_MEDIATOR, 51);
	take(&d, EVENT_REFUND_DONE, ROLE_BANK, 49);
	ck_assert_int_eq(d.state, DEAL_REFUNDED);
	take(&d, EVENT_REPORT_FRAUD, ROLE_BUYER, 56);
}
END_TEST

/* Sums at the end of 64 bits are refused, in every state, and what was there stays. */
START_TEST(endless_sums)
{
	static const int64_t sums[] = {INT64_MIN, -1, 0, INT64_MAX};
	struct deal d;

	for (int s = DEAL_DRAFT; s < DEAL_STATE_END; s++)
		for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
			for (int k = EVENT_CREDIT; k <= EVENT_CREDIT_FOREIGN; k++) {
				struct event e;

				deal_in(&d, (enum deal_state)s);
				d.paid_in = rial_of(DUE);
				e = event_for(&d, (enum event_kind)k, ROLE_BANK);
				e.amount = rial_of(sums[i]);
				refused_event(&d, &e, REFUSAL_AMOUNT);
			}
	/* The largest that fits is taken. */
	deal_in(&d, DEAL_AWAIT_PAY);
	credit(&d, INT64_MAX, 13);
	ck_assert_int_eq(rial_raw(d.held), DUE);
	ck_assert_int_eq(rial_raw(d.refund), INT64_MAX - DUE);
	ck_assert_int_eq(rial_raw(d.paid_in), INT64_MAX);
}
END_TEST

/* Terms that would end the process later are refused at the door, and the limit counts what the buyer pays. */
START_TEST(senseless_terms)
{
	static const struct {
		int64_t price, fee;
		int payer, ship_h, inspection_h;
		bool fine;
	} cases[] = {
		{INT64_MAX, 0, FEE_BY_BUYER, 72, 48, false},
		{INT64_MAX, INT64_MAX / 100, FEE_BY_BUYER, 72, 48, false},
		{INT64_MIN, 0, FEE_BY_BUYER, 72, 48, false},
		{0, 0, FEE_BY_BUYER, 72, 48, false},
		{PRICE, -10, FEE_BY_HALF, 72, 48, false},
		{PRICE, INT64_MIN, FEE_BY_BUYER, 72, 48, false},
		{PRICE, INT64_MAX, FEE_BY_BUYER, 72, 48, false},
		{PRICE, FEE + 1, FEE_BY_BUYER, 72, 48, false},
		{PRICE, FEE, FEE_BY_BUYER, 72, 48, true},
		{PRICE, FEE, 0, 72, 48, false},
		{PRICE, FEE, 4, 72, 48, false},
		{PRICE, FEE, FEE_BY_HALF, 241, 48, false},
		{PRICE, FEE, FEE_BY_HALF, 240, 720, true},
		{PRICE, FEE, FEE_BY_HALF, -1, 48, false},
		{PRICE, FEE, FEE_BY_HALF, 72, 0, false},
		{99999, 0, FEE_BY_HALF, 72, 48, false},
		{100000, 0, FEE_BY_HALF, 72, 48, true},
		{500000000, 0, FEE_BY_BUYER, 72, 48, true},
		{500000000, 5000000, FEE_BY_SELLER, 72, 48, true},
		{499999990, 10, FEE_BY_BUYER, 72, 48, true},
		{499999990, 20, FEE_BY_BUYER, 72, 48, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct deal_terms t = {.price = {cases[i].price},
				       .fee = {cases[i].fee},
				       .fee_payer = (enum fee_payer)cases[i].payer,
				       .ship_h = cases[i].ship_h,
				       .inspection_h = cases[i].inspection_h,
				       .hash = "x"};
		struct deal d;
		struct event e;

		deal_in(&d, DEAL_COUNTERED);
		e = event_for(&d, EVENT_COUNTER, ROLE_BUYER);
		e.terms = &t;
		if (cases[i].fine)
			take_at(&d, &e, 4, NOW);
		else
			refused_event(&d, &e, REFUSAL_AMOUNT);
	}
}
END_TEST

/* Above the limit one operator decides nothing. */
START_TEST(dear_deal_needs_two)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_DISPUTED);
	d.terms.price = policy.two_person_above;
	d.held = d.paid_in = terms_due(&d.terms);
	e = event_for(&d, EVENT_RULE, ROLE_MEDIATOR);
	e.second_id = 0;
	d.terms.price = rial_add(d.terms.price, rial_of(1));
	refused_event(&d, &e, REFUSAL_SECOND_PERSON);
	d.terms.price = policy.two_person_above;
	take_at(&d, &e, 43, NOW);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal: hostile");
	TCase *t = tcase_create("hostile");

	tcase_add_test(t, topup_brings_only_accepted_terms);
	tcase_add_test(t, report_and_withdraw_in_turn);
	tcase_add_test(t, money_while_frozen);
	tcase_add_test(t, frozen_is_not_funded);
	tcase_add_test(t, late_wish_is_not_kept);
	tcase_add_test(t, late_money_of_a_stranger);
	tcase_add_test(t, late_money_for_no_agreement);
	tcase_add_test(t, extension_never_shortens);
	tcase_add_test(t, doubtful_parcel_never_releases);
	tcase_add_test(t, old_buttons);
	tcase_add_test(t, appeal_by_another);
	tcase_add_test(t, deal_of_an_admin);
	tcase_add_test(t, payout_is_never_forgotten);
	tcase_add_test(t, frozen_end_can_be_reported);
	tcase_add_test(t, endless_sums);
	tcase_add_test(t, senseless_terms);
	tcase_add_test(t, dear_deal_needs_two);
	suite_add_tcase(s, t);
	return tap_run(s);
}
