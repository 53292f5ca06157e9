/* Our public pages: nothing typed gets out of its place, and the policy says what it must. */
#include "tap.h"
#include "web_page.h"

#include <string.h>
#include <talloc.h>

static const struct page_look look = {.lang = "fa", .rtl = true, .title = "t", .brand = "Separex"};

static const char *header(const struct http_reply *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return NULL;
}

static const char *finished(struct page *p, struct http_reply *r)
{
	page_end(p, 200, r);
	ck_assert_int_eq(r->status, 200);
	ck_assert_uint_eq(strlen(r->body), r->body_bytes);
	return r->body;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
		n++;
	return n;
}

/* --- escaping --- */

static const char nasty[] = "\"'><script>alert(1)</script>&amp;<img src=x onerror=y>\x01\x1b";

START_TEST(texts_are_escaped_everywhere)
{
	void *ctx = talloc_new(NULL);
	struct http_header fields[] = {{nasty, nasty}};
	struct page_look l = look;
	struct http_reply r;
	struct page *p;
	const char *html;

	l.title = nasty;
	l.brand = nasty;
	l.lang = nasty;
	p = page_begin(ctx, &l);
	page_heading(p, nasty);
	page_note(p, nasty);
	page_sum(p, nasty, nasty, nasty);
	page_row(p, nasty, nasty);
	page_notice(p, PAGE_BAD, nasty);
	ck_assert(page_button(p, PAGE_MAIN, "/p/\"><script>", nasty, fields, 1));
	ck_assert(page_link(p, PAGE_QUIET, "https://t.me/x?\"onclick=\"", nasty));
	html = finished(p, &r);
	ck_assert_ptr_null(strstr(html, "<script"));
	ck_assert_ptr_null(strstr(html, "<img"));
	ck_assert_ptr_null(strstr(html, "\"onclick"));
	ck_assert_ptr_null(strpbrk(html, "\x01\x1b"));
	ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;"));
	ck_assert_ptr_nonnull(strstr(html, "&amp;amp;"));
	talloc_free(ctx);
}
END_TEST

START_TEST(prose_is_html)
{
	void *ctx = talloc_new(NULL);
	struct page *p = page_begin(ctx, &look);
	struct http_reply r;

	page_prose(p, "a <b>b</b> &amp; c");
	ck_assert_ptr_nonnull(strstr(finished(p, &r), ">a <b>b</b> &amp; c</p>"));
	talloc_free(ctx);
}
END_TEST

/* --- addresses --- */

START_TEST(only_safe_addresses)
{
	static const struct {
		const char *url;
		bool button, link;
	} rows[] = {
		{"/p/abc", true, true},
		{"https://b.example/pay", true, true},
		{"http://127.0.0.1:8095/bank/pay?token=1", true, true},
		{"tg://resolve", false, true},
		{"javascript:alert(1)", false, false},
		{"JAVASCRIPT:alert(1)", false, false},
		{"data:text/html,x", false, false},
		{"//b.example/pay", false, false},
		{"/\\b.example/pay", false, false},
		{" https://b.example", false, false},
		{"p/abc", false, false},
		{"", false, false},
	};
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct page *p = page_begin(ctx, &look);
		struct http_reply r;
		const char *html;

		ck_assert_msg(page_button(p, PAGE_MAIN, rows[i].url, "go", NULL, 0) == rows[i].button, "%s",
			      rows[i].url);
		ck_assert_msg(page_link(p, PAGE_MAIN, rows[i].url, "go") == rows[i].link, "%s", rows[i].url);
		html = finished(p, &r);
		ck_assert_uint_eq(count(html, "<form"), rows[i].button);
		ck_assert_uint_eq(count(html, "<a "), rows[i].link);
	}
	talloc_free(ctx);
}
END_TEST

/* --- the policy --- */

static const char *form_action(void *ctx, const char *goes_to)
{
	struct page_look l = look;
	struct http_reply r;
	const char *from, *end;

	l.forms_go_to = goes_to;
	page_end(page_begin(ctx, &l), 200, &r);
	from = strstr(header(&r, "Content-Security-Policy"), "form-action ");
	ck_assert_ptr_nonnull(from);
	from += strlen("form-action ");
	end = strchr(from, ';');
	ck_assert_ptr_nonnull(end);
	return talloc_strndup(ctx, from, (size_t)(end - from));
}

START_TEST(the_bank_may_be_posted_to)
{
	static const char *const rows[][2] = {
		{NULL, "'self'"},
		{"https://bpm.shaparak.ir/pgwchannel/startpay.mellat", "'self' https://bpm.shaparak.ir"},
		{"http://127.0.0.1:8095/bank/pay?token=1", "'self' http://127.0.0.1:8095"},
		{"https://b.example", "'self' https://b.example"},
		{"https://b.example; script-src *", "'self'"},
		{"https://b.example script-src", "'self'"},
		{"https://user@b.example/", "'self'"},
		{"https://*.example/", "'self'"},
		{"https:///", "'self'"},
		{"https://", "'self'"},
		{"ftp://b.example/", "'self'"},
		{"", "'self'"},
	};
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(form_action(ctx, rows[i][0]), rows[i][1]);
	talloc_free(ctx);
}
END_TEST

START_TEST(headers_and_nothing_from_outside)
{
	void *ctx = talloc_new(NULL);
	struct page *p = page_begin(ctx, &look);
	struct http_reply r;
	const char *csp, *html;

	page_sum(p, "a", "b", "");
	html = finished(p, &r);
	csp = header(&r, "Content-Security-Policy");
	ck_assert_int_eq(strncmp(csp, "default-src 'none'; style-src 'sha256-", 38), 0);
	ck_assert_ptr_nonnull(strstr(csp, "frame-ancestors 'none'"));
	ck_assert_ptr_nonnull(strstr(csp, "base-uri 'none'"));
	ck_assert_ptr_null(strstr(csp, "unsafe"));
	ck_assert_ptr_nonnull(strstr(csp, "script-src 'none'"));
	ck_assert_str_eq(header(&r, "Cache-Control"), "no-store");
	ck_assert_str_eq(header(&r, "X-Content-Type-Options"), "nosniff");
	ck_assert_ptr_null(header(&r, "Refresh"));
	ck_assert_str_eq(r.type, "text/html; charset=utf-8");
	ck_assert_int_eq(strncmp(html, "<!doctype html>", 15), 0);
	ck_assert_ptr_nonnull(strstr(html, "<html lang=\"fa\" dir=\"rtl\">"));
	ck_assert_ptr_null(strstr(html, "http"));
	ck_assert_ptr_null(strstr(html, "url("));
	ck_assert_ptr_null(strstr(html, "@import"));
	ck_assert_ptr_null(strstr(html, " style="));
	ck_assert_uint_eq(count(html, "<style>"), 1);
	ck_assert_uint_eq(count(html, "</style>"), 1);
	talloc_free(ctx);
}
END_TEST

/* --- form --- */

START_TEST(rows_form_one_table_and_all_is_closed)
{
	static const char *const pairs[] = {"dl",      "div", "dt", "dd",   "main", "form",
					    "section", "p",   "h1", "body", "html"};
	void *ctx = talloc_new(NULL);
	struct page *p = page_begin(ctx, &look);
	struct http_header fields[] = {{"a", "1"}, {"b", ""}};
	struct http_reply r;
	const char *html;

	page_heading(p, "h");
	page_row(p, "a", "1");
	page_row(p, "b", "2");
	page_button(p, PAGE_MAIN, "/pay", "go", fields, 2);
	page_row(p, "c", "3");
	html = finished(p, &r);
	ck_assert_uint_eq(count(html, "<dl>"), 2);
	ck_assert_uint_eq(count(html, "<dt"), 3);
	ck_assert_uint_eq(count(html, "type=\"hidden\""), 2);
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		char *open = talloc_asprintf(ctx, "<%s>", pairs[i]),
		     *open_more = talloc_asprintf(ctx, "<%s ", pairs[i]);

		ck_assert_msg(count(html, open) + count(html, open_more) ==
				      count(html, talloc_asprintf(ctx, "</%s>", pairs[i])),
			      "%s", pairs[i]);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(refresh_when_asked)
{
	void *ctx = talloc_new(NULL);
	struct page_look l = look;
	struct http_reply r;

	l.refresh_s = 3;
	page_end(page_begin(ctx, &l), 202, &r);
	ck_assert_int_eq(r.status, 202);
	ck_assert_str_eq(header(&r, "Refresh"), "3");
	talloc_free(ctx);
}
END_TEST

START_TEST(an_endless_page_is_an_error)
{
	void *ctx = talloc_new(NULL);
	struct page *p = page_begin(ctx, &look);
	char *long_text = talloc_size(ctx, PAGE_MAX_BYTES + 1);
	struct http_reply r;

	memset(long_text, '<', PAGE_MAX_BYTES);
	long_text[PAGE_MAX_BYTES] = '\0';
	page_heading(p, long_text);
	page_end(p, 200, &r);
	ck_assert_int_eq(r.status, 500);
	ck_assert_uint_eq(r.body_bytes, 0);
	ck_assert_ptr_nonnull(header(&r, "Content-Security-Policy"));
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("web_page");
	TCase *cases = tcase_create("web_page");

	tcase_add_test(cases, texts_are_escaped_everywhere);
	tcase_add_test(cases, prose_is_html);
	tcase_add_test(cases, only_safe_addresses);
	tcase_add_test(cases, the_bank_may_be_posted_to);
	tcase_add_test(cases, headers_and_nothing_from_outside);
	tcase_add_test(cases, rows_form_one_table_and_all_is_closed);
	tcase_add_test(cases, refresh_when_asked);
	tcase_add_test(cases, an_endless_page_is_an_error);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
