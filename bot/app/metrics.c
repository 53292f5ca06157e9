/* The page of figures: see metrics.h. */
#include "metrics.h"

#include "app.h"
#include "books.h"
#include "repo_work.h"
#include <assert.h>
#include <inttypes.h>

static const int64_t bounds_ms[METRICS_BOUNDS] = {1,   2,    5,    10,   20,    50,    100,  200,
						  500, 1000, 2000, 5000, 10000, 30000, 60000};

static const char *const poll_words[TELEGRAM_POLL_FATAL + 1] = {"updates", "trouble", "webhook", "fatal"};
static const char *const bank_words[GATEWAY_UNKNOWN + 1] = {"yes", "no", "waiting", "retry", "unknown"};
static const char *const web_words[] = {NULL, NULL, "2xx", "3xx", "4xx", "5xx"};
static const char *const other_words[METRICS_OTHERS] = {"chat", "files", "banks", "identity", "sms"};
static const char *const lane_words[] = {"bank", "reply", "notice", "bulk"};
static const char *const send_words[SEND_FATAL + 1] = {
	"done", "retry", "slow_down", "moved", "unreachable", "gone", "no_file", "stale", "plain", "refused", "fatal"};
static_assert(sizeof lane_words / sizeof *lane_words == LANE_BULK + 1, "one for each");

void metrics_took(struct span_counts *s, int64_t ms)
{
	size_t i = 0;

	if (ms < 0)
		ms = 0;
	while (i < METRICS_BOUNDS && ms > bounds_ms[i])
		i++;
	s->upto[i]++;
	s->sum_ms += ms;
}

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP separex_%s %s\n# TYPE separex_%s %s\n", name, help, name, type);
}

static void lone(struct buf *b, const char *name, const char *type, const char *help, int64_t n)
{
	head(b, name, type, help);
	buf_printf(b, "separex_%s %" PRId64 "\n", name, n);
}

static void labelled(struct buf *b, const char *name, const char *label, const char *const *words,
		     const int64_t *counts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i])
			buf_printf(b, "separex_%s{%s=\"%s\"} %" PRId64 "\n", name, label, words[i], counts[i]);
}

/* One of a histogram's series: "separex_call_seconds_sum{to="chat"} 1.5"; `label` may be "". */
static void whole(struct buf *b, const char *name, const char *part, const char *label, double value)
{
	if (*label)
		buf_printf(b, "separex_%s_%s{%s} %.15g\n", name, part, label, value);
	else
		buf_printf(b, "separex_%s_%s %.15g\n", name, part, value);
}

static void spans(struct buf *b, const char *name, const char *label, const struct span_counts *s)
{
	const char *comma = *label ? "," : "";
	int64_t n = 0;

	for (size_t i = 0; i < METRICS_BOUNDS; i++) {
		n += s->upto[i];
		buf_printf(b, "separex_%s_bucket{%s%sle=\"%g\"} %" PRId64 "\n", name, label, comma,
			   (double)bounds_ms[i] / SECOND_MS, n);
	}
	n += s->upto[METRICS_BOUNDS];
	buf_printf(b, "separex_%s_bucket{%s%sle=\"+Inf\"} %" PRId64 "\n", name, label, comma, n);
	whole(b, name, "sum", label, (double)s->sum_ms / SECOND_MS);
	whole(b, name, "count", label, (double)n);
}

static void write_counts(const struct app *a, struct buf *b)
{
	const struct metrics *m = &a->metrics;
	char name[64];

	lone(b, "updates_total", "counter", "Updates that were handled.", m->updates);
	lone(b, "updates_again_total", "counter", "Updates that came again and were skipped.", m->updates_again);
	lone(b, "updates_undone_total", "counter", "Updates that could not be handled and changed nothing.",
	     m->updates_undone);
	head(b, "polls_total", "counter", "Answers to polls.");
	labelled(b, "polls_total", "verdict", poll_words, m->polls, TELEGRAM_POLL_FATAL + 1);
	head(b, "sends_total", "counter", "What became of messages.");
	labelled(b, "sends_total", "verdict", send_words, m->sends, SEND_FATAL + 1);
	head(b, "web_answers_total", "counter", "Answers to browsers.");
	labelled(b, "web_answers_total", "status", web_words, m->webs, sizeof web_words / sizeof *web_words);
	head(b, "bank_answers_total", "counter", "What banks said.");
	for (size_t i = 0; i < a->n_gateways; i++) {
		snprintf(name, sizeof name, "gateway=\"%s\",verdict", a->gateways[i]->name);
		labelled(b, "bank_answers_total", name, bank_words, m->banks[i], GATEWAY_UNKNOWN + 1);
	}
	head(b, "reply_seconds", "histogram", "From an update to the word that its reply has arrived.");
	spans(b, "reply_seconds", "", &m->reply);
	head(b, "call_seconds", "histogram", "From a request to its answer.");
	for (size_t i = 0; i < METRICS_OTHERS; i++) {
		snprintf(name, sizeof name, "to=\"%s\"", other_words[i]);
		spans(b, "call_seconds", name, &m->calls[i]);
	}
}

static void write_work(struct db_tx *tx, int64_t now_ms, struct buf *b)
{
	struct work_queue q = work_queue(tx, now_ms);

	head(b, "work_due", "gauge", "Work that is due and not done.");
	labelled(b, "work_due", "lane", lane_words, q.n, LANE_BULK + 1);
	head(b, "work_oldest_seconds", "gauge", "Since when the oldest work that is due could have been done.");
	for (size_t i = 0; i <= LANE_BULK; i++)
		buf_printf(b, "separex_work_oldest_seconds{lane=\"%s\"} %" PRId64 "\n", lane_words[i],
			   q.n[i] ? (now_ms - q.since_ms[i]) / SECOND_MS : 0);
	lone(b, "work_dead", "gauge", "Work that was given up (separex work --dead).", work_count(tx, WORK_DEAD));
}

static bool write_books(struct db_tx *tx, int64_t now_ms, struct buf *b)
{
	struct suspense oldest = {0};
	struct books books;

	if (!books_read(tx, &books))
		return false;
	lone(b, "money_held_rial", "gauge", "What banks hold for us.", books_held(&books));
	lone(b, "money_owed_rial", "gauge", "Of it, what belongs to buyers and sellers.", books_owed(&books));
	lone(b, "money_in_flight_rial", "gauge", "Of that, what is on its way out.", books.of[ACCOUNT_INFLIGHT]);
	lone(b, "money_in_suspense_rial", "gauge", "Of that, what waits to be cleared.", books.of[ACCOUNT_SUSPENSE]);
	books_suspense(tx, &oldest, 1);
	lone(b, "suspense_oldest_seconds", "gauge", "Since when the oldest of it waits.",
	     oldest.since_ms ? (now_ms - oldest.since_ms) / SECOND_MS : 0);
	lone(b, "books_agree", "gauge", "1 when what is held is what is owed and ours.", books_agree(&books));
	return true;
}

bool metrics_write(const struct app *a, struct db_tx *tx, int64_t now_ms, struct buf *out)
{
	buf_printf(out, "# HELP separex_info The program.\n# TYPE separex_info gauge\nseparex_info{version=\"%s\"} 1\n",
		   SEPAREX_VERSION);
	lone(out, "poll_silence_seconds", "gauge", "Since when no poll was answered.",
	     (now_ms - a->heard_ms) / SECOND_MS);
	write_counts(a, out);
	write_work(tx, now_ms, out);
	return write_books(tx, now_ms, out) && !out->failed;
}
