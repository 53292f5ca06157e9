/* The control interface's routes and its small pages: see sim.h. */
#include "sim.h"

#include "bank.h"
#include "bench.h"
#include "faults.h"
#include "js.h"
#include "queue.h"
#include "reply.h"
#include "stub.h"
#include "stub_vandar.h"
#include "waiters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { WAIT_MAX_MS = 120000 };

#define ADVANCE_MAX_S (INT64_C(10) * 366 * 24 * 3600)

int64_t sim_int(const struct request *r, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(r->params, name);
	char *end;
	int64_t n;

	if (json_is_integer(v))
		return json_integer_value(v);
	if (!json_is_string(v) || !*json_string_value(v))
		return otherwise;
	n = strtoll(json_string_value(v), &end, 10);
	return *end ? otherwise : n;
}

struct person *sim_person(struct world *w, struct request *r, struct chat **chat)
{
	struct person *as = person_named(w, request_text(r, "as"));

	if (!as) {
		reply_sim_error(w, r, "give \"as\": one of sara, reza, mina, omid");
		return NULL;
	}
	if (!chat)
		return as;
	*chat = chat_seen_by(w, as, json_object_get(r->params, "chat"));
	if (*chat)
		return as;
	reply_sim_error(w, r,
			"%s is in no such chat: give \"chat\": private, bazaar, staff (omid only), "
			"market (not omid), direct (sara and reza) or an id",
			as->key);
	return NULL;
}

static void clock_answer(struct world *w, struct request *r)
{
	reply_json(w, r, 200,
		   json_pack("{sbsIsI}", "ok", 1, "now_ms", (json_int_t)world_now_ms(w), "ahead_ms",
			     (json_int_t)w->clock.ahead_ms));
}

static void clock_advance(struct world *w, struct request *r)
{
	int64_t s = sim_int(r, "advance_s", -1);

	if (s < 0 || s > ADVANCE_MAX_S) {
		reply_sim_error(w, r, "give \"advance_s\": whole seconds, 0 or more; the clock never goes back");
		return;
	}
	w->clock.ahead_ms += s * SECOND_MS;
	bank_tick(w);
	queue_release_poll(w); /* the answer tells the bot of the new time */
	world_changed(w);
	clock_answer(w, r);
}

static void fault(struct world *w, struct request *r)
{
	char *wrong = fault_order(w, r, r->params);

	if (wrong)
		reply_sim_error(w, r, "%s", wrong);
	else
		reply_json(w, r, 200, json_pack("{sb}", "ok", 1));
}

static void update(struct world *w, struct request *r)
{
	json_t *u = json_object_get(r->params, "update");
	const char *raw = request_text(r, "raw");
	char *text;
	int64_t id;

	if (raw) {
		id = queue_add_raw(w, raw);
	} else if (json_is_object(u)) {
		text = NULL;
		if (!json_object_get(u, "update_id"))
			json_object_set_new(u, "update_id", json_string("@ID@"));
		text = js_text(r, u);
		if (strstr(text, "\"@ID@\"")) { /* a number, not a text */
			char *at = strstr(text, "\"@ID@\"");

			*at = '\0';
			text = talloc_asprintf(r, "%s@ID@%s", text, at + 6);
		}
		id = queue_add_raw(w, text);
	} else {
		reply_sim_error(w, r, "give \"update\": an object, or \"raw\": its text, where @ID@ becomes the id");
		return;
	}
	reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "update_id", (json_int_t)id));
}

static void wait_change(struct world *w, struct request *r)
{
	int64_t version = sim_int(r, "version", -1), timeout_ms = sim_int(r, "timeout_ms", 25000);

	timeout_ms = timeout_ms < 0 ? 0 : timeout_ms > WAIT_MAX_MS ? WAIT_MAX_MS : timeout_ms;
	if (version == (int64_t)w->version && timeout_ms && waiters_add(w, WAIT_CHANGE, r, 0, timeout_ms))
		return;
	reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "version", (json_int_t)w->version));
}

/* tests/sandbox/run.sh waits for this file and starts the bot anew: what the bot remembers is gone here. */
static bool tell_reset(const struct world *w)
{
	FILE *f = w->reset_file ? fopen(w->reset_file, "w") : NULL;

	return !w->reset_file || (f && fclose(f) == 0);
}

static void reset(struct world *w, struct request *r)
{
	sim_reset(w);
	if (!tell_reset(w)) {
		reply_sim_error(w, r, "the sandbox is reset, but --reset-file cannot be written: begin the bot anew");
		return;
	}
	reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "version", (json_int_t)w->version));
}

static void bench_start(struct world *w, struct request *r)
{
	char *wrong = bench_order(w, r, r->params);

	if (wrong)
		reply_sim_error(w, r, "%s", wrong);
	else
		reply_json(w, r, 200, bench_state(w, r));
}

static void bench_show(struct world *w, struct request *r)
{
	reply_json(w, r, 200, bench_state(w, r));
}

static const struct {
	const char *verb, *path;
	void (*serve)(struct world *w, struct request *r);
} routes[] = {
	{"POST", "/sim/message", sim_message},
	{"POST", "/sim/press", sim_press},
	{"POST", "/sim/open", sim_open},
	{"POST", "/sim/person", sim_set_person},
	{"POST", "/sim/group", sim_set_group},
	{"POST", "/sim/inline", sim_inline},
	{"POST", "/sim/edit", sim_edit},
	{"POST", "/sim/delete", sim_delete},
	{"POST", "/sim/telegram", sim_set_telegram},
	{"POST", "/sim/choose", sim_choose},
	{"GET", "/sim/chat", sim_chat},
	{"POST", "/sim/bank", bank_act},
	{"POST", "/sim/stub", stub_act},
	{"POST", "/sim/vandar", vandar_act},
	{"POST", "/sim/clock", clock_advance},
	{"GET", "/sim/clock", clock_answer},
	{"POST", "/sim/fault", fault},
	{"POST", "/sim/update", update},
	{"POST", "/sim/reset", reset},
	{"GET", "/sim/state", sim_state},
	{"GET", "/sim/wait", wait_change},
	{"GET", "/sim/file", sim_file},
	{"POST", "/sim/bench", bench_start},
	{"GET", "/sim/bench", bench_show},
};

void sim_serve(struct world *w, struct request *r)
{
	bool known = false;

	if (r->bad) {
		reply_sim_error(w, r, "%s", r->bad);
		return;
	}
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (strcmp(routes[i].path, r->path) != 0)
			continue;
		known = true;
		if (strcmp(routes[i].verb, r->verb) == 0) {
			routes[i].serve(w, r);
			return;
		}
	}
	if (known)
		reply_sim_error(w, r, "%s is not served for %s: try the other of GET and POST", r->path, r->verb);
	else
		reply_sim_error(w, r, "there is no %s; docs/sandbox.md lists what there is", r->path);
}

void sim_reset(struct world *w)
{
	bank_release(w);
	waiters_release(w);
	queue_drop_pending(w);
	queue_release_poll(w);
	w->clock.ahead_ms = 0;
	world_clear(w);
	world_populate(w);
	world_changed(w);
}
