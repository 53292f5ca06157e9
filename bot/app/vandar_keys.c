/* Vandar's tokens: see vandar_keys.h. */
#include "vandar_keys.h"

#include "crypto.h"
#include "gateway_vandar.h"
#include "log.h"
#include "repo_inbox.h"
#include <string.h>
#include <talloc.h>

static const char access_secret[] = "vandar.access", refresh_secret[] = "vandar.refresh";
static const int64_t renew_every_ms = 24 * HOUR_MS, again_ms = MINUTE_MS, longest_pause_ms = HOUR_MS;

static bool in_use(const struct app *a)
{
	return a->vandar != NULL;
}

/* What the configuration says, by name: other words there than last time are newer than the store's. */
static const char *configured(const struct app *a, void *ctx)
{
	char hex[SHA256_HEX_BYTES];
	const char *both =
		talloc_asprintf(ctx, "%s %s", a->config->vandar.access_token, a->config->vandar.refresh_token);

	sha256_hex(both, strlen(both), hex);
	return talloc_strdup(ctx, hex);
}

static void use(struct app *a, const char *access, const char *refresh)
{
	log_hide_passing(access);
	log_hide_passing(refresh);
	gateway_vandar_set_token(a->vandar, access);
	a->vandar_refresh = talloc_strdup(a->vandar, refresh);
}

static void keep_tokens(struct db_tx *tx, const char *access, const char *refresh, int64_t renewed_ms)
{
	secret_set(tx, access_secret, access);
	secret_set(tx, refresh_secret, refresh);
	fact_set(tx, access_secret, renewed_ms, "");
}

void vandar_keys_start(struct app *a, struct db_tx *tx)
{
	void *ctx = talloc_new(NULL);
	const char *hash;

	if (in_use(a)) {
		hash = configured(a, ctx);
		if (strcmp(fact_text(tx, ctx, "vandar.configured", ""), hash)) {
			fact_set(tx, "vandar.configured", 0, hash);
			keep_tokens(tx, a->config->vandar.access_token, a->config->vandar.refresh_token, 0);
		}
		use(a, secret_get(tx, ctx, access_secret), secret_get(tx, ctx, refresh_secret));
		a->vandar_renew_ms = fact_number(tx, access_secret, 0) + renew_every_ms;
		a->vandar_pause_ms = again_ms;
	}
	talloc_free(ctx);
}

int64_t vandar_keys_step(struct app *a, int64_t now_ms)
{
	void *ctx;
	struct http_request request = {0};

	if (!in_use(a))
		return INT64_MAX;
	if (now_ms < a->vandar_renew_ms)
		return a->vandar_renew_ms;
	a->vandar_renew_ms = INT64_MAX; /* until the answer */
	ctx = talloc_new(NULL);
	vandar_renew_request(ctx, a->config->vandar.url, a->vandar_refresh, &request);
	request.owner = OWNER_VANDAR;
	a->port->submit(a->port->self, &request);
	talloc_free(ctx);
	return INT64_MAX;
}

void vandar_keys_refused(struct app *a, int64_t now_ms)
{
	if (in_use(a) && a->vandar_renew_ms != INT64_MAX && a->vandar_pause_ms == again_ms)
		a->vandar_renew_ms = now_ms;
}

struct tokens {
	const char *access, *refresh;
	int64_t now_ms;
};

static enum db_result keep(struct db_tx *tx, void *arg)
{
	const struct tokens *t = arg;

	keep_tokens(tx, t->access, t->refresh, t->now_ms);
	return DB_DONE;
}

void vandar_keys_answer(struct app *a, const struct http_event *event, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	struct tokens t = {.now_ms = now_ms};

	if (vandar_renew_result(ctx, &event->answer, &t.access, &t.refresh) &&
	    db_tx(a->db, "vandar's tokens", keep, &t) == DB_DONE) {
		use(a, t.access, t.refresh);
		a->vandar_renew_ms = now_ms + renew_every_ms;
		a->vandar_pause_ms = again_ms;
	} else {
		log_error(
			"Vandar gave no new tokens (HTTP %d); asked again in %lld s. If this goes on, write new tokens "
			"into [vandar]",
			event->answer.status, (long long)(a->vandar_pause_ms / SECOND_MS));
		a->vandar_renew_ms = now_ms + a->vandar_pause_ms;
		a->vandar_pause_ms =
			a->vandar_pause_ms * 2 < longest_pause_ms ? a->vandar_pause_ms * 2 : longest_pause_ms;
	}
	talloc_free(ctx);
}
