/* Methods that ask about the bot, files, chats and members: see api.h. */
#include "api.h"

#include "js.h"

#include <string.h>
#include <talloc.h>

bool api_get_me(struct call *c)
{
	c->result = json_copy(bot_user());
	json_object_update_new(c->result,
			       json_pack("{sbsbsbsbsbsb}", "can_join_groups", 1, "can_read_all_group_messages", 0,
					 "supports_inline_queries", 1, "can_connect_to_business", 0, "has_main_web_app",
					 0, "has_topics_enabled", 0));
	return true;
}

bool api_get_file(struct call *c)
{
	const struct file *f = files_with_id(c->w, api_text(c, "file_id", ""));

	if (!f)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: invalid file_id");
	if (f->n > 20U << 20)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: file is too big");
	c->result = json_pack("{sssssIss}", "file_id", f->id, "file_unique_id", f->unique_id, "file_size",
			      (json_int_t)f->n, "file_path", f->path);
	return true;
}

bool api_get_chat(struct call *c)
{
	struct chat *chat = api_chat(c, "chat_id");
	const struct message *pinned;

	if (!chat)
		return false;
	if (!chat->bot_inside)
		return api_refuse(c, REFUSED_STATE, 403, "Forbidden: bot is not a member of the supergroup chat");
	if (chat->owner && !chat->owner->started)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: chat not found");
	c->result = json_copy(chat->object);
	json_object_update_new(c->result,
			       json_pack("{sisis{sbsbsbsbsb}}", "accent_color_id", 0, "max_reaction_count", 11,
					 "accepted_gift_types", "unlimited_gifts", 0, "limited_gifts", 0,
					 "unique_gifts", 0, "premium_subscription", 0, "gifts_from_channels", 0));
	pinned = chat->pinned ? message_with_id(chat, chat->pinned) : NULL;
	if (pinned)
		json_object_set(c->result, "pinned_message", pinned->object);
	return true;
}

static void add_rights(json_t *member)
{
	static const char *const rights[] = {"can_manage_chat",      "can_delete_messages", "can_manage_video_chats",
					     "can_restrict_members", "can_promote_members", "can_change_info",
					     "can_invite_users",     "can_post_stories",    "can_edit_stories",
					     "can_delete_stories",   "can_pin_messages",    "can_manage_topics"};

	json_object_set_new(member, "can_be_edited", json_false());
	json_object_set_new(member, "is_anonymous", json_false());
	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
		json_object_set_new(member, rights[i], json_true());
}

json_t *api_member(json_t *user, const char *status)
{
	json_t *m = json_pack("{sOss}", "user", user, "status", status);

	if (strcmp(status, "administrator") == 0)
		add_rights(m);
	if (strcmp(status, "creator") == 0)
		json_object_set_new(m, "is_anonymous", json_false());
	if (strcmp(status, "kicked") == 0)
		json_object_set_new(m, "until_date", json_integer(0));
	return m;
}

static const char *status_of(const struct world *w, const struct chat *chat, const struct person *p)
{
	int i = (int)(p - w->people);

	if (!chat->members[i])
		return "left";
	return chat->creator == i ? "creator" : chat->admin == i ? "administrator" : "member";
}

bool api_get_chat_member(struct call *c)
{
	struct chat *chat = api_chat(c, "chat_id");
	int64_t id = api_int(c, "user_id", 0);
	struct person *p = person_with_id(c->w, id);

	if (!chat)
		return false;
	if (id == BOT_ID)
		c->result =
			api_member(bot_user(), chat->bot_inside ? (chat->owner ? "member" : "administrator") : "left");
	else if (p)
		c->result = api_member(p->user, status_of(c->w, chat, p));
	else
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: PARTICIPANT_ID_INVALID");
	return true;
}

bool api_get_chat_admins(struct call *c)
{
	struct chat *chat = api_chat(c, "chat_id");

	if (!chat)
		return false;
	if (chat->owner || chat->synthetic)
		return api_refuse(c, REFUSED_STATE, 400,
				  "Bad Request: there are no administrators in the private chat");
	c->result = json_array();
	if (chat->bot_inside && js_bool(c->p, "return_bots", false))
		json_array_append_new(c->result, api_member(bot_user(), "administrator"));
	for (int i = 0; i < PEOPLE; i++)
		if (chat->creator == i || chat->admin == i)
			json_array_append_new(
				c->result, api_member(c->w->people[i].user, status_of(c->w, chat, &c->w->people[i])));
	return true;
}

bool api_get_chat_count(struct call *c)
{
	struct chat *chat = api_chat(c, "chat_id");
	int n = 0;

	if (!chat)
		return false;
	for (int i = 0; i < PEOPLE; i++)
		n += chat->members[i];
	c->result = json_integer(n + chat->bot_inside);
	return true;
}

bool api_leave(struct call *c)
{
	struct chat *chat = api_writable(c);

	if (!chat)
		return false;
	if (chat->owner || chat->synthetic)
		return api_refuse(c, REFUSED_STATE, 400,
				  "Bad Request: chat member status can't be changed in private chats");
	chat->bot_inside = false;
	world_changed(c->w);
	c->result = json_true();
	return true;
}

bool api_action(struct call *c)
{
	static const char *const actions[] = {"typing",          "upload_photo",   "record_video",
					      "upload_video",    "record_voice",   "upload_voice",
					      "upload_document", "choose_sticker", "find_location"};

	if (!api_writable(c))
		return false;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(actions[i], api_text(c, "action", "")) == 0) {
			c->result = json_true();
			return true;
		}
	return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: wrong parameter action in request");
}
