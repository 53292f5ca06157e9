/* The running program: start, the loop, and the end. See app.h. */
#include "app.h"

#include "bank_choice.h"
#include "bank_files.h"
#include "clockwork.h"
#include "daily.h"
#include "dispatch.h"
#include "file_store.h"
#include "house.h"
#include "identity_vandar.h"
#include "log.h"
#include "migrate.h"
#include "notify.h"
#include "ops_pages.h"
#include "owner.h"
#include "repo_inbox.h"
#include "services.h"
#include "setup.h"
#include "store_keys.h"
#include "vandar_keys.h"
#include "worker.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { POLL_AT_MOST_WAITING = 16 };

/* No wait is longer in the real world: a clock that was moved by hand is noticed soon. */
static const int64_t longest_wait_ms = SECOND_MS;
/* A stop waits so long for what is out; what is not answered by then is looked up or sent again at the next start. */
static const int64_t stop_within_ms = 4 * SECOND_MS;

int64_t app_now_ms(struct app *a)
{
	return clock_line_ms(&a->line, &a->clock);
}

struct turn app_turn(struct app *a, void *parent, struct db_tx *tx, int64_t now_ms)
{
	return (struct turn){
		.ctx = talloc_new(parent),
		.tx = tx,
		.house = &a->house,
		.now_ms = now_ms,
		.me = {.name = "",
		       .username = "",
		       .language = a->house.language,
		       .iban = "",
		       .card_said = "",
		       .mobile = "",
		       .national_id = ""},
		.talk = {"", "{}"},
	};
}

static bool open_store(struct app *a, struct err *e)
{
	int64_t now_ms = app_now_ms(a);

	a->db = db_open(a, a->config->store.url, e);
	return a->db && owner_take(a->db, now_ms, e) && migrate_run(a->db, now_ms, e) &&
	       store_keys_open(a, a->db, a->config, &a->house.rnd, e) && file_store_open(a->config->store.files, e) &&
	       bank_files_open(a->config, e);
}

static bool open_gateway(struct app *a, const char *name, const struct gateways_options *options, struct err *e)
{
	struct gateway *g = gateways_open(a, name, options, e);

	if (g)
		a->gateways[a->n_gateways++] = g;
	if (g && !strcmp(name, "vandar"))
		a->vandar = g;
	return g != NULL;
}

/* Vandar checks identities too, also where it pays nobody out. */
static bool open_identity(struct app *a, const struct gateways_options *options, struct err *e)
{
	const struct config *c = a->config;

	if (c->identity.provider == CONFIG_IDENTITY_NONE)
		return true;
	if (!a->vandar && !open_gateway(a, "vandar", options, e))
		return false;
	a->identity = identity_vandar(a, c->vandar.url, c->vandar.business, a->vandar);
	a->house.checks_identity = true;
	return true;
}

static bool open_gateways(struct app *a, struct err *e)
{
	const struct config *c = a->config;
	struct gateways_options options = services_gateways(c);

	for (size_t i = 0; i < c->gateway.order.n && i < HOUSE_MAX_BANKS; i++) {
		if (!open_gateway(a, c->gateway.order.items[i], &options, e))
			return false;
		house_add_bank(&a->house, c, a->gateways[a->n_gateways - 1]);
	}
	/* The one that pays out need not be one that takes payments. */
	if (c->payout.rail == CONFIG_RAIL_BANK && !bank_named(&a->house, c->payout.gateway) &&
	    !open_gateway(a, c->payout.gateway, &options, e))
		return false;
	for (size_t i = 0; i < a->n_gateways; i++)
		if (c->payout.rail == CONFIG_RAIL_BANK && !strcmp(a->gateways[i]->name, c->payout.gateway))
			a->house.payout_least = rial_of(a->gateways[i]->least_rial);
	return open_identity(a, &options, e);
}

/* Lunar holidays are announced year by year, so a version of this program knows only some years. */
static void look_at_calendar(struct app *a)
{
	if (a->house.counts_cycles && !bank_holidays_known(app_now_ms(a)))
		log_warn("this version does not know this year's holidays of banks: payouts may be promised too early; "
			 "write them to payout.closed_days");
}

static bool open_sms(struct app *a, struct err *e)
{
	const struct config *c = a->config;
	struct sms_options *o = talloc_zero(a, struct sms_options);

	*o = services_sms(c);
	for (size_t i = 0; i < c->sms.providers.n && i < APP_MAX_SMS; i++) {
		a->sms[a->n_sms] = sms_provider_open(a, c->sms.providers.items[i], o, e);
		if (!a->sms[a->n_sms++])
			return false;
	}
	a->house.sms = a->n_sms > 0;
	a->house.sms_daily_cap = (int)c->sms.daily_cap;
	return true;
}

static bool open_net(struct app *a, struct err *e)
{
	const struct config *c = a->config;

	if (a->port)
		return true;
	a->net = net_new(a,
			 &(struct net_options){.listen = c->http.listen,
					       .request_ms = c->http.request_ms,
					       .proxies = c->telegram.proxy.items,
					       .n_proxies = c->telegram.proxy.n,
					       .user_agent = "Separex"},
			 e);
	if (!a->net)
		return false;
	a->port = net_port(a->net);
	return true;
}

static void open_telegram(struct app *a)
{
	const struct config *c = a->config;

	a->telegram = (struct telegram_options){.token = c->telegram.token,
						.api_base = c->telegram.api_base,
						.file_base = c->telegram.file_base,
						.bot_username = a->house.bot_username,
						.poll_timeout_s = (int)c->telegram.poll_timeout_s};
	a->channel = telegram_channel(a, &a->telegram);
	a->poll = telegram_poll_new(a, &a->telegram, app_now_ms(a));
	if (a->bot_id)
		telegram_poll_named(a->poll, a->house.bot_username);
}

/* What a former run left: where to read on, who we are, when people were last heard. */
static enum db_result remember(struct db_tx *tx, void *arg)
{
	struct app *a = arg;

	a->bot_id = fact_number(tx, "bot", 0);
	a->house.bot_username = fact_text(tx, a, "bot", "");
	a->house.staff_chat = dispatch_present_chat(tx, a, a->house.staff_chat);
	clockwork_start(a, tx, app_now_ms(a));
	vandar_keys_start(a, tx);
	return DB_DONE;
}

static enum db_result read_cursor(struct db_tx *tx, void *arg)
{
	struct app *a = arg;

	telegram_poll_confirmed(a->poll, cursor_get(tx, a->house.channel));
	return DB_DONE;
}

static bool open_all(struct app *a, const struct app_outside *outside, struct err *e)
{
	if (!house_open(a, a->config, &a->house, e))
		return false;
	if (outside)
		a->house.rnd = outside->rnd;
	if (!open_store(a, e) || !open_gateways(a, e) || !open_sms(a, e) || !open_net(a, e))
		return false;
	if (db_tx(a->db, "remember", remember, a) != DB_DONE)
		return err_set(e, "The store cannot be read: %s", db_last_error(a->db));
	open_telegram(a);
	if (db_read(a->db, "cursor", read_cursor, a) != DB_DONE)
		return err_set(e, "The store cannot be read: %s", db_last_error(a->db));
	look_at_calendar(a);
	a->worker = worker_new(a, a);
	return true;
}

/* The first poll waits until we know our name (links need it); a later start remembers it. What people asked is
 * answered before more is fetched: the server keeps the rest, and the store stays small. A server that takes no
 * messages holds this up only for a moment. */
static bool may_poll(const struct app *a, int64_t now_ms)
{
	bool enough_to_do = worker_waiting(a->worker) > POLL_AT_MOST_WAITING && now_ms - a->heard_ms < SECOND_MS;

	return a->bot_id && !a->stopping && !enough_to_do;
}

/* When the next poll is due; what keeps it from being sent ends with an answer, which wakes us. */
static int64_t poll_step(struct app *a, int64_t now_ms)
{
	void *ctx;
	struct http_request request = {0};

	if (!may_poll(a, now_ms))
		return INT64_MAX;
	ctx = talloc_new(NULL);
	if (telegram_poll_next(a->poll, ctx, now_ms, &request)) {
		request.owner = OWNER_POLL;
		a->port->submit(a->port->self, &request);
	}
	talloc_free(ctx);
	return telegram_poll_due(a->poll);
}

static void drop_webhook(struct app *a, void *ctx)
{
	struct http_request request = {0};

	telegram_webhook_request(ctx, &a->telegram, &request);
	request.owner = OWNER_WEBHOOK;
	a->port->submit(a->port->self, &request);
}

static void take_batch(struct app *a, const struct telegram_batch *batch, int64_t now_ms)
{
	clockwork_heard(a, now_ms);
	if (!batch->n)
		return;
	if (dispatch_batch(a, batch, now_ms))
		telegram_poll_confirmed(a->poll, batch->next_offset);
	clockwork_look(a);
	worker_look(a->worker);
}

static void take_poll(struct app *a, void *ctx, const struct http_event *event, int64_t now_ms)
{
	struct telegram_batch batch;
	uint32_t random;

	a->house.rnd.fill(a->house.rnd.arg, &random, sizeof random);
	telegram_poll_answer(a->poll, ctx, now_ms, &event->answer, random, &batch);
	a->metrics.polls[batch.verdict]++;
	if (batch.drop_connections && a->net)
		net_drop_connections(a->net);
	switch (batch.verdict) {
	case TELEGRAM_POLL_UPDATES:
		take_batch(a, &batch, now_ms);
		return;
	case TELEGRAM_POLL_TROUBLE:
		return;
	case TELEGRAM_POLL_WEBHOOK:
		drop_webhook(a, ctx);
		return;
	case TELEGRAM_POLL_FATAL:
		log_error("%s", batch.trouble);
		a->stopping = true;
		a->exit_code = 1;
		return;
	}
}

static void take_answer(struct app *a, void *ctx, const struct http_event *event)
{
	clockwork_sandbox(a, event->answer.sandbox_ahead_ms, event->owner == OWNER_POLL);
	switch ((enum owner)event->owner) {
	case OWNER_POLL:
		take_poll(a, ctx, event, app_now_ms(a));
		return;
	case OWNER_ME:
	case OWNER_SETUP:
	case OWNER_WEBHOOK:
		setup_answer(a, event, app_now_ms(a));
		return;
	case OWNER_VANDAR:
		vandar_keys_answer(a, event, app_now_ms(a));
		return;
	case OWNER_SEND:
	case OWNER_BANK:
	case OWNER_FETCH:
	case OWNER_IDENTITY:
	case OWNER_SMS:
		worker_answer(a->worker, event, app_now_ms(a));
		clockwork_look(a);
		return;
	}
}

static void take_event(struct app *a, void *ctx, const struct http_event *event)
{
	switch (event->kind) {
	case HTTP_EVENT_ANSWER:
		take_answer(a, ctx, event);
		return;
	case HTTP_EVENT_INBOUND:
		if (ops_pages_answer(a, event, app_now_ms(a)))
			return;
		dispatch_web(a, event, app_now_ms(a));
		clockwork_look(a);
		worker_look(a->worker);
		return;
	case HTTP_EVENT_STOP:
		log_info("stopping");
		a->stopping = true;
		return;
	}
}

static void take_events(struct app *a)
{
	struct http_event event;
	void *ctx = talloc_new(NULL);

	while (a->port->next(a->port->self, ctx, &event)) {
		take_event(a, ctx, &event);
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}

static int64_t soonest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* One turn of the loop: submit what is due, wait, take what came, record what became of it. */
void app_step(struct app *a)
{
	int64_t now_ms = app_now_ms(a);
	int64_t wake_ms = now_ms + a->longest_wait_ms;

	setup_step(a, now_ms);
	wake_ms = soonest(wake_ms, clockwork_step(a, now_ms));
	wake_ms = soonest(wake_ms, vandar_keys_step(a, now_ms));
	wake_ms = soonest(wake_ms, bank_files_step(a, now_ms));
	wake_ms = soonest(wake_ms, daily_step(a, now_ms));
	wake_ms = soonest(wake_ms, watch_step(a, now_ms));
	wake_ms = soonest(wake_ms, worker_step(a->worker, now_ms));
	wake_ms = soonest(wake_ms, soonest(a->ask_me_ms, poll_step(a, now_ms)));
	wake_ms = soonest(wake_ms, worker_record_due(a->worker));
	a->port->wait(a->port->self, wake_ms > now_ms ? wake_ms - now_ms : 0);
	take_events(a);
	worker_record(a->worker, app_now_ms(a), false);
}

/* What is out gets a little time to be answered; nothing new is begun. */
static void wind_down(struct app *a)
{
	int64_t end_ms = app_now_ms(a) + stop_within_ms;

	while (worker_out(a->worker) && app_now_ms(a) < end_ms) {
		a->port->wait(a->port->self, end_ms - app_now_ms(a));
		take_events(a);
	}
	worker_record(a->worker, app_now_ms(a), true);
}

struct app *app_open(const struct config *config, const struct app_outside *outside, struct err *e)
{
	struct app *a = talloc_zero(NULL, struct app);

	a->config = config;
	a->clock = outside ? outside->clock : clock_system();
	a->port = outside ? outside->port : NULL;
	a->longest_wait_ms = outside ? outside->longest_wait_ms : longest_wait_ms;
	if (open_all(a, outside, e))
		return a;
	app_drop(a);
	return NULL;
}

bool app_goes_on(const struct app *a)
{
	return !a->stopping && !db_fenced(a->db);
}

int app_close(struct app *a)
{
	if (db_fenced(a->db)) {
		log_error("another process has taken the store over; this one stops");
		a->exit_code = 1;
	}
	wind_down(a);
	owner_release(a->db);
	return app_drop(a);
}

int app_drop(struct app *a)
{
	int code = a->exit_code;

	if (a->db)
		db_close(&a->db);
	talloc_free(a);
	return code;
}

/* The address of a server may hold a password, in more ways than one. */
static const char *store_shown(const struct config *c)
{
	return strncmp(c->store.url, "sqlite:", 7) ? "on PostgreSQL" : c->store.url;
}

int app_run(const struct config *config)
{
	struct err e = {""};
	struct app *a = app_open(config, NULL, &e);
	struct notify manager;
	int code;

	if (!a) {
		log_error("%s", e.text);
		return 1;
	}
	notify_open(&manager);
	log_info("ready: pages at %s, store %s%s", config->http.public_url, store_shown(config),
		 a->house.practice ? ", practice bank" : "");
	notify_say(&manager, "READY=1");
	while (app_goes_on(a)) {
		app_step(a);
		notify_alive(&manager, a->clock.steady_ms(a->clock.arg));
	}
	notify_say(&manager, "STOPPING=1");
	code = app_close(a);
	notify_close(&manager);
	return code;
}
