/* Outgoing messages as JSON for work rows, and back: see outmsg.h. Members that have their usual value are left out. */
#include "outmsg.h"

#include "js.h"
#include "js_write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { JSON_MAX_BYTES = 1 << 20 };

/* These words are stored: only add. */
static const char *const kind_words[] = {
	[OUT_TEXT] = "text",         [OUT_PHOTO] = "photo", [OUT_EDIT] = "edit",
	[OUT_STRIP] = "strip",       [OUT_COPY] = "copy",   [OUT_ANSWER] = "answer",
	[OUT_DOCUMENT] = "document", [OUT_ALBUM] = "album", [OUT_RESULTS] = "results",
};
static const char *const button_words[] = {
	[BUTTON_DATA] = "data", [BUTTON_URL] = "url", [BUTTON_COPY] = "copy", [BUTTON_INLINE] = "inline"};
static const char *const style_words[] = {
	[BUTTON_PLAIN] = "plain", [BUTTON_GOOD] = "good", [BUTTON_DANGER] = "danger", [BUTTON_MAIN] = "main"};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The number that a stored word stands for, -1 for a word from nowhere. */
static int find_word(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; word && i < n; i++)
		if (!strcmp(words[i], word))
			return (int)i;
	return -1;
}

static void put_id(struct buf *b, const char *name, int64_t id)
{
	if (id)
		js_write_int(b, name, id);
}

static void put_flag(struct buf *b, const char *name, bool flag)
{
	if (flag)
		js_write_true(b, name);
}

static void put_button(struct buf *b, const struct out_button *button)
{
	assert(button->label && button->value);
	js_write_open(b, NULL, '{');
	js_write_text(b, "label", button->label);
	js_write_text(b, button_words[button->kind], button->value);
	if (button->style != BUTTON_PLAIN)
		js_write_text(b, "style", style_words[button->style]);
	js_write_close(b, '}');
}

static void put_rows(struct buf *b, const struct outmsg *m)
{
	assert(m->n_rows <= OUTMSG_MAX_ROWS);
	js_write_open(b, "rows", '[');
	for (size_t r = 0; r < m->n_rows; r++) {
		assert(m->n_columns[r] <= OUTMSG_MAX_COLUMNS);
		js_write_open(b, NULL, '[');
		for (size_t c = 0; c < m->n_columns[r]; c++)
			put_button(b, &m->buttons[r][c]);
		js_write_close(b, ']');
	}
	js_write_close(b, ']');
}

static void put_files(struct buf *b, const struct outmsg *m)
{
	assert(m->n_files <= OUTMSG_MAX_FILES);
	js_write_open(b, "files", '[');
	for (size_t i = 0; i < m->n_files; i++)
		js_write_text(b, NULL, m->files[i]);
	js_write_close(b, ']');
}

static void put_results(struct buf *b, const struct outmsg *m)
{
	assert(m->n_results <= OUTMSG_MAX_RESULTS);
	js_write_open(b, "results", '[');
	for (size_t i = 0; i < m->n_results; i++) {
		const struct out_result *r = &m->results[i];

		js_write_open(b, NULL, '{');
		js_write_text(b, "id", r->id);
		js_write_text(b, "title", r->title);
		js_write_text(b, "about", r->about);
		js_write_text(b, "text", r->text);
		js_write_text(b, "button", r->button);
		js_write_text(b, "link", r->link);
		js_write_close(b, '}');
	}
	js_write_close(b, ']');
}

char *outmsg_to_json(const void *ctx, const struct outmsg *m)
{
	struct buf *b = buf_new(ctx, JSON_MAX_BYTES);

	js_write_open(b, NULL, '{');
	js_write_text(b, "kind", kind_words[m->kind]);
	put_id(b, "chat", m->chat_id);
	put_id(b, "thread", m->thread_id);
	put_id(b, "reply", m->reply_to);
	put_id(b, "message", m->message_id);
	put_id(b, "from", m->from_chat_id);
	js_write_text(b, "inline", m->inline_id);
	put_id(b, "only", m->only_for);
	put_flag(b, "silent", m->silent);
	js_write_text(b, "callback", m->callback_id);
	js_write_text(b, "url", m->url);
	put_flag(b, "alert", m->alert);
	js_write_text(b, "text", m->text);
	put_flag(b, "plain", m->plain);
	js_write_text(b, "recipe", m->recipe);
	js_write_text(b, "file", m->file_id);
	js_write_text(b, "name", m->file_name);
	if (m->n_files)
		put_files(b, m);
	if (m->n_results)
		put_results(b, m);
	if (m->n_rows)
		put_rows(b, m);
	js_write_close(b, '}');
	if (b->failed)
		abort(); /* no message of ours comes near the maximum */
	return b->data;
}

static bool read_button(const json_t *j, struct out_button *b)
{
	int style = find_word(style_words, COUNT(style_words), js_str(j, "style", "plain"));

	b->label = js_str(j, "label", NULL);
	if (style < 0 || !b->label)
		return false;
	b->style = (enum button_style)style;
	for (size_t kind = 0; kind < COUNT(button_words); kind++) {
		b->value = js_str(j, button_words[kind], NULL);
		b->kind = (enum button_kind)kind;
		if (b->value)
			return true;
	}
	return false;
}

static bool read_row(const json_t *row, struct outmsg *m)
{
	struct out_button *into = m->buttons[m->n_rows];
	size_t n = json_array_size(row);

	if (!json_is_array(row) || n > OUTMSG_MAX_COLUMNS)
		return false;
	for (size_t c = 0; c < n; c++)
		if (!read_button(json_array_get(row, c), &into[c]))
			return false;
	m->n_columns[m->n_rows++] = n;
	return true;
}

static bool read_rows(const json_t *rows, struct outmsg *m)
{
	size_t n = json_array_size(rows);

	if (rows && !json_is_array(rows))
		return false;
	if (n > OUTMSG_MAX_ROWS)
		return false;
	for (size_t r = 0; r < n; r++)
		if (!read_row(json_array_get(rows, r), m))
			return false;
	return true;
}

static bool read_files(const json_t *files, struct outmsg *m)
{
	size_t n = json_array_size(files);

	if (n > OUTMSG_MAX_FILES)
		return false;
	for (size_t i = 0; i < n; i++) {
		m->files[i] = json_string_value(json_array_get(files, i));
		if (!m->files[i])
			return false;
	}
	m->n_files = n;
	return true;
}

static bool read_results(const json_t *results, struct outmsg *m)
{
	size_t n = json_array_size(results);

	if (n > OUTMSG_MAX_RESULTS)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *j = json_array_get(results, i);

		m->results[i] = (struct out_result){.id = js_str(j, "id", ""),
						    .title = js_str(j, "title", ""),
						    .about = js_str(j, "about", ""),
						    .text = js_str(j, "text", ""),
						    .button = js_str(j, "button", ""),
						    .link = js_str(j, "link", "")};
	}
	m->n_results = n;
	return true;
}

bool outmsg_from_json(void *ctx, const char *json, struct outmsg *out)
{
	json_t *j = js_parse(ctx, json, json ? strlen(json) : 0);
	int kind = find_word(kind_words, COUNT(kind_words), js_str(j, "kind", NULL));

	if (kind < 0)
		return false;
	memset(out, 0, sizeof *out);
	out->kind = (enum out_kind)kind;
	out->chat_id = js_int(j, "chat", 0);
	out->thread_id = js_int(j, "thread", 0);
	out->reply_to = js_int(j, "reply", 0);
	out->message_id = js_int(j, "message", 0);
	out->from_chat_id = js_int(j, "from", 0);
	out->inline_id = js_str(j, "inline", NULL);
	out->only_for = js_int(j, "only", 0);
	out->silent = js_bool(j, "silent", false);
	out->callback_id = js_str(j, "callback", NULL);
	out->url = js_str(j, "url", NULL);
	out->alert = js_bool(j, "alert", false);
	out->text = js_str(j, "text", NULL);
	out->plain = js_bool(j, "plain", false);
	out->recipe = js_str(j, "recipe", NULL);
	out->file_id = js_str(j, "file", NULL);
	out->file_name = js_str(j, "name", NULL);
	return read_rows(js_at(j, "rows"), out) && read_files(js_at(j, "files"), out) &&
	       read_results(js_at(j, "results"), out);
}

void outmsg_button(struct outmsg *m, bool new_row, enum button_kind kind, enum button_style style, const char *label,
		   const char *value)
{
	size_t row;

	if (new_row || !m->n_rows)
		m->n_rows++;
	if (!m->n_rows || m->n_rows > OUTMSG_MAX_ROWS)
		abort();
	row = m->n_rows - 1;
	if (m->n_columns[row] >= OUTMSG_MAX_COLUMNS)
		abort();
	m->buttons[row][m->n_columns[row]++] =
		(struct out_button){.kind = kind, .style = style, .label = label, .value = value};
}
