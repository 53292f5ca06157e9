/* People's words on their way into HTML, XML and JSON: nothing of theirs acts there, and all of it comes back. */
#include "format.h"
#include "fuzz.h"
#include "js.h"
#include "js_write.h"
#include "markup.h"
#include "outmsg.h"
#include "safe_name.h"
#include "xml.h"

enum { MARKUP_BYTES = 1 << 20, CODEPOINTS = 4096 };

static const struct catalog *texts(void)
{
	static struct catalog *c;
	struct err e = {""};

	if (!c)
		c = catalog_load(NULL, "locales", &e);
	HOLDS(c != NULL, "%s", e.text);
	return c;
}

static void html_holds(const void *ctx, const char *text)
{
	const char *html = html_escape(ctx, text);
	struct buf *plain = buf_new(ctx, MARKUP_BYTES);
	bool in_tag = false;

	HOLDS(!strpbrk(html, "<>\"'"), "%s", html);
	for (const char *amp = html; (amp = strchr(amp, '&')); amp++)
		HOLDS(!strncmp(amp, "&lt;", 4) || !strncmp(amp, "&gt;", 4) || !strncmp(amp, "&amp;", 5) ||
			      !strncmp(amp, "&quot;", 6) || !strncmp(amp, "&#39;", 5) || !strncmp(amp, "&apos;", 6),
		      "%s", amp);
	markup_plain(html, &in_tag, plain);
	HOLDS(!in_tag && !strcmp(plain->data, text), "%s became %s", text, plain->data);
	in_tag = false;
	markup_plain(text, &in_tag, plain);
}

static void safe_holds(const void *ctx, const char *text)
{
	const char *once = safe_text(ctx, text, CODEPOINTS, true), *line = safe_line(ctx, text, 20),
		   *name = safe_name(ctx, text);

	fuzz_is_text(once);
	fuzz_is_text(line);
	fuzz_is_text(name);
	HOLDS(!strcmp(safe_text(ctx, once, CODEPOINTS, true), once), "%s", once);
	HOLDS(!strcmp(safe_line(ctx, line, 20), line), "%s", line);
	HOLDS(!strcmp(safe_name(ctx, name), name), "%s", name);
	HOLDS(!strpbrk(line, "\r\n") && !strpbrk(name, "\r\n"), "%s", line);
}

/* A person's words inside a message of ours: the only tags are those of the catalogue. */
static void said_holds(const void *ctx, const char *text)
{
	const char *html = SAY(ctx, texts(), "en", "format.money", ARG_TEXT("n", text));
	const char *lines = SAY(ctx, texts(), "fa", "fuzz.no_such_key", ARG_LINES("n", text));

	HOLDS(!strpbrk(html, "<>"), "%s", html);
	fuzz_is_text(html);
	fuzz_is_text(lines);
}

static void xml_holds(void *ctx, const char *text)
{
	struct buf *b = buf_new(ctx, MARKUP_BYTES);
	struct xml_doc *doc;

	buf_puts(b, "<a><b c=\"");
	xml_escape(b, text);
	buf_puts(b, "\">");
	xml_escape(b, text);
	buf_puts(b, "</b></a>");
	doc = xml_parse(ctx, b->data, b->len);
	HOLDS(doc != NULL, "%s", b->data);
	HOLDS(xml_text(ctx, doc, "b") != NULL, "%s", b->data);
}

static void json_holds(void *ctx, const char *text)
{
	struct buf *b = buf_new(ctx, MARKUP_BYTES);
	const char *read;
	json_t *j;

	js_write_open(b, NULL, '{');
	js_write_text(b, "text", text);
	js_write_close(b, '}');
	j = js_parse(ctx, b->data, b->len);
	read = js_str(j, "text", NULL);
	HOLDS(read && !strcmp(read, utf8_mend(ctx, text)), "%s", b->data);
}

static void message_holds(void *ctx, const char *text)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = 5, .text = utf8_mend(ctx, text)}, back = {0};

	HOLDS(outmsg_from_json(ctx, outmsg_to_json(ctx, &m), &back), "%s", text);
	HOLDS(!strcmp(back.text, m.text) && back.chat_id == 5, "%s", back.text);
	if (outmsg_from_json(ctx, text, &back)) {
		const char *json = outmsg_to_json(ctx, &back);

		HOLDS(outmsg_from_json(ctx, json, &m), "%s", json);
		HOLDS(!strcmp(outmsg_to_json(ctx, &m), json), "%s", json);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *text = fuzz_text(ctx, data, size);

	fuzz_quiet();
	fuzz_is_text(utf8_mend(ctx, text));
	html_holds(ctx, text);
	safe_holds(ctx, text);
	said_holds(ctx, text);
	json_holds(ctx, text);
	message_holds(ctx, text);
	xml_holds(ctx, utf8_mend(ctx, text));
	talloc_free(ctx);
	return 0;
}
