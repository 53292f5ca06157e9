/* Vandar as rails.md 3.3 describes it, below /vandar: settlements that take their time, tokens that run out, and the
 * checks of who owns what. */
#include "stub_vandar.h"

#include "faults.h"
#include "js.h"
#include "reply.h"
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { SETTLEMENTS_MAX = 20000, STRANGERS_MAX = 64 };

static const int64_t least_toman = 5000;

static const int64_t pending_after_ms = 60 * SECOND_MS, done_after_ms = 5 * MINUTE_MS,
		     token_lives_ms = 5 * 24 * HOUR_MS;

struct settlement {
	char track[64], iban[27], status[12];
	int64_t rial, made_ms;
};

struct vandar {
	struct settlement *list[SETTLEMENTS_MAX];
	size_t n;
	int number; /* of the tokens given out */
	int64_t token_until_ms, least_toman;
	char strangers[STRANGERS_MAX][32]; /* numbers that belong to somebody else */
	size_t n_strangers;
};

struct vandar *vandar_new(void *ctx)
{
	struct vandar *v = talloc_zero(ctx, struct vandar);

	v->least_toman = least_toman;
	return v;
}

static struct settlement *find(const struct world *w, const char *track)
{
	for (size_t i = w->vandar->n; i-- > 0;)
		if (!strcmp(w->vandar->list[i]->track, track))
			return w->vandar->list[i];
	return NULL;
}

static void tick(struct world *w)
{
	for (size_t i = 0; i < w->vandar->n; i++) {
		struct settlement *s = w->vandar->list[i];
		int64_t age = world_now_ms(w) - s->made_ms;

		if (!strcmp(s->status, "INIT") && age >= pending_after_ms)
			snprintf(s->status, sizeof s->status, "PENDING");
		/* An account that was closed sends the money back: as at the practice bank, one that ends in 000. */
		if (!strcmp(s->status, "PENDING") && age >= done_after_ms)
			snprintf(s->status, sizeof s->status, strcmp(s->iban + 23, "000") ? "DONE" : "FAILED");
	}
}

static json_t *settlement_json(const struct settlement *s)
{
	return json_pack("{sssssIsIsssssb}", "id", s->track, "iban_id", s->iban, "amount", (json_int_t)s->rial,
			 "amount_toman", (json_int_t)(s->rial / 10), "payment_number", s->track, "status", s->status,
			 "is_instant", 0);
}

static void refuse(struct world *w, struct request *r, unsigned status, const char *name, const char *text)
{
	reply_json(w, r, status, json_pack("{sis{s[s]}}", "status", 0, "errors", name, text));
}

static void give(struct world *w, struct request *r, const struct settlement *s)
{
	reply_json(w, r, 200, json_pack("{sis{s[o]}}", "status", 1, "data", "settlement", settlement_json(s)));
}

static void store(struct world *w, struct request *r)
{
	const char *track = js_str(r->params, "track_id", ""), *iban = js_str(r->params, "iban", "");
	int64_t toman = js_int(r->params, "amount", 0);
	struct settlement *s;

	if (!*track || find(w, track)) {
		refuse(w, r, 422, "track_id", "has already been taken");
		return;
	}
	if (strlen(iban) != 26 || strncmp(iban, "IR", 2) || !strcmp(iban + 22, "0000")) {
		refuse(w, r, 422, "iban", "is not valid");
		return;
	}
	if (toman < w->vandar->least_toman || w->vandar->n == SETTLEMENTS_MAX) {
		refuse(w, r, 422, "amount", "is too small");
		return;
	}
	s = w->vandar->list[w->vandar->n++] = talloc_zero(w->vandar, struct settlement);
	snprintf(s->track, sizeof s->track, "%s", track);
	snprintf(s->iban, sizeof s->iban, "%s", iban);
	snprintf(s->status, sizeof s->status, "INIT");
	s->rial = toman * 10;
	s->made_ms = world_now_ms(w);
	world_changed(w);
	give(w, r, s);
}

static bool token_good(struct world *w, struct request *r)
{
	const char *wanted = talloc_asprintf(r, "Bearer access-%d", w->vandar->number);

	return !strcmp(request_header(r, "Authorization"), wanted) &&
	       (!w->vandar->token_until_ms || world_now_ms(w) < w->vandar->token_until_ms);
}

/* Both tokens change, and the old ones are of no more use. */
static void renew(struct world *w, struct request *r)
{
	const char *wanted = talloc_asprintf(r, "refresh-%d", w->vandar->number);

	if (strcmp(js_str(r->params, "refreshtoken", ""), wanted)) {
		refuse(w, r, 401, "refreshtoken", "is not valid");
		return;
	}
	w->vandar->number++;
	w->vandar->token_until_ms = world_now_ms(w) + token_lives_ms;
	reply_json(w, r, 200,
		   json_pack("{sisoso}", "expires_in", (int)(token_lives_ms / SECOND_MS), "access_token",
			     json_sprintf("access-%d", w->vandar->number), "refresh_token",
			     json_sprintf("refresh-%d", w->vandar->number)));
}

static bool is_stranger(const struct world *w, const char *number)
{
	for (size_t i = 0; i < w->vandar->n_strangers; i++)
		if (!strcmp(w->vandar->strangers[i], number))
			return true;
	return false;
}

/* Everything belongs to whoever says so, but for what the control interface named as somebody else's. */
static void inquire(struct world *w, struct request *r)
{
	const char *mobile = js_str(r->params, "mobile", ""), *id = js_str(r->params, "national_code", "");
	const char *iban = js_str(r->params, "iban", "");
	bool match = !is_stranger(w, mobile) && !is_stranger(w, id) && !is_stranger(w, iban);

	reply_json(w, r, 200,
		   json_pack("{sis{sbss}}", "status", 1, "data", "match", (int)match, "owner",
			     match ? "Sara Karimi" : ""));
}

void vandar_serve(struct world *w, struct request *r)
{
	const char *path = r->path + strlen("/vandar");
	const char *operation = strstr(path, "/customers/inquiry/") ? "inquiry"
				: !strcmp(path, "/v3/refreshtoken") ? "refresh"
				: strstr(path, "/settlement/store") ? "store"
								    : "settlement";
	struct fault f = fault_take(w, talloc_asprintf(r, "vandar.%s", operation), "vandar.*", false);
	const struct settlement *s;

	tick(w);
	if (reply_fault(w, r, &f))
		return;
	if (!strcmp(operation, "refresh")) {
		renew(w, r);
		return;
	}
	if (!token_good(w, r)) {
		refuse(w, r, 401, "token", "has expired");
		return;
	}
	if (!strcmp(operation, "store")) {
		store(w, r);
		return;
	}
	if (!strcmp(operation, "inquiry")) {
		inquire(w, r);
		return;
	}
	s = find(w, strrchr(path, '/') + 1);
	if (s)
		give(w, r, s);
	else
		refuse(w, r, 404, "track_id", "not found");
}

/* POST /sim/vandar: {"track":…, "status":"FAILED"}, {"expire":true}, {"token":1000} (only access-1000 and refresh-1000
 * are good from now on), {"least":5000} (toman) or {"stranger":"0499370899"}. */
void vandar_act(struct world *w, struct request *r)
{
	const char *track = js_str(r->params, "track", NULL), *stranger = js_str(r->params, "stranger", NULL);
	struct settlement *s = track ? find(w, track) : NULL;

	if (track && !s) {
		reply_sim_error(w, r, "there is no settlement with this track id");
		return;
	}
	if (s)
		snprintf(s->status, sizeof s->status, "%s", js_str(r->params, "status", "DONE"));
	if (json_is_true(json_object_get(r->params, "expire")))
		w->vandar->token_until_ms = 1;
	if (js_int(r->params, "token", -1) >= 0) {
		w->vandar->number = (int)js_int(r->params, "token", 0);
		w->vandar->token_until_ms = 0;
	}
	w->vandar->least_toman = js_int(r->params, "least", w->vandar->least_toman);
	if (stranger && w->vandar->n_strangers < STRANGERS_MAX)
		snprintf(w->vandar->strangers[w->vandar->n_strangers++], sizeof w->vandar->strangers[0], "%s",
			 stranger);
	reply_json(w, r, 200, json_pack("{sb}", "ok", 1));
}

void vandar_state(struct world *w, json_t *state)
{
	json_t *list = json_array();

	tick(w);
	for (size_t i = 0; i < w->vandar->n; i++)
		json_array_append_new(list, settlement_json(w->vandar->list[i]));
	json_object_set_new(state, "vandar", json_pack("{sosi}", "settlements", list, "token", w->vandar->number));
}
