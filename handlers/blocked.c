/* Whom a person wants no deal with: the list, and the button of a deal that adds to it. */
#include "deal_card.h"
#include "deal_step.h"
#include "safe_name.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { BLOCKED_MOST = 100, PAGE_PEOPLE = 6, LABEL_CODEPOINTS = 18 };

static void show_list(struct turn *t, const char *page_text)
{
	struct person *all = talloc_array(t->ctx, struct person, BLOCKED_MOST);
	size_t n = persons_blocked_by(t->tx, t->ctx, t->me.id, all, BLOCKED_MOST);
	size_t pages = screen_pages_of(n, PAGE_PEOPLE), page = screen_page(page_text, pages, 0);
	struct outmsg m = screen(t, n ? MINE(t, "blocked.head", ARG_INT("n", (int64_t)n))
				      : MINE(t, "blocked.nobody", ARG_RAW("button", MINE(t, "button.block"))));

	for (size_t i = page * PAGE_PEOPLE; i < n && i < (page + 1) * PAGE_PEOPLE; i++)
		screen_button(&m, true,
			      MINE_PLAIN(t, "blocked.free",
					 ARG_TEXT("name", safe_text(t->ctx, all[i].name, LABEL_CODEPOINTS, false))),
			      talloc_asprintf(t->ctx, "block:un:%" PRId64, all[i].id));
	screen_pager(t, &m, "block:list", page, pages);
	screen_button(&m, true, MINE_PLAIN(t, "blocked.to_settings"), "set:show");
	tell(t, &m, LANE_REPLY);
}

void blocked_command(struct turn *t, const char *args)
{
	(void)args;
	if (screen_is_private(t))
		show_list(t, "");
}

/* Only whom this person blocked can be freed: the id comes from outside. */
static void unblock(struct turn *t, const char *id_text)
{
	struct person *all = talloc_array(t->ctx, struct person, BLOCKED_MOST);
	size_t n = persons_blocked_by(t->tx, t->ctx, t->me.id, all, BLOCKED_MOST);
	char *end;
	long long id = strtoll(id_text, &end, 10);

	for (size_t i = 0; i < n && !*end; i++)
		if (all[i].id == id) {
			person_unblock(t->tx, t->me.id, id);
			t->toast = MINE_PLAIN(t, "blocked.freed", ARG_TEXT("name", all[i].name));
			show_list(t, "");
			return;
		}
	refuse(t, REFUSAL_NOT_NOW);
}

/* "list", "list.PAGE" or "un:ID". */
void blocked_press(struct turn *t, const char *rest)
{
	if (!screen_is_private(t))
		return;
	if (!strncmp(rest, "un:", 3))
		unblock(t, rest + 3);
	else if (!strcmp(rest, "list") || !strncmp(rest, "list." /* no key */, 5))
		show_list(t, rest[4] ? rest + 5 : "");
	else
		refuse(t, REFUSAL_NOT_NOW);
}

/* The place of the other side in the person's own list; n when they are not there. */
static size_t find(const struct person *all, size_t n, int64_t id)
{
	size_t i = 0;

	while (i < n && all[i].id != id)
		i++;
	return i;
}

/* Asked once. The running deal goes on; only new ones are not begun. The other side is not told. */
void block_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct person *all = talloc_array(t->ctx, struct person, BLOCKED_MOST), other;
	size_t n = persons_blocked_by(t->tx, t->ctx, t->me.id, all, BLOCKED_MOST);

	if (!screen_is_private(t))
		return;
	if (!deal_other(t, f, role_of(&f->deal, t->me.id), &other)) {
		refuse(t, REFUSAL_SEAT_EMPTY);
	} else if (find(all, n, other.id) < n) {
		object(t, MINE_PLAIN(t, "blocked.already", ARG_TEXT("name", other.name)));
	} else if (n == BLOCKED_MOST) {
		object(t, MINE_PLAIN(t, "blocked.too_many", ARG_INT("n", BLOCKED_MOST)));
	} else if (!strncmp(extra, "yes.", 4)) {
		person_block(t->tx, t->me.id, other.id, t->now_ms);
		t->toast = MINE_PLAIN(t, "blocked.done", ARG_TEXT("name", other.name));
		deal_card_redraw(t, f, role_of(&f->deal, t->me.id));
	} else {
		ask_sure(t, f, MINE(t, "blocked.sure", ARG_TEXT("name", other.name)), "block.yes");
	}
}
