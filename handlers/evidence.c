/* Pieces of evidence and their files: see evidence.h. */
#include "evidence.h"

#include "deal_step.h"
#include "js.h"
#include "repo_work.h"
#include "safe_name.h"
#include "steps.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

bool evidence_has_file(const struct update *u)
{
	return u->kind == UPDATE_PHOTO || u->kind == UPDATE_DOCUMENT;
}

struct evidence evidence_of(struct turn *t, const struct deal_file *f)
{
	const struct update *u = t->update;
	bool file = evidence_has_file(u);

	return (struct evidence){.person_id = t->me.id,
				 .role = role_of(&f->deal, t->me.id),
				 .text = safe_text(t->ctx, u->text, EVIDENCE_CODEPOINTS, true),
				 .file_id = file ? u->file_id : "",
				 .file_kind = u->kind == UPDATE_PHOTO ? "photo" : (file ? "document" : ""),
				 .message_id = u->message_id,
				 .at_ms = t->now_ms};
}

static void fetch_later(struct turn *t, int64_t evidence_id)
{
	work_add(t->tx, &(struct work){.kind = WORK_FETCH,
				       .lane = LANE_NOTICE,
				       .chain = talloc_asprintf(t->ctx, "file:%" PRId64, evidence_id),
				       .collapse = "",
				       .subject_id = evidence_id,
				       .payload = "{}",
				       .due_ms = t->now_ms,
				       .created_ms = t->now_ms});
}

void evidence_keep(struct turn *t, const struct deal_file *f, const struct evidence *e)
{
	int64_t id = evidence_add(t->tx, f->deal.id, e);

	if (e->file_id[0] && id)
		fetch_later(t, id);
}

bool evidence_album_answered(struct turn *t, const char *key)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	const char *album = t->update->album;

	if (!album[0])
		return false;
	if (!strcmp(js_str(o, key, ""), album))
		return true;
	if (json_is_object(o)) {
		json_object_set_new(o, key, json_string(album));
		t->talk.data = js_text(t->ctx, o);
		talk_begin(t, t->talk.step, t->talk.data);
	}
	return false;
}
