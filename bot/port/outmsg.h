/* What the program hands to a channel: one outgoing step, in words that no channel owns.
 * It is written to a work row as JSON by the transaction that decided it and read back when it is sent. */
#ifndef SEPAREX_OUTMSG_H
#define SEPAREX_OUTMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUTMSG_MAX_ROWS = 12,
	OUTMSG_MAX_COLUMNS = 4,
	OUTMSG_DATA_BYTES = 64, /* telegram.md 1.5: callback_data is 1-64 bytes */
	OUTMSG_MAX_FILES = 10, /* of an album */
	OUTMSG_MAX_RESULTS = 8
};

enum out_kind {
	OUT_TEXT, /* a new message */
	OUT_PHOTO, /* a new picture with `text` as caption: `recipe` is drawn, or `file_id` is sent again */
	OUT_DOCUMENT, /* the same as a PDF file */
	OUT_ALBUM, /* `files`, two or more, sent at once; `text` is the caption of the first, and there are no buttons
		    */
	OUT_EDIT, /* new text and buttons for message_id or inline_id */
	OUT_STRIP, /* takes the buttons off message_id; its own, if any, take their place */
	OUT_COPY, /* message_id of from_chat_id once more, whatever it is (a photo, a film, a file) */
	OUT_ANSWER, /* answers a pressed button: `text` is a short toast, may be "" */
	OUT_RESULTS /* answers what somebody types after the bot's name: ready cards to choose from */
};

enum button_kind {
	BUTTON_DATA,
	BUTTON_URL,
	BUTTON_COPY,
	BUTTON_INLINE /* lets the person choose a chat, where the bot's name and `value` are typed for them */
};
enum button_style { BUTTON_PLAIN, BUTTON_GOOD, BUTTON_DANGER, BUTTON_MAIN };

struct out_button {
	enum button_kind kind;
	enum button_style style;
	const char *label; /* plain text */
	const char *value; /* callback data, URL or text to copy */
};

/* A ready card: what the list shows, and the message it becomes, with one button that opens a link. */
struct out_result {
	const char *id; /* 1-64 bytes, comes back when it is chosen */
	const char *title, *about; /* plain text */
	const char *text; /* HTML */
	const char *button, *link;
};

struct outmsg {
	enum out_kind kind;
	int64_t chat_id;
	int64_t thread_id; /* 0 for none */
	int64_t reply_to; /* message id, 0 for none; a vanished message does no harm */
	int64_t message_id; /* OUT_EDIT, OUT_STRIP, OUT_COPY */
	int64_t from_chat_id; /* OUT_COPY */
	const char *inline_id; /* OUT_EDIT: instead of chat and message; "" or NULL for none */
	int64_t only_for; /* seen by this person of the group only; 0 for everybody */
	bool silent; /* without a sound */
	const char *callback_id; /* OUT_ANSWER, OUT_RESULTS */
	const char *url; /* OUT_ANSWER: a link of this bot that is opened; NULL for none */
	bool alert; /* OUT_ANSWER: a window that must be closed, not a toast */
	const char *text; /* HTML of Telegram's small set, people's words already escaped; OUT_ANSWER: plain text */
	bool plain; /* text is no HTML (also set by the worker after "can't parse entities") */
	const char *recipe; /* OUT_PHOTO, OUT_DOCUMENT: what to draw (picture/recipe.h), or NULL */
	const char *file_id; /* OUT_PHOTO, OUT_DOCUMENT: a file that the channel already has, or NULL */
	const char *file_name; /* OUT_DOCUMENT: plain ASCII */
	size_t n_files;
	const char *files[OUTMSG_MAX_FILES]; /* OUT_ALBUM: files that the channel already has, all photos */
	size_t n_results;
	struct out_result results[OUTMSG_MAX_RESULTS]; /* OUT_RESULTS */
	size_t n_rows;
	size_t n_columns[OUTMSG_MAX_ROWS];
	struct out_button buttons[OUTMSG_MAX_ROWS][OUTMSG_MAX_COLUMNS];

	/* Filled by the worker when it sends, never stored. */
	const void *picture; /* PNG bytes for OUT_PHOTO, PDF bytes for OUT_DOCUMENT */
	size_t picture_bytes;
};

/* JSON of `m` for a work row, talloc'd on ctx. */
char *outmsg_to_json(const void *ctx, const struct outmsg *m);

/* Reads what outmsg_to_json wrote; texts belong to ctx. False when it is no such JSON. */
bool outmsg_from_json(void *ctx, const char *json, struct outmsg *out);

/* Adds a button at the end of the last row, or in a new row. Ends the process past the stated maximum: rows are decided
 * by code, never by input. `label` and `value` are borrowed. */
void outmsg_button(struct outmsg *m, bool new_row, enum button_kind kind, enum button_style style, const char *label,
		   const char *value);

#endif
