/* The terms of use with their acceptance, and what this program is. */
#include "buf.h"
#include "clock.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include "wishes.h"
#include <string.h>
#include <talloc.h>

enum { TERMS_BYTES = 16384 };

static const int64_t terms_since_ms = INT64_C(1795293000000); /* 1 Azar 1405: when TERMS_VERSION came into force */

static const char *const terms_pages[] = {"terms.role", "terms.deal", "terms.money", "terms.trouble", "terms.you"};
enum { PAGES = sizeof terms_pages / sizeof *terms_pages };

static bool accepted(const struct person *p)
{
	return p->terms_version >= TERMS_VERSION;
}

static void accept(struct turn *t)
{
	person_accept_terms(t->tx, t->me.id, TERMS_VERSION, t->now_ms);
	t->me.terms_version = TERMS_VERSION;
}

void terms_accept_by_acting(struct turn *t)
{
	if (t->me.id && !accepted(&t->me))
		accept(t);
}

const char *terms_notice(struct turn *t, const struct person *reader)
{
	return accepted(reader) ? "" : THEIRS(t, reader, "terms.by_acting");
}

static void show_page(struct turn *t, size_t page)
{
	struct buf *text = buf_new(t->ctx, TERMS_BYTES);
	struct outmsg m = screen(t, "");

	buf_printf(text, "%s\n\n%s\n\n",
		   MINE(t, "terms.head", ARG_INT("version", TERMS_VERSION), ARG_TIME("since", terms_since_ms)),
		   MINE(t, terms_pages[page], ARG_SPAN("ship", t->house->ship_h * HOUR_MS),
			ARG_SPAN("look", t->house->inspection_h * HOUR_MS), ARG_SPAN("payout", t->house->payout_max_ms),
			ARG_SPAN("appeal", t->house->policy.appeal_ms)));
	if (accepted(&t->me))
		buf_puts(text, MINE(t, "terms.accepted",
				    ARG_TIME("at", person_accepted_ms(t->tx, t->me.id, t->me.terms_version))));
	else
		buf_puts(text, MINE(t, "terms.not_accepted"));
	screen_pager(t, &m, "terms:page", page, PAGES);
	if (!accepted(&t->me))
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, MINE_PLAIN(t, "terms.accept"), "terms:accept");
	m.text = text->data;
	tell(t, &m, LANE_REPLY);
}

void terms_command(struct turn *t, const char *args)
{
	(void)args;
	if (screen_is_private(t))
		show_page(t, 0);
}

/* "page.N" or "accept". */
void terms_press(struct turn *t, const char *rest)
{
	if (!screen_is_private(t))
		return;
	if (!strncmp(rest, "page.", 5)) {
		show_page(t, screen_page(rest + 5, PAGES, 0));
	} else if (!strcmp(rest, "accept")) {
		if (!accepted(&t->me))
			accept(t);
		t->toast = MINE_PLAIN(t, "terms.thanks");
		show_page(t, 0);
	} else {
		refuse(t, REFUSAL_NOT_NOW);
	}
}

/* Who runs it, in what version, made of what (docs/licences.md), and how to complain. */
void about_command(struct turn *t, const char *args)
{
	const struct house *h = t->house;
	struct buf *text = buf_new(t->ctx, TERMS_BYTES);

	(void)args;
	buf_printf(text, "%s\n%s\n%s",
		   MINE(t, "about.head", ARG_TEXT("name", h->name), ARG_CODE("version", SEPAREX_VERSION)),
		   MINE(t, "about.licences"), MINE(t, "about.complain"));
	if (h->complaints[0])
		buf_printf(text, "\n%s", MINE(t, "about.complaints", ARG_CODE("where", h->complaints)));
	if (h->support_hours[0])
		buf_printf(text, "\n%s", MINE(t, "help.hours", ARG_TEXT("hours", h->support_hours)));
	reply(t, text->data);
}
