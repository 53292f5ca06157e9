/* Misbehaviour on order: see faults.h. */
#include "faults.h"

#include "js.h"
#include "methods.h"
#include "queue.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct faults {
	struct fault list[FAULTS_MAX];
	size_t n;
};

static const struct {
	const char *name;
	enum fault_kind kind;
} kinds[] = {
	{"429", FAULT_429},         {"500", FAULT_500},       {"502html", FAULT_502HTML},
	{"401", FAULT_401},         {"403", FAULT_403},       {"409", FAULT_409},
	{"empty", FAULT_EMPTY},     {"cut", FAULT_CUT},       {"hang", FAULT_HANG},
	{"lost", FAULT_LOST},       {"reset", FAULT_RESET},   {"notfound", FAULT_NOTFOUND},
	{"migrate", FAULT_MIGRATE}, {"double", FAULT_DOUBLE}, {"badjson", FAULT_BADJSON},
	{"busy", FAULT_BUSY},       {"soap", FAULT_SOAP},     {"html200", FAULT_HTML200},
	{"bomb", FAULT_BOMB},       {"prefix", FAULT_PREFIX}, {"blank", FAULT_BLANK},
	{"huge", FAULT_HUGE},
};

static const char *const bank_calls[] = {"bank.*",       "bank.token",          "bank.verify", "bank.settle",
					 "bank.inquiry", "bank.reverse",        "bank.refund", "bank.refund_inquiry",
					 "bank.payout",  "bank.payout_inquiry", NULL};

struct faults *faults_new(void *ctx)
{
	return talloc_zero(ctx, struct faults);
}

static enum fault_kind kind_named(const json_t *kind)
{
	char text[16] = "";

	if (json_is_integer(kind))
		snprintf(text, sizeof text, "%d", (int)json_integer_value(kind));
	else if (json_is_string(kind))
		snprintf(text, sizeof text, "%s", json_string_value(kind));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, text) == 0)
			return kinds[i].kind;
	return FAULT_NONE;
}

static bool method_known(const char *name)
{
	if (strcmp(name, "*") == 0 || strcmp(name, "file") == 0 || method_named(name))
		return true;
	if (!strncmp(name, "mellat.", 7) || !strncmp(name, "parsian.", 8) || !strncmp(name, "zarinpal.", 9) ||
	    !strncmp(name, "vandar.", 7) || !strncmp(name, "kavenegar.", 10) || !strncmp(name, "smsir.", 6))
		return true;
	for (size_t i = 0; bank_calls[i]; i++)
		if (strcmp(bank_calls[i], name) == 0)
			return true;
	return false;
}

char *fault_order(struct world *w, void *ctx, const json_t *order)
{
	struct faults *f = w->faults;
	const char *method = js_str(order, "method", "");
	struct fault new = {.kind = kind_named(json_object_get(order, "kind")),
			    .times = js_int(order, "times", 1),
			    .retry_after = js_int(order, "retry_after", 1),
			    .delay_ms = js_int(order, "delay_ms", 60000)};

	if (!method_known(method))
		return talloc_asprintf(ctx,
				       "method \"%s\" is unknown: give a Bot API method, \"*\", \"file\", "
				       "\"bank.verify\" or the like, or \"bank.*\"",
				       method);
	if (new.kind == FAULT_NONE)
		return talloc_strdup(ctx, "kind must be one of 429 500 502html 401 403 409 empty cut hang lost reset "
					  "notfound migrate double badjson busy soap html200 bomb prefix blank huge");
	if (new.times < 1 || new.times > 1000000 || new.delay_ms < 0 || new.delay_ms > 600000 || new.retry_after < 0)
		return talloc_strdup(ctx, "times is 1 to 1000000, delay_ms 0 to 600000, retry_after not negative");
	if (f->n == FAULTS_MAX)
		return talloc_asprintf(ctx, "%d faults are pending already; POST /sim/reset forgets them", FAULTS_MAX);
	snprintf(new.method, sizeof new.method, "%s", method);
	f->list[f->n++] = new;
	world_changed(w);
	if (strcmp(method, "*") == 0 || strcasecmp(method, "getUpdates") == 0)
		queue_release_poll(w); /* the poll that waits now would miss it */
	return NULL;
}

static bool meets(const struct fault *f, const char *method, const char *all, bool group)
{
	if (f->kind == FAULT_MIGRATE && !group)
		return false;
	return strcasecmp(f->method, method) == 0 || strcmp(f->method, all) == 0;
}

struct fault fault_take(struct world *w, const char *method, const char *all, bool group)
{
	struct faults *f = w->faults;
	struct fault hit = {.kind = FAULT_NONE};

	for (size_t i = 0; i < f->n; i++) {
		if (!meets(&f->list[i], method, all, group))
			continue;
		hit = f->list[i];
		if (--f->list[i].times == 0) {
			memmove(&f->list[i], &f->list[i + 1], (f->n - i - 1) * sizeof f->list[0]);
			f->n--;
		}
		world_changed(w);
		return hit;
	}
	return hit;
}

static const char *kind_name(enum fault_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "";
}

json_t *faults_state(const struct world *w)
{
	json_t *out = json_array();

	for (size_t i = 0; i < w->faults->n; i++)
		json_array_append_new(out, json_pack("{sssssI}", "method", w->faults->list[i].method, "kind",
						     kind_name(w->faults->list[i].kind), "times",
						     (json_int_t)w->faults->list[i].times));
	return out;
}
