/* A person's deals as one message with three tabs, a few deals a page; and one of them opened again. */
#include "buf.h"
#include "deal_card.h"
#include "deal_group.h"
#include "deal_step.h"
#include "safe_name.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include <assert.h>
#include <string.h>
#include <talloc.h>

/* A page, and the newest live deals that are looked at to know whose turn it is: twice as many as a person may make. */
enum { PAGE_DEALS = 6, LIVE_MOST = 50, LIST_BYTES = 8192, LABEL_CODEPOINTS = 14, MAX_WORD = 16 };

enum tab { TAB_NEEDS, TAB_WAITS, TAB_DONE, TABS };

static const struct {
	const char *data, *label, *head, *empty;
} tabs[TABS] = {
	[TAB_NEEDS] = {"list:needs", "list.tab_needs", "list.head_needs", "list.no_needs"},
	[TAB_WAITS] = {"list:waits", "list.tab_waits", "list.head_waits", "list.no_waits"},
	[TAB_DONE] = {"list:done", "list.tab_done", "list.head_done", "list.no_done"},
};

/* A person's deals, sorted into the tabs. */
struct own_deals {
	size_t n[TABS];
	struct deal_file *live; /* the newest LIVE_MOST */
	bool wants[LIVE_MOST];
	size_t n_live, n_drafts;
	bool more; /* there are live ones beyond those */
};

/* The newest live deals: those with another side first, drafts behind them. */
static void take_live(struct turn *t, struct own_deals *own)
{
	struct deal_file *all = talloc_array(t->ctx, struct deal_file, LIVE_MOST + 1);
	size_t n = deals_of_class(t->tx, t->ctx, t->me.id, DEALS_LIVE, 0, all, LIVE_MOST + 1);

	*own = (struct own_deals){.more = n > LIVE_MOST};
	n = own->more ? LIVE_MOST : n;
	own->live = talloc_array(t->ctx, struct deal_file, LIVE_MOST);
	for (size_t i = 0; i < n; i++)
		if (all[i].deal.state != DEAL_DRAFT)
			own->live[own->n_live++] = all[i];
	own->n_drafts = n - own->n_live;
	for (size_t i = 0; i < n; i++)
		if (all[i].deal.state == DEAL_DRAFT)
			own->live[own->n_live++] = all[i];
}

static void gather(struct turn *t, struct own_deals *own)
{
	take_live(t, own);
	for (size_t i = 0; i < own->n_live; i++) {
		const struct deal_file *f = &own->live[i];

		/* A draft waits for nobody else; the others have to be asked one by one. */
		own->wants[i] = f->deal.state == DEAL_DRAFT || deal_wants(t, f, role_of(&f->deal, t->me.id));
		own->n[own->wants[i] ? TAB_NEEDS : TAB_WAITS]++;
	}
	own->n[TAB_DONE] = (size_t)deals_class_count(t->tx, t->me.id, DEALS_OVER);
}

/* The deals of one page; returns how many. */
static size_t take_page(struct turn *t, const struct own_deals *own, enum tab tab, size_t page, struct deal_file *out)
{
	size_t skip = page * PAGE_DEALS, n = 0;

	if (tab == TAB_DONE)
		return deals_of_class(t->tx, t->ctx, t->me.id, DEALS_OVER, skip, out, PAGE_DEALS);
	for (size_t i = 0, at = 0; i < own->n_live && n < PAGE_DEALS; i++)
		if (own->wants[i] == (tab == TAB_NEEDS) && at++ >= skip)
			out[n++] = own->live[i];
	return n;
}

static void add_tabs(struct turn *t, struct outmsg *m, const struct own_deals *own, enum tab here)
{
	for (int i = 0; i < TABS; i++)
		screen_choice(t, m, i == 0, MINE_PLAIN(t, tabs[i].label, ARG_INT("n", (int64_t)own->n[i])),
			      i == (int)here, tabs[i].data);
}

/* The deal's card is one press away; so is the end of a draft, and what happened in a deal that is over. */
static void add_deal(struct turn *t, struct outmsg *m, const struct deal_file *f, enum tab tab)
{
	const char *title = safe_line(t->ctx, f->title, LABEL_CODEPOINTS);

	deal_button(t, m, true, BUTTON_PLAIN,
		    MINE_PLAIN(t, "button.open_deal", ARG_TEXT("title", title), ARG_CODE("code", f->code)), f->code,
		    "show");
	if (f->deal.state == DEAL_DRAFT)
		outmsg_button(m, false, BUTTON_DATA, BUTTON_DANGER, MINE_PLAIN(t, "list.drop"),
			      talloc_asprintf(t->ctx, "list:drop.%s", f->code));
	else if (tab == TAB_DONE)
		deal_button(t, m, false, BUTTON_PLAIN, MINE_PLAIN(t, "button.timeline"), f->code, "timeline");
}

static void show_tab(struct turn *t, enum tab tab, const char *page_text)
{
	struct deal_file *shown = talloc_array(t->ctx, struct deal_file, PAGE_DEALS);
	struct buf *text = buf_new(t->ctx, LIST_BYTES);
	struct outmsg m = screen(t, "");
	struct own_deals own;
	size_t pages, page, n;

	gather(t, &own);
	pages = screen_pages_of(own.n[tab], PAGE_DEALS);
	page = screen_page(page_text, pages, 0);
	n = take_page(t, &own, tab, page, shown);
	buf_puts(text, n ? MINE(t, tabs[tab].head) : MINE(t, tabs[tab].empty));
	add_tabs(t, &m, &own, tab);
	for (size_t i = 0; i < n; i++) {
		buf_printf(text, "\n%s", deal_line(t, &shown[i]));
		add_deal(t, &m, &shown[i], tab);
	}
	screen_pager(t, &m, tabs[tab].data, page, pages);
	if (own.more && tab != TAB_DONE)
		buf_printf(text, "\n%s", MINE(t, "list.older"));
	/* With a full page there is no row left; then each draft's own button offers it. */
	if (tab == TAB_NEEDS && own.n_drafts > 1 && m.n_rows < OUTMSG_MAX_ROWS)
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_DANGER, MINE_PLAIN(t, "list.drop_drafts"), "list:drop_ask");
	m.text = text->data;
	tell(t, &m, LANE_REPLY);
}

static void show_none(struct turn *t)
{
	struct outmsg m = screen(t, MINE(t, "list.empty"));

	start_buttons(t, &m);
	tell(t, &m, LANE_REPLY);
}

static void show_list(struct turn *t, enum tab tab, const char *page)
{
	struct deal_file any;

	if (deals_of(t->tx, t->ctx, t->me.id, false, 0, &any, 1))
		show_tab(t, tab, page);
	else
		show_none(t);
}

void deals_command(struct turn *t, const char *args)
{
	(void)args;
	if (screen_is_private(t))
		show_list(t, TAB_NEEDS, "");
}

/* The person's own draft of that code; a refusal is said to them. */
static bool own_draft(struct turn *t, const char *code, struct deal_file *f)
{
	if (deal_by_code(t->tx, t->ctx, code, f) && role_of(&f->deal, t->me.id) != ROLE_NOBODY &&
	    f->deal.state == DEAL_DRAFT)
		return true;
	refuse(t, REFUSAL_NOT_NOW);
	return false;
}

/* Asked once, for one draft and for all of them alike. */
static void ask_drop(struct turn *t, const struct deal_file *f)
{
	struct outmsg m = screen(t, "");
	struct own_deals own;

	take_live(t, &own);
	m.text = f ? MINE(t, "list.sure_drop", ARG_TEXT("title", f->title))
		   : MINE(t, "list.sure_drop_all", ARG_INT("n", (int64_t)own.n_drafts));
	if (f)
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_DANGER, MINE_PLAIN(t, "list.drop_this"),
			      talloc_asprintf(t->ctx, "list:drop_yes.%s", f->code));
	if (!f || own.n_drafts > 1)
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_DANGER,
			      MINE_PLAIN(t, "list.drop_all", ARG_INT("n", (int64_t)own.n_drafts)), "list:drop_all");
	screen_button(&m, true, MINE_PLAIN(t, "button.back"), tabs[TAB_NEEDS].data);
	tell(t, &m, LANE_REPLY);
}

static void drop_all(struct turn *t)
{
	struct own_deals own;
	size_t n = 0;

	take_live(t, &own);
	for (size_t i = 0; i < own.n_live && !t->failed; i++)
		if (own.live[i].deal.state == DEAL_DRAFT)
			n += deal_try(t, &own.live[i], EVENT_CANCEL, NULL);
	if (n && !t->alert)
		t->toast = MINE_PLAIN(t, "list.dropped", ARG_INT("n", (int64_t)n));
}

/* "drop.CODE" and "drop_ask" ask, "drop_yes.CODE" and "drop_all" do. */
static void press_drop(struct turn *t, const char *word, const char *code)
{
	struct deal_file f;

	if (!strcmp(word, "drop_ask")) {
		ask_drop(t, NULL);
		return;
	}
	if (!strcmp(word, "drop_all")) {
		drop_all(t);
		show_list(t, TAB_NEEDS, "");
		return;
	}
	if (!own_draft(t, code, &f))
		return;
	if (!strcmp(word, "drop")) {
		ask_drop(t, &f);
		return;
	}
	if (deal_try(t, &f, EVENT_CANCEL, NULL))
		t->toast = MINE_PLAIN(t, "list.dropped", ARG_INT("n", 1));
	show_list(t, TAB_NEEDS, "");
}

void lists_press(struct turn *t, const char *rest)
{
	static const char *const drops[] = {"drop", "drop_ask", "drop_yes", "drop_all"};
	const char *dot = strchr(rest, '.'), *after = dot ? dot + 1 : "";
	size_t n = dot ? (size_t)(dot - rest) : strlen(rest);
	char word[MAX_WORD] = "";

	if (!screen_is_private(t))
		return;
	if (n < sizeof word)
		memcpy(word, rest, n);
	for (int i = 0; i < TABS; i++)
		if (!strcmp(word, tabs[i].data + strlen("list:"))) {
			show_list(t, (enum tab)i, after);
			return;
		}
	for (size_t i = 0; i < sizeof drops / sizeof *drops; i++)
		if (!strcmp(word, drops[i])) {
			press_drop(t, word, after);
			return;
		}
	refuse(t, REFUSAL_NOT_NOW);
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
