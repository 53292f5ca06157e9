/* One browser request while it is answered: its language, its addresses, and the small pages that say one thing. */
#ifndef SEPAREX_WEB_VISIT_H
#define SEPAREX_WEB_VISIT_H

#include "gateway.h"
#include "turn.h"
#include "web_page.h"

enum { VISIT_REFRESH_S = 2, VISIT_WAIT_MS = 60000 }; /* a page loads itself again at most 30 times */

struct visit {
	struct turn *t;
	const struct http_inbound *in;
	const struct gateway *const *gateways;
	size_t n_gateways;
	struct http_reply *out;
	const char *word; /* what the path holds between a route's two fixed parts, "" for none */
	const char *lang; /* of the page */
	int emblem; /* of the person whose page it is, 0 for none */
	bool chosen; /* the reader asked for this language: it goes along with every address */
};

/* A text of the catalogue in the page's language; WEB_HTML keeps its tags. */
#define WEB(v, ...) SAY_PLAIN((v)->t->ctx, (v)->t->house->texts, (v)->lang, __VA_ARGS__)
#define WEB_HTML(v, ...) SAY((v)->t->ctx, (v)->t->house->texts, (v)->lang, __VA_ARGS__)

/* Chooses the language: what the address asks for, else the reader's (NULL when nobody knows), else the browser's. */
void visit_speak(struct visit *v, const char *readers);

/* "/p/PAGE?lang=en" with the chosen language; `query` ("back=1") may be "". On ctx. */
const char *visit_path(const struct visit *v, const char *page, const char *query);

/* Sends the browser on to an address, to be fetched with GET. */
void visit_go(struct visit *v, const char *location);

/* What a new page looks like, and the page: with the brand line and, where the visit knows an emblem, the words that
 * name it. */
struct page_look visit_look(const struct visit *v, const char *title, const char *forms_go_to, int refresh_s);
struct page *visit_page(struct visit *v, const char *title, int refresh_s);

/* The way back into the chat, and the page in the other languages; `path` without a query. */
void visit_chat_link(struct visit *v, struct page *p, enum page_weight weight, const char *label);
void visit_languages(struct visit *v, struct page *p, const char *path);

/* The pages that say one thing: nothing is here, what this is, not now, "ok". */
void visit_missing(struct visit *v);
void visit_home(struct visit *v);
void visit_broken(struct visit *v);
void visit_health(struct visit *v);

#endif
