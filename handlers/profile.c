/* The payee's profile: see profile.h. */
#include "profile.h"

#include "buf.h"
#include "crypto.h"
#include "identity.h"
#include "js.h"
#include "money_out.h"
#include "screen.h"
#include "sms_tell.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { PROFILE_BYTES = 4096 };

enum profile_state profile_state(const struct turn *t, const struct person *p)
{
	if (!t->house->checks_identity)
		return p->iban[0] ? PROFILE_COMPLETE : PROFILE_MISSING;
	if (!p->iban[0] || !p->mobile[0] || !p->national_id[0])
		return PROFILE_MISSING;
	if (p->mobile_state == PROOF_OTHER || p->iban_state == PROOF_OTHER)
		return PROFILE_OTHER;
	return person_is_proven(p) ? PROFILE_COMPLETE : PROFILE_CHECKING;
}

/* --- asking the provider --- */

/* What a row asks about, without saying it: a number that changes meanwhile makes the answer void. */
static const char *subject_of(struct turn *t, const struct person *p, enum identity_question q)
{
	char hex[SHA256_HEX_BYTES];
	const char *both = talloc_asprintf(t->ctx, "%s %s", p->national_id, q == IDENTITY_MOBILE ? p->mobile : p->iban);

	sha256_hex(both, strlen(both), hex);
	return talloc_strdup(t->ctx, hex);
}

static void ask_provider(struct turn *t, const struct person *p, enum identity_question q)
{
	struct work w = {.kind = WORK_IDENTITY,
			 .lane = LANE_BANK,
			 .chain = talloc_asprintf(t->ctx, "identity:%" PRId64 ":%d", p->id, (int)q),
			 .subject_id = p->id,
			 .payload = talloc_asprintf(t->ctx, "{\"q\":%d,\"of\":\"%s\"}", (int)q, subject_of(t, p, q)),
			 .due_ms = t->now_ms,
			 .created_ms = t->now_ms};

	w.collapse = w.chain;
	work_add(t->tx, &w);
	person_set_proof(t->tx, p->id, q, PROOF_ASKED);
}

static enum identity_question question_of(struct turn *t, const struct work *w, const char **subject)
{
	const json_t *o = js_parse(t->ctx, w->payload, strlen(w->payload));

	*subject = js_str(o, "of", "");
	return (enum identity_question)js_int(o, "q", 0);
}

bool profile_call(struct turn *t, const struct work *w, struct identity_call *call)
{
	const char *subject;
	enum identity_question q = question_of(t, w, &subject);
	struct person p;

	if (!person_by_id(t->tx, t->ctx, w->subject_id, &p) || strcmp(subject, subject_of(t, &p, q)))
		return false;
	*call = (struct identity_call){q, p.mobile, p.national_id, p.iban};
	return true;
}

static void tell_of_stranger(struct turn *t, const struct person *p, enum identity_question q)
{
	struct outmsg m =
		tell_to(p, THEIRS(t, p, q == IDENTITY_MOBILE ? "profile.other_mobile" : "profile.other_iban"));

	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, THEIRS_PLAIN(t, p, "button.profile"), "profile:again");
	tell(t, &m, LANE_NOTICE);
}

bool profile_answer(struct turn *t, const struct work *w, const struct identity_call *call,
		    const struct identity_result *r)
{
	struct identity_call now;
	struct person p;

	if (!profile_call(t, w, &now))
		return true; /* changed meanwhile: the answer is about something else */
	if (r->verdict == IDENTITY_RETRY || r->verdict == IDENTITY_OFF)
		return false;
	person_set_proof(t->tx, w->subject_id, call->question,
			 r->verdict == IDENTITY_MATCH ? PROOF_MATCH : PROOF_OTHER);
	if (r->verdict == IDENTITY_MATCH && r->owner[0])
		person_set_owner_name(t->tx, w->subject_id, r->owner);
	if (!person_by_id(t->tx, t->ctx, w->subject_id, &p)) {
		t->failed = true;
		return true;
	}
	if (r->verdict == IDENTITY_OTHER)
		tell_of_stranger(t, &p, call->question);
	else if (profile_state(t, &p) == PROFILE_COMPLETE)
		money_iban_known(t, p.id);
	return true;
}

/* --- the conversation --- */

static const char *masked(struct turn *t, const char *number, size_t head)
{
	size_t n = strlen(number);

	return n > head + 4 ? talloc_asprintf(t->ctx, "%.*s•••%s", (int)head, number, number + n - 4) : "—";
}

static const char *state_key(int state)
{
	switch (state) {
	case PROOF_MATCH:
		return "profile.proven";
	case PROOF_OTHER:
		return "profile.other";
	case PROOF_ASKED:
		return "profile.checking";
	default: /* PROOF_NONE, and what an older store may hold */
		return "profile.unproven";
	}
}

static void put_line(struct turn *t, struct buf *b, const char *key, const char *number, int state)
{
	buf_printf(
		b, "\n%s",
		MINE(t, key, ARG_CODE("number", number), ARG_RAW("state", state < 0 ? "" : MINE(t, state_key(state)))));
}

static void show(struct turn *t)
{
	struct buf *b = buf_new(t->ctx, PROFILE_BYTES);
	struct outmsg m;

	buf_puts(b, MINE(t, "profile.head"));
	put_line(t, b, "profile.national_id", masked(t, t->me.national_id, 3), -1);
	put_line(t, b, "profile.mobile", masked(t, t->me.mobile, 4), t->me.mobile_state);
	put_line(t, b, "profile.iban", masked(t, t->me.iban, 2), t->me.iban_state);
	m = tell_here(t, b->data);
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.profile_id"), "profile:id");
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.profile_mobile"), "profile:mobile");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.profile_iban"), "profile:iban");
	tell(t, &m, LANE_REPLY);
}

static void ask(struct turn *t, const char *step, const char *key)
{
	talk_begin(t, step, "{}");
	reply(t, MINE(t, key));
}

void profile_go_on(struct turn *t)
{
	if (!person_by_id(t->tx, t->ctx, t->me.id, &t->me)) {
		t->failed = true;
		return;
	}
	if (t->house->checks_identity && !t->me.national_id[0]) {
		ask(t, "profile_id", "profile.ask_id");
	} else if (t->house->checks_identity && !t->me.mobile[0]) {
		ask(t, "profile_mobile", "profile.ask_mobile");
	} else if (!t->me.iban[0]) {
		ask(t, "iban", "iban.ask");
	} else {
		if (t->house->checks_identity && t->me.mobile_state == PROOF_NONE)
			ask_provider(t, &t->me, IDENTITY_MOBILE);
		if (t->house->checks_identity && t->me.iban_state == PROOF_NONE)
			ask_provider(t, &t->me, IDENTITY_IBAN);
		if (profile_state(t, &t->me) == PROFILE_COMPLETE)
			money_iban_known(t, t->me.id);
		else
			reply(t, MINE(t, "profile.thanks"));
	}
}

void profile_command(struct turn *t, const char *args)
{
	(void)args;
	if (!screen_is_private(t))
		return;
	show(t);
}

void profile_press(struct turn *t, const char *what)
{
	if (!screen_is_private(t))
		return;
	if (!strcmp(what, "id"))
		ask(t, "profile_id", "profile.ask_id");
	else if (!strcmp(what, "mobile"))
		ask(t, "profile_mobile", t->house->checks_identity ? "profile.ask_mobile" : "profile.ask_contact");
	else if (!strcmp(what, "iban"))
		ask(t, "iban", "iban.ask");
	else
		show(t);
}

void profile_id_talk(struct turn *t, const char *data)
{
	char id[NATIONAL_ID_BYTES];
	enum national_id_flaw flaw = national_id_read(t->update->text, id);

	(void)data;
	if (flaw != NATIONAL_ID_OK) {
		reply(t, MINE(t, flaw == NATIONAL_ID_CHECK || flaw == NATIONAL_ID_FAKE ? "profile.id_wrong"
										       : "profile.ask_id"));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (t->me.national_id[0] && strcmp(t->me.national_id, id) != 0)
		sms_warn(t, "profile", &t->me, id);
	person_set_national_id(t->tx, t->me.id, id);
	profile_go_on(t);
}

/* A shared contact counts when it is the person's own; another's card of an address book does not. A typed number is
 * taken where a provider says whose it is; else anybody could have our messages sent to anybody. */
void profile_mobile_talk(struct turn *t, const char *data)
{
	char mobile[MOBILE_BYTES];
	bool contact = t->update->kind == UPDATE_CONTACT;
	enum mobile_flaw flaw = mobile_read(contact ? t->update->contact_phone : t->update->text, mobile);

	(void)data;
	if (contact && t->update->contact_user_id != t->me.outside_id) {
		reply(t, MINE(t, "profile.not_your_contact"));
		return;
	}
	if (!contact && !t->house->checks_identity) {
		reply(t, MINE(t, "profile.ask_contact"));
		return;
	}
	if (flaw != MOBILE_OK && flaw != MOBILE_RANGE) {
		reply(t, MINE(t, flaw == MOBILE_EMPTY ? "profile.ask_mobile" : "profile.mobile_wrong"));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (strcmp(t->me.mobile, mobile) != 0)
		sms_warn(t, "profile", &t->me, mobile);
	person_set_mobile(t->tx, t->me.id, mobile);
	if (t->house->checks_identity)
		profile_go_on(t);
	else /* it is for short messages alone */
		reply(t, MINE(t, "profile.mobile_kept"));
}
