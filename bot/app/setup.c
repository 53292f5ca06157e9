/* Who we are and what our menus show: see setup.h. */
#include "setup.h"

#include "log.h"
#include "repo_inbox.h"
#include "telegram_setup.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { MAX_LANGUAGES = CATALOG_MAX_LANGUAGES, SCOPES = 3, MAX_COMMANDS = 16 };

static const int64_t ask_again_ms = 5 * SECOND_MS;

struct menu_item {
	const char *name, *key;
};

static const struct menu_item private_menu[] = {
	{"sell", "menu.sell"},         {"buy", "menu.buy"},         {"deals", "menu.deals"},
	{"settings", "menu.settings"}, {"check", "menu.check"},     {"fee", "menu.fee"},
	{"help", "menu.help"},         {"terms", "menu.terms"},     {"language", "menu.language"},
	{"iban", "menu.iban"},         {"profile", "menu.profile"}, {"about", "menu.about"},
	{"cancel", "menu.cancel"},
};
static const struct menu_item group_menu[] = {
	{"deal", "menu.group_deal"},   {"sell", "menu.group_sell"}, {"buy", "menu.group_buy"},
	{"check", "menu.group_check"}, {"help", "menu.group_help"},
};
static const struct menu_item staff_menu[] = {{"deal", "menu.staff_deal"},
					      {"delivered", "menu.staff_delivered"},
					      {"batch", "menu.staff_batch"},
					      {"books", "menu.staff_books"},
					      {"help", "menu.staff_help"}};

static const struct {
	enum telegram_scope scope;
	const struct menu_item *items;
	size_t n;
} menus[SCOPES] = {
	{TELEGRAM_SCOPE_PRIVATE, private_menu, sizeof private_menu / sizeof *private_menu},
	{TELEGRAM_SCOPE_GROUPS, group_menu, sizeof group_menu / sizeof *group_menu},
	{TELEGRAM_SCOPE_CHAT, staff_menu, sizeof staff_menu / sizeof *staff_menu},
};

/* `tag` is "" for the language of everyone whose own has no catalogue. */
static size_t add_language(struct app *a, void *ctx, const char *language, const char *tag, struct telegram_menu *out)
{
	size_t n = 0;

	for (size_t s = 0; s < SCOPES; s++) {
		struct telegram_command *commands = talloc_array(ctx, struct telegram_command, MAX_COMMANDS);

		if (menus[s].scope == TELEGRAM_SCOPE_CHAT && !a->house.staff_chat)
			continue;
		for (size_t i = 0; i < menus[s].n; i++)
			commands[i] = (struct telegram_command){
				menus[s].items[i].name,
				SAY_PLAIN(ctx, a->house.texts, language, menus[s].items[i].key)};
		out[n++] = (struct telegram_menu){.scope = menus[s].scope,
						  .chat_id = a->house.staff_chat,
						  .language = tag,
						  .commands = commands,
						  .n_commands = menus[s].n};
	}
	return n;
}

static void make_calls(struct app *a, void *ctx)
{
	struct telegram_profile profiles[MAX_LANGUAGES + 1];
	struct telegram_menu *all = talloc_array(ctx, struct telegram_menu, (MAX_LANGUAGES + 1) * SCOPES);
	struct telegram_setup setup = {.profiles = profiles, .menus = all};
	const char *const *languages;
	size_t n = catalog_languages(a->house.texts, &languages);

	for (size_t i = 0; i <= n; i++) {
		const char *language = i < n ? languages[i] : a->house.language, *tag = i < n ? language : "";

		profiles[setup.n_profiles++] = (struct telegram_profile){
			.language = tag,
			.description = SAY_PLAIN(ctx, a->house.texts, language, "profile.description"),
			.short_description = SAY_PLAIN(ctx, a->house.texts, language, "profile.short")};
		setup.n_menus += add_language(a, ctx, language, tag, all + setup.n_menus);
	}
	a->n_setup_calls = telegram_setup_calls(ctx, &setup, a->bot_id, &a->setup_calls, a->setup_hash);
	a->next_setup_call = 0;
}

static void send_next_call(struct app *a)
{
	void *ctx = talloc_new(NULL);
	struct http_request request = {0};

	telegram_setup_request(ctx, &a->telegram, &a->setup_calls[a->next_setup_call], &request);
	request.owner = OWNER_SETUP;
	a->port->submit(a->port->self, &request);
	talloc_free(ctx);
}

struct me_job {
	struct app *app;
	const struct telegram_me *me;
	void *ctx;
	bool same;
};

static enum db_result store_me(struct db_tx *tx, void *arg)
{
	struct me_job *job = arg;

	job->same = !strcmp(fact_text(tx, job->ctx, "setup", ""), job->app->setup_hash);
	fact_set(tx, "bot", job->me->bot_id, job->me->username);
	return DB_DONE;
}

static void know_me(struct app *a, void *ctx, const struct telegram_me *me)
{
	struct me_job job = {a, me, ctx, false};

	a->bot_id = me->bot_id;
	a->house.bot_username = talloc_strdup(a->house.texts, me->username);
	telegram_poll_named(a->poll, me->username);
	make_calls(a, talloc_new(a->poll));
	log_info("this bot is @%s; it %s all messages of its groups", me->username,
		 me->reads_groups ? "reads" : "does not read");
	if (db_tx(a->db, "who we are", store_me, &job) == DB_DONE && !job.same)
		send_next_call(a);
}

void setup_step(struct app *a, int64_t now_ms)
{
	void *ctx;
	struct http_request request = {0};

	if (now_ms < a->ask_me_ms)
		return;
	a->ask_me_ms = INT64_MAX;
	ctx = talloc_new(NULL);
	telegram_me_request(ctx, &a->telegram, &request);
	request.owner = OWNER_ME;
	a->port->submit(a->port->self, &request);
	talloc_free(ctx);
}

static void take_me(struct app *a, const struct http_event *event, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	struct telegram_me me;
	struct send_outcome outcome = {0};

	telegram_me_answer(ctx, &event->answer, &me, &outcome);
	if (outcome.verdict == SEND_DONE) {
		know_me(a, ctx, &me);
	} else if (outcome.verdict == SEND_FATAL) {
		log_error("Telegram does not know this token (%s). Write the token that @BotFather gave into "
			  "telegram.token "
			  "and start again.",
			  outcome.reason);
		a->stopping = true;
		a->exit_code = 1;
	} else {
		log_warn("getMe: %s; asked again in 5 s", outcome.reason ? outcome.reason : event->answer.trouble);
		a->ask_me_ms = now_ms + ask_again_ms;
	}
	talloc_free(ctx);
}

static enum db_result store_setup(struct db_tx *tx, void *arg)
{
	const struct app *a = arg;

	fact_set(tx, "setup", 1, a->setup_hash);
	return DB_DONE;
}

/* A call that the server refuses (a chat we are not in) does not hold up the others; one that could not be made leaves
 * the hash unstored, so that the next start tries again. */
static void take_setup(struct app *a, const struct http_event *event)
{
	void *ctx = talloc_new(NULL);
	struct telegram_reply reply;
	struct send_outcome outcome = {0};

	telegram_reply_read(ctx, &event->answer, &reply);
	telegram_call_outcome(ctx, &reply, &event->answer, &outcome);
	if (outcome.verdict == SEND_DONE || outcome.verdict == SEND_REFUSED) {
		if (outcome.verdict == SEND_REFUSED)
			log_warn("%s: %s", a->setup_calls[a->next_setup_call].method, outcome.reason);
		a->next_setup_call++;
		if (a->next_setup_call < a->n_setup_calls)
			send_next_call(a);
		else
			db_tx(a->db, "menus set", store_setup, a);
	} else {
		log_warn("%s: %s; menus are set at the next start", a->setup_calls[a->next_setup_call].method,
			 outcome.reason ? outcome.reason : event->answer.trouble);
	}
	talloc_free(ctx);
}

void setup_answer(struct app *a, const struct http_event *event, int64_t now_ms)
{
	if (event->owner == OWNER_ME)
		take_me(a, event, now_ms);
	else if (event->owner == OWNER_SETUP)
		take_setup(a, event);
}
