/* The running program: everything that lives as long as it, and the loop that drives it.
 * One thread, one loop, one direction (docs/architecture.md): wait, take what came, decide in one transaction, commit,
 * and only then let anything leave. */
#ifndef SEPAREX_APP_H
#define SEPAREX_APP_H

#include "clock.h"
#include "config.h"
#include "db.h"
#include "gateway.h"
#include "house.h"
#include "http.h"
#include "identity_check.h"
#include "limiter.h"
#include "metrics.h"
#include "net.h"
#include "sms.h"
#include "telegram_out.h"
#include "telegram_poll.h"
#include "turn.h"
#include "watch.h"

struct worker;

enum { APP_MAX_SMS = 2 };

/* Button presses live 150 s at Telegram (telegram.md 1.3): what was pressed in a longer gap is lost. */
#define OUTAGE_MS (150 * SECOND_MS)

/* Whom an HTTP answer is for. */
enum owner {
	OWNER_POLL = 1,
	OWNER_ME,
	OWNER_SETUP,
	OWNER_WEBHOOK,
	OWNER_SEND,
	OWNER_BANK,
	OWNER_FETCH,
	OWNER_VANDAR,
	OWNER_IDENTITY,
	OWNER_SMS
};

struct app {
	const struct config *config;
	struct clock clock;
	int64_t longest_wait_ms; /* of one step */
	struct clock_line line; /* the moments that were handed out */
	struct house house;
	struct net *net; /* NULL: somebody else brought the port */
	struct http_port *port;
	struct db *db;
	struct telegram_options telegram;
	struct channel *channel;
	struct telegram_poll *poll;
	const struct gateway *gateways[APP_MAX_GATEWAYS];
	size_t n_gateways;
	int64_t gateway_free_ms[APP_MAX_GATEWAYS]; /* when each may be called again (gateway.gap_ms) */
	const struct identity_provider *identity; /* NULL: nobody is asked */
	const struct sms_provider *sms[APP_MAX_SMS]; /* the first takes each message, the next when it does not */
	size_t n_sms;
	struct gateway *vandar; /* NULL: not in use */
	const char *vandar_refresh; /* its refresh token */
	int64_t vandar_renew_ms, vandar_pause_ms; /* vandar_keys.c */
	int64_t proof_day; /* the last day of daily.c that is done */
	int64_t watch_ms; /* when it looks for late payouts next */
	int64_t bank_files_ms; /* when their folders are looked at next */
	struct worker *worker;
	struct metrics metrics;
	struct watch watch;
	int64_t bot_id; /* 0 until getMe answered (or a former run remembers) */
	int64_t ask_me_ms; /* when getMe is to be asked; INT64_MAX while it is out or answered */
	struct telegram_call *setup_calls;
	size_t n_setup_calls, next_setup_call;
	char setup_hash[65];

	bool heard; /* a poll was answered since the start: the time is known and people can reach us */
	int64_t heard_ms; /* when the last poll was answered */
	int64_t heard_stored_ms; /* the last of these that is in the store */
	int64_t sandbox_ahead_ms; /* the sandbox's clock as its last answer told it */
	bool sandbox_doubted; /* the last poll told an earlier one */
	int64_t redraw_after; /* deals whose cards are being drawn again after an outage: ids above this; -1 for none */
	bool timers_checked;
	int64_t timers_due_ms;

	bool stopping;
	int exit_code;
};

/* Runs the bot until it is told to stop. The exit code of the program. */
int app_run(const struct config *config);

/* The same in pieces, for who brings the world along (tests/sim): open, step while it goes on, close. */
struct app_outside {
	struct clock clock;
	struct rnd rnd;
	struct http_port *port;
	int64_t longest_wait_ms; /* of one step; real time must be looked at every second, a simulator's need not */
};

/* `outside` NULL: the real one; config and what `outside` points to must outlive it. NULL and what to do in `e`. */
struct app *app_open(const struct config *config, const struct app_outside *outside, struct err *e);
bool app_goes_on(const struct app *a);
/* One turn of the loop. */
void app_step(struct app *a);
/* Lets what is out be answered for a moment, and ends. The exit code. */
int app_close(struct app *a);
/* Ends at once, without a word to anybody. */
int app_drop(struct app *a);

/* Now, in ms since 1970, as clock_line_ms says it. */
int64_t app_now_ms(struct app *a);

/* A turn on a new talloc context below `parent`. */
struct turn app_turn(struct app *a, void *parent, struct db_tx *tx, int64_t now_ms);

#endif
