/* Tables for the accountant, as CSV: deals, fees, value added tax, payouts. Sums are rial; days are those of Tehran, in
 * both calendars. Memory does not grow with the store. */
#ifndef SEPAREX_REPORT_H
#define SEPAREX_REPORT_H

#include "db.h"

#include <stdio.h>

enum report_kind {
	REPORT_DEALS, /* that were made, with their ends and sums */
	REPORT_FEES, /* each time that a fee became ours */
	REPORT_VAT, /* our fees by month of the Jalali calendar, with the tax that they contain */
	REPORT_PAYOUTS, /* money that left or came back */
	REPORT_KINDS
};

/* "deals"; REPORT_KINDS for a word that names none. */
enum report_kind report_named(const char *name);

struct report_wish {
	enum report_kind kind;
	int64_t from_ms, to_ms; /* from_ms <= moment < to_ms */
	int64_t vat_percent; /* in a fee */
	FILE *to;
};

/* Writes the table. False when the store cannot be read or the stream cannot be written. */
bool report_write(struct db_tx *tx, const struct report_wish *wish);

#endif
