/* The HTML of our own pages: see web_page.h. The look is web_page.css, which is put inside each page. */
#include "web_page.h"
#include "buf.h"
#include "log.h"
#include "safe_name.h"

#include <assert.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { BASE64_OF_SHA256 = 45, MAX_ORIGIN_BYTES = 255, REFRESH_MOST_S = 3600 };

/* web_page_css.S: the stylesheet, NUL-terminated */
extern const char web_page_css[];

struct page {
	struct buf *html;
	const char *origin; /* "" when forms stay with us */
	const char *refresh; /* seconds in digits, "" for never */
	bool in_rows;
	bool sends_itself;
};

static const char *const tone_names[] = {
	[PAGE_CALM] = "calm", [PAGE_GOOD] = "good", [PAGE_WARN] = "warn", [PAGE_BAD] = "bad"};
static const char *const weight_names[] = {[PAGE_MAIN] = "main", [PAGE_QUIET] = "quiet"};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* --- text, tags --- */

/* Escapes for both content and quoted attributes; control characters vanish. */
static void put_text(struct buf *b, const char *text)
{
	for (; *text; text++) {
		const char *e = html_entity(*text);

		if (e)
			buf_puts(b, e);
		else if ((unsigned char)*text >= ' ' || *text == '\n')
			buf_putc(b, *text);
	}
}

/* Writes <name a="b" …>; `attributes` end with a NULL name. A NULL value leaves its attribute out, "" writes it without
 * a value. */
static void tag(struct buf *b, const char *name, const struct http_header *attributes)
{
	buf_printf(b, "<%s", name);
	for (const struct http_header *a = attributes; a->name; a++) {
		if (!a->value)
			continue;
		buf_printf(b, " %s", a->name);
		if (!a->value[0])
			continue;
		buf_puts(b, "=\"");
		put_text(b, a->value);
		buf_putc(b, '"');
	}
	buf_putc(b, '>');
}

/* TAG(b, "p", {"class", "note"}, {"dir", "auto"}): one attribute or more. */
#define TAG(b, name, ...) tag((b), (name), (const struct http_header[]){__VA_ARGS__, {NULL, NULL}})

static void open_tag(struct buf *b, const char *name)
{
	buf_printf(b, "<%s>", name);
}

static void close_tag(struct buf *b, const char *name)
{
	buf_printf(b, "</%s>\n", name);
}

/* An element that holds only a text in its own direction. */
static void element(struct buf *b, const char *name, const char *class, const char *text)
{
	TAG(b, name, {"class", class}, {"dir", "auto"});
	put_text(b, text);
	close_tag(b, name);
}

/* --- addresses --- */

static size_t scheme_bytes(const char *url)
{
	return strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
}

static bool own_path(const char *url)
{
	return url[0] == '/' && url[1] != '/' && url[1] != '\\';
}

/* "https://bank.example:8443" of an address: what stands in a policy header, so nothing else may slip in. "" for none.
 */
static const char *origin_of(void *ctx, const char *url)
{
	size_t scheme = url ? scheme_bytes(url) : 0, host;

	if (!scheme)
		return "";
	host = strspn(url + scheme, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]");
	if (host == 0 || scheme + host > MAX_ORIGIN_BYTES || !strchr("/?#", url[scheme + host]))
		return "";
	return must(talloc_strndup(ctx, url, scheme + host));
}

/* --- the page --- */

static void put_head(struct buf *b, const struct page_look *look)
{
	TAG(b, "!doctype", {"html", ""});
	TAG(b, "html", {"lang", look->lang}, {"dir", look->rtl ? "rtl" : "ltr"});
	open_tag(b, "head");
	TAG(b, "meta", {"charset", "utf-8"});
	TAG(b, "meta", {"name", "viewport"}, {"content", "width=device-width,initial-scale=1"});
	TAG(b, "meta", {"name", "format-detection"}, {"content", "telephone=no"});
	TAG(b, "link", {"rel", "icon"}, {"href", "data:,"});
	open_tag(b, "title");
	put_text(b, look->title);
	close_tag(b, "title");
	open_tag(b, "style");
	buf_puts(b, web_page_css);
	close_tag(b, "style");
	close_tag(b, "head");
}

/* Who speaks, and how the reader knows it. The sign's name is in the words beside it. */
static void put_speaker(struct buf *b, const struct page_look *look)
{
	open_tag(b, "header");
	element(b, "p", NULL, look->brand);
	if (look->assurance && look->assurance[0]) {
		TAG(b, "p", {"class", "assurance"}, {"dir", "auto"});
		TAG(b, "span", {"aria-hidden", "true"});
		put_text(b, look->sign);
		close_tag(b, "span");
		put_text(b, look->assurance);
		close_tag(b, "p");
	}
	close_tag(b, "header");
}

static const char *refresh_of(void *ctx, const struct page_look *look)
{
	if (look->goes_on_to && scheme_bytes(look->goes_on_to))
		return must(talloc_asprintf(ctx, "0; url=%s", look->goes_on_to));
	return look->refresh_s ? must(talloc_asprintf(ctx, "%d", look->refresh_s)) : "";
}

/* Allowed by its hash in the policy, so nothing else can run. */
static const char send_form[] = "document.forms[0].submit()";

struct page *page_begin(void *ctx, const struct page_look *look)
{
	struct page *p = must(talloc_zero(ctx, struct page));

	assert(look->refresh_s >= 0 && look->refresh_s <= REFRESH_MOST_S);
	p->html = buf_new(p, PAGE_MAX_BYTES);
	p->origin = origin_of(p, look->forms_go_to);
	p->sends_itself = look->sends_itself;
	p->refresh = refresh_of(p, look);
	put_head(p->html, look);
	open_tag(p->html, "body");
	put_speaker(p->html, look);
	open_tag(p->html, "main");
	return p;
}

static struct buf *part(struct page *p)
{
	if (p->in_rows)
		close_tag(p->html, "dl");
	p->in_rows = false;
	return p->html;
}

void page_heading(struct page *p, const char *text)
{
	element(part(p), "h1", NULL, text);
}

void page_prose(struct page *p, const char *html)
{
	struct buf *b = part(p);

	TAG(b, "p", {"class", "prose"}, {"dir", "auto"});
	buf_puts(b, html);
	close_tag(b, "p");
}

void page_note(struct page *p, const char *text)
{
	element(part(p), "p", "note", text);
}

void page_sum(struct page *p, const char *label, const char *digits, const char *words)
{
	struct buf *b = part(p);

	TAG(b, "section", {"class", "sum"});
	element(b, "p", "label", label);
	element(b, "p", "digits", digits);
	if (words[0])
		element(b, "p", "words", words);
	close_tag(b, "section");
}

void page_row(struct page *p, const char *label, const char *value)
{
	if (!p->in_rows)
		open_tag(p->html, "dl");
	p->in_rows = true;
	open_tag(p->html, "div");
	element(p->html, "dt", NULL, label);
	element(p->html, "dd", NULL, value);
	close_tag(p->html, "div");
}

void page_notice(struct page *p, enum page_tone tone, const char *text)
{
	struct buf *b = part(p);
	const char *class = must(talloc_asprintf(p, "notice %s", tone_names[tone]));

	TAG(b, "p", {"class", class}, {"dir", "auto"}, {"role", tone == PAGE_BAD ? "alert" : "status"});
	put_text(b, text);
	close_tag(b, "p");
}

bool page_button(struct page *p, enum page_weight weight, const char *action, const char *label,
		 const struct http_header *fields, size_t n_fields)
{
	struct buf *b;

	if (!own_path(action) && !scheme_bytes(action))
		return false;
	b = part(p);
	TAG(b, "form", {"method", "post"}, {"action", action});
	for (size_t i = 0; i < n_fields; i++)
		TAG(b, "input", {"type", "hidden"}, {"name", fields[i].name}, {"value", fields[i].value});
	TAG(b, "button", {"type", "submit"}, {"class", weight_names[weight]});
	put_text(b, label);
	close_tag(b, "button");
	close_tag(b, "form");
	return true;
}

bool page_link(struct page *p, enum page_weight weight, const char *href, const char *label)
{
	struct buf *b;

	if (!own_path(href) && !scheme_bytes(href) && strncmp(href, "tg:", 3) != 0)
		return false;
	b = part(p);
	TAG(b, "a", {"class", weight_names[weight]}, {"href", href}, {"rel", "noopener"});
	put_text(b, label);
	close_tag(b, "a");
	return true;
}

/* --- the reply --- */

static const char *hash_source(struct page *p, const char *what)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[BASE64_OF_SHA256];

	static_assert(sizeof text >= sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL),
		      "too small");
	crypto_hash_sha256(hash, (const unsigned char *)what, strlen(what));
	sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
	return must(talloc_asprintf(p, "'sha256-%s'", text));
}

static const char *policy(struct page *p)
{
	return must(talloc_asprintf(p,
				    "default-src 'none'; style-src %s; script-src %s; img-src data:; "
				    "form-action 'self'%s%s; frame-ancestors 'none'; base-uri 'none'",
				    hash_source(p, web_page_css),
				    p->sends_itself ? hash_source(p, send_form) : "'none'", p->origin[0] ? " " : "",
				    p->origin));
}

static void put_header(struct http_reply *out, const char *name, const char *value)
{
	assert(out->n_headers < HTTP_MAX_HEADERS);
	out->headers[out->n_headers++] = (struct http_header){name, value};
}

void page_end(struct page *p, int status, struct http_reply *out)
{
	struct buf *b = part(p);

	if (p->sends_itself)
		buf_printf(b, "<script>%s</script>\n", send_form);
	close_tag(b, "main");
	close_tag(b, "body");
	close_tag(b, "html");
	*out = (struct http_reply){.status = status, .type = "text/html; charset=utf-8", .body = b->data};
	out->body_bytes = b->len;
	put_header(out, "Content-Security-Policy", policy(p));
	put_header(out, "X-Content-Type-Options", "nosniff");
	put_header(out, "X-Frame-Options", "DENY");
	/* Banks compare the Referer's domain with the registered one, so it must be sent; the path is a secret link. */
	put_header(out, "Referrer-Policy", "strict-origin");
	put_header(out, "Cache-Control", "no-store");
	put_header(out, "X-Robots-Tag", "noindex");
	if (p->refresh[0])
		put_header(out, "Refresh", p->refresh);
	if (!b->failed)
		return;
	log_error("a web page passed its maximum of %d bytes", PAGE_MAX_BYTES);
	out->status = 500;
	out->body = "";
	out->body_bytes = 0;
}
