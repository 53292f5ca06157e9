/* The Bot API's front door: token, method, faults, table, handler, answer. See api.h. */
#include "api.h"

#include "bench.h"
#include "faults.h"
#include "js.h"
#include "log.h"
#include "params.h"
#include "queue.h"
#include "reply.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static bool get_updates(struct call *c)
{
	(void)c;
	return true; /* answered by the queue; see serve */
}

static bool (*const handlers[METHODS])(struct call *c) = {
	[M_getMe] = api_get_me,
	[M_getUpdates] = get_updates,
	[M_sendMessage] = api_send_message,
	[M_sendPhoto] = api_send_photo,
	[M_sendDocument] = api_send_document,
	[M_sendMediaGroup] = api_send_media_group,
	[M_editMessageText] = api_edit_text,
	[M_editMessageCaption] = api_edit_caption,
	[M_editMessageReplyMarkup] = api_edit_markup,
	[M_editMessageMedia] = api_edit_media,
	[M_editEphemeralMessageText] = api_edit_ephemeral,
	[M_deleteEphemeralMessage] = api_delete_ephemeral,
	[M_deleteMessage] = api_delete,
	[M_deleteMessages] = api_delete_many,
	[M_answerCallbackQuery] = api_answer_callback,
	[M_answerInlineQuery] = api_answer_inline,
	[M_getFile] = api_get_file,
	[M_getChat] = api_get_chat,
	[M_getChatMember] = api_get_chat_member,
	[M_getChatAdministrators] = api_get_chat_admins,
	[M_getChatMemberCount] = api_get_chat_count,
	[M_setMyCommands] = api_set_commands,
	[M_getMyCommands] = api_get_commands,
	[M_deleteMyCommands] = api_delete_commands,
	[M_setMyName] = api_set_profile,
	[M_getMyName] = api_get_profile,
	[M_setMyDescription] = api_set_profile,
	[M_getMyDescription] = api_get_profile,
	[M_setMyShortDescription] = api_set_profile,
	[M_getMyShortDescription] = api_get_profile,
	[M_setChatMenuButton] = api_set_menu,
	[M_getChatMenuButton] = api_get_menu,
	[M_setMyDefaultAdministratorRights] = api_yes,
	[M_deleteWebhook] = api_delete_webhook,
	[M_getWebhookInfo] = api_webhook_info,
	[M_sendChatAction] = api_action,
	[M_pinChatMessage] = api_pin,
	[M_unpinChatMessage] = api_unpin,
	[M_leaveChat] = api_leave,
	[M_forwardMessage] = api_forward,
	[M_copyMessage] = api_copy,
	[M_setMessageReaction] = api_reaction,
	[M_logOut] = api_yes,
	[M_close] = api_yes,
};

bool api_refuse(struct call *c, enum refusal kind, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->description = talloc_vasprintf(c->r, fmt, ap);
	va_end(ap);
	c->kind = kind;
	c->code = code;
	return false;
}

int64_t api_int(const struct call *c, const char *name, int64_t otherwise)
{
	return js_int(c->p, name, otherwise);
}

const char *api_text(const struct call *c, const char *name, const char *otherwise)
{
	return js_str(c->p, name, otherwise);
}

static void answer_ok(struct call *c)
{
	char *text = json_dumps(c->result, JSON_COMPACT | JSON_ENCODE_ANY);
	char *body;

	if (!text)
		abort();
	body = talloc_asprintf(c->r, "{\"ok\":true,\"result\":%s}", text);
	free(text);
	json_decref(c->result);
	reply_bytes(c->w, c->r, 200, "application/json", body, strlen(body));
}

static void answer_refused(struct call *c)
{
	json_t *j = json_pack("{sbsiss}", "ok", 0, "error_code", c->code, "description", c->description);

	assert(c->code >= 400 && c->description);
	if (c->parameters)
		json_object_set_new(j, "parameters", c->parameters);
	records_refused(c->w, c->kind, c->method ? c->method->name : strrchr(c->r->path, '/') + 1, c->code,
			c->description, c->p);
	reply_json(c->w, c->r, (unsigned)c->code, j);
}

/* The group that a call names, for the fault that moves groups. Works on unchecked parameters. */
static struct chat *named_group(const struct call *c)
{
	const json_t *id = json_object_get(c->p, "chat_id");
	const char *text = json_string_value(id);
	struct chat *chat = chat_with_id(c->w, text ? strtoll(text, NULL, 10) : (int64_t)json_integer_value(id));

	return chat && !chat->owner && !chat->synthetic ? chat : NULL;
}

static bool migrated(struct call *c, struct chat *chat)
{
	c->parameters = json_pack("{sI}", "migrate_to_chat_id", (json_int_t)chat->id);
	return api_refuse(c, REFUSED_STATE, 400, "Bad Request: group chat was upgraded to a supergroup chat");
}

static void perform(struct call *c, const struct fault *f)
{
	char *wrong;

	if (c->r->bad) {
		api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: %s", c->r->bad);
	} else if (f->kind == FAULT_MIGRATE) {
		chat_migrate(c->w, named_group(c));
		migrated(c, named_group(c));
	} else if ((wrong = params_check(c->r, c->method))) {
		api_refuse(c, REFUSED_VIOLATION, 400, "%s", wrong);
	} else if (c->method == &methods[M_getUpdates]) {
		queue_get_updates(c->w, c->r, f->kind == FAULT_DOUBLE);
		return;
	} else if (handlers[c->method - methods](c)) {
		answer_ok(c);
		return;
	}
	answer_refused(c);
}

static void serve_method(struct world *w, struct request *r, const char *name)
{
	struct call c = {.w = w, .r = r, .method = method_named(name), .p = r->params};
	struct fault f;

	if (!c.method) {
		api_refuse(&c, REFUSED_VIOLATION, 404, "Not Found");
		answer_refused(&c);
		return;
	}
	records_count(w, c.method);
	f = fault_take(w, c.method->name, "*", named_group(&c) != NULL);
	if (!reply_fault(w, r, &f))
		perform(&c, &f);
}

static void serve_file(struct world *w, struct request *r, const char *path)
{
	const struct file *f = files_with_path(w, path);
	const struct fault fault = fault_take(w, "file", "file", false);

	if (reply_fault(w, r, &fault))
		return;
	if (f)
		reply_bytes(w, r, 200, f->mime, f->bytes, f->n);
	else
		reply_json(w, r, 404, json_pack("{sbsiss}", "ok", 0, "error_code", 404, "description", "Not Found"));
}

/* "<id>:<secret>" with a number before the colon, as every real token has it. */
static bool token_shaped(const char *token)
{
	size_t digits = strspn(token, "0123456789");

	return digits > 0 && token[digits] == ':' && token[digits + 1];
}

void api_serve(struct world *w, struct request *r)
{
	bool file = strncmp(r->path, "/file/bot", 9) == 0;
	const char *rest = r->path + (file ? 9 : 4), *slash = strchr(rest, '/');
	const char *token = slash ? talloc_strndup(r, rest, (size_t)(slash - rest)) : rest;

	if (!slash || !token_shaped(token)) {
		reply_json(w, r, 404, json_pack("{sbsiss}", "ok", 0, "error_code", 404, "description", "Not Found"));
		return;
	}
	if (w->token && strcmp(token, w->token) != 0) {
		reply_json(w, r, 401, json_pack("{sbsiss}", "ok", 0, "error_code", 401, "description", "Unauthorized"));
		return;
	}
	if (file)
		serve_file(w, r, slash + 1);
	else
		serve_method(w, r, slash + 1);
}

struct chat *api_chat(struct call *c, const char *name)
{
	int64_t id = api_int(c, name, 0);
	struct chat *chat = chat_with_id(c->w, id);

	if (!chat) {
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: chat not found");
		return NULL;
	}
	if (chat->old_id == id && id) {
		migrated(c, chat);
		return NULL;
	}
	return chat;
}

struct chat *api_writable(struct call *c)
{
	struct chat *chat = api_chat(c, "chat_id");
	int64_t thread = api_int(c, "message_thread_id", 0);

	if (!chat)
		return NULL;
	if (chat->owner && chat->owner->blocked)
		api_refuse(c, REFUSED_STATE, 403, "Forbidden: bot was blocked by the user");
	else if (chat->owner && !chat->owner->started)
		api_refuse(c, REFUSED_STATE, 403, "Forbidden: bot can't initiate conversation with a user");
	else if (!chat->bot_inside)
		api_refuse(c, REFUSED_STATE, 403, "Forbidden: bot is not a member of the supergroup chat");
	else if (thread && !(chat->forum && thread <= 9))
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: message thread not found");
	else
		return chat;
	return NULL;
}
