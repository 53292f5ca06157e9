/* A store with people, a deal and a payment, and a browser that asks our public pages about them. */
#ifndef SEPAREX_WEB_FIXTURE_H
#define SEPAREX_WEB_FIXTURE_H

#include "store_fixture.h"

#include "clock.h"
#include "gateway_sandbox.h"
#include "migrate.h"
#include "repo_payment.h"
#include "repo_settlement.h"
#include "repo_work.h"
#include "web_pay.h"

#include <inttypes.h>
#include <sodium.h>

enum { MAX_WORK = 32 };

static const char bank_page[] = "https://bank.example/pay?token=t0k3n";
static const int64_t now_ms = INT64_C(1700000000000);

static void *ctx;
static struct db *db;
static struct house house;
static struct turn turn;
static const struct gateway *gateways[2]; /* a second bank that speaks like the first */
static uint64_t seed = 7;
static struct deal_file file; /* the deal on the page */
static struct payment pay; /* and its payment */
static int64_t buyer_id, seller_id;

static inline const char *source_folder(void)
{
	const char *dir = getenv("SEPAREX_SOURCE");

	return dir ? dir : ".";
}

static inline void setup(void)
{
	struct err e = {""};
	struct gateway *other;

	ctx = talloc_new(NULL);
	db = open_or_fail(file_path());
	ck_assert_msg(migrate_run(db, now_ms, &e), "%s", e.text);
	house = (struct house){
		.texts = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e),
		.rnd = rnd_seeded(&seed),
		.channel = "telegram",
		.bot_username = "separex_bot",
		.public_url = "https://pay.example",
		.support_hours = "",
		.language = "fa",
		.payout_gateway = "sandbox",
		.payout_rail = RAIL_BANK,
	};
	ck_assert_msg(house.texts != NULL, "%s", e.text);
	gateways[0] = gateway_sandbox(ctx, &(struct gateway_sandbox_options){"http://b.example/bank", "t", "p4ssword"});
	other = talloc_memdup(ctx, gateways[0], sizeof *other);
	other->name = "mellat";
	gateways[1] = other;
	house.banks[house.n_banks++] = (struct house_bank){"sandbox", gateways[0], rial_of(500000000)};
}

static inline void teardown(void)
{
	db_close(&db);
	talloc_free(ctx);
}

/* --- the world of one test --- */

static inline int64_t meet(int64_t outside_id, const char *name, const char *language)
{
	struct person p;

	ck_assert(person_meet(turn.tx, ctx, "telegram", outside_id, name, "", language, now_ms, &p));
	return p.id;
}

static inline void make_people(void)
{
	seller_id = meet(1001, "Sara <b>", "fa");
	buyer_id = meet(1002, "Reza", "fa");
}

/* A deal of 25,000,000 rial with half of the fee each, in any state. */
static inline void make_deal(enum deal_state state)
{
	static int n;

	file = (struct deal_file){
		.deal = {.version = 1,
			 .state = state,
			 .creator = ROLE_SELLER,
			 .buyer_id = buyer_id,
			 .seller_id = seller_id,
			 .terms = {.price = rial_of(25000000),
				   .fee = rial_of(250000),
				   .fee_payer = FEE_BY_HALF,
				   .inspection_h = 48,
				   .ship_h = 72,
				   .hash = "0"}},
		.code = talloc_asprintf(ctx, "CODE%04d", ++n),
		.title = "phone <i>",
		.tracking = "",
		.created_ms = now_ms,
	};
	file.deal.id = deal_insert(turn.tx, &file);
	ck_assert_int_gt(file.deal.id, 0);
	timer_set(turn.tx, file.deal.id, TIMER_PAY, now_ms, now_ms + HOUR_MS, true);
}

static inline void save_deal(void)
{
	struct deal before = file.deal;

	file.deal.version++;
	before.version = file.deal.version - 1;
	ck_assert(deal_save(turn.tx, &before, &file.deal, now_ms));
}

static inline void make_payment(enum payment_state state, int64_t created_ms)
{
	static int n;

	n++;
	pay = (struct payment){.deal_id = file.deal.id,
			       .part = 1,
			       .parts = 1,
			       .page = talloc_asprintf(ctx, "page-%d_x", n),
			       .gateway = "sandbox",
			       .order_id = talloc_asprintf(ctx, "%d", 700000 + n),
			       .amount = rial_of(25125000),
			       .state = state,
			       .created_ms = created_ms};
	pay.id = payment_insert(turn.tx, &pay, created_ms);
	pay.pay_url = state == PAYMENT_ASKED || state == PAYMENT_FAILED ? "" : bank_page;
	pay.ref = state == PAYMENT_CREDITED || state == PAYMENT_SETTLED ? "REF99" : "";
	pay.card_mask = pay.card_hash = pay.card_said = pay.said = "";
	pay.token = "t0k3n";
	pay.opened_ms = created_ms;
	payment_save(turn.tx, &pay, created_ms);
}

static inline struct http_reply ask_with(const char *method, const char *path, const struct http_header *fields,
					 size_t n)
{
	struct http_inbound in = {.method = method, .path = path, .peer = "", .language = "de-DE,de", .body = ""};
	struct http_reply out;

	memset(&out, 0x5a, sizeof out); /* whoever answers must set everything */
	for (size_t i = 0; i < n; i++)
		in.fields[in.n_fields++] = fields[i];
	web_answer(&turn, &in, gateways, 2, &out);
	ck_assert(!turn.failed);
	ck_assert_uint_eq(out.body_bytes, strlen(out.body));
	return out;
}

static inline struct http_reply ask(const char *method, const char *path)
{
	return ask_with(method, path, NULL, 0);
}

static inline const char *page_path(const char *page)
{
	return talloc_asprintf(ctx, "/p/%s", page);
}

static inline struct http_reply get_page(void)
{
	return ask("GET", page_path(pay.page));
}

static inline struct http_reply press(void)
{
	return ask("POST", talloc_asprintf(ctx, "/p/%s/go", pay.page));
}

static inline const char *header(const struct http_reply *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return NULL;
}

static inline bool says(const struct http_reply *r, const char *what)
{
	return strstr(r->body, what) != NULL;
}

static inline bool has_press(const struct http_reply *r)
{
	return says(r, talloc_asprintf(ctx, "action=\"/p/%s/go\"", pay.page));
}

/* What every page of ours has, whatever it says. */
static inline void check_page(const struct http_reply *r, int status)
{
	ck_assert_int_eq(r->status, status);
	ck_assert_str_eq(r->type, "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(header(r, "Content-Security-Policy"));
	ck_assert_str_eq(header(r, "Cache-Control"), "no-store");
	ck_assert_msg(!says(r, "web.") && !says(r, "{{") && !says(r, "<i>") && !says(r, "Sara <b>"), "%s",
		      (const char *)r->body);
	ck_assert(says(r, "https://t.me/separex_bot"));
}

static inline void check_goes(const struct http_reply *r, const char *location)
{
	ck_assert_int_eq(r->status, 303);
	ck_assert_str_eq(r->location, location);
	ck_assert_str_eq(header(r, "Cache-Control"), "no-store");
}

/* By a page of ours that the browser leaves at once: no redirect of a form's answer may lead to another origin. */
static inline void check_leads(const struct http_reply *r, const char *url)
{
	ck_assert_int_eq(r->status, 200);
	ck_assert_str_eq(header(r, "Refresh"), talloc_asprintf(ctx, "0; url=%s", url));
	ck_assert_str_eq(header(r, "Cache-Control"), "no-store");
}

/* How many calls of this kind wait for the bank. */
static inline size_t calls_waiting(int op)
{
	struct work all[MAX_WORK];
	size_t n = work_list(turn.tx, ctx, WORK_WAITING, all, MAX_WORK), found = 0;

	for (size_t i = 0; i < n; i++)
		found += all[i].kind == WORK_BANK &&
			 strcmp(all[i].payload, talloc_asprintf(ctx, "{\"op\":%d}", op)) == 0;
	return found;
}

static inline size_t payments(void)
{
	struct payment all[64];

	return payments_of(turn.tx, ctx, file.deal.id, all, 64);
}

/* Runs the body of a test in one transaction, with people and nothing else. */
static inline enum db_result in_turn(struct db_tx *tx, void *arg)
{
	void (*const *body)(void) = arg;

	turn = (struct turn){.ctx = ctx, .tx = tx, .house = &house, .now_ms = now_ms};
	make_people();
	(*body)();
	return DB_DONE;
}

static inline void run(void (*body)(void))
{
	ck_assert_int_eq(db_tx(db, "test", in_turn, (void *)&body), DB_DONE);
}

#endif
