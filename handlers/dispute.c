/* A problem: both sides tell their story with words, photos and files, until they say that it is told. */
#include "deal_card.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "evidence.h"
#include "js.h"
#include "repo_deal.h"
#include "safe_name.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

/* Each side has room of its own in the deal's file, so that nobody can fill the other's, and proof of sending has its
 * own beside the stories; words leave room for pictures, because a problem without one cannot be reported. */
enum { PIECES_A_STORY = 20, PIECES_A_SIDE = EVIDENCE_MOST / 2 - PROOF_MOST, FOR_FILES = 4 };
enum { TOLD_CODEPOINTS = 700 }; /* of one piece to the other side: fits a caption */

/* {"deal":ID,"since":MS}: what is told from now on belongs to this story. */
static void begin_story(struct turn *t, const struct deal_file *f, const char *step, const char *words)
{
	json_t *o =
		js_own(t->ctx, json_pack("{s:I, s:I}", "deal", (json_int_t)f->deal.id, "since", (json_int_t)t->now_ms));

	talk_begin(t, step, js_text(t->ctx, o));
	reply(t, words);
}

void report_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (deal_may(t, f, EVENT_REPORT))
		begin_story(t, f, "report", MINE(t, "story.ask_report"));
}

void answer_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (deal_may(t, f, EVENT_ANSWER))
		begin_story(t, f, "answer", MINE(t, "story.ask_answer"));
}

void return_bad_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (deal_may(t, f, EVENT_RETURN_REJECT))
		begin_story(t, f, "return_bad", MINE(t, "story.ask_return_bad"));
}

static const char *done_act(const char *step)
{
	if (!strcmp(step, "report"))
		return "report_done";
	return strcmp(step, "answer") ? "return_bad_done" : "answer_done";
}

static bool has_room(struct turn *t, const struct deal_file *f, int64_t since_ms)
{
	struct evidence *told = talloc_array(t->ctx, struct evidence, EVIDENCE_MOST);
	size_t n = evidence_list(t->tx, t->ctx, f->deal.id, told, EVIDENCE_MOST), mine = 0, now = 0;
	enum role role = role_of(&f->deal, t->me.id);

	for (size_t i = 0; i < n; i++) {
		if (told[i].role != role || told[i].purpose != PURPOSE_STORY)
			continue;
		mine++;
		now += told[i].at_ms >= since_ms;
	}
	if (!evidence_has_file(t->update)) {
		now += PIECES_A_STORY / FOR_FILES;
		mine += PIECES_A_SIDE / FOR_FILES;
	}
	return now < PIECES_A_STORY && mine < PIECES_A_SIDE;
}

/* One more piece of the story. Several photos at once (an album) get one answer, not ten. */
void story_talk(struct turn *t, const char *data)
{
	int64_t since_ms = js_int(js_parse(t->ctx, data, strlen(data)), "since", 0), files;
	struct deal_file f;
	struct evidence e;
	struct outmsg m;

	if (!talk_deal(t, data, &f))
		return;
	if (!evidence_has_file(t->update) && !t->update->text[0]) {
		reply(t, MINE(t, "story.words_please"));
		return;
	}
	if (!has_room(t, &f, since_ms)) {
		reply(t, MINE(t, "story.enough"));
		return;
	}
	e = evidence_of(t, &f);
	evidence_keep(t, &f, &e);
	files = evidence_count(t->tx, f.deal.id, role_of(&f.deal, t->me.id), since_ms);
	if (evidence_has_file(t->update) && files > 1)
		return;
	m = tell_here(t, MINE(t, "story.noted"));
	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "button.story_done"), f.code, done_act(t->talk.step));
	tell(t, &m, LANE_REPLY);
}

/* The photos and films of one side's story, as they are, to the operators; and words that their card has to cut. */
static void show_to_staff(struct turn *t, const struct deal_file *f, enum role role, int64_t since_ms)
{
	struct evidence *told = talloc_array(t->ctx, struct evidence, EVIDENCE_MOST);
	size_t n = evidence_list(t->tx, t->ctx, f->deal.id, told, EVIDENCE_MOST), words = 0;

	for (size_t i = 0; i < n && t->house->staff_chat; i++) {
		if (told[i].role != role || told[i].purpose != PURPOSE_STORY)
			continue;
		words += strlen(told[i].text) + 1;
		if (told[i].at_ms >= since_ms && (told[i].file_id[0] || words > STAFF_STORY_BYTES))
			staff_show(t, f, &told[i]);
	}
}

/* Nobody is judged on what was kept from them: the other side gets the words and the photos. Other files stay with the
 * mediator, because a stranger's file can be harmful. */
static void show_to_other(struct turn *t, const struct deal_file *f, enum role role, int64_t since_ms)
{
	struct evidence *told = talloc_array(t->ctx, struct evidence, EVIDENCE_MOST);
	size_t n = evidence_list(t->tx, t->ctx, f->deal.id, told, EVIDENCE_MOST);
	struct person other;

	if (!deal_other(t, f, role, &other))
		return;
	for (size_t i = 0; i < n; i++) {
		struct outmsg m = tell_to(&other, "");
		bool photo = !strcmp(told[i].file_kind, "photo");

		if (told[i].role != role || told[i].purpose != PURPOSE_STORY || told[i].at_ms < since_ms)
			continue;
		m.text = THEIRS(t, &other, photo || !told[i].file_id[0] ? "story.told" : "story.told_file",
				ARG_TEXT("who", t->me.name), ARG_TEXT("title", f->title),
				ARG_LINES("words", safe_text(t->ctx, told[i].text, TOLD_CODEPOINTS, true)));
		if (photo) {
			m.kind = OUT_PHOTO;
			m.file_id = told[i].file_id;
		}
		tell(t, &m, LANE_NOTICE);
	}
}

/* The story is told: the event happens with what was gathered since it began. */
static void story_done(struct turn *t, struct deal_file *f, const char *step, enum event_kind kind)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	struct event e = event_by_me(t, f, kind);
	int64_t since_ms = js_int(o, "since", 0);
	enum refusal r;

	if (strcmp(t->talk.step, step) || js_int(o, "deal", 0) != f->deal.id) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	e.evidence = (int)evidence_count(t->tx, f->deal.id, e.role, since_ms);
	r = deal_step(t, f, &e, NULL);
	if (r != REFUSAL_NONE) {
		refuse(t, r);
		return;
	}
	conversation_end(t->tx, t->me.id);
	show_to_staff(t, f, e.role, since_ms);
	show_to_other(t, f, e.role, since_ms);
	deal_card_fresh(t, f, e.role);
}

void report_done_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	story_done(t, f, "report", EVENT_REPORT);
}

void answer_done_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	story_done(t, f, "answer", EVENT_ANSWER);
}

void return_bad_done_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	story_done(t, f, "return_bad", EVENT_RETURN_REJECT);
}
