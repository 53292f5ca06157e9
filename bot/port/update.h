/* What a channel hands to the program: one update, in words that no channel owns. */
#ifndef SEPAREX_UPDATE_H
#define SEPAREX_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

enum update_kind {
	UPDATE_OTHER, /* known to nobody here: only moves the cursor */
	UPDATE_TEXT, /* a message with text (commands too) */
	UPDATE_PHOTO, /* a photo; text is its caption or "" */
	UPDATE_DOCUMENT, /* any other file; text is its caption or "" */
	UPDATE_CONTACT, /* a shared contact */
	UPDATE_LOCATION, /* a shared place */
	UPDATE_STICKER, /* a sticker, an animation, a dice: nothing that can be kept or read */
	UPDATE_EDITED, /* a text message was changed afterwards; text is what it says now */
	UPDATE_BUTTON, /* an inline button was pressed */
	UPDATE_INLINE, /* somebody types after the bot's name in any chat: text; answered by callback_id */
	UPDATE_CHOSEN, /* one of the ready cards was sent: data is its id, text what was typed */
	UPDATE_MEMBERSHIP, /* the bot was added, removed, blocked or unblocked in a chat */
	UPDATE_MIGRATED /* a group became a supergroup: chat_id -> new_chat_id */
};

enum chat_kind { CHAT_PRIVATE, CHAT_GROUP, CHAT_CHANNEL };

/* Every pointer belongs to the batch's context; every text is valid UTF-8 and never NULL unless it says so. */
struct update {
	int64_t id; /* the channel's update id: increasing, not dense */
	enum update_kind kind;

	int64_t chat_id;
	enum chat_kind chat_kind;
	const char *chat_title; /* "" in private chats */
	int64_t thread_id; /* forum topic, 0 for none */

	int64_t from_id; /* 0 when nobody can be held responsible (anonymous admin, channel post) */
	const char *from_name; /* as written by the person: unsafe, see text/safe_name.h */
	const char *from_username; /* without "@", "" when there is none */
	const char *from_language; /* the app's language tag, "" when unknown */
	bool from_is_bot;

	int64_t message_id; /* for a button: the message that carries it, 0 when unknown */
	int64_t date_ms;
	int64_t reply_to_message_id; /* 0 for none */
	int64_t reply_to_id; /* who wrote the message that this one answers; 0 for nobody (a channel, a bot) */
	const char *reply_to_text, *reply_to_file_id; /* "" when unknown */
	bool forwarded;
	int64_t forwarded_from_id; /* 0 when hidden, a channel or a chat */
	const char *album; /* the same for all pictures that were sent at once; "" for a single one */

	const char *text; /* text, caption or "" */
	const char *command; /* "sell" for "/sell@bot iPhone", lower case; NULL when it is no command for this bot */
	const char *args; /* what follows the command, trimmed; "" */

	const char *callback_id; /* UPDATE_BUTTON, UPDATE_INLINE: to be answered */
	const char *data; /* UPDATE_BUTTON: what the button carries; foreign and forgeable */
	const char *inline_id; /* UPDATE_BUTTON, UPDATE_CHOSEN: names a message in a chat the bot cannot see; "" */

	const char *file_id; /* UPDATE_PHOTO, UPDATE_DOCUMENT */
	const char *file_unique_id; /* the same for one file for ever */
	int64_t file_bytes; /* 0 when unknown */
	const char *file_mime; /* "" when unknown */

	int64_t contact_user_id; /* UPDATE_CONTACT: 0 when the contact has no account; own only if equal to from_id */
	const char *contact_phone;

	double latitude, longitude; /* UPDATE_LOCATION */

	bool bot_can_write; /* UPDATE_MEMBERSHIP: what is true from now on */
	int64_t new_chat_id; /* UPDATE_MIGRATED */
};

#endif
