/* Builds our own public pages: one self-contained HTML file without outside resource, read on a phone. The only script
 * there ever is sends the form that leads to a bank. */
#ifndef SEPAREX_WEB_PAGE_H
#define SEPAREX_WEB_PAGE_H

#include "http.h"

#include <stdbool.h>
#include <stddef.h>

enum { PAGE_MAX_BYTES = 131072 };

struct page;

struct page_look {
	const char *lang; /* "fa": for the reader's voice and fonts */
	bool rtl;
	const char *title; /* of the browser's tab */
	const char *brand; /* the line above everything: who speaks, and the practice mark of a sandbox */
	const char *sign; /* an emoji beside `assurance`, which names it in words; nobody hears it */
	const char *assurance; /* below the brand: how the reader knows that this is us; "" or NULL for nothing */
	/* An address on another origin that a form of this page is sent to, or NULL. One that is no http(s) address
	 * counts as NULL. Browsers check a form's redirects too: no answer to a form may redirect to another origin. */
	const char *forms_go_to;
	const char *goes_on_to; /* an http(s) address that the browser opens at once by itself, or NULL */
	int refresh_s; /* asks the browser to load the page again after so long; 0 never */
	bool sends_itself; /* the page's first form is sent at once where the browser runs scripts; else by its button
			    */
};

enum page_tone { PAGE_CALM, PAGE_GOOD, PAGE_WARN, PAGE_BAD };
enum page_weight { PAGE_MAIN, PAGE_QUIET }; /* the one thing to do next, and everything else */

/* Every text below is plain text and is escaped here, except where a name says html. All are borrowed for the call
 * only. Parts appear in the order of the calls. */

/* A new page on ctx. */
struct page *page_begin(void *ctx, const struct page_look *look);

void page_heading(struct page *p, const char *text);

/* A paragraph that is already safe HTML (what SAY() gives); its line breaks are kept. */
void page_prose(struct page *p, const char *html);

/* Small print. */
void page_note(struct page *p, const char *text);

/* The sum of money in large digits, and below it in words. `words` may be "". */
void page_sum(struct page *p, const char *label, const char *digits, const char *words);

/* One line of a table of facts; rows that follow one another form one table. */
void page_row(struct page *p, const char *label, const char *value);

/* A framed sentence. PAGE_BAD is announced at once to people who hear the page. */
void page_notice(struct page *p, enum page_tone tone, const char *text);

/* A button that POSTs `fields` to `action`. False, and nothing added, when `action` is neither a path of ours ("/p/x")
 * nor http(s). Browsers refuse an action on another origin than forms_go_to names. People press twice: the receiver
 * must bear it. */
bool page_button(struct page *p, enum page_weight weight, const char *action, const char *label,
		 const struct http_header *fields, size_t n_fields);

/* A link that looks like a button: a path of ours, http(s) or tg:. False, and nothing added, for any other address. */
bool page_link(struct page *p, enum page_weight weight, const char *href, const char *label);

/* Finishes the page as a reply with all its headers; body and headers are on the page's ctx. A page that passed
 * PAGE_MAX_BYTES becomes an empty reply of status 500 and is logged. The page must not be used again. */
void page_end(struct page *p, int status, struct http_reply *out);

#endif
