/* Saying something: see tell.h. */
#include "tell.h"

#include "safe_name.h"
#include <assert.h>
#include <inttypes.h>
#include <talloc.h>

enum { CARD_PLACES = 8 };

struct outmsg tell_here(const struct turn *t, const char *html)
{
	struct outmsg m = {.kind = OUT_TEXT, .text = html};

	assert(t->update);
	m.chat_id = t->update->chat_id;
	m.thread_id = t->update->thread_id;
	return m;
}

struct outmsg tell_to(const struct person *p, const char *html)
{
	return (struct outmsg){.kind = OUT_TEXT, .text = html, .chat_id = p->outside_id};
}

const char *chat_chain(void *ctx, const char *channel, int64_t chat_id)
{
	return talloc_asprintf(ctx, "%s:%" PRId64, channel, chat_id);
}

static void queue(struct turn *t, const struct outmsg *m, enum work_lane lane, const char *collapse, int64_t subject)
{
	struct work w = {
		.kind = WORK_SEND,
		.lane = lane,
		.chain = chat_chain(t->ctx, t->house->channel, m->chat_id),
		.collapse = collapse,
		.subject_id = subject,
		.payload = outmsg_to_json(t->ctx, m),
		.due_ms = t->now_ms,
		.created_ms = t->now_ms,
	};

	/* An answer to a press or a query never waits behind a chat's other messages: it is worthless seconds later. */
	if (m->kind == OUT_ANSWER || m->kind == OUT_RESULTS)
		w.chain = talloc_asprintf(t->ctx, "answer:%s", m->callback_id);
	else if (m->inline_id && *m->inline_id)
		w.chain = talloc_asprintf(t->ctx, "inline:%s", m->inline_id);
	work_add(t->tx, &w);
}

void tell(struct turn *t, const struct outmsg *m, enum work_lane lane)
{
	struct person p;

	if (m->chat_id > 0 && m->chat_id != t->me.outside_id &&
	    person_by_outside_id(t->tx, t->ctx, t->house->channel, m->chat_id, &p) && !p.reachable)
		return;
	queue(t, m, lane, "", 0);
}

int64_t card_subject(int64_t deal_id, enum card_place place)
{
	return deal_id * CARD_PLACES + place;
}

int64_t card_subject_deal(int64_t subject)
{
	return subject / CARD_PLACES;
}

enum card_place card_subject_place(int64_t subject)
{
	return (enum card_place)(subject % CARD_PLACES);
}

void tell_card(struct turn *t, const struct outmsg *m, int64_t deal_id, enum card_place place)
{
	int64_t subject = card_subject(deal_id, place);
	const char *collapse = talloc_asprintf(t->ctx, "card:%" PRId64, subject);

	if (m->kind == OUT_EDIT) {
		queue(t, m, t->bulk ? LANE_BULK : LANE_NOTICE, collapse, subject);
		return;
	}
	/* A redraw that still waits speaks of the past, and would overwrite the fresh card. */
	work_void(t->tx, chat_chain(t->ctx, t->house->channel, m->chat_id), collapse);
	/* A reminder can be overtaken, and then it is the one that speaks of the past: the same rule for it. */
	queue(t, m, t->bulk ? LANE_BULK : LANE_REPLY, t->bulk ? collapse : "", subject);
}

void reply(struct turn *t, const char *html)
{
	struct outmsg m = tell_here(t, html);

	tell(t, &m, LANE_REPLY);
}

void object(struct turn *t, const char *text)
{
	if (t->update && t->update->kind == UPDATE_BUTTON) {
		t->toast = text;
		t->alert = true;
		return;
	}
	if (t->update)
		reply(t, html_escape(t->ctx, text));
}

void refuse(struct turn *t, enum refusal why)
{
	static const char *const keys[REFUSAL_END] = {
		[REFUSAL_NONE] = "refused.not_now",
		[REFUSAL_NOT_NOW] = "refused.not_now",
		[REFUSAL_NOT_YOURS] = "refused.not_yours",
		[REFUSAL_FROZEN] = "refused.frozen",
		[REFUSAL_AMOUNT] = "refused.amount",
		[REFUSAL_SELF] = "refused.self",
		[REFUSAL_SEAT_TAKEN] = "refused.seat_taken",
		[REFUSAL_SEAT_EMPTY] = "refused.seat_empty",
		[REFUSAL_TERMS_CHANGED] = "refused.terms_changed",
		[REFUSAL_ALREADY] = "refused.already",
		[REFUSAL_TOO_EARLY] = "refused.too_early",
		[REFUSAL_TOO_LATE] = "refused.too_late",
		[REFUSAL_ONCE_ONLY] = "refused.once_only",
		[REFUSAL_EVIDENCE] = "refused.evidence",
		[REFUSAL_ASKED_FIRST] = "refused.not_now",
		[REFUSAL_OWN_PROPOSAL] = "refused.own_proposal",
		[REFUSAL_SECOND_PERSON] = "refused.second_person",
		[REFUSAL_OTHER_MEDIATOR] = "refused.other_mediator",
		[REFUSAL_PARTY] = "refused.party",
		[REFUSAL_PIN_BLOCKED] = "refused.once_only",
	};

	object(t, MINE_PLAIN(t, keys[why]));
}

void deal_button(struct turn *t, struct outmsg *m, bool new_row, enum button_style style, const char *label,
		 const char *code, const char *act)
{
	const char *data = talloc_asprintf(t->ctx, "d:%s:%s", code, act);

	outmsg_button(m, new_row, BUTTON_DATA, style, label, data);
}
