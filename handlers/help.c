/* /help: what can be done from where one stands, and a page on each thing that people ask. */
#include "buf.h"
#include "deal_card.h"
#include "deal_faces.h"
#include "deal_step.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

/* The newest live deals that are looked at for the one that needs the person. */
enum { HELP_BYTES = 8192, LIVE_MOST = 50 };

static const struct topic {
	const char *name, *data, *label, *text;
	bool new_row;
} topics[] = {
	{"how", "help:how", "help.topic_how", "help.how", true},
	{"fee", "help:fee", "help.topic_fee", "help.fee", false},
	{"safety", "help:safety", "help.topic_safety", "help.safety", true},
	{"problem", "help:problem", "help.topic_problem", "help.problem", false},
	{"contact", "help:contact", "help.topic_contact", "help.contact", false},
};

/* What each step of a conversation waits for. */
static const struct {
	const char *step, *key;
} awaited[] = {
	{"new_title", "help.await_title"},     {"new_price", "help.await_price"}, {"edit_price", "help.await_price"},
	{"edit_title", "help.await_title"},    {"ship", "help.await_tracking"},   {"ship_back", "help.await_tracking"},
	{"report", "help.await_story"},        {"answer", "help.await_story"},    {"return_bad", "help.await_story"},
	{"counter_price", "help.await_price"}, {"iban", "help.await_iban"},       {"proof", "help.await_proof"},
	{"check", "help.await_check"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* NULL outside any step. */
static const char *what_is_awaited(const struct turn *t)
{
	if (!t->talk.step[0])
		return NULL;
	for (size_t i = 0; i < COUNT(awaited); i++)
		if (!strcmp(awaited[i].step, t->talk.step))
			return awaited[i].key;
	return "help.await_any";
}

/* The newest deal that waits for this person; a draft only when nothing else does. */
static bool find_needy(struct turn *t, struct deal_file *out, bool *any)
{
	struct deal_file *live = talloc_array(t->ctx, struct deal_file, LIVE_MOST);
	size_t n = deals_of_class(t->tx, t->ctx, t->me.id, DEALS_LIVE, 0, live, LIVE_MOST);
	bool found = false;

	*any = n > 0;
	for (size_t i = 0; i < n && !(found && out->deal.state != DEAL_DRAFT); i++) {
		if (found && live[i].deal.state == DEAL_DRAFT)
			continue;
		if (live[i].deal.state != DEAL_DRAFT && !deal_wants(t, &live[i], role_of(&live[i].deal, t->me.id)))
			continue;
		*out = live[i];
		found = true;
	}
	return found;
}

/* The button that the deal's card wants pressed, as a key; a deal that needs somebody has one. */
static const char *next_step(const struct turn *t, const struct deal_file *f)
{
	enum role mine = role_of(&f->deal, t->me.id);
	const struct face *face = deal_face(f->deal.state, mine);

	if (f->deal.state == DEAL_OFFERED || f->deal.state == DEAL_COUNTERED)
		return "button.agree";
	for (size_t i = 0; i < FACE_MAX_BUTTONS && face->buttons[i].label; i++)
		if (face->buttons[i].style == BUTTON_GOOD)
			return face->buttons[i].label;
	return "button.pay";
}

static void add_topics(struct turn *t, struct outmsg *m, const char *but)
{
	bool row = true;

	for (size_t i = 0; i < COUNT(topics); i++) {
		row |= topics[i].new_row;
		if (!strcmp(topics[i].name, but))
			continue;
		screen_button(m, row, MINE_PLAIN(t, topics[i].label), topics[i].data);
		row = false;
	}
}

static void help_in_step(struct turn *t, const char *awaited_key)
{
	struct outmsg m = screen(t, MINE(t, "help.in_step", ARG_RAW("what", MINE(t, awaited_key))));

	add_topics(t, &m, "");
	tell(t, &m, LANE_REPLY);
}

static void help_in_private(struct turn *t)
{
	struct outmsg m = screen(t, "");
	struct deal_file f;
	bool any;

	if (find_needy(t, &f, &any)) {
		m.text = MINE(t, "help.needed", ARG_RAW("deal", deal_line(t, &f)),
			      ARG_RAW("step", MINE(t, next_step(t, &f))));
		deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "help.open"), f.code, "show");
	} else {
		m.text = any ? MINE(t, "help.nothing_due") : MINE(t, "help.begin");
	}
	start_buttons(t, &m);
	add_topics(t, &m, "");
	tell(t, &m, LANE_REPLY);
}

static void show(struct turn *t)
{
	const char *key = what_is_awaited(t);

	if (t->update->chat_id == t->house->staff_chat)
		reply(t, MINE(t, "help.staff"));
	else if (t->update->chat_kind != CHAT_PRIVATE)
		reply(t, MINE(t, "help.group"));
	else if (key)
		help_in_step(t, key);
	else
		help_in_private(t);
}

void help_command(struct turn *t, const char *args)
{
	(void)args;
	show(t);
}

static void show_topic(struct turn *t, const struct topic *topic)
{
	const struct house *h = t->house;
	struct buf *text = buf_new(t->ctx, HELP_BYTES);
	struct outmsg m = screen(t, "");
	bool contact = !strcmp(topic->name, "contact");

	buf_puts(text, MINE(t, topic->text));
	if (contact && h->support_hours[0])
		buf_printf(text, "\n%s", MINE(t, "help.hours", ARG_TEXT("hours", h->support_hours)));
	if (contact && h->complaints[0])
		buf_printf(text, "\n%s", MINE(t, "about.complaints", ARG_CODE("where", h->complaints)));
	add_topics(t, &m, topic->name);
	screen_button(&m, true, MINE_PLAIN(t, "button.back"), "help:main");
	m.text = text->data;
	tell(t, &m, LANE_REPLY);
}

/* A topic's name, or "main" for the way back. */
void help_press(struct turn *t, const char *rest)
{
	if (!screen_is_private(t))
		return;
	for (size_t i = 0; i < COUNT(topics); i++)
		if (!strcmp(topics[i].name, rest)) {
			show_topic(t, &topics[i]);
			return;
		}
	if (!strcmp(rest, "main"))
		show(t);
	else
		refuse(t, REFUSAL_NOT_NOW);
}
