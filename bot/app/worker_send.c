/* What becomes of a message's work row after its answer. */
#include "worker_inside.h"

#include "deal_card.h"
#include "dispatch.h"
#include "log.h"
#include "markup.h"
#include "repo_deal.h"
#include "repo_picture.h"
#include "tell.h"
#include <inttypes.h>
#include <talloc.h>

enum { MAX_BACKOFF_DOUBLINGS = 8, PLAIN_BYTES = 16384, MAX_STAFF_TRIES = 288 }; /* two days */
static const int64_t staff_again_ms = 10 * MINUTE_MS;

static int64_t backoff_ms(int64_t tries)
{
	return SECOND_MS << (tries < MAX_BACKOFF_DOUBLINGS ? tries : MAX_BACKOFF_DOUBLINGS);
}

/* The new card is the newest: the one before is yesterday's. */
static void card_was_sent(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	int64_t deal_id = card_subject_deal(r->work.subject_id);
	enum card_place place = card_subject_place(r->work.subject_id);
	struct card old;

	if (card_get(tx, r->ctx, deal_id, place, &old) && old.message_id != r->outcome.message_id) {
		struct turn t = app_turn(w->app, NULL, tx, now_ms);

		deal_card_outdated(&t, deal_id, place, &old);
		talloc_free(t.ctx);
	}
	card_set(tx, deal_id, place, (struct card){.chat_id = r->message.chat_id, .message_id = r->outcome.message_id});
}

static void done(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	if (r->work.subject_id && (r->message.kind == OUT_TEXT || r->message.kind == OUT_PHOTO) &&
	    r->outcome.message_id)
		card_was_sent(w, tx, r, now_ms);
	if (r->recipe_sha256 && r->outcome.file_id)
		picture_keep(tx, r->recipe_sha256, r->outcome.file_id, now_ms);
	work_done(tx, r->work.id, r->work.edition);
}

/* A picture of ours is drawn and uploaded anew; a person's file that the channel lost cannot be. */
static void no_file(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	if (!r->recipe_sha256 || r->work.tries >= w->app->config->send.max_attempts) {
		work_dead(tx, r->work.id, r->work.edition, r->outcome.reason);
		return;
	}
	picture_forget(tx, r->recipe_sha256);
	work_retry(tx, r->work.id, now_ms, r->work.tries + 1, r->outcome.reason);
}

static void retry(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	/* While Telegram as a whole is out of reach no message is to blame: only the pause grows. A poll is answered at
	 * least every 50 s; the one that was out when the line broke, too, before the last of eight tries. */
	bool blame = now_ms - w->app->heard_ms < MINUTE_MS;
	/* And when it is back, one more failure must not be the last. */
	int64_t most = w->app->config->send.max_attempts, tries = r->work.tries + (blame || r->work.tries < most / 2);
	int64_t wait_ms = r->outcome.retry_ms ? r->outcome.retry_ms : backoff_ms(tries);

	if (blame && tries >= most)
		work_dead(tx, r->work.id, r->work.edition, r->outcome.reason);
	else
		work_retry(tx, r->work.id, now_ms + wait_ms, tries, r->outcome.reason);
}

static void unreachable(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	/* What the operators miss nobody else sees: it waits until the bot is a member of their group again. */
	if (r->message.chat_id == w->app->house.staff_chat && r->work.tries < MAX_STAFF_TRIES) {
		log_error("the operators' group cannot be reached (%s): check telegram.operators_chat",
			  r->outcome.reason);
		work_retry(tx, r->work.id, now_ms + staff_again_ms, r->work.tries + 1, r->outcome.reason);
		return;
	}
	person_set_reachable(tx, w->app->house.channel, r->message.chat_id, false);
	work_done(tx, r->work.id, r->work.edition);
	work_drop_chain(tx, r->work.chain);
	log_info("a chat cannot be reached any more; nothing more is sent there");
}

static void moved(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	struct turn t = app_turn(w->app, NULL, tx, now_ms);

	dispatch_moved(w->app, &t, r->message.chat_id, r->outcome.new_chat_id);
	talloc_free(t.ctx);
	work_retry(tx, r->work.id, now_ms, r->work.tries + 1, r->outcome.reason);
}

/* The message to edit is gone: the card is forgotten, so the same row is now sent as a new one. */
static void gone(struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	struct card card;

	if (!r->work.subject_id) {
		work_done(tx, r->work.id, r->work.edition);
		return;
	}
	if (card_get(tx, r->ctx, card_subject_deal(r->work.subject_id), card_subject_place(r->work.subject_id),
		     &card) &&
	    card.message_id == r->message.message_id)
		card_forget(tx, card_subject_deal(r->work.subject_id), card_subject_place(r->work.subject_id));
	work_retry(tx, r->work.id, now_ms, r->work.tries + 1, r->outcome.reason);
}

static void plain(struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	struct outmsg m = r->message;
	struct buf *text = buf_new(r->ctx, PLAIN_BYTES);
	bool in_tag = false;

	log_error("work %" PRId64 ": the channel could not read our HTML (%s)", r->work.id, r->outcome.reason);
	markup_plain(m.text, &in_tag, text);
	m.text = text->data;
	m.plain = true;
	work_set_payload(tx, r->work.id, r->work.edition, outmsg_to_json(r->ctx, &m));
	work_retry(tx, r->work.id, now_ms, r->work.tries + 1, r->outcome.reason);
}

static void take_outcome(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	switch (r->outcome.verdict) {
	case SEND_DONE:
		done(w, tx, r, now_ms);
		return;
	case SEND_RETRY:
		retry(w, tx, r, now_ms);
		return;
	case SEND_SLOW_DOWN:
		work_retry(tx, r->work.id, now_ms + r->outcome.retry_ms, r->work.tries, r->outcome.reason);
		return;
	case SEND_MOVED:
		moved(w, tx, r, now_ms);
		return;
	case SEND_UNREACHABLE:
		unreachable(w, tx, r, now_ms);
		return;
	case SEND_GONE:
		gone(tx, r, now_ms);
		return;
	case SEND_NO_FILE:
		no_file(w, tx, r, now_ms);
		return;
	case SEND_STALE:
		work_done(tx, r->work.id, r->work.edition);
		return;
	case SEND_PLAIN:
		plain(tx, r, now_ms);
		return;
	case SEND_REFUSED:
		if (r->message.only_for) { /* never the only copy of anything (telegram.md 1.8) */
			log_warn("a message for one person of a group was refused (%s): see telegram.ephemeral",
				 r->outcome.reason);
			work_done(tx, r->work.id, r->work.edition);
			return;
		}
		log_error("work %" PRId64 ": refused for good (%s)", r->work.id, r->outcome.reason);
		work_dead(tx, r->work.id, r->work.edition, r->outcome.reason);
		return;
	case SEND_FATAL:
		log_error("the bot token is no longer valid: set telegram.token and start again");
		w->app->stopping = true;
		w->app->exit_code = 1;
		work_retry(tx, r->work.id, now_ms, r->work.tries, r->outcome.reason);
		return;
	}
}

void worker_send_outcome(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms)
{
	log_scope(r->work.origin);
	log_debug("work %" PRId64 ": verdict %d (%s)", r->work.id, (int)r->outcome.verdict, r->outcome.reason);
	take_outcome(w, tx, r, now_ms);
	log_scope(NULL);
}
