/* Where a deal stands, as steps one below the other: see deal_picture.h. */
#include "deal_picture.h"
#include <talloc.h>

enum { HISTORY_MOST = 200 };

/* The straight line of every deal. */
enum milestone { AGREED, PAID, SENT, ARRIVED, RELEASED, PAID_OUT, MILESTONES };

#define IN(state) (UINT32_C(1) << DEAL_##state)

static const struct {
	const char *label;
	uint32_t reached; /* states whose first entry is this milestone */
} milestones[MILESTONES] = {
	[AGREED] = {"picture.step.agreed", IN(AGREED) | IN(AWAIT_PAY)},
	[PAID] = {"picture.step.paid", IN(FUNDED)},
	[SENT] = {"picture.step.sent", IN(SHIPPED)},
	[ARRIVED] = {"picture.step.arrived", IN(DELIVERED)},
	[RELEASED] = {"picture.step.released", IN(PAYOUT_DUE)},
	[PAID_OUT] = {"picture.step.paid_out", IN(COMPLETED)},
};

static const uint32_t in_trouble =
	IN(ISSUE) | IN(RETURN_DUE) | IN(RETURN_SENT) | IN(RETURN_CHECK) | IN(DISPUTED) | IN(RULED);
static const uint32_t going_back = IN(REFUND_DUE) | IN(REFUNDED), shared = IN(SPLIT_DUE) | IN(SPLIT_CLOSED),
		      closed = IN(CANCELLED) | IN(EXPIRED);

/* Steps that stand beside the straight line, by the state that is in them. */
static const char *side_step(enum deal_state state)
{
	if (state >= DEAL_RETURN_DUE && state <= DEAL_RETURN_CHECK)
		return "picture.step.returning";
	if (state == DEAL_DISPUTED || state == DEAL_RULED)
		return "picture.step.mediator";
	if (state == DEAL_CANCELLED)
		return "picture.step.cancelled";
	return state == DEAL_EXPIRED ? "picture.step.expired" : "picture.step.problem";
}

struct line {
	struct turn *t;
	const struct deal_file *f;
	const struct person *reader;
	struct recipe *r;
	struct deal_history *past; /* newest first */
	size_t n_past;
};

static bool is_in(const struct line *l, uint32_t states)
{
	return (states >> l->f->deal.state & 1) != 0;
}

/* When a state of the set was first entered, 0 for never. */
static int64_t first_in(const struct line *l, uint32_t states)
{
	for (size_t i = l->n_past; i > 0; i--)
		if (states >> l->past[i - 1].after & 1)
			return l->past[i - 1].at_ms;
	return 0;
}

static void put(struct line *l, const char *key, const char *detail, enum recipe_mark mark)
{
	if (l->r->n_steps < RECIPE_MAX_STEPS)
		l->r->steps[l->r->n_steps++] = (struct recipe_step){THEIRS_PLAIN(l->t, l->reader, key), detail, mark};
}

/* A step that is over, with its moment where the history has it. */
static void put_past(struct line *l, const char *key, int64_t at_ms, enum recipe_mark mark)
{
	put(l, key, at_ms ? format_time(l->t->ctx, l->t->house->texts, l->reader->language, at_ms) : "", mark);
}

/* The step that everybody waits for, and until when. */
static void put_now(struct line *l, const char *key)
{
	struct deal_timer clock;

	if (l->f->deal.frozen)
		put(l, key, THEIRS_PLAIN(l->t, l->reader, "picture.step.frozen"), MARK_STOPPED);
	else if (timer_nearest(l->t->tx, l->f->deal.id, &clock))
		put(l, key, THEIRS_PLAIN(l->t, l->reader, "picture.step.until", ARG_TIME("until", clock.due_ms)),
		    MARK_NOW);
	else
		put(l, key, "", MARK_NOW);
}

/* How many milestones are behind the deal. On the straight line its state says so; off it, what it had reached. */
static int behind(const struct line *l)
{
	static const uint32_t left[MILESTONES] = {
		[AGREED] = IN(NONE) | IN(DRAFT) | IN(OFFERED) | IN(COUNTERED),
		[PAID] = IN(AGREED) | IN(AWAIT_PAY) | IN(PAY_REVIEW) | IN(PART_PAID),
		[SENT] = IN(FUNDED),
		[ARRIVED] = IN(SHIPPED),
		[RELEASED] = IN(DELIVERED),
		[PAID_OUT] = IN(PAYOUT_DUE),
	};
	int n = 0;

	for (int i = 0; i < MILESTONES; i++)
		if (is_in(l, left[i]))
			return i;
	if (is_in(l, IN(COMPLETED)))
		return MILESTONES;
	for (int i = AGREED; i <= ARRIVED; i++)
		if (first_in(l, milestones[i].reached))
			n = i + 1;
	return n;
}

/* A problem stands between arrival and release. True when there was one. */
static bool put_problem(struct line *l)
{
	int64_t at_ms = first_in(l, in_trouble);

	if (is_in(l, in_trouble))
		put_now(l, side_step(l->f->deal.state));
	else if (at_ms)
		put_past(l, "picture.step.problem", at_ms, is_in(l, going_back | shared) ? MARK_STOPPED : MARK_DONE);
	return is_in(l, in_trouble) || at_ms;
}

/* Money that goes, or went, another way than to the seller alone. */
static void put_other_end(struct line *l, const char *key, enum deal_state over)
{
	if (l->f->deal.state == over)
		put_past(l, key, l->f->deal.closed_ms, MARK_DONE);
	else
		put_now(l, key);
}

static void put_rest(struct line *l, int n, bool problem)
{
	if (is_in(l, in_trouble)) {
		put(l, "picture.step.outcome", "", MARK_AHEAD);
	} else if (is_in(l, going_back)) {
		if (!problem && n < MILESTONES)
			put(l, milestones[n].label, "", MARK_STOPPED);
		put_other_end(l, "picture.step.back", DEAL_REFUNDED);
	} else if (is_in(l, shared)) {
		put_other_end(l, "picture.step.divided", DEAL_SPLIT_CLOSED);
	} else if (is_in(l, closed)) {
		put_past(l, side_step(l->f->deal.state), l->f->deal.closed_ms, MARK_STOPPED);
	} else if (n < MILESTONES) {
		put_now(l, milestones[n].label);
		for (int i = n + 1; i < MILESTONES; i++)
			put(l, milestones[i].label, "", MARK_AHEAD);
	}
}

static void put_steps(struct line *l)
{
	int n = behind(l);
	bool problem = false;

	for (int i = 0; i < n; i++) {
		if (i == RELEASED)
			problem = put_problem(l);
		put_past(l, milestones[i].label, first_in(l, milestones[i].reached), MARK_DONE);
	}
	if (n <= RELEASED)
		problem = put_problem(l);
	put_rest(l, n, problem);
}

char *status_recipe(struct turn *t, const struct deal_file *f, const struct person *reader)
{
	struct recipe r;
	struct line l = {.t = t, .f = f, .reader = reader, .r = &r};

	recipe_begin(t, f, reader, &r);
	r.kind = RECIPE_STATUS;
	r.heading = THEIRS_PLAIN(t, reader, "picture.head_status");
	l.past = talloc_array(t->ctx, struct deal_history, HISTORY_MOST);
	l.n_past = history_list(t->tx, t->ctx, f->deal.id, l.past, HISTORY_MOST);
	put_steps(&l);
	r.foot = THEIRS_PLAIN(t, reader, "picture.foot_status", ARG_TIME("at", t->now_ms));
	return recipe_to_json(t->ctx, &r);
}
