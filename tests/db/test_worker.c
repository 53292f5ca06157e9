/* What the worker lets out in one step, on a real store: at most one picture that it has to draw. */
#include "book_fixture.h"

#include "recipe.h"
#include "repo_work.h"
#include "worker.h"

enum { CHAT = 1000 };

static struct config config = {
	.send = {.workers = 16, .chat_per_s = 1, .chat_burst = 1, .group_per_minute = 20, .bulk_per_s = 1}};
static struct channel channel;
static struct http_port port;
static struct app app;
static int texts, pictures;

static void make_request(void *self, void *on, const struct outmsg *m, struct http_request *out)
{
	(void)self;
	(void)on;
	(void)out;
	texts += m->kind == OUT_TEXT;
	pictures += m->picture != NULL;
}

static uint64_t take_request(void *self, const struct http_request *request)
{
	(void)self;
	(void)request;
	return 1;
}

/* A message for a chat of its own, so that nothing waits for anything else. */
static void add(struct db_tx *tx, enum out_kind kind, const char *title)
{
	static int n;
	struct recipe r = {.kind = RECIPE_STATUS, .language = "en", .title = title};
	struct outmsg m = {.kind = kind, .chat_id = CHAT + n, .text = "words"};

	r.emblem_name = r.brand = r.heading = r.sum = r.sum_words = r.qr = r.code = r.foot = "";
	m.recipe = kind == OUT_PHOTO ? recipe_to_json(ctx, &r) : NULL;
	work_add(tx, &(struct work){.kind = WORK_SEND,
				    .lane = LANE_REPLY,
				    .chain = talloc_asprintf(ctx, "chat:%d", n++),
				    .collapse = "",
				    .payload = outmsg_to_json(ctx, &m),
				    .due_ms = now_ms,
				    .created_ms = now_ms});
}

static enum db_result three_pictures(struct db_tx *tx, void *arg)
{
	(void)arg;
	add(tx, OUT_PHOTO, "first");
	add(tx, OUT_TEXT, "");
	add(tx, OUT_PHOTO, "second");
	add(tx, OUT_PHOTO, "third");
	add(tx, OUT_TEXT, "");
	return DB_DONE;
}

START_TEST(a_step_draws_one_picture)
{
	struct worker *w;

	channel.request = make_request;
	port.submit = take_request;
	app = (struct app){.config = &config, .db = db, .channel = &channel, .port = &port};
	app.clock = clock_system();
	w = worker_new(ctx, &app);
	ck_assert_int_eq(db_tx(db, "work", three_pictures, NULL), DB_DONE);
	worker_look(w);
	ck_assert_int_eq(worker_step(w, now_ms), now_ms); /* there is more to do at once */
	ck_assert_int_eq(pictures, 1);
	ck_assert_int_eq(texts, 0);
	ck_assert_int_eq(worker_step(w, now_ms), now_ms);
	ck_assert_int_eq(pictures, 2);
	ck_assert_int_eq(texts, 1);
	worker_step(w, now_ms);
	ck_assert_int_eq(pictures, 3);
	ck_assert_int_gt(worker_step(w, now_ms), now_ms);
	ck_assert_int_eq(texts, 2);
	ck_assert_uint_eq(worker_out(w), 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("worker");
	TCase *c = tcase_create("pictures");
	int failed;

	folder_make();
	tcase_add_checked_fixture(c, book_open, book_close);
	tcase_add_test(c, a_step_draws_one_picture);
	suite_add_tcase(suite, c);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
