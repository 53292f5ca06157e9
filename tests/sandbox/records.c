/* What the bot did: see records.h. */
#include "records.h"

#include "js.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct records {
	int64_t calls[METHODS];
	json_t *lists[2]; /* by enum refusal */
	int64_t totals[2];
};

struct records *records_new(void *ctx)
{
	struct records *r = talloc_zero(ctx, struct records);

	r->lists[0] = json_array();
	r->lists[1] = json_array();
	return r;
}

void records_free(struct world *w)
{
	json_decref(w->records->lists[0]);
	json_decref(w->records->lists[1]);
}

void records_count(struct world *w, const struct method *m)
{
	w->records->calls[m - methods]++;
}

void records_refused(struct world *w, enum refusal kind, const char *method, int code, const char *description,
		     const json_t *params)
{
	json_t *list = w->records->lists[kind];
	char *text = json_dumps(params, JSON_COMPACT);
	char shown[400];

	snprintf(shown, sizeof shown, "%s", text ? text : "");
	free(text);
	for (size_t n = strlen(shown); n && ((unsigned char)shown[n - 1] & 0x80); n--)
		shown[n - 1] = '\0'; /* a character that was cut in the middle */
	w->records->totals[kind]++;
	if (json_array_size(list) == RECORDS_MAX)
		json_array_remove(list, 0);
	json_array_append_new(list, json_pack("{sssisssIss}", "method", method, "error_code", code, "description",
					      description, "at_ms", (json_int_t)world_now_ms(w), "params", shown));
	world_changed(w);
	if (kind == REFUSED_VIOLATION)
		log_warn("refused %s: %s", method, description);
}

void records_state(const struct world *w, json_t *state)
{
	const struct records *r = w->records;
	json_t *calls = json_object();

	for (size_t i = 0; i < METHODS; i++)
		if (r->calls[i])
			json_object_set_new(calls, methods[i].name, json_integer(r->calls[i]));
	json_object_set_new(state, "calls", calls);
	json_object_set(state, "violations", r->lists[REFUSED_VIOLATION]);
	json_object_set(state, "refusals", r->lists[REFUSED_STATE]);
	json_object_set_new(state, "violations_total", json_integer(r->totals[REFUSED_VIOLATION]));
	json_object_set_new(state, "refusals_total", json_integer(r->totals[REFUSED_STATE]));
}
