/* Pages for whoever watches over the program: see ops_pages.h. */
#include "ops_pages.h"

#include "crypto.h"
#include "repo_inbox.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { READY_PAGE_BYTES = 1024 };

struct ops_job {
	const struct app *app;
	int64_t now_ms;
	struct buf *page;
};

static void answer(struct app *a, const struct http_event *event, int status, const char *type, const char *body)
{
	struct http_reply reply = {.status = status,
				   .type = type,
				   .headers = {{"Cache-Control", "no-store"}},
				   .n_headers = 1,
				   .body = body,
				   .body_bytes = strlen(body)};

	if (status == 401)
		reply.headers[reply.n_headers++] = (struct http_header){"WWW-Authenticate", "Bearer"};
	a->metrics.webs[status / 100]++;
	a->port->reply(a->port->self, event->id, &reply);
}

/* ---- /readyz ---- */

/* A transaction alone may not touch the disk before it is asked something. */
static enum db_result look_at_store(struct db_tx *tx, void *arg)
{
	const struct app *a = arg;

	cursor_get(tx, a->house.channel);
	return db_tx_failed(tx) ? DB_FAIL : DB_DONE;
}

static void ready(struct app *a, const struct http_event *event, int64_t now_ms, void *ctx)
{
	struct buf *why = buf_new(ctx, READY_PAGE_BYTES);

	if (db_read(a->db, "ready", look_at_store, a) != DB_DONE)
		buf_puts(why, "the store cannot be read\n");
	if (!a->bot_id)
		buf_puts(why, "the channel has not told the bot's name yet\n");
	else if (!a->heard)
		buf_puts(why, "no poll was answered yet\n");
	else if (now_ms - a->heard_ms > OUTAGE_MS)
		buf_printf(why, "no poll was answered for %" PRId64 " s\n", (now_ms - a->heard_ms) / SECOND_MS);
	if (a->stopping)
		buf_puts(why, "stopping\n");
	answer(a, event, why->len ? 503 : 200, "text/plain; charset=utf-8", why->len ? why->data : "ready\n");
}

/* ---- /metrics ---- */

static bool may_read(const struct app *a, const char *authorization)
{
	static const char scheme[] = "Bearer ";

	return authorization && !strncmp(authorization, scheme, strlen(scheme)) &&
	       crypto_same(a->config->http.metrics_token, authorization + strlen(scheme));
}

static enum db_result write_page(struct db_tx *tx, void *arg)
{
	struct ops_job *job = arg;

	buf_clear(job->page);
	return metrics_write(job->app, tx, job->now_ms, job->page) ? DB_DONE : DB_FAIL;
}

static void metrics(struct app *a, const struct http_event *event, int64_t now_ms, void *ctx)
{
	struct ops_job job = {a, now_ms, buf_new(ctx, METRICS_PAGE_BYTES)};

	if (!may_read(a, event->inbound.authorization))
		answer(a, event, 401, "text/plain; charset=utf-8", "http.metrics_token is asked for\n");
	else if (db_read(a->db, "metrics", write_page, &job) == DB_DONE)
		answer(a, event, 200, "text/plain; version=0.0.4; charset=utf-8", job.page->data);
	else
		answer(a, event, 503, "text/plain; charset=utf-8", "the store cannot be read\n");
}

bool ops_pages_answer(struct app *a, const struct http_event *event, int64_t now_ms)
{
	const struct http_inbound *in = &event->inbound;
	void (*page)(struct app *, const struct http_event *, int64_t, void *) = NULL;
	void *ctx;

	if (!strcmp(in->path, "/readyz"))
		page = ready;
	else if (!strcmp(in->path, "/metrics") && *a->config->http.metrics_token)
		page = metrics;
	if (!page || (strcmp(in->method, "GET") && strcmp(in->method, "HEAD")))
		return false;
	ctx = talloc_new(NULL);
	page(a, event, now_ms, ctx);
	talloc_free(ctx);
	return true;
}
