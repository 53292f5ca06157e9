/* What people's screens promise, asked of the handlers themselves: a history that has words for every step and fits a
 * caption, and terms of use that are accepted once. */
#include "seen_text.h"
#include "tx_test.h"

#include "safe_name.h"
#include "steps.h"
#include "wishes.h"

enum { CAPTION_CHARACTERS = 1024, PAGE_STEPS = 10, FIRST_VERSION = 1000 };

static struct house house;

static const char *source_folder(void)
{
	const char *dir = getenv("SEPAREX_SOURCE");

	return dir ? dir : ".";
}

static struct turn turn_of(struct db_tx *tx, int64_t person_id, const char *language, const struct update *u)
{
	struct turn t = {.ctx = ctx, .tx = tx, .house = &house, .now_ms = now_ms, .update = u};
	struct err e = {""};

	house = (struct house){.texts = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e),
			       .channel = "telegram",
			       .language = "fa"};
	ck_assert_msg(house.texts != NULL, "%s", e.text);
	ck_assert(person_by_id(tx, ctx, person_id, &t.me));
	t.me.language = language;
	return t;
}

/* The text of the newest message that waits to be sent. */
static const char *told(struct db_tx *tx)
{
	static struct db_query q = DB_QUERY("SELECT payload FROM work ORDER BY id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	struct outmsg m = {0};

	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert(outmsg_from_json(ctx, db_col_text(ctx, s, "payload"), &m));
	db_free(&s);
	return m.text;
}

static const enum role actors[] = {ROLE_BUYER, ROLE_SELLER,  ROLE_MEDIATOR, ROLE_ADMIN,
				   ROLE_TIMER, ROLE_CARRIER, ROLE_BANK,     ROLE_SYSTEM};
enum { ACTORS = sizeof actors / sizeof *actors };

/* A deal to which everything has happened, with the largest sums. */
static int64_t eventful_deal(struct db_tx *tx)
{
	struct deal d = create_awaiting(tx, 1000000, FEE_BY_BUYER);

	deal_set_title(tx, d.id, "a title of quite some length, as people write them for a phone with a case");
	for (int e = 1; e < EVENT_KIND_END; e++)
		history_add(tx, d.id,
			    &(struct deal_history){.version = FIRST_VERSION + e,
						   .row = 1,
						   .event = (enum event_kind)e,
						   .role = actors[e % ACTORS],
						   .actor_id = e % 2 ? BUYER : SELLER,
						   .before = DEAL_AWAIT_PAY,
						   .after = DEAL_CANCELLED,
						   .amount = rial_of(500000000),
						   .note = "said by omid",
						   .at_ms = now_ms});
	return d.id;
}

static void check_history(struct db_tx *tx, int64_t id, const char *language, const char *unknown)
{
	struct update u = {.kind = UPDATE_BUTTON, .chat_kind = CHAT_PRIVATE, .chat_id = 1, .callback_id = "x"};
	struct turn t = turn_of(tx, BUYER, language, &u);
	struct deal_file f;

	ck_assert(deal_by_id(tx, ctx, id, &f));
	for (int page = 1; page <= EVENT_KIND_END / PAGE_STEPS + 1; page++) {
		const char *text;

		timeline_act(&t, &f, talloc_asprintf(ctx, "%d", page));
		text = told(tx);
		ck_assert_msg(!strstr(text, unknown), "a step without words in\n%s", text);
		ck_assert_msg(!strstr(text, "omid") && !strstr(text, "timeline."), "%s", text);
		ck_assert_msg(characters(text) <= CAPTION_CHARACTERS, "%zu characters in\n%s", characters(text), text);
	}
}

TX_TEST(every_step_has_its_words_and_a_page_fits_a_caption)
{
	int64_t id = eventful_deal(tx);

	check_history(tx, id, "en", "another step");
	check_history(tx, id, "fa", "یک قدم دیگر");
	return DB_DONE;
}

TX_TEST(acting_accepts_the_terms_once)
{
	struct turn t = turn_of(tx, BUYER, "en", NULL);
	struct person p;

	ck_assert_ptr_nonnull(strstr(terms_notice(&t, &t.me), "/terms"));
	terms_accept_by_acting(&t);
	ck_assert_int_eq(t.me.terms_version, TERMS_VERSION);
	ck_assert_str_eq(terms_notice(&t, &t.me), "");
	t.now_ms += DAY_MS;
	terms_accept_by_acting(&t);
	ck_assert(person_by_id(tx, ctx, BUYER, &p));
	ck_assert_int_eq(p.terms_version, TERMS_VERSION);
	ck_assert_int_eq(person_accepted_ms(tx, BUYER, TERMS_VERSION), now_ms);
	ck_assert_int_eq(person_accepted_ms(tx, SELLER, TERMS_VERSION), 0);
	return DB_DONE;
}

TX_TEST(a_machine_accepts_nothing)
{
	struct turn t = turn_of(tx, BUYER, "en", NULL);

	t.me = (struct person){.id = 0};
	terms_accept_by_acting(&t);
	ck_assert_int_eq(t.me.terms_version, 0);
	return DB_DONE;
}

int main(void)
{
	Suite *s = suite_create("screens");
	int failed;

	folder_make();
	CASE(s, "screens", every_step_has_its_words_and_a_page_fits_a_caption, acting_accepts_the_terms_once,
	     a_machine_accepts_nothing);
	failed = tap_run(s);
	folder_remove();
	return failed;
}
