/* A new deal in private: one line with title and price, or a question for what is missing. Whatever was said is kept in
 * the step, so nothing is asked twice. The draft it becomes is in deal_draft.c, ads are read in deal_ad.c. */
#include "deal_new.h"

#include "amount.h"
#include "deal_group.h"
#include "js.h"
#include "safe_name.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char *role_word(enum role seat)
{
	return seat == ROLE_BUYER ? "buy" : "sell";
}

static enum role role_in(const json_t *o)
{
	return strcmp(js_str(o, "role", ""), "buy") ? ROLE_SELLER : ROLE_BUYER;
}

/* {"role":"sell","title":"…","price":N,"about":"…","photo":"…","album":"…","more":["…"]} */
static const char *new_data(struct turn *t, const struct draft *d)
{
	json_t *o = js_own(t->ctx, json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "role", role_word(d->seat), "title",
					     d->title, "price", (json_int_t)rial_raw(d->price), "about", d->about,
					     "photo", d->photo, "album", d->album));
	json_t *more = json_array();

	for (size_t i = 0; i < d->n_more; i++)
		json_array_append_new(more, json_string(d->more[i]));
	json_object_set_new(o, "more", more);
	return js_text(t->ctx, o);
}

static struct draft draft_of(struct turn *t, const char *data)
{
	const json_t *o = js_parse(t->ctx, data, strlen(data)), *more = js_at(o, "more");
	struct draft d = {.seat = role_in(o),
			  .title = js_str(o, "title", ""),
			  .price = rial_of(js_int(o, "price", 0)),
			  .about = js_str(o, "about", ""),
			  .photo = js_str(o, "photo", ""),
			  .album = js_str(o, "album", "")};

	while (d.n_more < DEAL_MAX_PHOTOS && json_is_string(json_array_get(more, d.n_more))) {
		d.more[d.n_more] = json_string_value(json_array_get(more, d.n_more));
		d.n_more++;
	}
	return d;
}

static void ask_title(struct turn *t, const struct draft *d)
{
	talk_begin(t, "new_title", new_data(t, d));
	reply(t, d->seat == ROLE_BUYER ? MINE(t, "new.ask_title_buy") : MINE(t, "new.ask_title_sell"));
}

void new_ask_price(struct turn *t, const struct draft *d, const struct rial *choices, size_t n)
{
	struct outmsg m = tell_here(t, n ? MINE(t, "new.which_price", ARG_TEXT("title", d->title))
					 : MINE(t, "new.ask_price", ARG_TEXT("title", d->title)));

	talk_begin(t, "new_price", new_data(t, d));
	for (size_t i = 0; i < n && i < NEW_MAX_CHOICES; i++)
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN,
			      format_money(t->ctx, t->house->texts, t->me.language, rial_raw(choices[i])),
			      talloc_asprintf(t->ctx, "new:price.%" PRId64, rial_raw(choices[i])));
	tell(t, &m, LANE_REPLY);
}

void new_make(struct turn *t, const struct draft *d, bool doubtful)
{
	struct deal_file f;

	conversation_end(t->tx, t->me.id);
	if (draft_make(t, d, &f))
		draft_show(t, &f, doubtful);
}

/* What the line says: both, a title, a price, or nothing; a price that was said before it is kept. */
static void read_line(struct turn *t, struct draft d, const char *line)
{
	struct amount_reading r;
	bool priced = amount_find(line, &r);

	d.title = safe_line(t->ctx, priced ? amount_title(t->ctx, line, &r) : line, TITLE_CODEPOINTS);
	if (priced)
		d.price = rial_of(r.rial);
	if (!d.title[0]) {
		ask_title(t, &d);
		return;
	}
	if (!priced && r.error != AMOUNT_NONE)
		object(t, MINE_PLAIN(t, amount_complaint(r.error, "amount.none")));
	if (!rial_is_positive(d.price) || !draft_price_fits(t, d.price))
		new_ask_price(t, &d, NULL, 0);
	else
		new_make(t, &d, priced && r.confirm);
}

static struct draft blank(enum role seat)
{
	return (struct draft){.seat = seat, .title = "", .about = "", .photo = "", .album = ""};
}

void sell_command(struct turn *t, const char *args)
{
	if (t->update->chat_kind == CHAT_PRIVATE)
		read_line(t, blank(ROLE_SELLER), args);
	else
		group_offer(t, ROLE_SELLER, args);
}

void buy_command(struct turn *t, const char *args)
{
	if (t->update->chat_kind == CHAT_PRIVATE)
		read_line(t, blank(ROLE_BUYER), args);
	else
		group_offer(t, ROLE_BUYER, args);
}

void new_title_talk(struct turn *t, const char *data)
{
	if (t->update->kind != UPDATE_TEXT) {
		reply(t, MINE(t, "new.words_please"));
		return;
	}
	read_line(t, draft_of(t, data), t->update->text);
}

/* The pictures of an album come one by one; what is asked is asked once for all of them. */
static bool take_further_photo(struct turn *t, struct draft *d)
{
	const struct update *u = t->update;

	if (u->kind != UPDATE_PHOTO || !u->album[0] || strcmp(u->album, d->album))
		return false;
	if (d->n_more < DEAL_MAX_PHOTOS)
		d->more[d->n_more++] = u->file_id;
	talk_begin(t, "new_price", new_data(t, d));
	return true;
}

void new_price_talk(struct turn *t, const char *data)
{
	struct draft d = draft_of(t, data);
	bool doubtful;

	if (take_further_photo(t, &d))
		return;
	if (draft_price_read(t, &d.price, &doubtful))
		new_make(t, &d, doubtful);
}

/* One of the prices of an ad: the number in the button is as good as one that is typed. */
static void choose_price(struct turn *t, const char *digits)
{
	struct draft d = draft_of(t, t->talk.data);
	int64_t rial = strtoll(digits, NULL, 10);

	if (strcmp(t->talk.step, "new_price") || rial <= 0 || rial > AMOUNT_MAX_RIAL || rial % RIAL_PER_TOMAN) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	d.price = rial_of(rial);
	if (draft_price_fits(t, d.price))
		new_make(t, &d, false);
}

/* "sell", "buy", "price.RIAL" or "join.CODE". */
void new_press(struct turn *t, const char *rest)
{
	if (!screen_is_private(t))
		return;
	if (!strncmp(rest, "price.", 6))
		choose_price(t, rest + 6);
	else if (!strncmp(rest, "join." /* no key */, 5))
		join_anyway(t, rest + 5);
	else if (!strcmp(rest, "sell") || !strcmp(rest, "buy"))
		read_line(t, blank(strcmp(rest, "buy") ? ROLE_SELLER : ROLE_BUYER), "");
	else
		refuse(t, REFUSAL_NOT_NOW);
}
