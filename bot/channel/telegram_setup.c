/* The bot's face in Telegram: see telegram_setup.h. */
#include "telegram_setup.h"

#include "js.h"
#include "telegram_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct list {
	void *ctx;
	struct telegram_call *calls;
	size_t n;
};

static json_t *object(void)
{
	json_t *j = json_object();

	if (!j)
		abort();
	return j;
}

/* Steals `body`. */
static void add(struct list *l, const char *method, json_t *body)
{
	if (l->n == TELEGRAM_MAX_SETUP_CALLS)
		abort();
	l->calls[l->n++] = (struct telegram_call){.method = method, .body = js_text(l->ctx, body)};
	json_decref(body);
}

static void put_language(struct list *l, json_t *body, const char *language)
{
	if (*language)
		telegram_put_text(l->ctx, body, "language_code", language);
}

static void add_words(struct list *l, const char *method, const char *member, const char *language, const char *words)
{
	json_t *body = object();

	put_language(l, body, language);
	telegram_put_text(l->ctx, body, member, words);
	add(l, method, body);
}

static json_t *commands_json(struct list *l, const struct telegram_menu *menu)
{
	json_t *commands = json_array();

	assert(menu->n_commands <= TELEGRAM_MAX_COMMANDS);
	for (size_t i = 0; i < menu->n_commands; i++) {
		json_t *command = object();

		telegram_put_text(l->ctx, command, "command", menu->commands[i].name);
		telegram_put_text(l->ctx, command, "description", menu->commands[i].text);
		json_array_append_new(commands, command);
	}
	return commands;
}

static json_t *scope_json(struct list *l, const struct telegram_menu *menu)
{
	static const char *const types[] = {
		[TELEGRAM_SCOPE_DEFAULT] = "default",
		[TELEGRAM_SCOPE_PRIVATE] = "all_private_chats",
		[TELEGRAM_SCOPE_GROUPS] = "all_group_chats",
		[TELEGRAM_SCOPE_GROUP_ADMINS] = "all_chat_administrators",
		[TELEGRAM_SCOPE_CHAT] = "chat",
	};
	json_t *scope = object();

	telegram_put_text(l->ctx, scope, "type", types[menu->scope]);
	if (menu->scope == TELEGRAM_SCOPE_CHAT)
		telegram_put(scope, "chat_id", json_integer(menu->chat_id));
	return scope;
}

static void add_menu(struct list *l, const struct telegram_menu *menu)
{
	json_t *body = object();

	telegram_put(body, "commands", commands_json(l, menu));
	telegram_put(body, "scope", scope_json(l, menu));
	put_language(l, body, menu->language);
	add(l, "setMyCommands", body);
}

/* Compact JSON holds no line break, so one line a call keeps two different lists from reading the same. */
static void hash_calls(const struct list *l, int64_t bot_id, char hash[SHA256_HEX_BYTES])
{
	char *all = talloc_asprintf(l->ctx, "%lld\n", (long long)bot_id);

	for (size_t i = 0; all && i < l->n; i++)
		all = talloc_asprintf_append_buffer(all, "%s %s\n", l->calls[i].method, l->calls[i].body);
	if (!all)
		abort();
	sha256_hex(all, strlen(all), hash);
	talloc_free(all);
}

size_t telegram_setup_calls(void *ctx, const struct telegram_setup *s, int64_t bot_id, struct telegram_call **calls,
			    char hash[SHA256_HEX_BYTES])
{
	struct list l = {.ctx = ctx, .calls = talloc_zero_array(ctx, struct telegram_call, TELEGRAM_MAX_SETUP_CALLS)};

	if (!l.calls)
		abort();
	for (size_t i = 0; i < s->n_profiles; i++) {
		const struct telegram_profile *p = &s->profiles[i];

		add_words(&l, "setMyDescription", "description", p->language, p->description);
		add_words(&l, "setMyShortDescription", "short_description", p->language, p->short_description);
	}
	for (size_t i = 0; i < s->n_menus; i++)
		add_menu(&l, &s->menus[i]);
	add(&l, "setChatMenuButton", json_pack("{s:{s:s}}", "menu_button", "type", "commands"));
	hash_calls(&l, bot_id, hash);
	*calls = l.calls;
	return l.n;
}

void telegram_setup_request(void *ctx, const struct telegram_options *o, const struct telegram_call *call,
			    struct http_request *out)
{
	telegram_request(ctx, o, call->method, call->body, out);
}

void telegram_me_request(void *ctx, const struct telegram_options *o, struct http_request *out)
{
	telegram_hide_token(o);
	telegram_request(ctx, o, "getMe", NULL, out);
}

void telegram_me_answer(void *ctx, const struct http_answer *a, struct telegram_me *me, struct send_outcome *out)
{
	struct telegram_reply r;

	telegram_reply_read(ctx, a, &r);
	telegram_call_outcome(ctx, &r, a, out);
	if (out->verdict != SEND_DONE)
		return;
	*me = (struct telegram_me){
		.bot_id = js_int(r.result, "id", 0),
		.username = js_str(r.result, "username", ""),
		.name = js_str(r.result, "first_name", ""),
		.reads_groups = js_bool(r.result, "can_read_all_group_messages", false),
	};
	if (me->bot_id > 0)
		return;
	out->verdict = SEND_RETRY;
	out->reason = "getMe told no id";
}
