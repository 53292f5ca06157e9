/* The objects inside the parameters of methods.c: see methods.h. */
#include "methods.h"

#define REQ P_REQUIRED
#define END                                                                                                            \
	{                                                                                                              \
		NULL, NULL, 0, 0, 0                                                                                    \
	}
#define FLAG(name)                                                                                                     \
	{                                                                                                              \
		name, "Boolean", 0, 0, 0                                                                               \
	}
#define RIGHT(name)                                                                                                    \
	{                                                                                                              \
		name, "Boolean", REQ, 0, 0                                                                             \
	}
#define TYPE                                                                                                           \
	{                                                                                                              \
		"type", "String", REQ, 1, 32                                                                           \
	}

static const struct param o_inline_markup[] = {
	{"inline_keyboard", "Array of Array of InlineKeyboardButton", REQ, 0, 100}, END};
static const struct param o_inline_button[] = {
	{"text", "String", REQ, 1, 256},
	{"style", "String", 0, 1, 16},
	{"url", "String", 0, 1, 2048},
	{"callback_data", "String", P_BYTES, 1, 64},
	{"web_app", "WebAppInfo", 0, 0, 0},
	{"switch_inline_query", "String", 0, 0, 256},
	{"switch_inline_query_current_chat", "String", 0, 0, 256},
	{"switch_inline_query_chosen_chat", "SwitchInlineQueryChosenChat", 0, 0, 0},
	{"copy_text", "CopyTextButton", 0, 0, 0},
	END};
static const struct param o_web_app[] = {{"url", "String", REQ, 1, 2048}, END};
static const struct param o_chosen_chat[] = {{"query", "String", 0, 0, 256}, FLAG("allow_user_chats"),
					     FLAG("allow_bot_chats"),        FLAG("allow_group_chats"),
					     FLAG("allow_channel_chats"),    END};
static const struct param o_copy_text[] = {{"text", "String", REQ, 1, 256}, END};
static const struct param o_reply_keyboard[] = {{"keyboard", "Array of Array of KeyboardButton", REQ, 1, 100},
						FLAG("is_persistent"),
						FLAG("resize_keyboard"),
						FLAG("one_time_keyboard"),
						{"input_field_placeholder", "String", 0, 1, 64},
						FLAG("selective"),
						END};
static const struct param o_keyboard_button[] = {
	{"text", "String", REQ, 1, 256}, {"style", "String", 0, 1, 16},      FLAG("request_contact"),
	FLAG("request_location"),        {"web_app", "WebAppInfo", 0, 0, 0}, END};
static const struct param o_remove[] = {RIGHT("remove_keyboard"), FLAG("selective"), END};
static const struct param o_force[] = {
	RIGHT("force_reply"), {"input_field_placeholder", "String", 0, 1, 64}, FLAG("selective"), END};
static const struct param o_preview[] = {FLAG("is_disabled"),        {"url", "String", 0, 0, 2048},
					 FLAG("prefer_small_media"), FLAG("prefer_large_media"),
					 FLAG("show_above_text"),    END};
static const struct param o_reply[] = {{"message_id", "Integer", REQ, 1, INT32_MAX},
				       {"chat_id", "Integer|String", 0, 0, 0},
				       FLAG("allow_sending_without_reply"),
				       {"quote", "String", 0, 0, 1024},
				       END};
static const struct param o_entity[] = {TYPE,
					{"offset", "Integer", REQ, 0, 4096},
					{"length", "Integer", REQ, 1, 4096},
					{"url", "String", 0, 0, 2048},
					{"language", "String", 0, 0, 64},
					{"custom_emoji_id", "String", 0, 0, 64},
					{"unix_time", "Integer", 0, 0, 0},
					{"date_time_format", "String", 0, 0, 16},
					END};
static const struct param o_media_photo[] = {TYPE,
					     {"media", "String", REQ, 1, 512},
					     {"caption", "String", P_PARSED, 0, 1024},
					     {"parse_mode", "String", 0, 0, 16},
					     {"caption_entities", "Array of MessageEntity", 0, 0, 100},
					     FLAG("show_caption_above_media"),
					     FLAG("has_spoiler"),
					     END};
static const struct param o_media_document[] = {TYPE,
						{"media", "String", REQ, 1, 512},
						{"caption", "String", P_PARSED, 0, 1024},
						{"parse_mode", "String", 0, 0, 16},
						{"caption_entities", "Array of MessageEntity", 0, 0, 100},
						FLAG("disable_content_type_detection"),
						END};
static const struct param o_command[] = {
	{"command", "String", REQ, 1, 32}, {"description", "String", REQ, 1, 256}, END};
static const struct param o_type_only[] = {TYPE, END};
static const struct param o_scope_chat[] = {TYPE, {"chat_id", "Integer|String", REQ, 0, 0}, END};
static const struct param o_scope_member[] = {
	TYPE, {"chat_id", "Integer|String", REQ, 0, 0}, {"user_id", "Integer", REQ, 1, INT64_C(1) << 52}, END};
static const struct param o_article[] = {TYPE,
					 {"id", "String", REQ | P_BYTES, 1, 64},
					 {"title", "String", REQ, 1, 256},
					 {"input_message_content", "InputMessageContent", REQ, 0, 0},
					 {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0},
					 {"url", "String", 0, 0, 2048},
					 {"description", "String", 0, 0, 512},
					 {"thumbnail_url", "String", 0, 0, 2048},
					 {"thumbnail_width", "Integer", 0, 0, 10000},
					 {"thumbnail_height", "Integer", 0, 0, 10000},
					 END};
static const struct param o_cached_photo[] = {TYPE,
					      {"id", "String", REQ | P_BYTES, 1, 64},
					      {"photo_file_id", "String", REQ, 1, 256},
					      {"title", "String", 0, 0, 256},
					      {"description", "String", 0, 0, 512},
					      {"caption", "String", P_PARSED, 0, 1024},
					      {"parse_mode", "String", 0, 0, 16},
					      {"caption_entities", "Array of MessageEntity", 0, 0, 100},
					      FLAG("show_caption_above_media"),
					      {"reply_markup", "InlineKeyboardMarkup", 0, 0, 0},
					      {"input_message_content", "InputMessageContent", 0, 0, 0},
					      END};
static const struct param o_ephemeral[] = {
	{"receiver_user_id", "Integer", REQ, 1, INT64_C(1) << 52}, {"callback_query_id", "String", 0, 1, 64}, END};
static const struct param o_text_content[] = {{"message_text", "String", REQ | P_PARSED, 1, 4096},
					      {"parse_mode", "String", 0, 0, 16},
					      {"entities", "Array of MessageEntity", 0, 0, 100},
					      {"link_preview_options", "LinkPreviewOptions", 0, 0, 0},
					      END};
static const struct param o_results_button[] = {{"text", "String", REQ, 1, 256},
						{"web_app", "WebAppInfo", 0, 0, 0},
						{"start_parameter", "String", 0, 1, 64},
						END};
static const struct param o_menu_web_app[] = {
	TYPE, {"text", "String", REQ, 1, 64}, {"web_app", "WebAppInfo", REQ, 0, 0}, END};
static const struct param o_rights[] = {RIGHT("is_anonymous"),         RIGHT("can_manage_chat"),
					RIGHT("can_delete_messages"),  RIGHT("can_manage_video_chats"),
					RIGHT("can_restrict_members"), RIGHT("can_promote_members"),
					RIGHT("can_change_info"),      RIGHT("can_invite_users"),
					RIGHT("can_post_stories"),     RIGHT("can_edit_stories"),
					RIGHT("can_delete_stories"),   FLAG("can_post_messages"),
					FLAG("can_edit_messages"),     FLAG("can_pin_messages"),
					FLAG("can_manage_topics"),     FLAG("can_manage_direct_messages"),
					FLAG("can_manage_tags"),       END};
static const struct param o_reaction_emoji[] = {TYPE, {"emoji", "String", REQ, 1, 16}, END};

const struct object_type object_types[] = {
	{"InlineKeyboardMarkup", o_inline_markup},
	{"InlineKeyboardButton", o_inline_button},
	{"WebAppInfo", o_web_app},
	{"SwitchInlineQueryChosenChat", o_chosen_chat},
	{"CopyTextButton", o_copy_text},
	{"ReplyKeyboardMarkup", o_reply_keyboard},
	{"KeyboardButton", o_keyboard_button},
	{"ReplyKeyboardRemove", o_remove},
	{"ForceReply", o_force},
	{"LinkPreviewOptions", o_preview},
	{"ReplyParameters", o_reply},
	{"MessageEntity", o_entity},
	{"InputMediaPhoto", o_media_photo},
	{"InputMediaDocument", o_media_document},
	{"BotCommand", o_command},
	{"BotCommandScopeDefault", o_type_only},
	{"BotCommandScopeAllPrivateChats", o_type_only},
	{"BotCommandScopeAllGroupChats", o_type_only},
	{"BotCommandScopeAllChatAdministrators", o_type_only},
	{"BotCommandScopeChat", o_scope_chat},
	{"BotCommandScopeChatAdministrators", o_scope_chat},
	{"BotCommandScopeChatMember", o_scope_member},
	{"InlineQueryResultArticle", o_article},
	{"InlineQueryResultCachedPhoto", o_cached_photo},
	{"EphemeralMessageParameters", o_ephemeral},
	{"InputTextMessageContent", o_text_content},
	{"InlineQueryResultsButton", o_results_button},
	{"MenuButtonCommands", o_type_only},
	{"MenuButtonDefault", o_type_only},
	{"MenuButtonWebApp", o_menu_web_app},
	{"ChatAdministratorRights", o_rights},
	{"ReactionTypeEmoji", o_reaction_emoji},
	{NULL, NULL},
};

const struct union_member union_members[] = {
	{"BotCommandScope", "default", "BotCommandScopeDefault"},
	{"BotCommandScope", "all_private_chats", "BotCommandScopeAllPrivateChats"},
	{"BotCommandScope", "all_group_chats", "BotCommandScopeAllGroupChats"},
	{"BotCommandScope", "all_chat_administrators", "BotCommandScopeAllChatAdministrators"},
	{"BotCommandScope", "chat", "BotCommandScopeChat"},
	{"BotCommandScope", "chat_administrators", "BotCommandScopeChatAdministrators"},
	{"BotCommandScope", "chat_member", "BotCommandScopeChatMember"},
	{"InputMedia", "photo", "InputMediaPhoto"},
	{"InputMedia", "document", "InputMediaDocument"},
	{"InlineQueryResult", "article", "InlineQueryResultArticle"},
	{"InlineQueryResult", "photo", "InlineQueryResultCachedPhoto"},
	{"InputMessageContent", NULL, "InputTextMessageContent"},
	{"MenuButton", "commands", "MenuButtonCommands"},
	{"MenuButton", "default", "MenuButtonDefault"},
	{"MenuButton", "web_app", "MenuButtonWebApp"},
	{"ReactionType", "emoji", "ReactionTypeEmoji"},
	{NULL, NULL, NULL},
};
