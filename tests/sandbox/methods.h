/* The part of the Bot API that Separex may use, as data: methods, parameters, types, limits.
 * tests/unit/test_botapi_table.c compares it with the published specification. */
#ifndef SANDBOX_METHODS_H
#define SANDBOX_METHODS_H

#include <stddef.h>
#include <stdint.h>

enum param_flags {
	P_REQUIRED = 1,
	P_BYTES = 2, /* the limit counts bytes, not UTF-16 units */
	P_PARSED = 4 /* the limit counts what is left after entity parsing; the sender checks it */
};

/* `type` is written as the specification writes it; alternatives are divided by '|'. min and max limit the value of an
 * Integer, the length of a String, the number of elements of an Array; max 0 means no limit. */
struct param {
	const char *name;
	const char *type;
	unsigned flags;
	int64_t min, max;
};

struct object_type {
	const char *name;
	const struct param *fields; /* ends with a NULL name */
};

/* A type that is one of several by its member "type". */
struct union_member {
	const char *name; /* "MenuButton" */
	const char *tag; /* value of "type"; NULL: the only choice */
	const char *type; /* "MenuButtonCommands" */
};

enum method_id {
	M_getMe,
	M_getUpdates,
	M_sendMessage,
	M_sendPhoto,
	M_sendDocument,
	M_sendMediaGroup,
	M_editMessageText,
	M_editMessageCaption,
	M_editMessageReplyMarkup,
	M_editMessageMedia,
	M_editEphemeralMessageText,
	M_deleteEphemeralMessage,
	M_deleteMessage,
	M_deleteMessages,
	M_answerCallbackQuery,
	M_answerInlineQuery,
	M_getFile,
	M_getChat,
	M_getChatMember,
	M_getChatAdministrators,
	M_getChatMemberCount,
	M_setMyCommands,
	M_getMyCommands,
	M_deleteMyCommands,
	M_setMyName,
	M_getMyName,
	M_setMyDescription,
	M_getMyDescription,
	M_setMyShortDescription,
	M_getMyShortDescription,
	M_setChatMenuButton,
	M_getChatMenuButton,
	M_setMyDefaultAdministratorRights,
	M_deleteWebhook,
	M_getWebhookInfo,
	M_sendChatAction,
	M_pinChatMessage,
	M_unpinChatMessage,
	M_leaveChat,
	M_forwardMessage,
	M_copyMessage,
	M_setMessageReaction,
	M_logOut,
	M_close,
	METHODS
};

struct method {
	const char *name;
	const struct param *params; /* ends with a NULL name */
};

extern const struct method methods[METHODS];
extern const struct object_type object_types[]; /* ends with a NULL name */
extern const struct union_member union_members[]; /* ends with a NULL name */

/* NULL when there is none. Method names are matched without regard to case, as Telegram does. */
const struct method *method_named(const char *name);
const struct object_type *object_named(const char *name);

/* The object type that the union `name` becomes with this tag (may be NULL); NULL when it is no union or has no such
 * member. */
const char *union_choice(const char *name, const char *tag);

#endif
