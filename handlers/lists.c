/* A person's deals as a list, and one of them opened again. */
#include "buf.h"
#include "deal_card.h"
#include "deal_group.h"
#include "deal_step.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { LIST_ROWS = 8, LIST_BYTES = 8192 };

void deals_command(struct turn *t, const char *args)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, LIST_ROWS);
	size_t n = deals_of(t->tx, t->ctx, t->me.id, false, 0, mine, LIST_ROWS);
	struct buf *text = buf_new(t->ctx, LIST_BYTES);
	struct outmsg m;

	(void)args;
	if (t->update->chat_kind != CHAT_PRIVATE) {
		reply(t, MINE(t, "help.in_private"));
		return;
	}
	buf_puts(text, n ? MINE(t, "list.head") : MINE(t, "list.empty"));
	m = tell_here(t, "");
	for (size_t i = 0; i < n; i++) {
		buf_printf(text, "\n%s", deal_line(t, &mine[i]));
		deal_button(t, &m, i % 2 == 0, BUTTON_PLAIN,
			    MINE_PLAIN(t, "button.open_deal",
				       ARG_TEXT("title", safe_text(t->ctx, mine[i].title, 16, false)),
				       ARG_CODE("code", mine[i].code)),
			    mine[i].code, "show");
	}
	if (!n)
		start_buttons(t, &m);
	m.text = text->data;
	tell(t, &m, LANE_REPLY);
}

void show_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	deal_card_fresh(t, f, role_of(&f->deal, t->me.id));
}

void back_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	deal_card_redraw(t, f, role_of(&f->deal, t->me.id));
}

/* "/deal CODE": the card again, also for an operator in the staff chat. In a group "/deal" begins a deal. */
void deal_command(struct turn *t, const char *args)
{
	if (t->update->chat_kind != CHAT_PRIVATE && t->update->chat_id != t->house->staff_chat)
		group_deal(t, args);
	else if (!args[0])
		deals_command(t, "");
	else
		join_by_code(t, args);
}

void lists_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}

void timeline_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}
