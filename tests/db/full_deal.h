/* A deal with something in every field, for tests that nothing of it is forgotten. */
#ifndef SEPAREX_TEST_FULL_DEAL_H
#define SEPAREX_TEST_FULL_DEAL_H

#include "book_fixture.h"

/* A deal in which every field differs from zero and from its neighbours. */
static inline struct deal full_deal(void)
{
	struct deal d = {
		.version = 1,
		.state = DEAL_DISPUTED,
		.creator = ROLE_SELLER,
		.buyer_id = BUYER,
		.seller_id = SELLER,
		.terms = terms_of(1000000, FEE_BY_HALF),
		.buyer_agreed = true,
		.seller_agreed = true,
		.in_group = true,
		.by_hand = true,
		.held = {11},
		.suspense = {12},
		.payable = {13},
		.refund = {14},
		.inflight = {15},
		.paid_in = {9007199254740993},
		.fee_taken = {17},
		.recalled = {18},
		.frozen = true,
		.frozen_at_ms = 19,
		.cancel_asked = ROLE_BUYER,
		.payment_extended = true,
		.late_ok_buyer = true,
		.late_ok_seller = true,
		.extension_asked = true,
		.extension_used = true,
		.tracking_suspect = true,
		.tracking_fixes = 2,
		.delivery_proven = true,
		.said_delivered = true,
		.buyer_waiting = true,
		.asked_again = 3,
		.inspection_ends_ms = 20,
		.inspection_left_ms = 21,
		.issue_since_ms = 22,
		.seller_answered = true,
		.offer_to_buyer = {23},
		.offer_by = ROLE_SELLER,
		.return_by = ROLE_BUYER,
		.ruling = RULING_SPLIT,
		.ruling_to_buyer = {24},
		.ruled_by = 25,
		.ruled_second = 77,
		.ruling_late = true,
		.appealed = true,
		.info_wanted_from = ROLE_SELLER,
		.silences = 4,
		.pin_tries = 5,
		.amended = terms_of(2000000, FEE_BY_SELLER),
		.amended_by = ROLE_BUYER,
		.topup_wanted = true,
		.closed_ms = 26,
	};

	d.amended.inspection_h = 7;
	d.amended.ship_h = 8;
	d.terms.ship_payer = d.amended.ship_payer = SHIP_BY_BUYER;
	return d;
}

#endif
