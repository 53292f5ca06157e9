/* What the deal table does not allow: pairs without a row, wrong seats and persons, frozen deals; and the facts about
 * states, events and timers. */
#include "deal_world.h"

/* Whether the table has a row for the pair at all, and one for this role. */
static bool has_row(enum deal_state s, enum event_kind k, bool *for_role, enum role role)
{
	bool any = false;

	*for_role = false;
	for (size_t i = 0; i < deal_n_rows; i++)
		if (deal_rows[i].event == k && deal_rows[i].from & UINT32_C(1) << s) {
			any = true;
			*for_role |= (deal_rows[i].actors & 1U << role) != 0;
		}
	return any;
}

START_TEST(no_row_no_change)
{
	for (int s = DEAL_NONE; s < DEAL_STATE_END; s++)
		for (int k = 0; k < EVENT_KIND_END; k++) {
			int role = _i;
			bool for_role,
				any = has_row((enum deal_state)s, (enum event_kind)k, &for_role, (enum role)role);
			struct deal d;
			struct event e;
			struct outcome o;

			if (for_role)
				continue;
			deal_in(&d, (enum deal_state)s);
			if (s == DEAL_NONE || s == DEAL_DRAFT) { /* seats that a person may claim */
				d.buyer_id = BUYER;
				d.seller_id = SELLER;
			}
			e = event_for(&d, (enum event_kind)k, (enum role)role);
			deal_apply(&d, &e, &policy, NOW, &o);
			ck_assert_msg(o.refusal == (any || role == ROLE_NOBODY ? REFUSAL_NOT_YOURS : REFUSAL_NOT_NOW),
				      "%s in %s by role %d: refusal %d", event_name(e.kind), deal_state_name(d.state),
				      role, o.refusal);
			check_refused(&d, &o);
		}
}
END_TEST

/* Tries an event as somebody whom the seat does not belong to. */
static void try_as(const struct deal *d, struct event e, int64_t person, enum refusal why)
{
	e.actor_id = person;
	refused_event(d, &e, why);
}

static void try_wrong_persons(const struct deal *d, const struct event *e)
{
	if (e->role == ROLE_MEDIATOR) {
		try_as(d, *e, BUYER, REFUSAL_PARTY);
		try_as(d, *e, SELLER, REFUSAL_PARTY);
		try_as(d, *e, 0, REFUSAL_NOT_YOURS);
	} else if (e->role == ROLE_BUYER || e->role == ROLE_SELLER) {
		try_as(d, *e, STRANGER, REFUSAL_NOT_YOURS);
		try_as(d, *e, e->role == ROLE_BUYER ? SELLER : BUYER, REFUSAL_NOT_YOURS);
		try_as(d, *e, MEDIATOR, REFUSAL_NOT_YOURS);
		try_as(d, *e, 0, REFUSAL_NOT_YOURS);
	} else if (e->role == ROLE_ADMIN) {
		try_as(d, *e, 0, REFUSAL_NOT_YOURS);
	} else {
		try_as(d, *e, BUYER, REFUSAL_NOT_YOURS);
		try_as(d, *e, STRANGER, REFUSAL_NOT_YOURS);
	}
}

START_TEST(wrong_persons)
{
	const struct deal_row *row = &deal_rows[_i];

	for (int s = DEAL_NONE; s < DEAL_STATE_END; s++)
		for (int role = ROLE_BUYER; role < ROLE_END; role++) {
			struct deal d;
			struct event e;

			if (!(row->from & UINT32_C(1) << s) || !(row->actors & 1U << role))
				continue;
			deal_in(&d, (enum deal_state)s);
			if (s != DEAL_NONE) {
				d.buyer_id = BUYER;
				d.seller_id = SELLER;
			}
			e = event_for(&d, row->event, (enum role)role);
			if (row->event == EVENT_CREATE || row->event == EVENT_JOIN)
				try_as(&d, e, 0, REFUSAL_NOT_YOURS);
			else
				try_wrong_persons(&d, &e);
		}
}
END_TEST

START_TEST(nobody_on_an_empty_seat)
{
	struct deal d;

	deal_in(&d, DEAL_OFFERED);
	d.buyer_id = 0;
	try_as(&d, event_for(&d, EVENT_AGREE, ROLE_BUYER), 0, REFUSAL_NOT_YOURS);
	try_as(&d, event_for(&d, EVENT_AGREE, ROLE_BUYER), STRANGER, REFUSAL_NOT_YOURS);
	try_as(&d, event_for(&d, EVENT_DECLINE, ROLE_BUYER), STRANGER, REFUSAL_NOT_YOURS);
	/* The seller opens the own link and would sit on both seats. */
	try_as(&d, event_for(&d, EVENT_JOIN, ROLE_BUYER), SELLER, REFUSAL_SELF);
}
END_TEST

static bool is_bank_fact(enum event_kind k)
{
	static const enum event_kind facts[] = {EVENT_CREDIT,          EVENT_CREDIT_FOREIGN, EVENT_PAYOUT_DONE,
						EVENT_PAYOUT_RETURNED, EVENT_PAYOUT_BOUNCED, EVENT_REFUND_BOUNCED,
						EVENT_REFUND_DONE,     EVENT_RECALL};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (facts[i] == k)
			return true;
	return false;
}

START_TEST(frozen_refuses)
{
	for (int s = DEAL_DRAFT; s < DEAL_STATE_END; s++)
		for (int k = 1; k < EVENT_KIND_END; k++)
			for (int role = ROLE_BUYER; role < ROLE_END; role++) {
				struct deal d;
				struct event e;

				if (is_bank_fact((enum event_kind)k) || k == EVENT_UNFREEZE)
					continue;
				deal_in(&d, (enum deal_state)s);
				d.buyer_id = BUYER;
				d.seller_id = SELLER;
				d.frozen = true;
				e = event_for(&d, (enum event_kind)k, (enum role)role);
				refused_event(&d, &e, REFUSAL_FROZEN);
			}
}
END_TEST

START_TEST(frozen_takes_bank_facts)
{
	struct deal d;
	struct event e;

	deal_in(&d, DEAL_FUNDED);
	d.frozen = true;
	take(&d, EVENT_CREDIT, ROLE_BANK, 14);
	take(&d, EVENT_CREDIT_FOREIGN, ROLE_BANK, 113);
	take(&d, EVENT_REFUND_DONE, ROLE_BANK, 115);
	take(&d, EVENT_RECALL, ROLE_BANK, 50);
	ck_assert(d.frozen);
	deal_in(&d, DEAL_PAYOUT_DUE);
	take(&d, EVENT_PAYOUT_SENT, ROLE_SYSTEM, 46);
	take(&d, EVENT_FREEZE, ROLE_MEDIATOR, 51);
	take(&d, EVENT_PAYOUT_RETURNED, ROLE_BANK, 48);
	refused(&d, EVENT_PAYOUT_SENT, ROLE_SYSTEM, REFUSAL_FROZEN);
	refused(&d, EVENT_PAYOUT_RIPE, ROLE_TIMER, REFUSAL_FROZEN);
	/* Nobody thaws alone, and no party does. */
	e = event_for(&d, EVENT_UNFREEZE, ROLE_MEDIATOR);
	e.second_id = 0;
	refused_event(&d, &e, REFUSAL_SECOND_PERSON);
	e.second_id = BUYER;
	refused_event(&d, &e, REFUSAL_PARTY);
	take(&d, EVENT_UNFREEZE, ROLE_MEDIATOR, 51);
	take(&d, EVENT_PAYOUT_RIPE, ROLE_TIMER, 110);
}
END_TEST

START_TEST(rows_make_sense)
{
	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];

		ck_assert_int_gt(row->number, 0);
		ck_assert_uint_ne(row->from, 0);
		ck_assert_uint_lt(row->from, UINT32_C(1) << DEAL_STATE_END);
		ck_assert_uint_ne(row->actors, 0);
		ck_assert_uint_lt(row->actors, 1U << ROLE_END);
		ck_assert(!(row->actors & 1U << ROLE_NOBODY));
		ck_assert_int_lt(row->next, DEAL_STATE_END);
		ck_assert_uint_lt(row->tell, 8);
		/* Only both sides' wish moves a deal out of a final state, or a payout that comes back. */
		for (int s = DEAL_COMPLETED; s < DEAL_STATE_END; s++)
			if (row->from & UINT32_C(1) << s && row->next != DEAL_NONE)
				ck_assert(row->event == EVENT_KEEP_LATE || row->event == EVENT_PAYOUT_BOUNCED ||
					  row->event == EVENT_REFUND_BOUNCED);
	}
}
END_TEST

/* An entry that can never be chosen is a mistake: no earlier one without a guard takes all it has. */
START_TEST(no_row_is_hidden)
{
	for (size_t i = 0; i < deal_n_rows; i++)
		for (size_t j = i + 1; j < deal_n_rows; j++)
			if (!deal_rows[i].guard && deal_rows[i].event == deal_rows[j].event)
				ck_assert_msg(!(deal_rows[i].from & deal_rows[j].from) ||
						      !(deal_rows[i].actors & deal_rows[j].actors),
					      "entry %zu, row %d hides entry %zu, row %d", i, deal_rows[i].number, j,
					      deal_rows[j].number);
}
END_TEST

START_TEST(timers_mean_something)
{
	bool seen[EVENT_KIND_END] = {false};

	for (int t = TIMER_DRAFT; t < TIMER_KIND_END; t++) {
		enum event_kind k = timer_event((enum timer_kind)t);
		bool by_timer = false;

		ck_assert(!seen[k]);
		seen[k] = true;
		for (size_t i = 0; i < deal_n_rows; i++)
			by_timer |= deal_rows[i].event == k && deal_rows[i].actors & 1U << ROLE_TIMER;
		ck_assert_msg(by_timer, "timer %d ends in nothing", t);
		ck_assert_uint_lt(timer_reminds((enum timer_kind)t), 8);
	}
	for (size_t i = 0; i < deal_n_rows; i++)
		ck_assert_msg(!(deal_rows[i].actors & 1U << ROLE_TIMER) || seen[deal_rows[i].event],
			      "row %d waits for a timer that nobody sets", deal_rows[i].number);
	ck_assert(!timer_is_punitive(TIMER_PAYOUT));
	ck_assert(!timer_is_punitive(TIMER_RULING));
	ck_assert(!timer_is_punitive(TIMER_ARRIVAL));
	ck_assert(timer_is_punitive(TIMER_INSPECTION));
	ck_assert(timer_is_punitive(TIMER_SHIP));
	ck_assert_uint_eq(timer_reminds(TIMER_SHIP), TELL_SELLER);
	ck_assert_uint_eq(timer_reminds(TIMER_INSPECTION), TELL_BUYER);
}
END_TEST

START_TEST(names_and_facts)
{
	struct deal d;

	for (int s = DEAL_NONE; s < DEAL_STATE_END; s++) {
		ck_assert_ptr_nonnull(deal_state_name((enum deal_state)s));
		for (int other = DEAL_NONE; other < s; other++)
			ck_assert_str_ne(deal_state_name((enum deal_state)s), deal_state_name((enum deal_state)other));
		deal_in(&d, (enum deal_state)s);
		ck_assert_int_eq(deal_has_money(&d), s >= DEAL_PAY_REVIEW && s < DEAL_COMPLETED);
		ck_assert_int_eq(deal_is_final((enum deal_state)s), s >= DEAL_COMPLETED);
	}
	for (int k = 1; k < EVENT_KIND_END; k++)
		for (int other = 1; other < k; other++)
			ck_assert_str_ne(event_name((enum event_kind)k), event_name((enum event_kind)other));
	ck_assert_str_eq(deal_state_name(DEAL_FUNDED), "FUNDED");
	ck_assert_str_eq(event_name(EVENT_SHIP), "SHIP");
}
END_TEST

/* Each field of the terms is in the name of the terms. */
START_TEST(hash_names_the_terms)
{
	struct deal_terms t[8];

	for (int i = 0; i < 8; i++)
		t[i] = terms_first;
	t[1].price = rial_of(PRICE + 1);
	t[2].fee = rial_of(FEE + 10);
	t[3].fee_payer = FEE_BY_BUYER;
	t[4].inspection_h++;
	t[5].ship_h++;
	for (int i = 0; i < 8; i++)
		terms_hash(&t[i], i == 6 ? "a phone " : "a phone");
	for (int i = 1; i < 7; i++)
		ck_assert_str_ne(t[i].hash, t[0].hash);
	ck_assert_str_eq(t[7].hash, t[0].hash);
	ck_assert_uint_eq(strlen(t[0].hash), DEAL_HASH_BYTES - 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal table");
	TCase *t = tcase_create("table");

	tcase_add_loop_test(t, no_row_no_change, ROLE_NOBODY, ROLE_END);
	tcase_add_loop_test(t, wrong_persons, 0, (int)deal_n_rows);
	tcase_add_test(t, nobody_on_an_empty_seat);
	tcase_add_test(t, frozen_refuses);
	tcase_add_test(t, frozen_takes_bank_facts);
	tcase_add_test(t, rows_make_sense);
	tcase_add_test(t, no_row_is_hidden);
	tcase_add_test(t, timers_mean_something);
	tcase_add_test(t, names_and_facts);
	tcase_add_test(t, hash_names_the_terms);
	suite_add_tcase(s, t);
	return tap_run(s);
}
