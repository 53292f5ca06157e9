/* What the bot tells Telegram about itself at start: who am I, descriptions, commands, the menu button. */
#ifndef SEPAREX_TELEGRAM_SETUP_H
#define SEPAREX_TELEGRAM_SETUP_H

#include "crypto.h"
#include "telegram_api.h"

enum { TELEGRAM_MAX_SETUP_CALLS = 64, TELEGRAM_MAX_COMMANDS = 100 /* for a scope and language (telegram.md 1.5) */ };

enum telegram_scope {
	TELEGRAM_SCOPE_DEFAULT,
	TELEGRAM_SCOPE_PRIVATE, /* all private chats */
	TELEGRAM_SCOPE_GROUPS, /* all groups */
	TELEGRAM_SCOPE_GROUP_ADMINS, /* admins of all groups */
	TELEGRAM_SCOPE_CHAT /* everyone in chat_id, such as the operators' group */
};

struct telegram_command {
	const char *name; /* 1-32 of a-z 0-9 _, without "/" */
	const char *text; /* 1-256 characters, plain */
};

struct telegram_menu {
	enum telegram_scope scope;
	int64_t chat_id; /* TELEGRAM_SCOPE_CHAT */
	const char *language; /* two letters; "" for everyone whose language has no menu of its own */
	const struct telegram_command *commands;
	size_t n_commands;
};

struct telegram_profile {
	const char *language; /* as above */
	const char *description; /* at most 512 characters: shown in an empty chat */
	const char *short_description; /* at most 120: shown on the profile page and beside shared links */
};

struct telegram_setup {
	const struct telegram_profile *profiles;
	size_t n_profiles;
	const struct telegram_menu *menus;
	size_t n_menus;
};

struct telegram_call {
	const char *method;
	const char *body; /* JSON */
};

/* The calls that make Telegram show `s`, an array on ctx, in an order that may be repeated from its beginning at will;
 * returns how many. `hash` covers them all and bot_id: when it equals the stored one there is nothing to do. Ends the
 * process past TELEGRAM_MAX_SETUP_CALLS: the table is written by code. */
size_t telegram_setup_calls(void *ctx, const struct telegram_setup *s, int64_t bot_id, struct telegram_call **calls,
			    char hash[SHA256_HEX_BYTES]);

/* One of them as a request (telegram_call_outcome reads the answer). A scope of a chat the bot is not in is refused by
 * Telegram: that is no reason to stop. */
void telegram_setup_request(void *ctx, const struct telegram_options *o, const struct telegram_call *call,
			    struct http_request *out);

struct telegram_me {
	int64_t bot_id;
	const char *username; /* without "@"; on ctx */
	const char *name; /* on ctx */
	bool reads_groups; /* sees all messages of its groups, not only commands and replies */
};

void telegram_me_request(void *ctx, const struct telegram_options *o, struct http_request *out);

/* Reads getMe's answer. `me` is filled only for SEND_DONE; SEND_FATAL means the token is wrong and reason says so. */
void telegram_me_answer(void *ctx, const struct http_answer *a, struct telegram_me *me, struct send_outcome *out);

#endif
