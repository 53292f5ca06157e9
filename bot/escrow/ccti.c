/* The CCTI file: see ccti.h. */
#include "ccti.h"

#include "identity.h"
#include "jalali.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 70, TEXT_MOST = 140, ID_MOST = 35, SERIAL_MOST = 999999999 };

void ccti_msg_id(const struct ccti_file *f, char out[CCTI_MSG_ID_BYTES])
{
	snprintf(out, CCTI_MSG_ID_BYTES, "%.26s%09" PRId64, f->debtor_iban, f->serial);
}

/* --- what may stand in it --- */

static bool is_iban(const char *text)
{
	char normal[IBAN_BYTES];

	return iban_read(text, normal) == IBAN_OK && !strcmp(normal, text);
}

static size_t codepoints(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static bool check_row(const struct ccti_file *f, size_t i, struct err *e)
{
	const struct ccti_row *r = &f->rows[i];

	if (!rial_is_positive(r->amount))
		return err_set(e, "row %zu: the sum is not positive", i + 1);
	if (!is_iban(r->iban))
		return err_set(e, "row %zu: the IBAN is none", i + 1);
	if (!r->track_id[0] || strlen(r->track_id) > ID_MOST)
		return err_set(e, "row %zu: the track id does not fit", i + 1);
	for (size_t j = 0; j < i; j++)
		if (!strcmp(f->rows[j].track_id, r->track_id))
			return err_set(e, "rows %zu and %zu have the same track id", j + 1, i + 1);
	return true;
}

static bool check_file(const struct ccti_file *f, struct err *e)
{
	if (!f->n || f->n > CCTI_MAX_ROWS)
		return err_set(e, "a file has 1 to %d rows, not %zu", (int)CCTI_MAX_ROWS, f->n);
	if (!is_iban(f->debtor_iban))
		return err_set(e, "our own IBAN (ccti.iban) is none");
	if (!f->debtor_name[0])
		return err_set(e, "our own name (ccti.name) is missing");
	if (f->serial < 1 || f->serial > SERIAL_MOST)
		return err_set(e, "the serial %" PRId64 " does not fit into nine digits", f->serial);
	for (size_t i = 0; i < f->n; i++)
		if (!check_row(f, i, e))
			return false;
	return true;
}

/* --- writing --- */

/* Letters, digits and blanks of people's names, at most so many; what has a meaning in XML or none in a bank is a
 * blank. */
static void put_words(struct buf *b, const char *text, size_t most)
{
	bool blank = true;
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p && n < most;) {
		size_t bytes = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
		bool letter =
			bytes == 2 || (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z');

		if (strnlen((const char *)p, bytes) < bytes)
			break;
		if (letter)
			buf_add(b, p, bytes);
		else if (!blank)
			buf_putc(b, ' ');
		n += letter || !blank;
		blank = !letter;
		p += bytes;
	}
	if (!n)
		buf_puts(b, "EMPTY");
}

static void put(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "<%s>%s</%s>", name, value, name);
}

static void put_named(struct buf *b, const char *name, const char *words, size_t most)
{
	buf_printf(b, "<%s>", name);
	put_words(b, words, most);
	buf_printf(b, "</%s>", name);
}

static void put_counts(struct buf *b, size_t n, int64_t sum)
{
	buf_printf(b, "<NbOfTxs>%zu</NbOfTxs><CtrlSum>%" PRId64 "</CtrlSum>", n, sum);
}

static void put_header(struct buf *b, const struct ccti_file *f, int64_t sum)
{
	struct jalali j = jalali_of(f->made_ms);
	char msg_id[CCTI_MSG_ID_BYTES];

	ccti_msg_id(f, msg_id);
	buf_puts(b, "<GrpHdr>");
	put(b, "MsgId", msg_id);
	buf_printf(b, "<CreDtTm>%04d-%02d-%02dT%02d:%02d:%02d</CreDtTm>", j.year, j.month, j.day, j.hour, j.minute,
		   j.second);
	put_counts(b, f->n, sum);
	buf_puts(b, "<InitgPty>");
	put_named(b, "Nm", f->debtor_name, NAME_MOST);
	buf_puts(b, "</InitgPty></GrpHdr>\n");
}

static void put_debtor(struct buf *b, const struct ccti_file *f, const struct ccti_variant *v, int64_t sum)
{
	struct jalali j = jalali_of(f->made_ms);

	buf_printf(b, "<PmtInf><PmtInfId>1</PmtInfId><PmtMtd%s>TRF</PmtMtd>", v->method_currency ? " Ccy=\"IRR\"" : "");
	put_counts(b, f->n, sum);
	buf_printf(b, "<ReqdExctnDt>%04d-%02d-%02d</ReqdExctnDt><Dbtr>", j.year, j.month, j.day);
	put_named(b, "Nm", f->debtor_name, NAME_MOST);
	buf_printf(b,
		   "</Dbtr><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BIC>%s</BIC></FinInstnId>"
		   "</DbtrAgt>\n",
		   f->debtor_iban, f->bic);
}

static void put_row(struct buf *b, const struct ccti_file *f, const struct ccti_variant *v, const struct ccti_row *r)
{
	buf_printf(b,
		   "<CdtTrfTxInf><PmtId><InstrId>EMPTY</InstrId><EndToEndId>%s</EndToEndId></PmtId><Amt>"
		   "<InstdAmt Ccy=\"IRR\">%" PRId64 "</InstdAmt></Amt><Cdtr>",
		   v->end_to_end ? r->track_id : "EMPTY", rial_raw(r->amount));
	put_named(b, "Nm", r->name, NAME_MOST);
	if (v->othr)
		buf_printf(b, "<Id><PrvtId><Othr><Id>%s</Id></Othr></PrvtId></Id>",
			   r->national_id[0] ? r->national_id : "EMPTY");
	buf_printf(b, "</Cdtr><CdtrAcct><Id><IBAN>%s</IBAN></Id></CdtrAcct>", r->iban);
	if (v->remittance) {
		buf_puts(b, "<RmtInf><Ustrd>");
		put_words(b, f->remittance, TEXT_MOST - codepoints(r->track_id) - 1);
		buf_printf(b, " %s</Ustrd></RmtInf>", r->track_id);
	}
	buf_puts(b, "</CdtTrfTxInf>\n");
}

/* --- the proof --- */

/* Reads back what was written: as many orders and as much money as were asked for, whatever the writer believes. */
static bool proves(const struct ccti_file *f, const char *text, int64_t sum, struct err *e)
{
	static const char mark[] = "<InstdAmt Ccy=\"IRR\">";
	int64_t found = 0;
	size_t n = 0;

	for (const char *at = strstr(text, mark); at; at = strstr(at + 1, mark)) {
		if (__builtin_add_overflow(found, strtoll(at + sizeof mark - 1, NULL, 10), &found))
			return err_set(e, "the sums do not fit");
		n++;
	}
	if (n != f->n || found != sum)
		return err_set(e, "the file holds %zu orders of %" PRId64 " rial instead of %zu of %" PRId64, n, found,
			       f->n, sum);
	return true;
}

bool ccti_write(const struct ccti_file *f, const struct ccti_variant *v, struct buf *out, struct err *e)
{
	struct rial sum = RIAL_ZERO;
	size_t from = out->len;

	if (!check_file(f, e))
		return false;
	for (size_t i = 0; i < f->n; i++)
		if (!rial_try_add(sum, f->rows[i].amount, &sum))
			return err_set(e, "the sum of the rows cannot be counted");
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_printf(out, "<Document%s><CstmrCdtTrfInitn>\n",
		   v->xmlns ? " xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"" : "");
	put_header(out, f, rial_raw(sum));
	put_debtor(out, f, v, rial_raw(sum));
	for (size_t i = 0; i < f->n; i++)
		put_row(out, f, v, &f->rows[i]);
	buf_puts(out, "</PmtInf></CstmrCdtTrfInitn></Document>\n");
	if (out->failed)
		return err_set(e, "the file is too large");
	return proves(f, out->data + from, rial_raw(sum), e);
}
