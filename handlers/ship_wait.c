/* Which deal a code is for: see ship_wait.h. */
#include "ship_wait.h"

#include "deal_proof.h"
#include "deal_step.h"
#include "evidence.h"
#include "js.h"
#include "steps.h"
#include <string.h>
#include <talloc.h>

static bool waits(const struct deal_file *f, int64_t person_id)
{
	return (f->deal.state == DEAL_FUNDED && f->deal.seller_id == person_id) ||
	       (f->deal.state == DEAL_RETURN_DUE && f->deal.buyer_id == person_id);
}

size_t ship_wait_list(struct turn *t, struct deal_file *out)
{
	size_t n = deals_of(t->tx, t->ctx, t->me.id, true, 0, out, SHIP_WAIT_MOST), kept = 0;

	for (size_t i = 0; i < n; i++)
		if (waits(&out[i], t->me.id))
			out[kept++] = out[i];
	return kept;
}

bool ship_wait_known(struct turn *t, const char *code, struct deal_file *out)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, SHIP_WAIT_MOST);
	size_t n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, SHIP_WAIT_MOST);

	for (size_t i = 0; i < n; i++)
		if (mine[i].deal.seller_id == t->me.id && !strcmp(mine[i].tracking, code)) {
			*out = mine[i];
			return true;
		}
	return false;
}

/* What a piece of evidence needs to be written later. */
static json_t *piece(struct turn *t)
{
	struct evidence e = evidence_of(t, &(struct deal_file){0});

	return json_pack("{s:s, s:s, s:s, s:I, s:I}", "file", e.file_id, "kind", e.file_kind, "text", e.text, "message",
			 (json_int_t)e.message_id, "at", (json_int_t)e.at_ms);
}

void ship_wait_begin(struct turn *t, const char *step, const char *code)
{
	json_t *o = js_own(t->ctx, json_pack("{s:s, s:s, s:[], s:I}", "code", code, "album", t->update->album, "pieces",
					     "from", (json_int_t)t->now_ms));

	if (!proof_flaw(t->update))
		json_array_append_new(json_object_get(o, "pieces"), piece(t));
	talk_begin(t, step, js_text(t->ctx, o));
}

bool ship_wait_add(struct turn *t)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data)), *pieces = json_object_get(o, "pieces");

	if (!pieces || strcmp(js_str(o, "album", ""), t->update->album) || proof_flaw(t->update))
		return false;
	if (json_array_size(pieces) < PROOF_MOST)
		json_array_append_new(pieces, piece(t));
	talk_begin(t, t->talk.step, js_text(t->ctx, o));
	return true;
}

bool ship_wait_take(struct turn *t, const struct deal_file *f, const char *step, const char *code)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data)), *one;
	bool kept = false;
	size_t i;

	if (strcmp(t->talk.step, step) || strcmp(js_str(o, "code", ""), code))
		return false;
	json_array_foreach(json_object_get(o, "pieces"), i, one)
	{
		struct evidence e = {.person_id = t->me.id,
				     .role = role_of(&f->deal, t->me.id),
				     .text = js_str(one, "text", ""),
				     .file_id = js_str(one, "file", ""),
				     .file_kind = js_str(one, "kind", ""),
				     .message_id = js_int(one, "message", 0),
				     .at_ms = js_int(one, "at", t->now_ms)};

		if (e.file_id[0])
			kept = proof_add(t, f, &e) || kept;
	}
	return kept;
}
