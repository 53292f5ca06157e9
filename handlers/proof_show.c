/* Proof of sending as the other side, the operators and the sender themselves see it: see deal_proof.h. */
#include "buf.h"
#include "deal_card.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "repo_inbox.h"
#include "shipping.h"
#include "tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { LINES_BYTES = 4096, HISTORY_MOST = 60 };

/* To whom: a chat, in the language that is read there. */
struct show {
	struct turn *t;
	const struct deal_file *f;
	enum role role; /* whose photos */
	int64_t chat_id;
	const char *language;
	bool silent;
	struct evidence pieces[PROOF_MOST];
	size_t n;
};

#define SHOWN(s, key, ...) SAY((s)->t->ctx, (s)->t->house->texts, (s)->language, key __VA_OPT__(, ) __VA_ARGS__)

const char *proof_what_key(enum evidence_purpose purpose)
{
	switch (purpose) {
	case PURPOSE_STORY:
	case PURPOSE_WITHDRAWN:
		return "proof.what_story";
	case PURPOSE_WAYBILL:
		return "proof.what_waybill";
	case PURPOSE_PACKING:
		return "proof.what_packing";
	case PURPOSE_GOODS:
		return "proof.what_goods";
	}
	return "proof.what_story";
}

/* The first photo of the goods says which code its slip must have: on each line it would fill the caption. */
static const char *line(const struct show *s, const struct evidence *e, int64_t number, bool *slip_told)
{
	const char *what = SHOWN(s, proof_what_key(e->purpose));

	if (e->purpose == PURPOSE_GOODS && !*slip_told) {
		*slip_told = true;
		what = SHOWN(s, "proof.what_slip", ARG_CODE("code", s->f->code));
	}
	return SHOWN(s, "proof.line", ARG_INT("number", number), ARG_RAW("what", what), ARG_TIME("at", e->at_ms));
}

/* Which photo is what, and when it was shown: photos first, since they come as one album. */
static const char *lines(const struct show *s)
{
	struct buf *b = buf_new(s->t->ctx, LINES_BYTES);
	bool slip_told = false;
	int64_t number = 0;

	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < s->n; i++)
			if ((round == 0) == (strcmp(s->pieces[i].file_kind, "photo") == 0))
				buf_printf(b, "\n%s", line(s, &s->pieces[i], ++number, &slip_told));
	return b->data;
}

/* The code under which the goods went back, as the buyer gave it; "" while they have not. */
static const char *return_code(struct turn *t, int64_t deal_id)
{
	struct deal_history *rows = talloc_array(t->ctx, struct deal_history, HISTORY_MOST);
	size_t n = history_list(t->tx, t->ctx, deal_id, rows, HISTORY_MOST);

	for (size_t i = 0; i < n; i++)
		if (rows[i].event == EVENT_RETURN_SHIP)
			return rows[i].note;
	return "";
}

static const char *caption(const struct show *s)
{
	bool back = s->role == ROLE_BUYER;
	const char *code = back ? return_code(s->t, s->f->deal.id) : s->f->tracking, *under = "";
	struct person who = {.name = ""};

	person_by_id(s->t->tx, s->t->ctx, s->pieces[0].person_id, &who);
	if (code[0] && back)
		under = SHOWN(s, "proof.under_code", ARG_CODE("tracking", code));
	else if (code[0])
		under = SHOWN(s, "proof.under", ARG_RAW("carrier", SHOWN(s, deal_carrier_key(s->f->carrier))),
			      ARG_CODE("tracking", code));
	return SHOWN(s, back ? "proof.caption_back" : "proof.caption", ARG_TEXT("who", who.name),
		     ARG_TEXT("title", s->f->title), ARG_RAW("under", under), ARG_RAW("lines", lines(s)));
}

/* Files are copied, each from the chat in which it was shown: only photos make an album. */
static void copy_files(const struct show *s)
{
	struct person who;

	for (size_t i = 0; i < s->n; i++) {
		struct outmsg m = {.kind = OUT_COPY, .chat_id = s->chat_id, .text = "", .silent = s->silent};

		if (!strcmp(s->pieces[i].file_kind, "photo") ||
		    !person_by_id(s->t->tx, s->t->ctx, s->pieces[i].person_id, &who))
			continue;
		m.from_chat_id = who.outside_id;
		m.message_id = s->pieces[i].message_id;
		tell(s->t, &m, LANE_NOTICE);
	}
}

static void show(const struct show *s)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = s->chat_id, .silent = s->silent};

	if (!s->n)
		return;
	m.text = caption(s);
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->pieces[i].file_kind, "photo"))
			m.files[m.n_files++] = s->pieces[i].file_id;
	if (m.n_files > 1) {
		m.kind = OUT_ALBUM;
	} else if (m.n_files == 1) {
		m.kind = OUT_PHOTO;
		m.file_id = m.files[0];
		m.n_files = 0;
	}
	tell(s->t, &m, LANE_NOTICE);
	copy_files(s);
}

/* The newest piece that the other side was shown. */
static const char *shown_fact(struct turn *t, const struct deal_file *f, enum role role)
{
	return talloc_asprintf(t->ctx, "proof:%" PRId64 ":%d", f->deal.id, (int)role);
}

size_t proof_waiting(struct turn *t, const struct deal_file *f, enum role role)
{
	struct evidence pieces[PROOF_MOST];
	int64_t shown = fact_number(t->tx, shown_fact(t, f, role), 0), newest;

	return proof_list(t->tx, t->ctx, f->deal.id, role, shown, pieces, PROOF_MOST, &newest);
}

size_t proof_take_back(struct turn *t, const struct deal_file *f, enum role role, int64_t since_ms)
{
	int64_t shown = fact_number(t->tx, shown_fact(t, f, role), 0);
	size_t n = proof_hide(t->tx, f->deal.id, role, shown, since_ms);

	if (n)
		deal_card_redraw(t, f, role);
	return n;
}

size_t proof_show_new(struct turn *t, const struct deal_file *f, enum role role)
{
	int64_t to = role == ROLE_BUYER ? f->deal.seller_id : f->deal.buyer_id, shown, newest;
	const char *fact = shown_fact(t, f, role);
	struct show s = {.t = t, .f = f, .role = role};
	struct person other;

	if (role == ROLE_NOBODY || !to || !person_by_id(t->tx, t->ctx, to, &other))
		return 0;
	shown = fact_number(t->tx, fact, 0);
	s.n = proof_list(t->tx, t->ctx, f->deal.id, role, shown, s.pieces, PROOF_MOST, &newest);
	if (!s.n)
		return 0;
	s.chat_id = other.outside_id;
	s.language = other.language;
	s.silent = shown > 0;
	show(&s);
	fact_set(t->tx, fact, newest, "");
	if (!shown) /* now there is something to see */
		deal_card_redraw(t, f, role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER);
	return s.n;
}

size_t proof_show_all(struct turn *t, const struct deal_file *f, enum role role, int64_t chat_id, const char *language)
{
	struct show s = {.t = t, .f = f, .role = role, .chat_id = chat_id, .language = language};
	bool to_other_side = chat_id == t->me.outside_id && role != role_of(&f->deal, t->me.id);
	int64_t newest;

	s.n = proof_list(t->tx, t->ctx, f->deal.id, role, 0, s.pieces, PROOF_MOST, &newest);
	if (to_other_side) /* the newest are those that wait */
		s.n -= proof_waiting(t, f, role);
	show(&s);
	return s.n;
}

/* What the reader of a card can see: all of their own, and what the other side has shown. */
static bool can_see_some(struct turn *t, const struct deal_file *f, enum role role)
{
	enum role other = role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;

	return proof_count(t->tx, f->deal.id, role) ||
	       proof_count(t->tx, f->deal.id, other) > (int64_t)proof_waiting(t, f, other);
}

void proof_buttons(struct turn *t, const struct deal_file *f, enum role role, const struct person *reader,
		   struct outmsg *m)
{
	char url[TRACKING_URL_BYTES] = "";
	bool more = proof_welcome(&f->deal, role);

	if (f->deal.state == DEAL_SHIPPED)
		carrier_tracking_url((enum carrier)f->carrier, f->tracking, url);
	if (url[0])
		outmsg_button(m, true, BUTTON_URL, BUTTON_PLAIN, THEIRS_PLAIN(t, reader, "proof.button_track"),
			      talloc_strdup(t->ctx, url));
	if (more)
		deal_button(t, m, true, BUTTON_PLAIN, THEIRS_PLAIN(t, reader, "proof.button_add"), f->code, "proof");
	if (can_see_some(t, f, role))
		deal_button(t, m, !more, BUTTON_PLAIN, THEIRS_PLAIN(t, reader, "proof.button_see"), f->code,
			    "see_proof");
}
