/* Outgoing messages over the Bot API: see telegram_out.h. */
#include "telegram_out.h"

#include "js.h"
#include "js_write.h"
#include "log.h"
#include "telegram_json.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { CALL_MAX_BYTES = 1 << 20 };

struct telegram {
	struct channel channel;
	struct telegram_options options;
};

static void put_button(struct buf *b, const struct out_button *button)
{
	static const char *const styles[] = {[BUTTON_PLAIN] = NULL,
					     [BUTTON_GOOD] = "success",
					     [BUTTON_DANGER] = "danger",
					     [BUTTON_MAIN] = "primary"};

	js_write_open(b, NULL, '{');
	js_write_text(b, "text", button->label);
	switch (button->kind) {
	case BUTTON_DATA:
		js_write_text(b, "callback_data", button->value);
		break;
	case BUTTON_URL:
		js_write_text(b, "url", button->value);
		break;
	case BUTTON_COPY:
		js_write_open(b, "copy_text", '{');
		js_write_text(b, "text", button->value);
		js_write_close(b, '}');
		break;
	case BUTTON_INLINE:
		js_write_open(b, "switch_inline_query_chosen_chat", '{');
		js_write_text(b, "query", button->value);
		js_write_true(b, "allow_user_chats");
		js_write_true(b, "allow_group_chats");
		js_write_close(b, '}');
		break;
	}
	js_write_text(b, "style", styles[button->style]);
	js_write_close(b, '}');
}

static void put_buttons(struct buf *b, const struct outmsg *m)
{
	assert(m->n_rows <= OUTMSG_MAX_ROWS);
	if (!m->n_rows)
		return;
	js_write_open(b, "reply_markup", '{');
	js_write_open(b, "inline_keyboard", '[');
	for (size_t r = 0; r < m->n_rows; r++) {
		assert(m->n_columns[r] <= OUTMSG_MAX_COLUMNS);
		js_write_open(b, NULL, '[');
		for (size_t c = 0; c < m->n_columns[r]; c++)
			put_button(b, &m->buttons[r][c]);
		js_write_close(b, ']');
	}
	js_write_close(b, ']');
	js_write_close(b, '}');
}

/* Which chat, topic and message a new message belongs to. */
static void put_place(struct buf *b, const struct outmsg *m)
{
	js_write_int(b, "chat_id", m->chat_id);
	if (m->thread_id)
		js_write_int(b, "message_thread_id", m->thread_id);
	if (m->silent)
		js_write_true(b, "disable_notification");
	if (m->only_for) {
		js_write_open(b, "ephemeral_message_parameters", '{');
		js_write_int(b, "receiver_user_id", m->only_for);
		js_write_close(b, '}');
	}
	if (!m->reply_to)
		return;
	js_write_open(b, "reply_parameters", '{');
	js_write_int(b, "message_id", m->reply_to);
	js_write_true(b, "allow_sending_without_reply");
	js_write_close(b, '}');
}

static void put_words(struct buf *b, const struct outmsg *m, const char *member)
{
	js_write_text(b, member, m->text ? m->text : "");
	if (!m->plain)
		js_write_text(b, "parse_mode", "HTML");
}

static void put_no_preview(struct buf *b)
{
	js_write_open(b, "link_preview_options", '{');
	js_write_true(b, "is_disabled");
	js_write_close(b, '}');
}

/* Builders: the parameters of a call, as members of the object that is open in `b`. */

static void build_text(struct buf *b, const struct outmsg *m)
{
	put_place(b, m);
	put_words(b, m, "text");
	put_no_preview(b);
	put_buttons(b, m);
}

static void build_photo(struct buf *b, const struct outmsg *m)
{
	put_place(b, m);
	put_words(b, m, "caption");
	if (!m->picture)
		js_write_text(b, "photo", m->file_id);
	put_buttons(b, m);
}

static void build_document(struct buf *b, const struct outmsg *m)
{
	put_place(b, m);
	put_words(b, m, "caption");
	if (!m->picture)
		js_write_text(b, "document", m->file_id);
	put_buttons(b, m);
}

static void build_album(struct buf *b, const struct outmsg *m)
{
	put_place(b, m);
	js_write_open(b, "media", '[');
	for (size_t i = 0; i < m->n_files; i++) {
		js_write_open(b, NULL, '{');
		js_write_text(b, "type", "photo");
		js_write_text(b, "media", m->files[i]);
		if (i == 0)
			put_words(b, m, "caption");
		js_write_close(b, '}');
	}
	js_write_close(b, ']');
}

static void build_edit(struct buf *b, const struct outmsg *m)
{
	if (m->inline_id && *m->inline_id) {
		js_write_text(b, "inline_message_id", m->inline_id);
	} else {
		js_write_int(b, "chat_id", m->chat_id);
		js_write_int(b, "message_id", m->message_id);
	}
	put_words(b, m, "text");
	put_no_preview(b);
	put_buttons(b, m);
}

static void build_strip(struct buf *b, const struct outmsg *m)
{
	js_write_int(b, "chat_id", m->chat_id);
	js_write_int(b, "message_id", m->message_id);
	put_buttons(b, m);
}

static void build_copy(struct buf *b, const struct outmsg *m)
{
	put_place(b, m);
	js_write_int(b, "from_chat_id", m->from_chat_id);
	js_write_int(b, "message_id", m->message_id);
}

static void build_answer(struct buf *b, const struct outmsg *m)
{
	const char *text = utf8_mend(b, m->text ? m->text : "");
	size_t fits = utf8_fit_utf16(text, TELEGRAM_TOAST_UNITS);

	js_write_text(b, "callback_query_id", m->callback_id);
	if (fits)
		js_write_text(b, "text", talloc_strndup(b, text, fits));
	js_write_text(b, "url", m->url);
	if (m->alert)
		js_write_true(b, "show_alert");
}

static void put_result(struct buf *b, const struct out_result *r)
{
	struct outmsg card = {.text = r->text};

	js_write_open(b, NULL, '{');
	js_write_text(b, "type", "article");
	js_write_text(b, "id", r->id);
	js_write_text(b, "title", r->title);
	js_write_text(b, "description", r->about);
	js_write_open(b, "input_message_content", '{');
	put_words(b, &card, "message_text");
	put_no_preview(b);
	js_write_close(b, '}');
	outmsg_button(&card, true, BUTTON_URL, BUTTON_GOOD, r->button, r->link);
	put_buttons(b, &card);
	js_write_close(b, '}');
}

/* Personal and hardly cached: the same words mean another offer for the next person. `text`, if any, is a button above
 * the cards that opens the private chat with /start `url`. */
static void build_results(struct buf *b, const struct outmsg *m)
{
	js_write_text(b, "inline_query_id", m->callback_id);
	js_write_open(b, "results", '[');
	for (size_t i = 0; i < m->n_results; i++)
		put_result(b, &m->results[i]);
	js_write_close(b, ']');
	js_write_int(b, "cache_time", 1);
	js_write_true(b, "is_personal");
	if (!m->text || !*m->text)
		return;
	js_write_open(b, "button", '{');
	js_write_text(b, "text", m->text);
	js_write_text(b, "start_parameter", m->url);
	js_write_close(b, '}');
}

struct way_out {
	const char *method;
	void (*build)(struct buf *b, const struct outmsg *m);
};

static const struct way_out ways[] = {
	[OUT_TEXT] = {"sendMessage", build_text},
	[OUT_PHOTO] = {"sendPhoto", build_photo},
	[OUT_EDIT] = {"editMessageText", build_edit},
	[OUT_STRIP] = {"editMessageReplyMarkup", build_strip},
	[OUT_COPY] = {"copyMessage", build_copy},
	[OUT_ANSWER] = {"answerCallbackQuery", build_answer},
	[OUT_ALBUM] = {"sendMediaGroup", build_album},
	[OUT_DOCUMENT] = {"sendDocument", build_document},
	[OUT_RESULTS] = {"answerInlineQuery", build_results},
};

static struct http_part file_part(const struct outmsg *m)
{
	bool pdf = m->kind == OUT_DOCUMENT;

	return (struct http_part){
		.name = pdf ? "document" : "photo",
		.filename = pdf && m->file_name ? m->file_name : (pdf ? "separex.pdf" : "separex.png"),
		.type = pdf ? "application/pdf" : "image/png",
		.bytes = m->picture,
		.n = m->picture_bytes,
	};
}

/* The same parameters as form fields: texts as they are, all else as JSON, and the picture as a file. */
static void to_multipart(void *ctx, const struct outmsg *m, struct http_request *out)
{
	json_t *j = js_parse(ctx, out->body, out->body_bytes);
	const char *name;
	json_t *value;

	out->n_headers = 0;
	out->body = NULL;
	out->body_bytes = 0;
	out->timeout_ms = TELEGRAM_UPLOAD_TIMEOUT_MS;
	json_object_foreach(j, name, value)
	{
		const char *text = json_is_string(value) ? json_string_value(value) : js_text(ctx, value);

		assert(out->n_parts < HTTP_MAX_PARTS - 1);
		out->parts[out->n_parts++] = (struct http_part){.name = name, .bytes = text, .n = strlen(text)};
	}
	out->parts[out->n_parts++] = file_part(m);
}

static void request(void *self, void *ctx, const struct outmsg *m, struct http_request *out)
{
	const struct telegram *t = self;
	bool drawn = m->kind == OUT_PHOTO || m->kind == OUT_DOCUMENT;
	bool nothing_drawn = drawn && !m->picture && !m->file_id;
	const struct way_out *way = &ways[nothing_drawn ? OUT_TEXT : m->kind];
	struct buf *b = buf_new(ctx, CALL_MAX_BYTES);

	js_write_open(b, NULL, '{');
	way->build(b, m);
	js_write_close(b, '}');
	if (b->failed)
		abort(); /* no message of ours comes near the maximum */
	telegram_request(ctx, &t->options, way->method, b->data, out);
	if (drawn && m->picture)
		to_multipart(ctx, m, out);
}

/* Refusals that mean something of their own, by words of the description (telegram.md 1.4); the first that fits. */
static const struct {
	const char *words;
	enum send_verdict verdict;
} meanings[] = {
	{"message is not modified", SEND_DONE},
	{"query is too old", SEND_STALE},
	{"query ID is invalid", SEND_STALE},
	{"QUERY_ID_INVALID", SEND_STALE},
	{"can't parse entities", SEND_PLAIN},
	{"message to edit not found", SEND_GONE},
	{"message can't be edited", SEND_GONE},
	{"MESSAGE_ID_INVALID", SEND_GONE},
	{"there is no text in the message to edit", SEND_GONE},
	{"wrong file identifier", SEND_NO_FILE},
	{"wrong remote file identifier", SEND_NO_FILE},
	{"FILE_REFERENCE_EXPIRED", SEND_NO_FILE},
	{"chat not found", SEND_UNREACHABLE},
	{"PEER_ID_INVALID", SEND_UNREACHABLE},
	{"user not found", SEND_UNREACHABLE},
	{"bot can't initiate conversation", SEND_UNREACHABLE},
	{"bot was blocked", SEND_UNREACHABLE},
	{"bot was kicked", SEND_UNREACHABLE},
	{"bot is not a member", SEND_UNREACHABLE},
	{"user is deactivated", SEND_UNREACHABLE},
	{"group chat was deleted", SEND_UNREACHABLE},
	{"group chat was deactivated", SEND_UNREACHABLE},
};

static enum send_verdict meaning(const struct telegram_reply *r)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (telegram_says(r, meanings[i].words))
			return meanings[i].verdict;
	return r->code == 403 ? SEND_UNREACHABLE : SEND_REFUSED;
}

/* What a refusal means for this message in particular. */
static enum send_verdict judge(const struct outmsg *m, const struct telegram_reply *r)
{
	enum send_verdict v = r->migrate_to ? SEND_MOVED : meaning(r);

	if (v == SEND_UNREACHABLE && m->only_for)
		return SEND_REFUSED; /* one person of the group, not the group */
	if (v == SEND_GONE && m->kind == OUT_STRIP)
		return SEND_DONE; /* no message, no buttons: what was wanted */
	if (v == SEND_PLAIN && m->plain)
		return SEND_REFUSED; /* it went out as plain text already: asking for that again would never end */
	return v;
}

/* A success repeats the whole message, and parsing that would cost more than sending did: only what is kept is read.
 * False for anything that is no plain success. */
static bool read_success(void *ctx, const struct http_answer *a, struct send_outcome *out)
{
	static const char *const envelope[] = {"ok", "result"}, *const sent[] = {"message_id", "photo", "document"};
	struct span top[2], message[3];
	json_t *id;

	if (a->result != HTTP_ANSWERED || !span_members((struct span){a->body, a->body_bytes}, envelope, top, 2) ||
	    !span_says(top[0], "true") || !span_members(top[1], sent, message, 3) || !message[0].n)
		return false;
	id = js_own(ctx, json_loadb(message[0].at, message[0].n, JSON_DECODE_ANY, NULL));
	*out = (struct send_outcome){.verdict = SEND_DONE, .reason = "", .message_id = json_integer_value(id)};
	if (message[1].n)
		out->file_id = js_str(telegram_largest_photo(telegram_parse(ctx, message[1])), "file_id", NULL);
	else if (message[2].n)
		out->file_id = js_str(telegram_parse(ctx, message[2]), "file_id", NULL);
	return true;
}

static void outcome(void *self, void *ctx, const struct outmsg *m, const struct http_answer *a,
		    struct send_outcome *out)
{
	bool makes_message = m->kind == OUT_TEXT || m->kind == OUT_PHOTO || m->kind == OUT_DOCUMENT;
	struct telegram_reply r;

	(void)self;
	if (makes_message && read_success(ctx, a, out))
		return;
	telegram_reply_read(ctx, a, &r);
	telegram_call_outcome(ctx, &r, a, out);
	if (out->verdict == SEND_REFUSED)
		out->verdict = judge(m, &r);
	if (out->verdict == SEND_MOVED)
		out->new_chat_id = r.migrate_to;
	if (out->verdict == SEND_PLAIN)
		log_error("telegram: our HTML was refused: %s", out->reason);
}

struct channel *telegram_channel(void *ctx, const struct telegram_options *o)
{
	struct telegram *t = talloc_zero(ctx, struct telegram);

	if (!t)
		abort();
	t->options = *o;
	t->channel = (struct channel){.self = t, .name = "telegram", .request = request, .outcome = outcome};
	telegram_hide_token(o);
	return &t->channel;
}
