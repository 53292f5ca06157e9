/* The people: buyers, sellers and operators who press what they see, answer what they are asked, pay at the bank's
 * page, and now and then do what nobody should. What a person is being asked is read from the store, as they would read
 * it on the screen; what they press is what Telegram shows them. */
#include "simulator.h"

#include "app.h"
#include "deal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { RECENT = 6, CANDIDATES = 24, CODE_BYTES = 40 };

/* Between two acts of anybody, at most; when nothing new is begun, ten times that. */
static const int64_t breath_most_ms = 2 * MINUTE_MS;

/* --- what a person reads --- */

struct look {
	struct sim *sim;
	int64_t person; /* the outside id */
	char step[40];
	bool needs_iban, needs_card;
	struct pay {
		char page[64], gateway[20], order_id[40];
		int64_t state;
		bool late; /* its deal has ended without it */
	} pays[CANDIDATES];
	size_t n_pays;
	char offers[CANDIDATES][CODE_BYTES];
	size_t n_offers;
	char cases[CANDIDATES][CODE_BYTES]; /* that wait for operators */
	size_t n_cases;
	int64_t deals;
};

static void copy(char *to, size_t n, struct db_stmt *s, void *ctx, const char *column)
{
	snprintf(to, n, "%s", db_col_text(ctx, s, column));
}

static void read_step(struct db_tx *tx, void *ctx, struct look *l)
{
	static struct db_query q =
		DB_QUERY("SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ?");
	static struct db_query owed = DB_QUERY(
		"SELECT 1 AS yes FROM person WHERE outside_id = ? AND iban = '' AND (EXISTS (SELECT 1 FROM deal WHERE "
		"seller_id = person.id AND payable > 0) OR EXISTS (SELECT 1 FROM settlement WHERE person_id = "
		"person.id "
		"AND iban = '' AND state = 1 AND rail <> 'along'))");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t yes = 0;

	db_int(s, l->person);
	if (db_step(s) == DB_ROW)
		copy(l->step, sizeof l->step, s, ctx, "step");
	db_free(&s);
	s = db_stmt(tx, &owed);
	db_int(s, l->person);
	db_one_int(s, &yes);
	l->needs_iban = yes;
}

static void read_pays(struct db_tx *tx, void *ctx, struct look *l)
{
	static struct db_query q =
		DB_QUERY("SELECT page, gateway, order_id, payment.state AS state, deal.state AS deal_state "
			 "FROM payment JOIN deal ON deal.id = deal_id JOIN person ON person.id = buyer_id WHERE "
			 "outside_id = ? AND deal.state IN (5, "
			 "7, 23, 24) AND payment.state IN (2, 8) ORDER BY payment.id DESC LIMIT 24");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, l->person);
	while (l->n_pays < CANDIDATES && db_step(s) == DB_ROW) {
		struct pay *p = &l->pays[l->n_pays++];

		copy(p->page, sizeof p->page, s, ctx, "page");
		copy(p->gateway, sizeof p->gateway, s, ctx, "gateway");
		copy(p->order_id, sizeof p->order_id, s, ctx, "order_id");
		p->state = db_col_int(s, "state");
		p->late = db_col_int(s, "deal_state") > 20;
	}
	db_free(&s);
}

static void read_card(struct db_tx *tx, struct look *l)
{
	static struct db_query q = DB_QUERY(
		"SELECT COUNT(*) AS n FROM person WHERE outside_id = ? AND card_said = '' AND EXISTS (SELECT 1 FROM "
		"deal WHERE buyer_id = person.id AND state IN (5, 7))");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, l->person);
	db_one_int(s, &n);
	l->needs_card = n;
}

static void read_codes(struct db_stmt *s, void *ctx, char codes[][CODE_BYTES], size_t *n)
{
	while (*n < CANDIDATES && db_step(s) == DB_ROW)
		copy(codes[(*n)++], CODE_BYTES, s, ctx, "code");
	db_free(&s);
}

static enum db_result read_store(struct db_tx *tx, void *arg)
{
	static struct db_query offers = DB_QUERY("SELECT code FROM deal WHERE state IN (2, 3) AND (buyer_id IS NULL OR "
						 "seller_id IS NULL) ORDER BY id DESC LIMIT 24");
	static struct db_query cases =
		DB_QUERY("SELECT code FROM deal WHERE state IN (6, 15) OR suspense > 0 OR payable > "
			 "0 OR rest LIKE '%\"frozen\":1%' ORDER BY id LIMIT 24");
	static struct db_query count = DB_QUERY("SELECT COUNT(*) AS n FROM deal");
	struct look *l = arg;
	void *ctx = talloc_new(NULL);

	read_step(tx, ctx, l);
	read_pays(tx, ctx, l);
	read_card(tx, l);
	read_codes(db_stmt(tx, &offers), ctx, l->offers, &l->n_offers);
	read_codes(db_stmt(tx, &cases), ctx, l->cases, &l->n_cases);
	db_one_int(db_stmt(tx, &count), &l->deals);
	talloc_free(ctx);
	return DB_DONE;
}

/* --- what a person writes --- */

static const char *an_iban(struct sim *s, bool bad)
{
	static char out[60];
	char account[40];
	int rest = 0;

	/* One that ends in 000 is sent back by the bank. */
	snprintf(account, sizeof account, "029%016" PRId64 "%03d", sim_below(s, INT64_C(1000000000)),
		 bad ? 0 : (int)sim_between(s, 1, 999));
	for (const char *p = account; *p; p++)
		rest = (rest * 10 + *p - '0') % 97;
	for (const char *p = "182700"; *p; p++)
		rest = (rest * 10 + *p - '0') % 97;
	snprintf(out, sizeof out, "IR%02d%s", 98 - rest, account);
	return out;
}

static const char *a_price(struct sim *s)
{
	static char out[40];
	int64_t toman = sim_often(s, 120) ? sim_between(s, 51, 140) * 1000000 : sim_between(s, 10, 9000) * 1000;

	snprintf(out, sizeof out, "%" PRId64 " toman", toman);
	return out;
}

static const char *a_post_code(struct sim *s)
{
	static char out[40];

	snprintf(out, sizeof out, "2058800044%014" PRId64, INT64_C(10000000000000) + sim_below(s, INT64_C(1000000000)));
	return out;
}

static const char *odd_words(struct sim *s)
{
	static const char *const words[] = {"؟",        "/cancel",
					    "0",        "999999999999999999999999",
					    "سلام",     "<b>",
					    "-1 toman", "IR000000000000000000000000",
					    "/help",    "\xe2\x80\x8f\xe2\x80\xaa",
					    "۱۲۳",      "/deals",
					    "/sell",    "/fee 100000",
					    "/status",  "/deal ZZZZZZZZ"};

	return words[sim_below(s, sizeof words / sizeof *words)];
}

/* What answers a question; "" for a photo. */
static const char *answer_to(struct sim *s, const char *step)
{
	if (strstr(step, "price"))
		return a_price(s);
	if (strstr(step, "title"))
		return "Bicycle";
	if (!strcmp(step, "ship") || !strcmp(step, "ship_back"))
		return a_post_code(s);
	if (!strcmp(step, "iban"))
		return an_iban(s, s->weather && sim_often(s, 80));
	if (!strcmp(step, "split"))
		return sim_often(s, 500) ? "50" : a_price(s);
	if (!strcmp(step, "rule_why") || !strncmp(step, "ask_", 4))
		return "When was it sent, and by whom? Photos 1, 2";
	if (strstr(step, "pick"))
		return "1";
	return sim_often(s, 500) ? "" : "It is broken at the back";
}

static void answers(struct sim *s, int64_t person, int64_t chat, const char *step)
{
	const char *words = answer_to(s, step);

	if (s->weather && sim_often(s, 60)) {
		sim_trouble(s, TROUBLE_WORDS_ODD);
		words = odd_words(s);
	}
	if (*words)
		chats_says(s->chats, person, chat, words);
	else
		chats_shows_photo(s->chats, person, chat, "look");
}

/* --- what a person presses --- */

static bool has_any(const char *data, const char *const *words)
{
	for (; *words; words++)
		if (strstr(data, *words))
			return true;
	return false;
}

/* How willingly, in 1000. */
static int wish_for(const struct sim *s, const char *data)
{
	static const char *const onward[] = {":publish",   ":agree",  ":accept",    ":ship",     ":received",
					     ".yes",       "_done",   ":got_back",  ":return_",  ":grant_",
					     "rule",       ":review", ":payout_ok", ":amend_ok", ":say_",
					     "freeze.off", NULL};
	static const char *const aside[] = {":report",  ":escalate", ":appeal", ":answer",    ":ask_",
					    ":counter", ":price",    ":keep",   ":more_time", ":not_yet",
					    ":carri",   ":swap",     ":proof",  ":iban",      NULL};

	if (strncmp(data, "d:", 2))
		return 20; /* menus, lists, settings */
	if (strstr(data, ":freeze.on"))
		return s->busy ? 30 : 0;
	if (has_any(data, onward))
		return 900;
	if (strstr(data, ":cancel"))
		return 90;
	return has_any(data, aside) ? 160 : 25;
}

static const struct button *chosen(struct sim *s, const struct shown *const *recent, size_t n, const struct shown **on)
{
	for (int tries = 0; tries < 6; tries++) {
		const struct shown *m = recent[sim_often(s, 500) ? 0 : sim_below(s, (int64_t)n)];
		const struct button *b = &m->buttons[sim_below(s, m->n_buttons)];

		*on = m;
		if (!b->is_link && sim_often(s, wish_for(s, b->data)))
			return b;
	}
	return NULL;
}

static void presses(struct sim *s, int64_t person, int64_t chat)
{
	const struct shown *recent[MESSAGES_KEPT], *m;
	size_t most = sim_often(s, 60) ? MESSAGES_KEPT : RECENT, n = chats_shown(s->chats, chat, recent, most);
	const struct button *b = n ? chosen(s, recent, n, &m) : NULL;

	if (!b)
		return;
	if (most > RECENT && s->weather)
		sim_trouble(s, TROUBLE_PRESS_OLD);
	chats_presses(s->chats, person, chat, m->id, b->data);
	if (s->weather && sim_often(s, 40)) {
		sim_trouble(s, TROUBLE_PRESS_TWICE);
		chats_presses(s->chats, person, chat, m->id, b->data);
	}
}

/* A button that was somebody else's, pressed from one's own chat. */
static void forges(struct sim *s, int64_t person)
{
	const struct shown *theirs[MESSAGES_KEPT];
	int64_t other = PERSON_ID(sim_below(s, FOLK)), chat = sim_often(s, 300) ? STAFF_CHAT : other;
	size_t n = chats_shown(s->chats, chat, theirs, MESSAGES_KEPT);
	const struct shown *m = n ? theirs[sim_below(s, (int64_t)n)] : NULL;

	if (!m)
		return;
	sim_trouble(s, TROUBLE_PRESS_FOREIGN);
	chats_presses(s->chats, person, person, m->id, m->buttons[sim_below(s, m->n_buttons)].data);
}

/* --- what a person pays --- */

static void pays(struct sim *s, const struct pay *p)
{
	static const char *const banks[] = {"bank=mellat", "bank=parsian", "bank=zarinpal"};
	static const char *const acts[] = {"pay", "pay", "pay",    "pay",   "pay",   "pay",
					   "pay", "pay", "refuse", "forge", "vanish"};
	const char *act = acts[sim_below(s, s->weather ? 11 : 8)];
	char path[100];

	if (p->late && !sim_often(s, 60))
		return;
	if (p->state == 8) {
		snprintf(path, sizeof path, "/p/%s/go", p->page);
		wire_inbound(s->wire, 500, "POST", path, banks[sim_below(s, 3)]);
		return;
	}
	if (sim_often(s, 100)) {
		snprintf(path, sizeof path, "/p/%s", p->page);
		wire_inbound(s->wire, 100, "GET", path, "");
	}
	if (!strcmp(act, "forge"))
		sim_trouble(s, TROUBLE_CALLBACK_FORGED);
	sim_note(s, "pays %s at %s: %s", p->order_id, p->gateway, act);
	banks_pay(s->banks, p->gateway, p->order_id, act, sim_often(s, 100) ? "6219861034529007" : NULL);
}

/* --- one act --- */

static void begins(struct sim *s, int64_t person)
{
	char text[100];

	snprintf(text, sizeof text, "/%s Phone %s", sim_often(s, 700) ? "sell" : "buy", a_price(s));
	chats_says(s->chats, person, person, text);
}

static void joins(struct sim *s, int64_t person, const struct look *l)
{
	char text[80];

	snprintf(text, sizeof text, "/start d_%s", l->offers[sim_below(s, (int64_t)l->n_offers)]);
	chats_says(s->chats, person, person, text);
}

static void operates(struct sim *s, int64_t person, const struct look *l)
{
	char text[60];

	if (*l->step && sim_often(s, 900)) {
		answers(s, person, STAFF_CHAT, l->step);
	} else if (l->n_cases && sim_often(s, 350)) {
		snprintf(text, sizeof text, "/deal %s", l->cases[sim_below(s, (int64_t)l->n_cases)]);
		chats_says(s->chats, person, STAFF_CHAT, text);
	} else {
		presses(s, person, STAFF_CHAT);
	}
}

static void acts(struct sim *s, int64_t person, const struct look *l)
{
	int64_t luck = sim_below(s, 100);

	bool tells_story = strstr("report answer return_bad proof", l->step) && *l->step;

	if (l->needs_iban && strcmp(l->step, "iban") && sim_often(s, 400))
		chats_says(s->chats, person, person, "/iban");
	else if (*l->step && sim_often(s, tells_story && s->busy ? 400 : 850))
		answers(s, person, person, l->step);
	else if (!s->busy)
		return; /* whoever does nothing loses nothing: clocks and operators end it */
	else if (s->weather && luck < 3)
		forges(s, person);
	else if (l->needs_card && s->asks_card && sim_often(s, 700))
		chats_says(s->chats, person, person, "5443");
	else if (l->n_pays && sim_often(s, 600))
		pays(s, &l->pays[sim_below(s, (int64_t)l->n_pays)]);
	else if (luck < 5)
		begins(s, person);
	else if (luck < 30 && l->n_offers)
		joins(s, person, l);
	else
		presses(s, person, person);
}

static void somebody(struct sim *s, int64_t arg)
{
	bool operator= sim_often(s, s->busy ? 120 : 500);
	struct look l = {.sim = s, .person = PERSON_ID(operator? FOLK + sim_below(s, OPERATORS) : sim_below(s, FOLK))};

	(void)arg;
	wire_later(s->wire, sim_between(s, SECOND_MS, s->busy ? breath_most_ms : 10 * breath_most_ms), somebody, 0);
	if (!s->app || s->dead || db_read(s->app->db, "look", read_store, &l) != DB_DONE)
		return;
	if (operator)
		operates(s, l.person, &l);
	else
		acts(s, l.person, &l);
}

void people_begin(struct sim *s)
{
	for (int i = 0; i < FOLK; i++)
		chats_says(s->chats, PERSON_ID(i), PERSON_ID(i), "/start");
	wire_later(s->wire, SECOND_MS, somebody, 0);
}
