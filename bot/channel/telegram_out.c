/* Outgoing messages over the Bot API: see telegram_out.h. */
#include "telegram_out.h"

#include "js.h"
#include "log.h"
#include "telegram_json.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct telegram {
	struct channel channel;
	struct telegram_options options;
};

static json_t *button_json(void *ctx, const struct out_button *b)
{
	static const char *const styles[] = {
		[BUTTON_PLAIN] = NULL, [BUTTON_GOOD] = "success", [BUTTON_DANGER] = "danger"};
	json_t *j = json_object(), *copied;

	telegram_put_text(ctx, j, "text", b->label);
	switch (b->kind) {
	case BUTTON_DATA:
		telegram_put_text(ctx, j, "callback_data", b->value);
		break;
	case BUTTON_URL:
		telegram_put_text(ctx, j, "url", b->value);
		break;
	case BUTTON_COPY:
		copied = json_object();
		telegram_put_text(ctx, copied, "text", b->value);
		telegram_put(j, "copy_text", copied);
		break;
	}
	telegram_put_text(ctx, j, "style", styles[b->style]);
	return j;
}

static void put_buttons(void *ctx, json_t *j, const struct outmsg *m)
{
	json_t *rows = json_array(), *markup = json_object();

	assert(m->n_rows <= OUTMSG_MAX_ROWS);
	for (size_t r = 0; r < m->n_rows; r++) {
		json_t *row = json_array();

		assert(m->n_columns[r] <= OUTMSG_MAX_COLUMNS);
		for (size_t c = 0; c < m->n_columns[r]; c++)
			json_array_append_new(row, button_json(ctx, &m->buttons[r][c]));
		json_array_append_new(rows, row);
	}
	telegram_put(markup, "inline_keyboard", rows);
	if (m->n_rows)
		telegram_put(j, "reply_markup", markup);
	else
		json_decref(markup);
}

/* Which chat, topic and message a new message belongs to. */
static void put_place(json_t *j, const struct outmsg *m)
{
	telegram_put(j, "chat_id", json_integer(m->chat_id));
	if (m->thread_id)
		telegram_put(j, "message_thread_id", json_integer(m->thread_id));
	if (m->reply_to)
		telegram_put(j, "reply_parameters",
			     json_pack("{s:I,s:b}", "message_id", (json_int_t)m->reply_to,
				       "allow_sending_without_reply", 1));
}

static void put_words(void *ctx, json_t *j, const struct outmsg *m, const char *member)
{
	telegram_put_text(ctx, j, member, m->text ? m->text : "");
	if (!m->plain)
		telegram_put_text(ctx, j, "parse_mode", "HTML");
}

static void put_no_preview(json_t *j)
{
	telegram_put(j, "link_preview_options", json_pack("{s:b}", "is_disabled", 1));
}

/* Builders: the parameters of a call in `j`. */

static void build_text(void *ctx, json_t *j, const struct outmsg *m)
{
	put_place(j, m);
	put_words(ctx, j, m, "text");
	put_no_preview(j);
	put_buttons(ctx, j, m);
}

static void build_photo(void *ctx, json_t *j, const struct outmsg *m)
{
	put_place(j, m);
	put_words(ctx, j, m, "caption");
	if (!m->picture)
		telegram_put_text(ctx, j, "photo", m->file_id);
	put_buttons(ctx, j, m);
}

static void build_edit(void *ctx, json_t *j, const struct outmsg *m)
{
	telegram_put(j, "chat_id", json_integer(m->chat_id));
	telegram_put(j, "message_id", json_integer(m->message_id));
	put_words(ctx, j, m, "text");
	put_no_preview(j);
	put_buttons(ctx, j, m);
}

static void build_strip(void *ctx, json_t *j, const struct outmsg *m)
{
	(void)ctx;
	telegram_put(j, "chat_id", json_integer(m->chat_id));
	telegram_put(j, "message_id", json_integer(m->message_id));
}

static void build_copy(void *ctx, json_t *j, const struct outmsg *m)
{
	(void)ctx;
	put_place(j, m);
	telegram_put(j, "from_chat_id", json_integer(m->from_chat_id));
	telegram_put(j, "message_id", json_integer(m->message_id));
}

static void build_answer(void *ctx, json_t *j, const struct outmsg *m)
{
	const char *text = utf8_mend(ctx, m->text ? m->text : "");
	size_t fits = utf8_fit_utf16(text, TELEGRAM_TOAST_UNITS);

	telegram_put_text(ctx, j, "callback_query_id", m->callback_id);
	if (fits)
		telegram_put(j, "text", json_stringn(text, fits));
	if (m->alert)
		telegram_put(j, "show_alert", json_true());
}

struct way_out {
	const char *method;
	void (*build)(void *ctx, json_t *j, const struct outmsg *m);
};

static const struct way_out ways[] = {
	[OUT_TEXT] = {"sendMessage", build_text},     [OUT_PHOTO] = {"sendPhoto", build_photo},
	[OUT_EDIT] = {"editMessageText", build_edit}, [OUT_STRIP] = {"editMessageReplyMarkup", build_strip},
	[OUT_COPY] = {"copyMessage", build_copy},     [OUT_ANSWER] = {"answerCallbackQuery", build_answer},
};

/* The same parameters as form fields: texts as they are, all else as JSON, and the picture as a file. */
static void to_multipart(void *ctx, json_t *j, const struct outmsg *m, struct http_request *out)
{
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
	out->parts[out->n_parts++] = (struct http_part){
		.name = "photo",
		.filename = "separex.png",
		.type = "image/png",
		.bytes = m->picture,
		.n = m->picture_bytes,
	};
}

static void request(void *self, void *ctx, const struct outmsg *m, struct http_request *out)
{
	const struct telegram *t = self;
	bool wordless_photo = m->kind == OUT_PHOTO && !m->picture && !m->file_id;
	const struct way_out *way = &ways[wordless_photo ? OUT_TEXT : m->kind];
	json_t *j = js_own(ctx, json_object());

	way->build(ctx, j, m);
	telegram_request(ctx, &t->options, way->method, js_text(ctx, j), out);
	if (m->kind == OUT_PHOTO && m->picture)
		to_multipart(ctx, j, m, out);
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

	if (v == SEND_GONE && m->kind == OUT_STRIP)
		return SEND_DONE; /* no message, no buttons: what was wanted */
	if (v == SEND_PLAIN && m->plain)
		return SEND_REFUSED; /* it went out as plain text already: asking for that again would never end */
	return v;
}

static void outcome(void *self, void *ctx, const struct outmsg *m, const struct http_answer *a,
		    struct send_outcome *out)
{
	struct telegram_reply r;

	(void)self;
	telegram_reply_read(ctx, a, &r);
	telegram_call_outcome(ctx, &r, a, out);
	if (out->verdict == SEND_REFUSED)
		out->verdict = judge(m, &r);
	if (out->verdict == SEND_MOVED)
		out->new_chat_id = r.migrate_to;
	if (out->verdict == SEND_PLAIN)
		log_error("telegram: our HTML was refused: %s", out->reason);
	if (!r.ok || (m->kind != OUT_TEXT && m->kind != OUT_PHOTO))
		return;
	out->message_id = js_int(r.result, "message_id", 0);
	out->file_id = js_str(telegram_largest_photo(js_at(r.result, "photo")), "file_id", NULL);
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
