/* What the operators' group sees of a deal: see staff_card.h. */
#include "staff_card.h"

#include "buf.h"
#include "deal_card.h"
#include "deal_faces.h"
#include "deal_proof.h"
#include "money_out.h"
#include "repo_restored.h"
#include "tell.h"
#include "utf8.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { STAFF_BYTES = 12000, CAPTION_BYTES = 700 }; /* of words that fit into a caption beside the rest */

/* Operators read the house's language. */
#define STAFF(t, key, ...) SAY((t)->ctx, (t)->house->texts, (t)->house->language, key __VA_OPT__(, ) __VA_ARGS__)
#define STAFF_PLAIN(t, key, ...)                                                                                       \
	SAY_PLAIN((t)->ctx, (t)->house->texts, (t)->house->language, key __VA_OPT__(, ) __VA_ARGS__)

/* Name, @username and past strikes of a side; a line that says so for an empty seat. */
static const char *party(struct turn *t, int64_t person_id)
{
	struct person p;

	if (!person_id || !person_by_id(t->tx, t->ctx, person_id, &p))
		return STAFF(t, "staff.nobody");
	return STAFF(t, "staff.party", ARG_TEXT("name", p.name), ARG_ACCOUNT("username", p.username),
		     ARG_INT("strikes", p.strikes));
}

/* As much of a piece as still fits, never half a character. False when it had to be cut. */
static bool add_words(struct buf *words, const char *text)
{
	size_t n = strlen(text), fits = 0, step;

	if (words->len && !buf_putc(words, '\n'))
		return false;
	while (fits < n && (step = utf8_step(text + fits, n - fits)) && words->len + fits + step <= STAFF_STORY_BYTES)
		fits += step;
	buf_add(words, text, fits);
	return fits == n;
}

/* One side's words, one after another; what does not fit here follows as copies, like the photos (dispute.c). */
static const char *story(struct turn *t, const struct deal_file *f, enum role role)
{
	struct evidence *told = talloc_array(t->ctx, struct evidence, EVIDENCE_MOST);
	size_t n = evidence_list(t->tx, t->ctx, f->deal.id, told, EVIDENCE_MOST);
	struct buf *words = buf_new(t->ctx, STAFF_STORY_BYTES);
	bool whole = true;
	int64_t files = 0;

	for (size_t i = 0; i < n; i++) {
		if (told[i].role != role || told[i].purpose != PURPOSE_STORY)
			continue;
		if (told[i].text[0])
			whole = whole && add_words(words, told[i].text);
		files += told[i].file_id[0] != '\0';
	}
	if (!words->len && !files)
		return STAFF(t, "staff.no_story");
	return STAFF(t, "staff.story",
		     ARG_LINES("words", whole ? words->data : talloc_asprintf(t->ctx, "%s …", words->data)),
		     ARG_INT("count", files));
}

static struct rial on_its_way(const struct deal *d)
{
	return rial_add(rial_add(d->payable, d->refund), d->inflight);
}

static const struct staff_button {
	const char *label, *act;
} dispute_buttons[] = {
	{"button.rule_release", "rule.release"}, {"button.rule_refund", "rule.refund"},
	{"button.rule_split", "rule.split"},     {"button.rule_return", "rule.return"},
	{"button.ask_buyer", "ask_info.buyer"},  {"button.ask_seller", "ask_info.seller"},
};

static void add_buttons(struct turn *t, const struct deal_file *f, struct outmsg *m)
{
	if (f->deal.state == DEAL_DISPUTED && !f->deal.frozen)
		for (size_t i = 0; i < sizeof dispute_buttons / sizeof *dispute_buttons; i++)
			deal_button(t, m, i % 2 == 0, BUTTON_PLAIN, STAFF_PLAIN(t, dispute_buttons[i].label), f->code,
				    dispute_buttons[i].act);
	if (f->deal.state == DEAL_PAY_REVIEW && !f->deal.frozen) {
		deal_button(t, m, true, BUTTON_PLAIN, STAFF_PLAIN(t, "button.review_take"), f->code, "review.take");
		deal_button(t, m, false, BUTTON_PLAIN, STAFF_PLAIN(t, "button.review_back"), f->code, "review.back");
	}
	if (!f->deal.frozen && money_waits_for_two(t, &f->deal))
		deal_button(t, m, true, BUTTON_GOOD, STAFF_PLAIN(t, "button.payout_ok"), f->code, "payout_ok");
	if (proof_count(t->tx, f->deal.id, ROLE_NOBODY))
		deal_button(t, m, true, BUTTON_PLAIN, STAFF_PLAIN(t, "proof.button_see"), f->code, "see_proof");
	if (deal_is_final(f->deal.state))
		return;
	if (f->deal.frozen)
		deal_button(t, m, true, BUTTON_GOOD, STAFF_PLAIN(t, "button.unfreeze"), f->code, "freeze.off");
	else
		deal_button(t, m, true, BUTTON_DANGER, STAFF_PLAIN(t, "button.freeze"), f->code, "freeze.on");
}

void staff_card(struct turn *t, const struct deal_file *f, bool fresh)
{
	struct outmsg m = {.kind = fresh ? OUT_TEXT : OUT_EDIT, .chat_id = t->house->staff_chat};
	struct buf *text = buf_new(t->ctx, STAFF_BYTES);
	int64_t proofs = proof_count(t->tx, f->deal.id, ROLE_NOBODY);
	struct deal_timer appeal;

	if (!t->house->staff_chat)
		return;
	buf_puts(text,
		 STAFF(t, "staff.file", ARG_TEXT("title", f->title), ARG_CODE("code", f->code),
		       ARG_RAW("state", STAFF(t, deal_state_key(f->deal.state))),
		       MONEY_ARG("price", f->deal.terms.price),
		       MONEY_ARG("held", rial_add(f->deal.held, f->deal.suspense)),
		       ARG_RAW("buyer", party(t, f->deal.buyer_id)), ARG_RAW("seller", party(t, f->deal.seller_id)),
		       ARG_CODE("tracking", f->tracking[0] ? f->tracking : "-")));
	if (f->deal.state == DEAL_RULED && timer_get(t->tx, f->deal.id, TIMER_APPEAL, &appeal))
		buf_printf(text, "\n%s",
			   STAFF(t, "staff.ruled", ARG_RAW("ruling", deal_ruling(t, f, t->house->language)),
				 ARG_TIME("until", appeal.due_ms)));
	if (f->deal.frozen)
		buf_printf(text, "\n%s", STAFF(t, "card.frozen"));
	if (money_is_held(t, &f->deal))
		buf_printf(text, "\n%s",
			   STAFF(t, "staff.held", ARG_CODE("code", f->code), MONEY_ARG("sum", on_its_way(&f->deal)),
				 ARG_TIME("since", restored_as_of_ms(t->tx))));
	if (proofs)
		buf_printf(text, "\n%s", STAFF(t, "proof.staff_count", ARG_INT("number", proofs)));
	buf_printf(text, "\n\n%s\n%s", STAFF(t, "staff.buyer_says"), story(t, f, ROLE_BUYER));
	buf_printf(text, "\n\n%s\n%s", STAFF(t, "staff.seller_says"), story(t, f, ROLE_SELLER));
	m.text = text->data;
	add_buttons(t, f, &m);
	tell_card(t, &m, f->deal.id, CARD_STAFF);
}

/* A photo carries what is known of it as its caption; anything else is copied under a line that says the same. */
void staff_show(struct turn *t, const struct deal_file *f, const struct evidence *e)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};
	bool photo = !strcmp(e->file_kind, "photo") && strlen(e->text) <= CAPTION_BYTES;
	struct person who = {.name = ""};

	if (!m.chat_id || !person_by_id(t->tx, t->ctx, e->person_id, &who))
		return;
	m.text = STAFF(t, "proof.staff_piece", ARG_TEXT("who", who.name),
		       ARG_RAW("side", STAFF(t, e->role == ROLE_BUYER ? "proof.side_buyer" : "proof.side_seller")),
		       ARG_RAW("what", STAFF(t, proof_what_key(e->purpose))), ARG_TIME("at", e->at_ms),
		       ARG_CODE("code", f->code), ARG_LINES("words", photo ? e->text : ""));
	if (photo) {
		m.kind = OUT_PHOTO;
		m.file_id = e->file_id;
	}
	tell(t, &m, LANE_NOTICE);
	if (photo)
		return;
	tell(t,
	     &(struct outmsg){.kind = OUT_COPY,
			      .chat_id = m.chat_id,
			      .from_chat_id = who.outside_id,
			      .message_id = e->message_id,
			      .text = ""},
	     LANE_NOTICE);
}

static const char *what_key(const char *what)
{
	static const char *const keys[] = {"staff.what.release", "staff.what.refund", "staff.what.return",
					   "staff.what.split",   "staff.what.freeze", "staff.what.unfreeze",
					   "staff.what.take",    "staff.what.back",   "staff.what.payout"};
	size_t n = strcspn(what, "-"); /* "split-RIAL" */

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(strrchr(keys[i], '.') + 1) == n && !strncmp(strrchr(keys[i], '.') + 1, what, n))
			return keys[i];
	return "staff.what.unknown";
}

void staff_says(struct turn *t, const struct deal_file *f, const char *key, const char *what)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};
	m.text = STAFF(t, key, ARG_TEXT("who", t->me.name), ARG_RAW("what", STAFF(t, what_key(what))),
		       ARG_TEXT("title", f->title), ARG_CODE("code", f->code));
	tell(t, &m, LANE_NOTICE);
}

void staff_alarm(struct turn *t, const struct deal_file *f, const char *key)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};

	if (!m.chat_id)
		return;
	m.text = STAFF(t, key, ARG_TEXT("title", f->title), ARG_CODE("code", f->code));
	tell(t, &m, LANE_NOTICE);
}
