/* A message that changes in place: see screen.h. */
#include "screen.h"

#include "tell.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct outmsg screen(const struct turn *t, const char *html)
{
	struct outmsg m = tell_here(t, html);

	/* A message without a date is too old for us to reach (telegram.md 1.6). */
	if (t->update->kind == UPDATE_BUTTON && t->update->message_id && t->update->date_ms) {
		m.kind = OUT_EDIT;
		m.message_id = t->update->message_id;
	}
	return m;
}

void screen_button(struct outmsg *m, bool new_row, const char *label, const char *data)
{
	outmsg_button(m, new_row, BUTTON_DATA, BUTTON_PLAIN, label, data);
}

void screen_choice(struct turn *t, struct outmsg *m, bool new_row, const char *label, bool chosen, const char *data)
{
	screen_button(m, new_row, chosen ? talloc_asprintf(t->ctx, "✓ %s", label) : label, data);
}

size_t screen_pages_of(size_t n, size_t a_page)
{
	return n ? (n + a_page - 1) / a_page : 1;
}

size_t screen_page(const char *text, size_t pages, size_t otherwise)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (end == text || *end || n < 1)
		return otherwise;
	return (unsigned long long)n > pages ? pages - 1 : (size_t)n - 1;
}

void screen_pager(struct turn *t, struct outmsg *m, const char *data, size_t page, size_t pages)
{
	bool rtl = !strcmp(MINE_PLAIN(t, "web.direction"), "rtl");
	/* What is on the left is the page before, or in a language from right to left the next one. */
	size_t left = rtl ? page + 1 : page - 1, right = rtl ? page - 1 : page + 1;

	if (pages < 2)
		return;
	outmsg_button(m, true, BUTTON_DATA, BUTTON_PLAIN, left < pages ? "◀" : "·",
		      talloc_asprintf(t->ctx, "%s.%zu", data, (left < pages ? left : page) + 1));
	screen_button(m, false,
		      MINE_PLAIN(t, "list.page", ARG_INT("page", (int64_t)page + 1), ARG_INT("pages", (int64_t)pages)),
		      talloc_asprintf(t->ctx, "%s.%zu", data, page + 1));
	screen_button(m, false, right < pages ? "▶" : "·",
		      talloc_asprintf(t->ctx, "%s.%zu", data, (right < pages ? right : page) + 1));
}

bool screen_is_private(struct turn *t)
{
	if (t->update->chat_kind == CHAT_PRIVATE)
		return true;
	object(t, MINE_PLAIN(t, "help.in_private"));
	return false;
}
