/* Every card that a deal can show, with the longest names, title, sums and spans: in each state, to each side, in each
 * language, whatever else it has to say. None is longer than what a phone shows without scrolling. */
#include "seen_text.h"
#include "tx_test.h"

#include "deal_card.h"
#include "deal_counter.h"
#include "deal_faces.h"
#include "outmsg.h"
#include "safe_name.h"
#include "shipping.h"
#include "wishes.h"

enum { CARD_LINES = 12, MESSAGE_CHARACTERS = 4096, NAME_CODEPOINTS = 64, TITLE_CODEPOINTS = 100 };

static const int64_t longest_price = 499999990; /* 49,999,999 toman: no sum has more words */

static struct house house;

/* Something that a deal can be beside its state. */
struct variant {
	const char *name;
	void (*set)(struct deal *d, enum role reader);
};

static const char *source_folder(void)
{
	const char *dir = getenv("SEPAREX_SOURCE");

	return dir ? dir : ".";
}

static const char *repeated(const char *letter, size_t n)
{
	char *s = talloc_strdup(ctx, "");

	for (size_t i = 0; i < n; i++)
		s = talloc_strdup_append_buffer(s, letter);
	return s;
}

static void open_house(void)
{
	struct err e = {""};

	house = (struct house){.texts = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e),
			       .channel = "telegram",
			       .language = "fa",
			       .bot_username = "a_bot_of_thirty_two_letters_bot_",
			       .policy = policy,
			       .fees = {.n = 1, .tiers = {{{0}, 75}}},
			       .payout_max_ms = 12 * HOUR_MS,
			       .practice = true};
	ck_assert_msg(house.texts != NULL, "%s", e.text);
	catalog_mark_times((struct catalog *)(uintptr_t)house.texts, true);
}

/* Both have names that are long and new today, an emblem, and have not accepted the terms. */
static void meet_people(struct db_tx *tx)
{
	struct person p;

	for (int i = 0; i < 2; i++) {
		ck_assert(person_meet(tx, ctx, "telegram", 100 + i, repeated(i ? "ب" : "س", NAME_CODEPOINTS), "", "fa",
				      now_ms, &p));
		ck_assert(person_meet(tx, ctx, "telegram", 100 + i, repeated(i ? "خ" : "ف", NAME_CODEPOINTS), "", "fa",
				      now_ms, &p));
		person_set_reachable(tx, "telegram", 100 + i, true);
		person_set_emblem(tx, p.id, 16, true);
	}
}

static struct turn turn_of(struct db_tx *tx, enum role reader, const char *language)
{
	struct turn t = {.ctx = talloc_new(ctx), .tx = tx, .house = &house, .now_ms = now_ms};

	person_set_language(tx, SELLER, language);
	person_set_language(tx, BUYER, language);
	ck_assert(person_by_id(tx, t.ctx, reader == ROLE_BUYER ? BUYER : SELLER, &t.me));
	return t;
}

static struct deal_terms other_terms(const struct deal_terms *terms)
{
	struct deal_terms o = *terms;

	o.price = rial_of(longest_price - 1000000);
	return o;
}

/* A deal with a clock, late money's clock and a counter-offer in its history; what it is now is set for each card. */
static struct deal_file long_deal(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, longest_price, FEE_BY_HALF);
	struct deal_terms before = other_terms(&d.terms);
	struct deal_file f;

	history_add(tx, d.id,
		    &(struct deal_history){.version = d.version + 1,
					   .event = EVENT_COUNTER,
					   .role = ROLE_BUYER,
					   .actor_id = BUYER,
					   .before = DEAL_OFFERED,
					   .after = DEAL_COUNTERED,
					   .note = terms_note(ctx, &before),
					   .at_ms = now_ms});
	timer_set(tx, d.id, TIMER_LATE, now_ms, now_ms + DAY_MS, true);
	deal_set_title(tx, d.id, repeated("ش", TITLE_CODEPOINTS));
	deal_set_tracking(tx, d.id, CARRIER_SNAPPBOX, repeated("9", 30));
	ck_assert(deal_by_id(tx, ctx, d.id, &f));
	return f;
}

static void is_plain(struct deal *d, enum role reader)
{
	(void)d;
	(void)reader;
}

static void asks_reader(struct deal *d, enum role reader)
{
	d->buyer_agreed = reader != ROLE_BUYER;
	d->seller_agreed = reader != ROLE_SELLER;
}

static void has_nobody_else(struct deal *d, enum role reader)
{
	asks_reader(d, reader == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER);
	*(reader == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = 0;
}

static void has_cancel_asked(struct deal *d, enum role reader)
{
	(void)reader;
	d->cancel_asked = ROLE_BUYER;
}

static void has_own_change(struct deal *d, enum role reader)
{
	d->amended = other_terms(&d->terms);
	d->amended_by = reader;
}

static void has_others_change(struct deal *d, enum role reader)
{
	has_own_change(d, reader == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER);
}

static void wants_topup(struct deal *d, enum role reader)
{
	has_own_change(d, reader);
	d->topup_wanted = true;
	d->held = rial_of(10);
}

static void is_proven(struct deal *d, enum role reader)
{
	(void)reader;
	d->delivery_proven = true;
}

static void is_answered(struct deal *d, enum role reader)
{
	(void)reader;
	d->seller_answered = true;
}

static void is_under_way(struct deal *d, enum role reader)
{
	(void)reader;
	d->inflight = d->payable;
}

static void may_come_back(struct deal *d, enum role reader)
{
	(void)reader;
	d->suspense = terms_due(&d->terms);
}

static void has_late_money(struct deal *d, enum role reader)
{
	(void)reader;
	d->suspense = rial_of(longest_price / 10);
}

static const struct variant variants[] = {
	{"plain", is_plain},
	{"asked", asks_reader},
	{"alone", has_nobody_else},
	{"cancel asked", has_cancel_asked},
	{"own change", has_own_change},
	{"other's change", has_others_change},
	{"top-up", wants_topup},
	{"proven", is_proven},
	{"answered", is_answered},
	{"under way", is_under_way},
	{"may come back", may_come_back},
	{"late money", has_late_money},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

/* Whether the rules let a deal of this state be so: late money waits beside a closed deal only, a closed one is never
 * frozen, and a seat is empty as long as the deal is a draft or an open offer, or when such a one has closed. */
static bool can_be(enum deal_state state, const struct variant *v, bool frozen)
{
	bool closed = state == DEAL_CANCELLED || state == DEAL_EXPIRED;
	bool late = v->set == may_come_back || v->set == has_late_money;

	if (late && !closed)
		return false;
	if (v->set == has_nobody_else && state > DEAL_OFFERED && !closed)
		return false;
	if (v->set != has_nobody_else && state == DEAL_DRAFT)
		return false;
	return !(frozen && (closed || deal_is_final(state)));
}

static struct deal_file now(const struct deal_file *like, enum deal_state state, enum role reader,
			    const struct variant *v, bool frozen)
{
	struct deal_file f = *like;
	struct deal *d = &f.deal;

	d->state = state;
	d->frozen = frozen;
	d->buyer_agreed = d->seller_agreed = true;
	d->held = d->refund = d->payable = rial_of(longest_price);
	d->ruling = RULING_SPLIT;
	d->ruling_to_buyer = rial_of(longest_price / 2);
	v->set(d, reader);
	return f;
}

/* The longest line that can stand above a card in the reader's language. */
static const char *longest_news(struct turn *t)
{
	const char *longest = "", *name = repeated("خ", NAME_CODEPOINTS);

	for (int e = 1; e < EVENT_KIND_END; e++) {
		const char *key = deal_news_key((enum event_kind)e);
		const char *line = key ? MINE(t, key, ARG_TEXT("other", name), ARG_TEXT("who", name)) : "";

		if (characters(line) > characters(longest))
			longest = line;
	}
	return longest;
}

static size_t lines(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The text of the newest message that waits to be sent. */
static const char *told(struct turn *t)
{
	static struct db_query q = DB_QUERY("SELECT payload FROM work ORDER BY id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(t->tx, &q);
	struct outmsg m = {0};

	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert(outmsg_from_json(t->ctx, db_col_text(t->ctx, s, "payload"), &m));
	db_free(&s);
	return m.text;
}

static void check_text(const char *text, const struct deal_file *f, const char *variant)
{
	const char *state = deal_state_name(f->deal.state);

	ck_assert_msg(lines(text) <= CARD_LINES, "%s, %s%s: %zu lines\n%s", state, variant,
		      f->deal.frozen ? ", frozen" : "", lines(text), text);
	ck_assert_msg(characters(text) <= MESSAGE_CHARACTERS, "%s, %s: too long\n%s", state, variant, text);
	ck_assert_msg(text[0] != '\n' && !strstr(text, "\n\n\n") && text[strlen(text) - 1] != '\n', "%s, %s\n%s", state,
		      variant, text);
	ck_assert_msg(!strstr(text, "{{") && !strstr(text, "card."), "%s, %s\n%s", state, variant, text);
}

/* As it is redrawn, and as it comes fresh with news above it. */
static void check_card(struct turn *t, const struct deal_file *f, enum role reader, const char *variant)
{
	struct outmsg m;

	ck_assert(deal_card_compose(t, f, reader, &m));
	check_text(m.text, f, variant);
	deal_card_fresh_with(t, f, reader, longest_news(t));
	check_text(told(t), f, variant);
}

static void check_side(struct db_tx *tx, const struct deal_file *like, enum role reader, const char *language)
{
	struct turn t = turn_of(tx, reader, language);

	for (int s = DEAL_DRAFT; s < DEAL_STATE_END; s++)
		for (size_t i = 0; i < VARIANTS; i++)
			for (int frozen = 0; frozen < 2; frozen++) {
				struct deal_file f = now(like, (enum deal_state)s, reader, &variants[i], frozen != 0);

				if (can_be((enum deal_state)s, &variants[i], frozen != 0))
					check_card(&t, &f, reader, variants[i].name);
			}
	talloc_free(t.ctx);
}

static void check_language(struct db_tx *tx, const char *language)
{
	struct deal_file like;

	open_house();
	meet_people(tx);
	like = long_deal(tx);
	check_side(tx, &like, ROLE_BUYER, language);
	check_side(tx, &like, ROLE_SELLER, language);
}

TX_TEST(a_persian_card_fits_a_phone)
{
	check_language(tx, "fa");
	return DB_DONE;
}

TX_TEST(an_english_card_fits_a_phone)
{
	check_language(tx, "en");
	return DB_DONE;
}

/* Otherwise the tests above would measure less than there is. */
TX_TEST(the_cards_above_say_all_there_is)
{
	struct deal_file like, f;
	struct turn t;
	struct outmsg m;

	open_house();
	meet_people(tx);
	like = long_deal(tx);
	t = turn_of(tx, ROLE_BUYER, "fa");
	f = now(&like, DEAL_OFFERED, ROLE_BUYER, &variants[1], true);
	ck_assert(deal_card_compose(&t, &f, ROLE_BUYER, &m));
	ck_assert_msg(strstr(m.text, MINE(&t, "card.frozen")) != NULL, "%s", m.text);
	f.deal.frozen = false; /* only now is there something to agree to */
	ck_assert(deal_card_compose(&t, &f, ROLE_BUYER, &m));
	ck_assert_msg(strstr(m.text, MINE(&t, "terms.by_acting")) != NULL, "%s", m.text);
	ck_assert_msg(strstr(m.text, MINE(&t, "card.practice")) != NULL, "%s", m.text);
	ck_assert_msg(strstr(m.text, repeated("س", NAME_CODEPOINTS)) != NULL, "no former name in\n%s", m.text);
	ck_assert_uint_le(lines(m.text), CARD_LINES);
	f = now(&like, DEAL_CANCELLED, ROLE_BUYER, &variants[VARIANTS - 1], false);
	ck_assert(deal_card_compose(&t, &f, ROLE_BUYER, &m));
	ck_assert_msg(strstr(m.text, "\n\n") != NULL && strstr(m.text, "💳") != NULL, "%s", m.text);
	f = now(&like, DEAL_COUNTERED, ROLE_BUYER, &variants[1], false);
	ck_assert(deal_card_compose(&t, &f, ROLE_BUYER, &m));
	ck_assert_msg(strstr(m.text, "• ") != NULL, "%s", m.text);
	return DB_DONE;
}

int main(void)
{
	Suite *s = suite_create("card_lines");
	TCase *c = tcase_create("cards");
	int failed;

	folder_make();
	tcase_add_checked_fixture(c, book_open, book_close);
	tcase_set_timeout(c, 120);
	tcase_add_test(c, a_persian_card_fits_a_phone);
	tcase_add_test(c, an_english_card_fits_a_phone);
	tcase_add_test(c, the_cards_above_say_all_there_is);
	suite_add_tcase(s, c);
	failed = tap_run(s);
	folder_remove();
	return failed;
}
