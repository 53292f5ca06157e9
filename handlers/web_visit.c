/* Answering a browser: see web_visit.h. */
#include "web_visit.h"

#include "emblem.h"
#include "emblem_words.h"
#include <string.h>
#include <talloc.h>

/* A language that the catalogues have, by its exact name; NULL for any other. */
static const char *known_language(const struct visit *v, const char *name)
{
	const char *const *all;
	size_t n = catalog_languages(v->t->house->texts, &all);

	for (size_t i = 0; name && i < n; i++)
		if (strcmp(all[i], name) == 0)
			return all[i];
	return NULL;
}

/* The first of "en-US,en;q=0.9". */
static const char *browsers_language(const struct visit *v)
{
	const char *all = v->in->language;
	const char *first = talloc_strndup(v->t->ctx, all, strcspn(all, ",; "));

	return catalog_pick(v->t->house->texts, first[0] ? first : v->t->house->language);
}

void visit_speak(struct visit *v, const char *readers)
{
	const char *asked = known_language(v, http_field(v->in, "lang"));

	v->chosen = asked != NULL;
	v->lang = asked ? asked : readers ? catalog_pick(v->t->house->texts, readers) : browsers_language(v);
}

const char *visit_path(const struct visit *v, const char *page, const char *query)
{
	bool lang = v->chosen, more = query[0] != '\0';

	return talloc_asprintf(v->t->ctx, "/p/%s%s%s%s%s%s", page, lang || more ? "?" : "", lang ? "lang=" : "",
			       lang ? v->lang : "", lang && more ? "&" : "", query);
}

static void put_header(struct http_reply *out, const char *name, const char *value)
{
	out->headers[out->n_headers++] = (struct http_header){name, value};
}

static void answer_text(struct visit *v, int status, const char *text)
{
	*v->out = (struct http_reply){.status = status, .type = "text/plain; charset=utf-8", .body = text};
	v->out->body_bytes = strlen(text);
	put_header(v->out, "Cache-Control", "no-store");
	put_header(v->out, "X-Content-Type-Options", "nosniff");
	/* Our paths are secret links, but a bank wants to see from which shop its visitor comes. */
	put_header(v->out, "Referrer-Policy", "strict-origin");
}

void visit_go(struct visit *v, const char *location)
{
	answer_text(v, 303, "");
	v->out->location = location;
}

struct page_look visit_look(const struct visit *v, const char *title, const char *forms_go_to, int refresh_s)
{
	return (struct page_look){
		.lang = v->lang,
		.rtl = strcmp(WEB(v, "web.direction"), "rtl") == 0,
		.title = title,
		.brand = v->t->house->practice ? WEB(v, "web.brand_practice") : WEB(v, "web.brand"),
		.sign = emblem_sign(v->emblem),
		.assurance =
			v->emblem ? WEB(v, "web.emblem", ARG_RAW("name", emblem_name(v->t, v->lang, v->emblem))) : "",
		.forms_go_to = forms_go_to,
		.refresh_s = refresh_s,
	};
}

struct page *visit_page(struct visit *v, const char *title, int refresh_s)
{
	struct page_look look = visit_look(v, title, NULL, refresh_s);

	return page_begin(v->t->ctx, &look);
}

void visit_chat_link(struct visit *v, struct page *p, enum page_weight weight, const char *label)
{
	page_link(p, weight, talloc_asprintf(v->t->ctx, "https://t.me/%s", v->t->house->bot_username), label);
}

void visit_languages(struct visit *v, struct page *p, const char *path)
{
	const char *const *all;
	size_t n = catalog_languages(v->t->house->texts, &all);
	const char *more = http_field(v->in, "back") ? "&amp;back=1" : "";
	char *links = talloc_strdup(v->t->ctx, "");

	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i], v->lang) != 0)
			links = talloc_asprintf_append(links, "<a href=\"%s?lang=%s%s\" lang=\"%s\">%s</a> ", path,
						       all[i], more, all[i],
						       SAY(v->t->ctx, v->t->house->texts, all[i], "web.language"));
	if (links[0])
		page_prose(p, links);
}

/* Heading, one paragraph, the way into the chat. */
static void say_one_thing(struct visit *v, int status, const char *heading, const char *html, const char *label)
{
	struct page *p = visit_page(v, heading, 0);

	page_heading(p, heading);
	page_prose(p, html);
	visit_chat_link(v, p, PAGE_MAIN, label);
	if (status == 200)
		visit_languages(v, p, "/");
	page_end(p, status, v->out);
}

void visit_missing(struct visit *v)
{
	visit_speak(v, NULL);
	say_one_thing(v, 404, WEB(v, "web.missing.heading"), WEB_HTML(v, "web.missing.text"), WEB(v, "web.to_chat"));
}

void visit_home(struct visit *v)
{
	visit_speak(v, NULL);
	say_one_thing(v, 200, WEB(v, "web.home.heading"), WEB_HTML(v, "web.home.text"), WEB(v, "web.home.start"));
}

void visit_broken(struct visit *v)
{
	visit_speak(v, NULL);
	say_one_thing(v, 503, WEB(v, "web.broken.heading"), WEB_HTML(v, "web.broken.text"), WEB(v, "web.to_chat"));
}

void visit_health(struct visit *v)
{
	answer_text(v, 200, "ok");
}
