/* The CCTI file against the rules of pain.001.001.03 that matter, encoded here from ISO 20022's message definition:
 * elements and their order, lengths of texts, patterns of IBAN and BIC, sums. And the Jalali calendar against ICU. */
#include "tap.h"

#include "ccti.h"
#include "jalali.h"
#include "rnd.h"
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <regex.h>
#include <string.h>
#include <talloc.h>
#include <unicode/ucal.h>

enum { ROWS = 1000 };

static void *ctx;

static void setup(void)
{
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(ctx);
}

/* --- the schema: each element's children in order, "?" optional, "+" one or more; or its text's pattern --- */

static const struct rule {
	const char *path; /* the end of the element's path */
	const char *children; /* NULL: a text */
	const char *pattern;
} rules[] = {
	{"/Document", "CstmrCdtTrfInitn", NULL},
	{"/CstmrCdtTrfInitn", "GrpHdr PmtInf+", NULL},
	{"/GrpHdr", "MsgId CreDtTm NbOfTxs CtrlSum? InitgPty", NULL},
	{"/GrpHdr/MsgId", NULL, "^.{1,35}$"}, /* Max35Text */
	{"/GrpHdr/CreDtTm", NULL, "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"}, /* ISODateTime */
	{"/NbOfTxs", NULL, "^[0-9]{1,15}$"}, /* Max15NumericText */
	{"/CtrlSum", NULL, "^[0-9]{1,17}(\\.[0-9]{1,17})?$"}, /* DecimalNumber */
	{"/InitgPty", "Nm?", NULL},
	{"/PmtInf", "PmtInfId PmtMtd NbOfTxs? CtrlSum? ReqdExctnDt Dbtr DbtrAcct DbtrAgt CdtTrfTxInf+", NULL},
	{"/PmtInfId", NULL, "^.{1,35}$"},
	{"/PmtMtd", NULL, "^(CHK|TRF|TRA)$"}, /* PaymentMethod3Code */
	{"/ReqdExctnDt", NULL, "^[0-9]{4}-[01][0-9]-[0-3][0-9]$"}, /* ISODate */
	{"/Dbtr", "Nm?", NULL},
	{"/DbtrAcct", "Id", NULL},
	{"/CdtrAcct", "Id", NULL},
	{"/DbtrAcct/Id", "IBAN", NULL},
	{"/CdtrAcct/Id", "IBAN", NULL},
	{"/IBAN", NULL, "^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$"}, /* IBAN2007Identifier */
	{"/DbtrAgt", "FinInstnId", NULL},
	{"/FinInstnId", "BIC?", NULL},
	{"/BIC", NULL, "^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$"}, /* BICIdentifier */
	{"/CdtTrfTxInf", "PmtId Amt Cdtr? CdtrAcct? RmtInf?", NULL},
	{"/PmtId", "InstrId? EndToEndId", NULL},
	{"/InstrId", NULL, "^.{1,35}$"},
	{"/EndToEndId", NULL, "^.{1,35}$"},
	{"/Amt", "InstdAmt", NULL},
	{"/InstdAmt", NULL, "^[0-9]{1,18}$"}, /* ActiveOrHistoricCurrencyAndAmount, whole rial */
	{"/Cdtr", "Nm? Id?", NULL},
	{"/Nm", NULL, NULL}, /* Max140Text, of which banks here take 70; counted below */
	{"/Cdtr/Id", "PrvtId", NULL},
	{"/PrvtId", "Othr+", NULL},
	{"/Othr", "Id", NULL},
	{"/Othr/Id", NULL, "^.{1,35}$"},
	{"/RmtInf", "Ustrd+", NULL},
	{"/Ustrd", NULL, NULL},
};

static const char *path_of(xmlNodePtr x)
{
	const char *path = "";

	for (; x && x->type == XML_ELEMENT_NODE; x = x->parent)
		path = talloc_asprintf(ctx, "/%s%s", (const char *)x->name, path);
	return path;
}

/* The rule with the longest path that ends the element's. */
static const struct rule *rule_of(xmlNodePtr x)
{
	const char *path = path_of(x);
	const struct rule *best = NULL;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		size_t n = strlen(rules[i].path), all = strlen(path);

		if (n <= all && !strcmp(path + all - n, rules[i].path) && (!best || n > strlen(best->path)))
			best = &rules[i];
	}
	ck_assert_msg(best != NULL, "%s has no place in the schema", path);
	return best;
}

static xmlNodePtr next_element(xmlNodePtr x)
{
	while (x && x->type != XML_ELEMENT_NODE)
		x = x->next;
	return x;
}

static void check_children(xmlNodePtr x, const char *children)
{
	xmlNodePtr at = next_element(x->children);

	while (*children) {
		size_t n = strcspn(children, "?+ ");
		char times = children[n];
		int found = 0;

		while (at && strlen((const char *)at->name) == n && !strncmp((const char *)at->name, children, n)) {
			found++;
			at = next_element(at->next);
		}
		ck_assert_msg(found || times == '?', "%s lacks %.*s", path_of(x), (int)n, children);
		ck_assert_msg(found <= 1 || times == '+', "%s has %d %.*s", path_of(x), found, (int)n, children);
		children += n;
		children += strspn(children, "?+ ");
	}
	ck_assert_msg(!at, "%s has a stray %s", path_of(x), at ? (const char *)at->name : "");
}

static size_t codepoints(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

static void check_text(xmlNodePtr x, const struct rule *r)
{
	xmlChar *text = xmlNodeGetContent(x);
	size_t most = strcmp((const char *)x->name, "Nm") ? 140 : 70;
	regex_t re;

	if (r->pattern) {
		ck_assert_int_eq(regcomp(&re, r->pattern, REG_EXTENDED | REG_NOSUB), 0);
		ck_assert_msg(regexec(&re, (const char *)text, 0, NULL, 0) == 0, "%s: \"%s\"", path_of(x),
			      (char *)text);
		regfree(&re);
	} else {
		ck_assert_msg(text[0] && codepoints((const char *)text) <= most, "%s: \"%s\"", path_of(x),
			      (char *)text);
	}
	xmlFree(text);
}

static void check_element(xmlNodePtr x, int64_t *sum, int *orders)
{
	const struct rule *r = rule_of(x);

	if (!strcmp((const char *)x->name, "InstdAmt")) {
		xmlChar *text = xmlNodeGetContent(x), *ccy = xmlGetProp(x, BAD_CAST "Ccy");

		ck_assert_str_eq((char *)ccy, "IRR");
		*sum += atoll((char *)text);
		++*orders;
		xmlFree(text);
		xmlFree(ccy);
	}
	if (!r->children) {
		check_text(x, r);
		return;
	}
	check_children(x, r->children);
	for (xmlNodePtr c = next_element(x->children); c; c = next_element(c->next))
		check_element(c, sum, orders);
}

/* --- files --- */

static struct ccti_row rows[ROWS];

static struct ccti_file file_of(size_t n)
{
	static const char *const names[] = {
		"سارا کریمی",
		"Reza <b>&\"x\"",
		"",
		"😀😀",
		"a\x01\x7f\x1f",
		"نامی بسیار بسیار بسیار بسیار بسیار بسیار بسیار بسیار بسیار بسیار بسیار بسیار دراز"};

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct ccti_row){.track_id = talloc_asprintf(ctx, "17956845070%08zu", i),
					    .amount = rial_of(10000 + (int64_t)i * 7),
					    .name = names[i % 6],
					    .iban = "IR820540102680020817909002",
					    .national_id = i % 2 ? "0499370899" : ""};
	return (struct ccti_file){.debtor_name = "Separex",
				  .debtor_iban = "IR580540105180021273113007",
				  .bic = "BMJIIRTHXXX",
				  .serial = 77,
				  .made_ms = INT64_C(1795684507000),
				  .remittance = "Separex & co",
				  .rows = rows,
				  .n = n};
}

static struct ccti_variant variant(int bits)
{
	return (struct ccti_variant){bits & 1, bits & 2, bits & 4, bits & 8, bits & 16};
}

START_TEST(every_variant_follows_the_schema)
{
	struct ccti_variant v = variant(_i);
	size_t n = _i == 0 ? ROWS : 7;
	struct ccti_file f = file_of(n);
	struct buf *b = buf_new(ctx, CCTI_MAX_BYTES);
	struct err e = {""};
	int64_t sum = 0, wanted = 0;
	int orders = 0;
	xmlDocPtr doc;

	ck_assert_msg(ccti_write(&f, &v, b, &e), "%s", e.text);
	doc = xmlReadMemory(b->data, (int)b->len, NULL, NULL, XML_PARSE_NONET);
	ck_assert_ptr_nonnull(doc);
	check_element(xmlDocGetRootElement(doc), &sum, &orders);
	for (size_t i = 0; i < n; i++)
		wanted += rial_raw(rows[i].amount);
	ck_assert_int_eq(sum, wanted);
	ck_assert_int_eq(orders, (int)n);
	ck_assert_int_eq(xmlDocGetRootElement(doc)->ns != NULL, v.xmlns);
	ck_assert_ptr_nonnull(strstr(b->data, "<MsgId>IR580540105180021273113007000000077</MsgId>"));
	ck_assert_ptr_nonnull(strstr(b->data, "<CreDtTm>1405-09-05T12:45:07</CreDtTm>"));
	ck_assert_ptr_nonnull(strstr(
		b->data, talloc_asprintf(ctx, "<NbOfTxs>%zu</NbOfTxs><CtrlSum>%lld</CtrlSum>", n, (long long)wanted)));
	xmlFreeDoc(doc);
}
END_TEST

START_TEST(the_same_batch_makes_the_same_bytes)
{
	struct ccti_variant v = variant(31);
	struct ccti_file f = file_of(5);
	struct buf *a = buf_new(ctx, CCTI_MAX_BYTES), *b = buf_new(ctx, CCTI_MAX_BYTES);
	struct err e = {""};

	ck_assert(ccti_write(&f, &v, a, &e) && ccti_write(&f, &v, b, &e));
	ck_assert_str_eq(a->data, b->data);
}
END_TEST

START_TEST(what_cannot_stand_in_a_file)
{
	struct ccti_variant v = variant(31);
	struct err e = {""};

	for (int i = 0; i < 9; i++) {
		struct ccti_file f = file_of(3);
		struct buf *b = buf_new(ctx, CCTI_MAX_BYTES);

		switch (i) {
		case 0:
			f.n = 0;
			break;
		case 1:
			rows[1].amount = RIAL_ZERO;
			break;
		case 2:
			rows[1].iban = "IR820540102680020817909003";
			break;
		case 3:
			rows[1].track_id = rows[0].track_id;
			break;
		case 4:
			f.debtor_iban = "";
			break;
		case 5:
			f.debtor_name = "";
			break;
		case 6:
			f.serial = 1000000000;
			break;
		case 7:
			rows[1].track_id = "";
			break;
		default:
			rows[0].amount = rows[1].amount = rial_of(INT64_MAX);
			break;
		}
		e.text[0] = '\0';
		ck_assert_msg(!ccti_write(&f, &v, b, &e) && e.text[0], "case %d", i);
	}
}
END_TEST

START_TEST(the_calendar_agrees_with_icu)
{
	UErrorCode code = U_ZERO_ERROR;
	UCalendar *cal = ucal_open(u"Asia/Tehran", -1, "fa_IR@calendar=persian", UCAL_TRADITIONAL, &code);

	ck_assert(U_SUCCESS(code));
	/* 1301-01-02 to 1501-01-01, at noon UTC: the sixth hour of the old summer times changes no day. */
	for (int64_t day = -17449; day < 55598; day++) {
		int64_t ms = day * INT64_C(86400000) + INT64_C(36000000);
		struct jalali j = jalali_of(ms);

		ucal_setMillis(cal, (double)ms, &code);
		ck_assert_int_eq(j.year, ucal_get(cal, UCAL_YEAR, &code));
		ck_assert_int_eq(j.month, ucal_get(cal, UCAL_MONTH, &code) + 1);
		ck_assert_int_eq(j.day, ucal_get(cal, UCAL_DAY_OF_MONTH, &code));
		ck_assert_int_eq(jalali_day(j.year, j.month, j.day), j.year < 1350 ? -1 : day);
	}
	ucal_close(cal);
	ck_assert_int_eq(jalali_day(1404, 12, 30), -1); /* no leap year */
	ck_assert_int_eq(jalali_day(1405, 7, 31), -1);
	ck_assert_int_eq(jalali_day(1405, 0, 1), -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ccti");
	TCase *t = tcase_create("ccti");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_variant_follows_the_schema, 0, 32);
	tcase_add_test(t, the_same_batch_makes_the_same_bytes);
	tcase_add_test(t, what_cannot_stand_in_a_file);
	tcase_add_test(t, the_calendar_agrees_with_icu);
	suite_add_tcase(s, t);
	return tap_run(s);
}
