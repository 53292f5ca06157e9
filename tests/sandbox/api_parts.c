/* What several methods share: texts with entities, buttons, files. See api.h. */
#include "api.h"

#include "js.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { BUTTONS_MAX = 100, ROW_MAX = 8, CAPTION_MAX = 1024 };

static bool parse_text(struct call *c, const char *text, const char *mode, json_t *entities, struct rich_text *out)
{
	char *error;

	if (*mode && strcasecmp(mode, "HTML") != 0)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: unsupported parse_mode (Separex uses HTML)");
	if (*mode && entities)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: parse_mode and entities exclude each other");
	if (!*mode) {
		plain_parse(c->r, text, out);
		if (entities)
			json_array_extend(out->entities, entities);
		return true;
	}
	if (!html_parse(c->r, text, out, &error))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: can't parse entities: %s", error);
	return true;
}

static bool entities_fit(const struct rich_text *t)
{
	size_t i;
	json_t *e;

	json_array_foreach(t->entities, i, e)
	{
		if (js_int(e, "offset", 0) + js_int(e, "length", 0) > (int64_t)t->units)
			return false;
	}
	return true;
}

bool api_rich_text(struct call *c, const json_t *from, const char *text_name, const char *entities_name, size_t max,
		   struct rich_text *out)
{
	const char *text = js_str(from, text_name, ""), *mode = js_str(from, "parse_mode", "");
	bool caption = strcmp(text_name, "caption") == 0;

	*out = (struct rich_text){.text = NULL};
	if (!utf8_valid(text, strlen(text)))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: text must be encoded in UTF-8");
	if (!parse_text(c, text, mode, json_object_get(from, entities_name), out))
		return false;
	if (!entities_fit(out))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: ENTITY_BOUNDS_INVALID");
	if (out->units > max)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: %s is too long",
				  caption ? "message caption" : "message");
	if (!caption && out->units == 0)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: message text is empty");
	entities_find(out);
	return true;
}

static bool url_allowed(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "tg://"};

	for (size_t i = 0; i < 3; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return url[strlen(schemes[i])] && !strpbrk(url, " \t\r\n<>\"");
	return false;
}

static bool style_known(const char *style)
{
	return !*style || strcmp(style, "danger") == 0 || strcmp(style, "success") == 0 ||
	       strcmp(style, "primary") == 0;
}

static bool blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* The chats from which the person may choose; without any the button would be useless. */
static bool chosen_chats(const json_t *wish)
{
	return !wish || js_bool(wish, "allow_user_chats", false) || js_bool(wish, "allow_bot_chats", false) ||
	       js_bool(wish, "allow_group_chats", false) || js_bool(wish, "allow_channel_chats", false);
}

static bool inline_button(struct call *c, const json_t *b)
{
	static const char *const actions[] = {"url",
					      "callback_data",
					      "web_app",
					      "switch_inline_query",
					      "switch_inline_query_current_chat",
					      "switch_inline_query_chosen_chat",
					      "copy_text"};
	const char *url = js_str(b, "url", NULL), *app = js_str(b, "web_app.url", NULL);
	int n = 0;

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		n += json_object_get(b, actions[i]) != NULL;
	if (blank(js_str(b, "text", "")))
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: can't parse inline keyboard button: the text is empty");
	if (n == 0)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
				  "inline keyboard");
	if (n > 1)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: can't parse inline keyboard button: exactly one action is allowed");
	if (url && !url_allowed(url))
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: inline keyboard button URL '%s' is invalid: Wrong HTTP URL", url);
	if (app && strncasecmp(app, "https://", 8) != 0)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: inline keyboard button Web App URL '%s' is invalid: Only HTTPS links "
				  "are allowed",
				  app);
	if (!chosen_chats(json_object_get(b, "switch_inline_query_chosen_chat")))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: at least one chat type must be allowed");
	if (!style_known(js_str(b, "style", "")))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: invalid button style specified");
	return true;
}

static bool plain_button(struct call *c, const json_t *b, const struct chat *chat)
{
	if (blank(js_str(b, "text", "")))
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: can't parse keyboard button: the text is empty");
	if (!style_known(js_str(b, "style", "")))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: invalid button style specified");
	if (chat && chat->id < 0 && (json_object_get(b, "request_contact") || json_object_get(b, "request_location")))
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: phone number can be requested in private chats only");
	return true;
}

static bool rows_valid(struct call *c, const json_t *rows, const struct chat *chat, bool is_inline)
{
	size_t i, k, n = 0;
	json_t *row, *b;

	json_array_foreach((json_t *)rows, i, row)
	{
		if (json_array_size(row) > ROW_MAX)
			return api_refuse(c, REFUSED_VIOLATION, 400,
					  "Bad Request: more than %d buttons in one row cannot be read", ROW_MAX);
		n += json_array_size(row);
		json_array_foreach(row, k, b)
		{
			if (!(is_inline ? inline_button(c, b) : plain_button(c, b, chat)))
				return false;
		}
	}
	if (n > BUTTONS_MAX)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: reply markup is too long");
	return true;
}

bool api_markup(struct call *c, json_t *markup, struct chat *chat, json_t *m)
{
	json_t *rows = json_object_get(markup, "inline_keyboard");

	if (!markup)
		return true;
	if (rows) {
		if (!rows_valid(c, rows, chat, true))
			return false;
		if (m && json_array_size(rows))
			json_object_set(m, "reply_markup", markup);
		return true;
	}
	if (!rows_valid(c, json_object_get(markup, "keyboard"), chat, false))
		return false;
	if (m && chat) {
		json_decref(chat->keyboard);
		chat->keyboard = json_object_get(markup, "remove_keyboard") ? NULL : json_incref(markup);
	}
	return true;
}

static const struct upload *upload_named(const struct request *r, const char *field)
{
	for (size_t i = 0; i < r->n_uploads; i++)
		if (strcmp(r->uploads[i].field, field) == 0)
			return &r->uploads[i];
	return NULL;
}

struct file *api_file(struct call *c, const char *part, const char *named, enum file_kind kind)
{
	const struct upload *u = named && strncmp(named, "attach://", 9) == 0 ? upload_named(c->r, named + 9)
				 : named                                      ? NULL
									      : upload_named(c->r, part);
	const char *error = NULL;
	struct file *f;

	if (u) {
		f = files_add(c->w, kind, u->filename, u->bytes->data, u->bytes->len, &error);
		if (!f)
			api_refuse(c, REFUSED_VIOLATION, error[0] == 'R' ? 413 : 400, "%s", error);
		return f;
	}
	if (!named || strncmp(named, "attach://", 9) == 0) {
		api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: there is no %s in the request", part);
		return NULL;
	}
	f = files_with_id(c->w, named);
	if (!f)
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: wrong file identifier/HTTP URL specified");
	else if (f->kind != kind)
		api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: can't use file of type %s as %s",
			   file_kind_name(f->kind), file_kind_name(kind));
	return f && f->kind == kind ? f : NULL;
}

bool api_media(struct call *c, json_t *m, struct file *f, const json_t *from)
{
	struct rich_text t;

	if (!api_rich_text(c, from, "caption", "caption_entities", CAPTION_MAX, &t))
		return false;
	json_object_del(m, "photo");
	json_object_del(m, "document");
	json_object_del(m, "caption");
	json_object_del(m, "caption_entities");
	file_put(m, f);
	if (t.units)
		json_object_set_new(m, "caption", json_string(t.text));
	if (json_array_size(t.entities))
		json_object_set(m, "caption_entities", t.entities);
	return true;
}
