/* One Bot API call on its way through the sandbox. */
#ifndef SANDBOX_API_H
#define SANDBOX_API_H

#include "files.h"
#include "html.h"
#include "methods.h"
#include "records.h"
#include "world.h"

struct call {
	struct world *w;
	struct request *r; /* also the talloc context of the call */
	const struct method *method;
	json_t *p; /* checked parameters, each of its right type */
	json_t *result; /* set on success; the caller of the handler takes over the reference */
	bool later; /* the answer comes later (getUpdates) */

	/* Set on refusal. */
	enum refusal kind;
	int code;
	char *description;
	json_t *parameters; /* new reference or NULL */
};

/* Serves /bot<token>/<method> and /file/bot<token>/<path>. */
void api_serve(struct world *w, struct request *r);

/* Fills in a refusal and returns false, so that a handler can `return api_refuse(...)`. */
bool api_refuse(struct call *c, enum refusal kind, int code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A parameter that was checked before: its value, or the default. */
int64_t api_int(const struct call *c, const char *name, int64_t otherwise);
const char *api_text(const struct call *c, const char *name, const char *otherwise);

/* The chat of parameter `name`; NULL with a refusal when there is none. api_writable also refuses where the bot may not
 * write. */
struct chat *api_chat(struct call *c, const char *name);
struct chat *api_writable(struct call *c);

/* The text and entities of an object with `text_name`, "parse_mode" and `entities_name`; at most `max` units. */
bool api_rich_text(struct call *c, const json_t *from, const char *text_name, const char *entities_name, size_t max,
		   struct rich_text *out);

/* Checks what the table cannot say of buttons, and gives buttons to the message: inline ones into the object, others
 * into the chat's keyboard. `m` may be NULL to check only. */
bool api_markup(struct call *c, json_t *markup, struct chat *chat, json_t *m);

/* The file that a parameter means: an uploaded part, "attach://part", or the id of one that was sent before. */
struct file *api_file(struct call *c, const char *part, const char *named, enum file_kind kind);

/* Puts a file and a caption into a message object. */
bool api_media(struct call *c, json_t *m, struct file *f, const json_t *from);

/* Puts what choosing an inline result sends into a message object: text or photo, and buttons. False with a refusal
 * when Telegram would not take the result. */
bool api_inline_content(struct call *c, const json_t *result, json_t *m);

/* Puts `new` in the place of message m, with the call's buttons; refuses when nothing changed. */
bool api_replace(struct call *c, struct chat *chat, struct message *m, json_t *new);
/* The same with another text. */
bool api_replace_text(struct call *c, struct chat *chat, struct message *m, const struct rich_text *t);

/* A ChatMember object: "creator", "administrator", "member", "left" or "kicked". A new reference. */
json_t *api_member(json_t *user, const char *status);

/* Makes a message ephemeral if the call asks for it. */
bool api_ephemeral(struct call *c, const struct chat *chat, json_t *m);

/* The handlers, by file. True with c->result or c->later, false with a refusal. */
bool api_send_message(struct call *c);
bool api_send_photo(struct call *c);
bool api_send_document(struct call *c);
bool api_send_media_group(struct call *c);
bool api_forward(struct call *c);
bool api_copy(struct call *c);

bool api_edit_text(struct call *c);
bool api_edit_caption(struct call *c);
bool api_edit_markup(struct call *c);
bool api_edit_media(struct call *c);
bool api_edit_ephemeral(struct call *c);
bool api_delete_ephemeral(struct call *c);
bool api_delete(struct call *c);
bool api_delete_many(struct call *c);
bool api_pin(struct call *c);
bool api_unpin(struct call *c);
bool api_reaction(struct call *c);

bool api_answer_callback(struct call *c);
bool api_answer_inline(struct call *c);

bool api_get_me(struct call *c);
bool api_get_file(struct call *c);
bool api_get_chat(struct call *c);
bool api_get_chat_member(struct call *c);
bool api_get_chat_admins(struct call *c);
bool api_get_chat_count(struct call *c);
bool api_leave(struct call *c);
bool api_action(struct call *c);

bool api_set_profile(struct call *c);
bool api_get_profile(struct call *c);
bool api_set_commands(struct call *c);
bool api_get_commands(struct call *c);
bool api_delete_commands(struct call *c);
bool api_set_menu(struct call *c);
bool api_get_menu(struct call *c);
bool api_yes(struct call *c);
bool api_delete_webhook(struct call *c);
bool api_webhook_info(struct call *c);

struct profile *profile_new(void *ctx);
void profile_free(struct world *w);
json_t *profile_seen(const struct world *w); /* commands and texts set; a new reference */

#endif
