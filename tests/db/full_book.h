/* A book with every kind of deal: running, ended, paid late, twice, in part, and by somebody else. */
#ifndef SEPAREX_FULL_BOOK_H
#define SEPAREX_FULL_BOOK_H

#include "book_fixture.h"

enum book_deal {
	COMPLETED = 1, /* 1,000,000 with a fee of 10,000 by half */
	REFUNDED,
	SPLIT,
	LATE, /* expired, and paid too late */
	OVERPAID, /* funded, and the excess still to be given back */
	RECALLED, /* frozen */
	DRAFT,
	PART_PAID,
	PAID_TWICE, /* completed, and paid once more */
	IN_REVIEW,
	LEAVING, /* the payout waits for its hour */
	BOOK_DEALS = LEAVING
};

static inline void completed(struct db_tx *tx)
{
	struct deal d = create_delivered(tx, 1000000, FEE_BY_HALF);

	MUST(tx, &d, BUYER, ACCEPT, );
	pay_out(tx, &d);
	ck_assert_int_eq(d.state, DEAL_COMPLETED);
}

static inline void refunded(struct db_tx *tx)
{
	struct deal d = create_funded(tx, 2000000, FEE_BY_BUYER);

	MUST(tx, &d, SELLER, CANCEL, );
	MUST(tx, &d, BANK, REFUND_DONE, .amount = d.refund);
	ck_assert_int_eq(d.state, DEAL_REFUNDED);
}

static inline void split(struct db_tx *tx)
{
	struct deal d = create_delivered(tx, 3000000, FEE_BY_SELLER);

	MUST(tx, &d, BUYER, REPORT, .evidence = 1);
	MUST(tx, &d, TIMER, NEGOTIATION_END, );
	MUST(tx, &d, MEDIATOR, RULE, .ruling = RULING_SPLIT, .amount = rial_of(1000000));
	MUST(tx, &d, TIMER, APPEAL_END, );
	MUST(tx, &d, BANK, REFUND_DONE, .amount = d.refund);
	pay_out(tx, &d);
	ck_assert_int_eq(d.state, DEAL_SPLIT_CLOSED);
}

static inline void late(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, 4000000, FEE_BY_BUYER);

	MUST(tx, &d, TIMER, PAY_EXPIRED, );
	MUST(tx, &d, BANK, CREDIT, .amount = terms_due(&d.terms));
}

static inline void overpaid(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, 5000000, FEE_BY_SELLER);

	MUST(tx, &d, BANK, CREDIT, .amount = rial_add(terms_due(&d.terms), rial_of(700)));
	ck_assert_int_eq(rial_raw(d.refund), 700);
}

static inline void recalled(struct db_tx *tx)
{
	struct deal d = create_funded(tx, 6000000, FEE_BY_HALF);

	MUST(tx, &d, BANK, RECALL, );
	ck_assert(d.frozen);
}

static inline void part_paid(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, 8000000, FEE_BY_BUYER);

	MUST(tx, &d, BANK, CREDIT, .amount = rial_of(3000000));
	ck_assert_int_eq(d.state, DEAL_PART_PAID);
}

static inline void paid_twice(struct db_tx *tx)
{
	struct deal d = create_delivered(tx, 9000000, FEE_BY_BUYER);

	MUST(tx, &d, TIMER, INSPECTION_END, );
	pay_out(tx, &d);
	MUST(tx, &d, BANK, CREDIT, .amount = rial_of(9000000));
	ck_assert_int_eq(d.state, DEAL_COMPLETED);
}

static inline void in_review(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, 10000000, FEE_BY_BUYER);

	MUST(tx, &d, BANK, CREDIT_FOREIGN, .amount = rial_of(10000000));
}

static inline void leaving(struct db_tx *tx)
{
	struct deal d = create_delivered(tx, 11000000, FEE_BY_BUYER);

	MUST(tx, &d, BUYER, ACCEPT, );
	ck_assert_int_eq(d.state, DEAL_PAYOUT_DUE);
}

static inline enum db_result write_book(struct db_tx *tx, void *arg)
{
	(void)arg;
	completed(tx);
	refunded(tx);
	split(tx);
	late(tx);
	overpaid(tx);
	recalled(tx);
	create(tx, 7000000, FEE_BY_BUYER);
	part_paid(tx);
	paid_twice(tx);
	in_review(tx);
	leaving(tx);
	return DB_DONE;
}

#endif
