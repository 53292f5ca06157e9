/* Ephemeral messages, which one person of a group sees: see api.h. They are newer (Bot API 10.2 and 10.3) than the
 * published file that the table is compared with; the words of the refusals are guesses. */
#include "api.h"

#include "js.h"
#include "queries.h"

enum { TEXT_UNITS_MAX = 4096, PRESS_GOOD_MS = 15000 /* how long a press lets the bot answer it in private */ };

/* The press that is said to have led to the message must be this person's, here, a moment ago. */
static bool press_fits(struct call *c, const struct chat *chat, const struct person *to, const json_t *wish)
{
	const char *id = js_str(wish, "callback_query_id", NULL);
	const struct query *q = id ? queries_pressed(c->w, id) : NULL;

	if (!id)
		return true;
	if (!q || q->as != to || q->chat != chat || world_now_ms(c->w) - q->at_ms > PRESS_GOOD_MS)
		return api_refuse(c, REFUSED_STATE, 400,
				  "Bad Request: query is too old and response timeout expired or query ID is invalid");
	return true;
}

bool api_ephemeral(struct call *c, const struct chat *chat, json_t *m)
{
	const json_t *wish = json_object_get(c->p, "ephemeral_message_parameters");
	const struct person *to = person_with_id(c->w, js_int(wish, "receiver_user_id", 0));

	if (!wish)
		return true;
	/* An older server may as well overlook what it does not know, and show the message to everybody (unsure). */
	if (!c->w->ephemeral)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: can't parse ephemeral_message_parameters");
	if (chat->owner || chat->synthetic)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: ephemeral messages can be sent to groups and supergroups only");
	if (!to || !chat_has(c->w, chat, to))
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: user not found");
	if (!press_fits(c, chat, to, wish))
		return false;
	json_object_set_new(m, "message_id", json_integer(0));
	json_object_set_new(m, "ephemeral_message_id", json_integer(c->w->next_ephemeral_id++));
	json_object_set(m, "receiver_user", to->user);
	return true;
}

static struct message *target(struct call *c, struct chat **chat, const char *what)
{
	struct message *m;

	if (!c->w->ephemeral) {
		api_refuse(c, REFUSED_STATE, 404, "Not Found");
		return NULL;
	}
	*chat = api_writable(c);
	if (!*chat)
		return NULL;
	m = message_ephemeral(*chat, api_int(c, "ephemeral_message_id", 0), api_int(c, "receiver_user_id", 0));
	if (!m)
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to %s not found", what);
	return m;
}

bool api_edit_ephemeral(struct call *c)
{
	struct rich_text t;
	struct chat *chat;
	struct message *m;

	if (!api_rich_text(c, c->p, "text", "entities", TEXT_UNITS_MAX, &t))
		return false;
	m = target(c, &chat, "edit");
	return m && api_replace_text(c, chat, m, &t);
}

bool api_delete_ephemeral(struct call *c)
{
	struct chat *chat;
	struct message *m = target(c, &chat, "delete");

	if (!m)
		return false;
	m->gone = true;
	world_changed(c->w);
	c->result = json_true();
	return true;
}
