/* Batches for the bank: see batch.h. */
#include "batch.h"

#include "ccti.h"
#include "clock.h"
#include "money_out.h"
#include "repo_restored.h"
#include "staff.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char *state_key(enum batch_state state)
{
	static const char *const keys[] = {[BATCH_OPEN] = "batch.open",
					   [BATCH_APPROVED] = "batch.approved",
					   [BATCH_WRITTEN] = "batch.written",
					   [BATCH_SENT] = "batch.sent",
					   [BATCH_CANCELLED] = "batch.cancelled"};

	return keys[state];
}

static void add_button(struct turn *t, struct outmsg *m, const struct batch *b, enum button_style style,
		       const char *label, const char *act)
{
	outmsg_button(m, true, BUTTON_DATA, style, MINE_PLAIN(t, label),
		      talloc_asprintf(t->ctx, "batch:%s.%" PRId64, act, b->id));
}

/* In the message whose button was pressed, or in a new one. */
static void show(struct turn *t, const struct batch *b)
{
	struct outmsg m = tell_here(t, "");

	m.text = MINE(t, "batch.card", ARG_INT("number", b->id), ARG_INT("rows", b->rows), MONEY_ARG("sum", b->sum),
		      MONEY_ARG("words", b->sum), ARG_RAW("state", MINE(t, state_key(b->state))),
		      ARG_CODE("file", b->file_name[0] ? b->file_name : "—"));
	if (b->state == BATCH_OPEN) {
		add_button(t, &m, b, BUTTON_GOOD, "button.batch_ok", "ok");
		add_button(t, &m, b, BUTTON_DANGER, "button.batch_no", "no");
	}
	if (b->state == BATCH_WRITTEN)
		add_button(t, &m, b, BUTTON_GOOD, "button.batch_sent", "sent");
	tell(t, &m, LANE_REPLY);
}

/* What PAYA carries goes first; an order above its maximum needs SATNA, in a file of its own. */
static int64_t make(struct turn *t)
{
	struct batch_wish wish = {.least = rial_of(1),
				  .largest = rial_of(PAYA_MOST_RIAL),
				  .most = CCTI_MAX_ROWS,
				  .proven = t->house->checks_identity,
				  .made_by = t->me.id};
	int64_t id = batch_make(t->tx, &wish, t->now_ms);

	if (id)
		return id;
	wish.least = rial_of(PAYA_MOST_RIAL + 1);
	wish.largest = rial_of(INT64_MAX);
	return batch_make(t->tx, &wish, t->now_ms);
}

void batch_command(struct turn *t, const char *args)
{
	struct batch b;
	int64_t id;

	(void)args;
	if (!staff_may(t, STAFF_TREASURER)) {
		reply(t, MINE(t, "help.unknown_command"));
		return;
	}
	if (batch_oldest(t->tx, t->ctx, BATCH_OPEN, &b) || batch_oldest(t->tx, t->ctx, BATCH_WRITTEN, &b)) {
		show(t, &b); /* one after the other: nobody approves what another batch is about to change */
		return;
	}
	id = make(t);
	if (!id || !batch_by_id(t->tx, t->ctx, id, &b)) {
		reply(t, MINE(t, "batch.nothing"));
		return;
	}
	staff_log(t, NULL, 0, "BATCH_MADE", talloc_asprintf(t->ctx, "%" PRId64, id));
	show(t, &b);
}

static void approve(struct turn *t, struct batch *b)
{
	int64_t first;

	if (batch_has_party(t->tx, b->id, t->me.id)) {
		refuse(t, REFUSAL_PARTY);
		return;
	}
	if (batch_has_frozen(t->tx, b->id)) {
		refuse(t, REFUSAL_FROZEN);
		return;
	}
	first = staff_second(t, talloc_asprintf(t->ctx, "batch:%" PRId64, b->id), "ok");
	staff_log(t, NULL, first, first ? "BATCH_APPROVED" : "FIRST_WORD",
		  talloc_asprintf(t->ctx, "batch %" PRId64, b->id));
	if (!first) {
		object(t, MINE_PLAIN(t, "refused.second_person"));
		reply(t, MINE(t, "batch.first_word", ARG_TEXT("who", t->me.name), ARG_INT("number", b->id)));
		return;
	}
	b->state = BATCH_APPROVED;
	b->first_by = first;
	b->second_by = t->me.id;
	b->approved_ms = t->now_ms;
	batch_save(t->tx, b);
	show(t, b);
}

static void undo(struct turn *t, struct batch *b)
{
	b->state = BATCH_CANCELLED;
	batch_save(t->tx, b);
	batch_free_rows(t->tx, b->id);
}

static void cancel(struct turn *t, struct batch *b)
{
	undo(t, b);
	staff_log(t, NULL, 0, "BATCH_CANCELLED", talloc_asprintf(t->ctx, "%" PRId64, b->id));
	show(t, b);
}

void batch_withdraw(struct turn *t, struct batch *b, bool frozen)
{
	struct person house = {.language = t->house->language};
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};

	undo(t, b);
	m.text = THEIRS(t, &house, frozen ? "batch.frozen" : "batch.unwritable", ARG_INT("number", b->id));
	if (m.chat_id)
		tell(t, &m, LANE_NOTICE);
}

static void sent(struct turn *t, struct batch *b)
{
	struct settlement *rows = talloc_array(t->ctx, struct settlement, CCTI_MAX_ROWS);
	size_t n = batch_rows(t->tx, t->ctx, b->id, rows, CCTI_MAX_ROWS);

	if (batch_has_frozen(t->tx, b->id)) { /* its file must not reach the bank before the deal goes on */
		refuse(t, REFUSAL_FROZEN);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (rows[i].state == SETTLEMENT_QUEUED)
			settlement_set_state(t->tx, rows[i].id, SETTLEMENT_SENT, "", t->now_ms);
	b->state = BATCH_SENT;
	b->sent_ms = t->now_ms;
	batch_save(t->tx, b);
	staff_log(t, NULL, 0, "BATCH_SENT", talloc_asprintf(t->ctx, "%" PRId64, b->id));
	show(t, b);
}

/* "batch:ok.7": data is foreign, the batch's own state decides. */
void batch_press(struct turn *t, const char *what)
{
	static const struct {
		const char *act;
		enum batch_state in;
		void (*run)(struct turn *t, struct batch *b);
	} acts[] = {{"ok", BATCH_OPEN, approve}, {"no", BATCH_OPEN, cancel}, {"sent", BATCH_WRITTEN, sent}};
	const char *dot = strchr(what, '.');
	struct batch b;

	if (!staff_may(t, STAFF_TREASURER)) {
		refuse(t, REFUSAL_NOT_YOURS);
		return;
	}
	for (size_t i = 0; dot && i < sizeof acts / sizeof *acts; i++)
		if (!strncmp(acts[i].act, what, (size_t)(dot - what)) && strlen(acts[i].act) == (size_t)(dot - what) &&
		    batch_by_id(t->tx, t->ctx, strtoll(dot + 1, NULL, 10), &b) && b.state == acts[i].in) {
			acts[i].run(t, &b);
			return;
		}
	refuse(t, REFUSAL_NOT_NOW);
}

void batch_written(struct turn *t, const struct batch *b, const char *path)
{
	struct person house = {.language = t->house->language};
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};

	if (!m.chat_id)
		return;
	m.text = THEIRS(t, &house, "batch.file_ready", ARG_INT("number", b->id), ARG_INT("rows", b->rows),
			MONEY_ARG("sum", b->sum), ARG_CODE("path", path));
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, THEIRS_PLAIN(t, &house, "button.batch_sent"),
		      talloc_asprintf(t->ctx, "batch:sent.%" PRId64, b->id));
	tell(t, &m, LANE_NOTICE);
}

/* --- results --- */

/* A bounce comes with a later cycle; two words of the bank within the hour contradict each other. */
static const int64_t bounce_least_ms = HOUR_MS;

static enum batch_row compare(struct turn *t, const struct batch_result *r, const struct settlement *s)
{
	int64_t batch = batch_of_settlement(t->tx, s->id);
	struct batch b;

	bool at_bank =
		batch && batch_by_id(t->tx, t->ctx, batch, &b) && (b.state == BATCH_SENT || b.state == BATCH_WRITTEN);

	/* The batch that took it to the bank may be one that a restored backup does not know. */
	bool lost_batch = restored_holds(t->tx, s->deal_id) || !strcmp(s->reason, SETTLEMENT_TOLD);

	if (strcmp(s->rail, RAIL_FILE) || (!at_bank && !lost_batch))
		return BATCH_ROW_NOT_OUT;
	if (r->amount_rial && r->amount_rial != rial_raw(s->amount))
		return BATCH_ROW_AMOUNT;
	if (r->iban[0] && strcmp(r->iban, s->iban))
		return BATCH_ROW_IBAN;
	if (s->state == SETTLEMENT_DONE && !r->done)
		return t->now_ms - s->changed_ms < bounce_least_ms ? BATCH_ROW_AGAINST : BATCH_ROW_BOUNCED;
	if (s->state == SETTLEMENT_DONE)
		return BATCH_ROW_AGAIN;
	if (s->state == SETTLEMENT_RETURNED)
		return r->done ? BATCH_ROW_AGAINST : BATCH_ROW_AGAIN;
	return r->done ? BATCH_ROW_PAID : BATCH_ROW_BACK;
}

/* The same way into the books as a bank's answer to an inquiry takes. A bank that says the contrary of what it said
 * is told to the operators, unless it is a bounce. */
enum batch_row batch_result_take(struct turn *t, const struct batch_result *r)
{
	struct gateway_call call = {.op = GATEWAY_PAYOUT_INQUIRY};
	struct gateway_result answer = {
		.verdict = r->done ? GATEWAY_YES : GATEWAY_NO, .ref = r->reference, .reason = r->reason};
	struct settlement s;
	struct deal_file f;
	enum batch_row row;

	if (!settlement_by_track(t->tx, t->ctx, r->track_id, &s))
		return BATCH_ROW_UNKNOWN;
	row = compare(t, r, &s);
	if (row == BATCH_ROW_BOUNCED)
		money_bounced(t, &s);
	else if (row == BATCH_ROW_PAID || row == BATCH_ROW_BACK)
		money_out_answer(t, &s, &call, &answer);
	else if (row == BATCH_ROW_AGAINST && deal_by_id(t->tx, t->ctx, s.deal_id, &f))
		staff_alarm(t, &f, "staff.bank_stuck");
	return t->failed ? BATCH_ROW_FAILED : row;
}
