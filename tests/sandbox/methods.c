/* The Bot API as far as Separex may use it: see methods.h. */
#include "methods.h"

#include <string.h>
#include <strings.h>

#define REQ P_REQUIRED
#define MARKUP "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
#define END                                                                                                            \
	{                                                                                                              \
		NULL, NULL, 0, 0, 0                                                                                    \
	}

/* What every method that sends has. */
#define SEND_HEAD                                                                                                      \
	{"chat_id", "Integer|String", REQ, 0, 0},                                                                      \
	{                                                                                                              \
		"message_thread_id", "Integer", 0, 1, INT32_MAX                                                        \
	}
#define SEND_TAIL                                                                                                      \
	{"disable_notification", "Boolean", 0, 0, 0}, {"protect_content", "Boolean", 0, 0, 0},                         \
		{"message_effect_id", "String", 0, 0, 64},                                                             \
	{                                                                                                              \
		"reply_parameters", "ReplyParameters", 0, 0, 0                                                         \
	}
#define CAPTION                                                                                                        \
	{"caption", "String", P_PARSED, 0, 1024}, {"parse_mode", "String", 0, 0, 16},                                  \
	{                                                                                                              \
		"caption_entities", "Array of MessageEntity", 0, 0, 100                                                \
	}
/* Newer than the published file that the test compares with (Bot API 10.3). */
#define EPHEMERAL_HEAD                                                                                                 \
	{"chat_id", "Integer|String", REQ, 0, 0}, {"receiver_user_id", "Integer", REQ, 1, INT64_C(1) << 52},           \
	{                                                                                                              \
		"ephemeral_message_id", "Integer", REQ, 1, INT32_MAX                                                   \
	}
#define EDIT_HEAD                                                                                                      \
	{"chat_id", "Integer|String", 0, 0, 0}, {"message_id", "Integer", 0, 1, INT32_MAX},                            \
	{                                                                                                              \
		"inline_message_id", "String", 0, 1, 64                                                                \
	}

static const struct param p_none[] = {END};
static const struct param p_get_updates[] = {{"offset", "Integer", 0, INT32_MIN, INT32_MAX},
					     {"limit", "Integer", 0, 1, 100},
					     {"timeout", "Integer", 0, 0, 3600},
					     {"allowed_updates", "Array of String", 0, 0, 64},
					     END};
static const struct param p_send_message[] = {SEND_HEAD,
					      {"text", "String", REQ | P_PARSED, 1, 4096},
					      {"parse_mode", "String", 0, 0, 16},
					      {"entities", "Array of MessageEntity", 0, 0, 100},
					      {"link_preview_options", "LinkPreviewOptions", 0, 0, 0},
					      {"ephemeral_message_parameters", "EphemeralMessageParameters", 0, 0, 0},
					      SEND_TAIL,
					      {"reply_markup", MARKUP, 0, 0, 0},
					      END};
static const struct param p_send_photo[] = {SEND_HEAD,
					    {"photo", "InputFile|String", REQ, 0, 0},
					    CAPTION,
					    {"show_caption_above_media", "Boolean", 0, 0, 0},
					    {"has_spoiler", "Boolean", 0, 0, 0},
					    SEND_TAIL,
					    {"reply_markup", MARKUP, 0, 0, 0},
					    END};
static const struct param p_send_document[] = {SEND_HEAD, {"document", "InputFile|String", REQ, 0, 0},
					       CAPTION,   {"disable_content_type_detection", "Boolean", 0, 0, 0},
					       SEND_TAIL, {"reply_markup", MARKUP, 0, 0, 0},
					       END};
static const struct param p_send_media_group[] = {
	SEND_HEAD, {"media", "Array of InputMediaPhoto|Array of InputMediaDocument", REQ, 2, 10}, SEND_TAIL, END};
static const struct param p_edit_text[] = {EDIT_HEAD,
					   {"text", "String", P_PARSED, 1, 4096},
					   {"parse_mode", "String", 0, 0, 16},
					   {"entities", "Array of MessageEntity", 0, 0, 100},
					   {"link_preview_options", "LinkPreviewOptions", 0, 0, 0},
					   {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0},
					   END};
static const struct param p_edit_caption[] = {EDIT_HEAD,
					      CAPTION,
					      {"show_caption_above_media", "Boolean", 0, 0, 0},
					      {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0},
					      END};
static const struct param p_edit_markup[] = {EDIT_HEAD, {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0}, END};
static const struct param p_edit_media[] = {
	EDIT_HEAD, {"media", "InputMedia", REQ, 0, 0}, {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0}, END};
static const struct param p_edit_ephemeral[] = {EPHEMERAL_HEAD,
						{"text", "String", P_PARSED, 1, 4096},
						{"parse_mode", "String", 0, 0, 16},
						{"entities", "Array of MessageEntity", 0, 0, 100},
						{"link_preview_options", "LinkPreviewOptions", 0, 0, 0},
						{"reply_markup", "InlineKeyboardMarkup", 0, 0, 0},
						END};
static const struct param p_delete_ephemeral[] = {EPHEMERAL_HEAD, END};
static const struct param p_message[] = {
	{"chat_id", "Integer|String", REQ, 0, 0}, {"message_id", "Integer", REQ, 1, INT32_MAX}, END};
static const struct param p_delete_messages[] = {
	{"chat_id", "Integer|String", REQ, 0, 0}, {"message_ids", "Array of Integer", REQ, 1, 100}, END};
static const struct param p_answer_callback[] = {
	{"callback_query_id", "String", REQ, 1, 64}, {"text", "String", 0, 0, 200},
	{"show_alert", "Boolean", 0, 0, 0},          {"url", "String", 0, 0, 2048},
	{"cache_time", "Integer", 0, 0, INT32_MAX},  END};
static const struct param p_answer_inline[] = {{"inline_query_id", "String", REQ, 1, 64},
					       {"results", "Array of InlineQueryResult", REQ, 0, 50},
					       {"cache_time", "Integer", 0, 0, INT32_MAX},
					       {"is_personal", "Boolean", 0, 0, 0},
					       {"next_offset", "String", P_BYTES, 0, 64},
					       {"button", "InlineQueryResultsButton", 0, 0, 0},
					       END};
static const struct param p_get_file[] = {{"file_id", "String", REQ, 1, 256}, END};
static const struct param p_chat[] = {{"chat_id", "Integer|String", REQ, 0, 0}, END};
static const struct param p_chat_admins[] = {
	{"chat_id", "Integer|String", REQ, 0, 0}, {"return_bots", "Boolean", 0, 0, 0}, END};
static const struct param p_chat_member[] = {
	{"chat_id", "Integer|String", REQ, 0, 0}, {"user_id", "Integer", REQ, 1, INT64_C(1) << 52}, END};
static const struct param p_set_commands[] = {{"commands", "Array of BotCommand", REQ, 0, 100},
					      {"scope", "BotCommandScope", 0, 0, 0},
					      {"language_code", "String", 0, 0, 2},
					      END};
static const struct param p_commands[] = {
	{"scope", "BotCommandScope", 0, 0, 0}, {"language_code", "String", 0, 0, 2}, END};
static const struct param p_set_name[] = {{"name", "String", 0, 0, 64}, {"language_code", "String", 0, 0, 2}, END};
static const struct param p_set_description[] = {
	{"description", "String", 0, 0, 512}, {"language_code", "String", 0, 0, 2}, END};
static const struct param p_set_short[] = {
	{"short_description", "String", 0, 0, 120}, {"language_code", "String", 0, 0, 2}, END};
static const struct param p_language[] = {{"language_code", "String", 0, 0, 2}, END};
static const struct param p_set_menu[] = {
	{"chat_id", "Integer", 0, 1, INT64_C(1) << 52}, {"menu_button", "MenuButton", 0, 0, 0}, END};
static const struct param p_get_menu[] = {{"chat_id", "Integer", 0, 1, INT64_C(1) << 52}, END};
static const struct param p_rights[] = {
	{"rights", "ChatAdministratorRights", 0, 0, 0}, {"for_channels", "Boolean", 0, 0, 0}, END};
static const struct param p_delete_webhook[] = {{"drop_pending_updates", "Boolean", 0, 0, 0}, END};
static const struct param p_action[] = {SEND_HEAD, {"action", "String", REQ, 1, 32}, END};
static const struct param p_pin[] = {{"chat_id", "Integer|String", REQ, 0, 0},
				     {"message_id", "Integer", REQ, 1, INT32_MAX},
				     {"disable_notification", "Boolean", 0, 0, 0},
				     END};
static const struct param p_unpin[] = {
	{"chat_id", "Integer|String", REQ, 0, 0}, {"message_id", "Integer", 0, 1, INT32_MAX}, END};
static const struct param p_forward[] = {SEND_HEAD,
					 {"from_chat_id", "Integer|String", REQ, 0, 0},
					 {"disable_notification", "Boolean", 0, 0, 0},
					 {"protect_content", "Boolean", 0, 0, 0},
					 {"message_id", "Integer", REQ, 1, INT32_MAX},
					 END};
static const struct param p_copy[] = {SEND_HEAD,
				      {"from_chat_id", "Integer|String", REQ, 0, 0},
				      {"message_id", "Integer", REQ, 1, INT32_MAX},
				      CAPTION,
				      {"show_caption_above_media", "Boolean", 0, 0, 0},
				      SEND_TAIL,
				      {"reply_markup", MARKUP, 0, 0, 0},
				      END};
static const struct param p_reaction[] = {{"chat_id", "Integer|String", REQ, 0, 0},
					  {"message_id", "Integer", REQ, 1, INT32_MAX},
					  {"reaction", "Array of ReactionType", 0, 0, 1},
					  {"is_big", "Boolean", 0, 0, 0},
					  END};

#define METHOD(name, params) [M_##name] = {#name, params}
const struct method methods[METHODS] = {
	METHOD(getMe, p_none),
	METHOD(getUpdates, p_get_updates),
	METHOD(sendMessage, p_send_message),
	METHOD(sendPhoto, p_send_photo),
	METHOD(sendDocument, p_send_document),
	METHOD(sendMediaGroup, p_send_media_group),
	METHOD(editMessageText, p_edit_text),
	METHOD(editMessageCaption, p_edit_caption),
	METHOD(editMessageReplyMarkup, p_edit_markup),
	METHOD(editMessageMedia, p_edit_media),
	METHOD(editEphemeralMessageText, p_edit_ephemeral),
	METHOD(deleteEphemeralMessage, p_delete_ephemeral),
	METHOD(deleteMessage, p_message),
	METHOD(deleteMessages, p_delete_messages),
	METHOD(answerCallbackQuery, p_answer_callback),
	METHOD(answerInlineQuery, p_answer_inline),
	METHOD(getFile, p_get_file),
	METHOD(getChat, p_chat),
	METHOD(getChatMember, p_chat_member),
	METHOD(getChatAdministrators, p_chat_admins),
	METHOD(getChatMemberCount, p_chat),
	METHOD(setMyCommands, p_set_commands),
	METHOD(getMyCommands, p_commands),
	METHOD(deleteMyCommands, p_commands),
	METHOD(setMyName, p_set_name),
	METHOD(getMyName, p_language),
	METHOD(setMyDescription, p_set_description),
	METHOD(getMyDescription, p_language),
	METHOD(setMyShortDescription, p_set_short),
	METHOD(getMyShortDescription, p_language),
	METHOD(setChatMenuButton, p_set_menu),
	METHOD(getChatMenuButton, p_get_menu),
	METHOD(setMyDefaultAdministratorRights, p_rights),
	METHOD(deleteWebhook, p_delete_webhook),
	METHOD(getWebhookInfo, p_none),
	METHOD(sendChatAction, p_action),
	METHOD(pinChatMessage, p_pin),
	METHOD(unpinChatMessage, p_unpin),
	METHOD(leaveChat, p_chat),
	METHOD(forwardMessage, p_forward),
	METHOD(copyMessage, p_copy),
	METHOD(setMessageReaction, p_reaction),
	METHOD(logOut, p_none),
	METHOD(close, p_none),
};

const struct method *method_named(const char *name)
{
	for (size_t i = 0; i < METHODS; i++)
		if (strcasecmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

const struct object_type *object_named(const char *name)
{
	for (const struct object_type *o = object_types; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

const char *union_choice(const char *name, const char *tag)
{
	for (const struct union_member *u = union_members; u->name; u++)
		if (strcmp(u->name, name) == 0 && (!u->tag || (tag && strcmp(u->tag, tag) == 0)))
			return u->type;
	return NULL;
}
