/* The SMS stubs: see stub_sms.h. Source of paths, fields and codes: rails.md 7.1 and 7.2. */
#include "stub_sms.h"

#include "faults.h"
#include "js.h"
#include "reply.h"
#include "stub.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { MESSAGES_MAX = 2000, COST_RIAL = 850, FIRST_TEMPLATE = 100001 };

#define KAVENEGAR_KEY "kav3negar-secret"
#define SMSIR_KEY "sms1r-secret"

static const int64_t delivered_after_ms = 30 * SECOND_MS;

/* A number that ends so cannot be reached. */
static const char nobody[] = "0000";

static const struct template
{
	const char *event, *text;
}
templates[] = {
	{"pay", "سپارکس: معاملهٔ %token آمادهٔ پرداخت است: %token2 تومان. فقط از دکمهٔ داخل ربات بپردازید."},
	{"paid", "سپارکس: %token2 تومان شما برای معاملهٔ %token رسید و تا تأیید شما نزد ما "
		 "می‌ماند."},
	{"ship", "سپارکس: پول معاملهٔ %token کامل رسید. کالا را بفرستید و کد رهگیری را در ربات بدهید."},
	{"shipped", "سپارکس: فروشندهٔ معاملهٔ %token کالا را فرستاد. کد رهگیری در ربات است."},
	{"look", "سپارکس: کالای معاملهٔ %token رسید. نگاهش کنید و در ربات بگویید سالم است یا نه."},
	{"problem", "سپارکس: خریدار معاملهٔ %token مشکلی گزارش کرد. لطفاً در ربات پاسخ دهید."},
	{"asked", "سپارکس: میانجی دربارهٔ معاملهٔ %token از شما سؤالی دارد. در ربات پاسخ دهید."},
	{"ruling", "سپارکس: میانجی دربارهٔ معاملهٔ %token رأی داد. متن رأی در ربات است."},
	{"payout", "سپارکس: %token2 تومان معاملهٔ %token به شبای شما واریز شد."},
	{"returned", "سپارکس: بانک %token2 تومان معاملهٔ %token را برگرداند. شبای خود را در ربات ببینید."},
	{"refund", "سپارکس: %token2 تومان معاملهٔ %token به شما برگشت داده شد."},
	{"profile", "سپارکس: موبایل یا کد ملی شما عوض شد؛ پایان تازه: %token. کار شما نبود؟ همین حالا در ربات بگویید."},
	{"iban", "سپارکس: شبای شما عوض شد؛ پایان تازه: %token. کار شما نبود؟ همین حالا در ربات بگویید."},
};

struct short_message {
	const char *to, *text;
	int64_t at_ms;
};

struct sms_stub {
	struct short_message list[MESSAGES_MAX];
	size_t n;
};

struct sms_stub *sms_stub_new(void *ctx)
{
	return talloc_zero(ctx, struct sms_stub);
}

/* The text with its tokens in, on ctx; NULL when one that it wants is missing. */
static const char *fill(void *ctx, const struct template *t, const char *token, const char *token2)
{
	char *text = talloc_strdup(ctx, "");

	for (const char *at = t->text; *at;) {
		bool second = !strncmp(at, "%token2", 7), first = !second && !strncmp(at, "%token", 6);

		if ((first && !*token) || (second && !*token2))
			return NULL;
		if (first || second)
			text = talloc_asprintf_append(text, "%s", second ? token2 : token);
		else
			text = talloc_asprintf_append(text, "%c", *at);
		at += second ? 7 : first ? 6 : 1;
	}
	return text;
}

/* The new message's number. */
static int64_t take(struct world *w, const char *to, const char *text)
{
	struct sms_stub *s = w->sms;

	if (s->n == MESSAGES_MAX)
		abort();
	s->list[s->n] = (struct short_message){talloc_strdup(s, to), talloc_strdup(s, text), world_now_ms(w)};
	world_changed(w);
	return (int64_t)++s->n;
}

static const struct short_message *sent(const struct world *w, int64_t number)
{
	return number > 0 && number <= (int64_t)w->sms->n ? &w->sms->list[number - 1] : NULL;
}

static bool good_mobile(const char *to)
{
	return strlen(to) == 11 && !strncmp(to, "09", 2) && strspn(to, "0123456789") == 11;
}

static bool arrived(const struct world *w, const struct short_message *m)
{
	return world_now_ms(w) - m->at_ms >= delivered_after_ms;
}

static bool unreachable(const struct short_message *m)
{
	return !strcmp(m->to + 7, nobody);
}

/* --- Kavenegar --- */

static void kavenegar_says(struct world *w, struct request *r, int status, json_t *entries)
{
	reply_json(w, r, status == 200 ? 200 : (unsigned)status,
		   json_pack("{s{siss}so}", "return", "status", status, "message", "", "entries", entries));
}

static bool plain(const char *token)
{
	for (; *token; token++)
		if (isspace((unsigned char)*token))
			return false;
	return true;
}

static const struct template *by_name(const char *name)
{
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
		if (!strncmp(name, "separex-", 8) && !strcmp(name + 8, templates[i].event))
			return &templates[i];
	return NULL;
}

static void lookup(struct world *w, struct request *r)
{
	const char *to = js_str(r->params, "receptor", ""), *token = js_str(r->params, "token", "");
	const char *token2 = js_str(r->params, "token2", "");
	const struct template *t = by_name(js_str(r->params, "template", ""));
	const char *text = t ? fill(r, t, token, token2) : NULL;
	int status = !good_mobile(to) ? 411 : !t ? 424 : !text ? 432 : plain(token) && plain(token2) ? 200 : 431;
	int64_t number;

	if (status != 200) {
		kavenegar_says(w, r, status, json_array());
		return;
	}
	number = take(w, to, text);
	kavenegar_says(w, r, 200,
		       json_pack("[{sIsssisssssssIsi}]", "messageid", (json_int_t)number, "message", text, "status", 5,
				 "statustext", "sent", "sender", "10004346", "receptor", to, "date",
				 (json_int_t)(world_now_ms(w) / SECOND_MS), "cost", COST_RIAL));
}

static void kavenegar_status(struct world *w, struct request *r)
{
	int64_t number = strtoll(js_str(r->params, "messageid", "0"), NULL, 10);
	const struct short_message *m = sent(w, number);
	int status = !m ? 100 : !arrived(w, m) ? 4 : unreachable(m) ? 11 : 10;

	kavenegar_says(w, r, 200, json_pack("[{sIsi}]", "messageid", (json_int_t)number, "status", status));
}

/* --- sms.ir --- */

static void smsir_says(struct world *w, struct request *r, unsigned http, int status, json_t *data)
{
	reply_json(w, r, http, json_pack("{sissso}", "status", status, "message", "", "data", data));
}

static const char *parameter(const struct request *r, const char *name)
{
	const json_t *list = json_object_get(r->params, "parameters");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (!strcmp(js_str(json_array_get(list, i), "name", ""), name))
			return js_str(json_array_get(list, i), "value", "");
	return "";
}

static void smsir_verify(struct world *w, struct request *r)
{
	const char *to = js_str(r->params, "mobile", ""), *text;
	size_t place = (size_t)(js_int(r->params, "templateId", 0) - FIRST_TEMPLATE);

	if (!good_mobile(to) || place >= sizeof templates / sizeof *templates) {
		smsir_says(w, r, 400, good_mobile(to) ? 113 : 104, json_null());
		return;
	}
	text = fill(r, &templates[place], parameter(r, "TOKEN"), parameter(r, "TOKEN2"));
	if (!text)
		smsir_says(w, r, 400, 116, json_null());
	else
		smsir_says(w, r, 200, 1, json_pack("{sIsf}", "messageId", (json_int_t)take(w, to, text), "cost", 1.0));
}

static void smsir_status(struct world *w, struct request *r)
{
	const struct short_message *m = sent(w, strtoll(strrchr(r->path, '/') + 1, NULL, 10));

	if (!m)
		smsir_says(w, r, 404, 0, json_null());
	else
		smsir_says(w, r, 200, 1,
			   json_pack("{sssi}", "mobile", m->to, "deliveryState",
				     !arrived(w, m)   ? 3
				     : unreachable(m) ? 2
						      : 1));
}

void sms_stub_serve(struct world *w, struct request *r)
{
	bool kavenegar = !strncmp(r->path, "/kavenegar/", 11);
	const char *path = r->path + (kavenegar ? strlen("/kavenegar/v1/") : strlen("/smsir/v1/"));
	bool status = strstr(path, "/status.json") || (!kavenegar && strcmp(path, "send/verify"));
	struct fault f = fault_take(
		w, talloc_asprintf(r, "%s.%s", kavenegar ? "kavenegar" : "smsir", status ? "status" : "send"),
		kavenegar ? "kavenegar.*" : "smsir.*", false);

	if (reply_fault(w, r, &f))
		return;
	if (kavenegar && strncmp(path, KAVENEGAR_KEY "/", sizeof KAVENEGAR_KEY))
		kavenegar_says(w, r, 403, json_array());
	else if (!kavenegar && strcmp(request_header(r, "X-API-KEY"), SMSIR_KEY))
		smsir_says(w, r, 401, 10, json_null());
	else if (kavenegar)
		(status ? kavenegar_status : lookup)(w, r);
	else
		(status ? smsir_status : smsir_verify)(w, r);
}

void sms_stub_state(struct world *w, json_t *state)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->sms->n; i++) {
		const struct short_message *m = &w->sms->list[i];

		json_array_append_new(
			list, json_pack("{sssssI}", "to", m->to, "text", m->text, "at_ms", (json_int_t)m->at_ms));
	}
	json_object_set_new(state, "sms", list);
}
