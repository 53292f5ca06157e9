/* The proof of the books: see books_proof.h. */
#include "books_proof.h"

#include "books.h"
#include "buf.h"
#include "recipe.h"
#include "repo_statement.h"
#include "screen.h"
#include "staff.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <talloc.h>

enum { SUSPENSE_MOST = 200, CAPTION_BYTES = 1024, OPEN_ROWS_MOST = 1000 };

#define HOUSE(p, key, ...) THEIRS((p)->t, &(p)->reader, key __VA_OPT__(, ) __VA_ARGS__)
#define HOUSE_PLAIN(p, key, ...) THEIRS_PLAIN((p)->t, &(p)->reader, key __VA_OPT__(, ) __VA_ARGS__)

struct proof {
	struct turn *t;
	struct person reader; /* the group: the house's language */
	struct books books;
	struct recipe recipe;
};

/* A sum that may be below zero: an account at a bank whose statement has not come. */
static const char *money(const struct proof *p, int64_t rial)
{
	const struct turn *t = p->t;

	return talloc_asprintf(t->ctx, "%s%s", rial < 0 ? "\u200e-" : "",
			       format_money(t->ctx, t->house->texts, p->reader.language, rial < 0 ? -rial : rial));
}

static void put_row(struct proof *p, const char *label, int64_t rial, bool strong)
{
	struct recipe *r = &p->recipe;

	if (r->n_rows < RECIPE_MAX_ROWS)
		r->rows[r->n_rows++] = (struct recipe_row){label, money(p, rial), strong};
}

static const char *picture(struct proof *p)
{
	const struct books *b = &p->books;
	struct turn *t = p->t;
	int64_t held = books_held(b);

	p->recipe = (struct recipe){
		.kind = RECIPE_RECEIPT,
		.language = catalog_pick(t->house->texts, p->reader.language),
		.emblem_name = "",
		.brand = HOUSE_PLAIN(p, t->house->practice ? "picture.brand_practice" : "picture.brand"),
		.heading = HOUSE_PLAIN(p, "books.heading"),
		.title = format_time(t->ctx, t->house->texts, p->reader.language, t->now_ms),
		.sum = money(p, held),
		.sum_words = HOUSE_PLAIN(p, "books.held"),
		.qr = "",
		.code = "",
		.foot = HOUSE_PLAIN(p, books_agree(b) ? "books.agree" : "books.disagree"),
	};
	put_row(p, HOUSE_PLAIN(p, "books.hold"), b->of[ACCOUNT_HOLD], false);
	put_row(p, HOUSE_PLAIN(p, "books.to_sellers"), b->of[ACCOUNT_PAYABLE] + b->of[ACCOUNT_INFLIGHT], false);
	put_row(p, HOUSE_PLAIN(p, "books.to_buyers"), b->of[ACCOUNT_REFUND], false);
	put_row(p, HOUSE_PLAIN(p, "books.suspense"), b->of[ACCOUNT_SUSPENSE], false);
	put_row(p, HOUSE_PLAIN(p, "books.fees"), b->of[ACCOUNT_FEE_INCOME], false);
	put_row(p, HOUSE_PLAIN(p, "books.costs"), -b->of[ACCOUNT_COST], false);
	put_row(p, HOUSE_PLAIN(p, "books.sum"), books_owed(b) + books_own(b), true);
	return recipe_to_json(t->ctx, &p->recipe);
}

/* Beside the picture: each account, money whose owner is not known, and what only the bank has. */
static const char *caption(struct proof *p)
{
	struct turn *t = p->t;
	struct buf *b = buf_new(t->ctx, CAPTION_BYTES);
	struct suspense *waiting = talloc_array(t->ctx, struct suspense, SUSPENSE_MOST);
	struct statement_row *open = talloc_array(t->ctx, struct statement_row, OPEN_ROWS_MOST);
	size_t n = books_suspense(t->tx, waiting, SUSPENSE_MOST),
	       n_open = statement_open_rows(t->tx, t->ctx, 0, 0, open, OPEN_ROWS_MOST);

	buf_puts(b, HOUSE(p, books_agree(&p->books) ? "books.caption" : "books.caption_wrong"));
	for (size_t i = 0; i < p->books.n_banks; i++) {
		const char *name = bank_account_name(p->books.banks[i].id);

		buf_printf(b, "\n%s",
			   HOUSE(p, "books.account", ARG_CODE("account", name ? name : "?"),
				 ARG_RAW("sum", money(p, p->books.banks[i].balance))));
	}
	if (n)
		buf_printf(b, "\n%s",
			   HOUSE(p, "books.waiting", ARG_INT("n", (int64_t)n),
				 ARG_SPAN("age", t->now_ms - waiting[0].since_ms)));
	if (n_open)
		buf_printf(b, "\n%s", HOUSE(p, "books.open_rows", ARG_INT("n", (int64_t)n_open)));
	return b->data;
}

bool books_proof_post(struct turn *t)
{
	struct proof p = {.t = t, .reader = {.language = t->house->language}};
	struct outmsg m = {.kind = OUT_PHOTO, .chat_id = t->house->staff_chat};

	if (!m.chat_id || !books_read(t->tx, &p.books))
		return false;
	m.recipe = picture(&p);
	m.text = caption(&p);
	tell(t, &m, LANE_NOTICE);
	return true;
}

void books_command(struct turn *t, const char *args)
{
	(void)args;
	if (!staff_may(t, STAFF_READER)) {
		refuse(t, REFUSAL_NOT_YOURS);
		return;
	}
	books_proof_post(t);
}
