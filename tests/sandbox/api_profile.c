/* What the bot says of itself: names, descriptions, commands, menus; and the webhook that never is. See api.h. */
#include "api.h"

#include "js.h"
#include "queue.h"

#include <string.h>
#include <talloc.h>

enum { PROFILE_ENTRIES_MAX = 500 };

struct profile {
	json_t *texts; /* "name fa" -> text */
	json_t *commands; /* "<scope> <language>" -> array */
	json_t *menus; /* "<chat id>" -> menu button */
};

struct profile *profile_new(void *ctx)
{
	struct profile *p = talloc_zero(ctx, struct profile);

	p->texts = json_object();
	p->commands = json_object();
	p->menus = json_object();
	return p;
}

void profile_free(struct world *w)
{
	json_decref(w->profile->texts);
	json_decref(w->profile->commands);
	json_decref(w->profile->menus);
}

json_t *profile_seen(const struct world *w)
{
	return json_pack("{sOsOsO}", "texts", w->profile->texts, "commands", w->profile->commands, "menu_buttons",
			 w->profile->menus);
}

static bool language_ok(struct call *c)
{
	const char *l = api_text(c, "language_code", "");
	size_t n = strlen(l);

	if (n == 0 || (n == 2 && strspn(l, "abcdefghijklmnopqrstuvwxyz") == 2))
		return true;
	return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: invalid language code specified");
}

static bool put(struct call *c, json_t *table, const char *key, json_t *value)
{
	if (json_object_size(table) >= PROFILE_ENTRIES_MAX && !json_object_get(table, key))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: too many different scopes");
	json_object_set(table, key, value);
	world_changed(c->w);
	c->result = json_true();
	return true;
}

/* The parameter that setMyX and getMyX carry. */
static const char *field_of(const struct method *m)
{
	if (strstr(m->name, "ShortDescription"))
		return "short_description";
	return strstr(m->name, "Description") ? "description" : "name";
}

static const char *text_key(struct call *c)
{
	return talloc_asprintf(c->r, "%s %s", field_of(c->method), api_text(c, "language_code", ""));
}

bool api_set_profile(struct call *c)
{
	json_t *text = json_object_get(c->p, field_of(c->method));

	if (!language_ok(c))
		return false;
	return put(c, c->w->profile->texts, text_key(c), text ? text : js_own(c->r, json_string("")));
}

bool api_get_profile(struct call *c)
{
	const char *field = field_of(c->method), *text;

	if (!language_ok(c))
		return false;
	text = json_string_value(json_object_get(c->w->profile->texts, text_key(c)));
	if (!text || !*text)
		text = json_string_value(json_object_get(c->w->profile->texts, talloc_asprintf(c->r, "%s ", field)));
	if (!text)
		text = strcmp(field, "name") == 0 ? "Separex" : "";
	c->result = json_pack("{ss}", field, text);
	return true;
}

/* "default fa", "chat -100… fa", "chat_member -100… 1001 fa": one text for each scope and language. */
static const char *scope_key(struct call *c)
{
	const json_t *scope = json_object_get(c->p, "scope");
	const char *language = api_text(c, "language_code", "");
	const char *type = js_str(scope, "type", "default");
	long long chat = js_int(scope, "chat_id", 0), user = js_int(scope, "user_id", 0);

	if (!chat)
		return talloc_asprintf(c->r, "%s %s", type, language);
	if (!user)
		return talloc_asprintf(c->r, "%s %lld %s", type, chat, language);
	return talloc_asprintf(c->r, "%s %lld %lld %s", type, chat, user, language);
}

static bool scope_ok(struct call *c)
{
	int64_t chat = js_int(c->p, "scope.chat_id", 0);

	if (!language_ok(c))
		return false;
	if (chat && !chat_with_id(c->w, chat))
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: chat not found");
	return true;
}

bool api_set_commands(struct call *c)
{
	json_t *list = json_object_get(c->p, "commands"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *name = js_str(one, "command", "");

		if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
			return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: BOT_COMMAND_INVALID");
	}
	return scope_ok(c) && put(c, c->w->profile->commands, scope_key(c), list);
}

bool api_get_commands(struct call *c)
{
	json_t *list;

	if (!scope_ok(c))
		return false;
	list = json_object_get(c->w->profile->commands, scope_key(c));
	c->result = list ? json_incref(list) : json_array();
	return true;
}

bool api_delete_commands(struct call *c)
{
	if (!scope_ok(c))
		return false;
	json_object_del(c->w->profile->commands, scope_key(c));
	world_changed(c->w);
	c->result = json_true();
	return true;
}

static const char *menu_key(struct call *c)
{
	return talloc_asprintf(c->r, "%lld", (long long)api_int(c, "chat_id", 0));
}

bool api_set_menu(struct call *c)
{
	json_t *button = json_object_get(c->p, "menu_button");

	return put(c, c->w->profile->menus, menu_key(c),
		   button ? button : js_own(c->r, json_pack("{ss}", "type", "default")));
}

bool api_get_menu(struct call *c)
{
	json_t *button = json_object_get(c->w->profile->menus, menu_key(c));

	c->result = button ? json_incref(button) : json_pack("{ss}", "type", "commands");
	return true;
}

bool api_yes(struct call *c)
{
	c->result = json_true();
	return true;
}

bool api_delete_webhook(struct call *c)
{
	if (js_bool(c->p, "drop_pending_updates", false))
		queue_drop_pending(c->w);
	return api_yes(c);
}

bool api_webhook_info(struct call *c)
{
	json_t *allowed = queue_allowed(c->w);

	c->result = json_pack("{sssbsi}", "url", "", "has_custom_certificate", 0, "pending_update_count",
			      (int)queue_pending(c->w));
	if (allowed)
		json_object_set(c->result, "allowed_updates", allowed);
	return true;
}
