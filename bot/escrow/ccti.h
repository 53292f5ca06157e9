/* The CCTI file: payment orders for a bank, in the shape of ISO 20022's pain.001.001.03 that Iran's banks take
 * (rails.md 4.1: five public generators agree on the shape, and differ in what struct ccti_variant says). Pure: rows
 * in, text out. */
#ifndef SEPAREX_CCTI_H
#define SEPAREX_CCTI_H

#include "buf.h"
#include "err.h"
#include "money.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CCTI_MAX_ROWS = 1000, /* in one file [C] */
	CCTI_MAX_BYTES = 4 << 20,
	CCTI_MSG_ID_BYTES = 36 /* 26 of the Sheba, 9 of the serial */
};

/* PAYA carries at most this in one order, SATNA no less than the second (CBI 04/35504 of 1404). */
#define PAYA_MOST_RIAL INT64_C(2000000000)
#define SATNA_LEAST_RIAL INT64_C(1000000000)

/* What differs from bank to bank. */
struct ccti_variant {
	bool xmlns; /* the Document names its schema */
	bool othr; /* Cdtr/Id/PrvtId/Othr/Id: the national id, or EMPTY */
	bool remittance; /* RmtInf/Ustrd */
	bool end_to_end; /* EndToEndId carries our track id, else EMPTY */
	bool method_currency; /* PmtMtd Ccy="IRR" */
};

struct ccti_row {
	const char *track_id; /* ours, digits */
	struct rial amount;
	const char *name, *iban;
	const char *national_id; /* "" when unknown */
};

struct ccti_file {
	const char *debtor_name, *debtor_iban, *bic;
	int64_t serial; /* 1 to 999,999,999, never used twice */
	int64_t made_ms; /* CreDtTm and ReqdExctnDt: Jalali digits in ISO form */
	const char *remittance; /* the words of RmtInf */
	const struct ccti_row *rows;
	size_t n;
};

/* The MsgId, which is also the file's name before ".ccti". */
void ccti_msg_id(const struct ccti_file *f, char out[CCTI_MSG_ID_BYTES]);

/* Adds the file's text to `out`. False with what is wrong in `e` when a row cannot stand in such a file, or the sums
 * that were written do not prove; then `out` must not be used. */
bool ccti_write(const struct ccti_file *f, const struct ccti_variant *v, struct buf *out, struct err *e);

#endif
