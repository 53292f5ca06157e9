/* Words that nobody asked for and that offer something: one line with a price, or an ad that was pasted or forwarded,
 * with its pictures. They become a draft; on which side its writer stands is guessed and turned around with one tap. */
#include "deal_new.h"

#include "ad.h"
#include "amount.h"
#include "safe_name.h"
#include "tell.h"
#include <talloc.h>

/* Pictures of an album come one by one, the words with one of them. */
static bool take_further_photo(struct turn *t)
{
	const struct update *u = t->update;
	struct deal_file f;

	if (u->kind != UPDATE_PHOTO || !u->album[0] || !deal_by_album(t->tx, t->ctx, t->me.id, u->album, &f))
		return false;
	deal_photo_add(t->tx, f.deal.id, u->file_id);
	return true;
}

/* Who forwards somebody else's ad wants to buy; who writes one wants to sell. */
static enum role guess_seat(const struct turn *t)
{
	return t->update->forwarded && t->update->forwarded_from_id != t->me.outside_id ? ROLE_BUYER : ROLE_SELLER;
}

/* An ad; or one line with a price; or a picture or forwarded words that at least say what it is. */
static bool read_words(struct turn *t, struct ad *ad)
{
	const struct update *u = t->update;
	struct amount_reading r;

	if (ad_read(t->ctx, u->text, ad))
		return true;
	if (amount_find(u->text, &r)) {
		ad->title = amount_title(t->ctx, u->text, &r);
		ad->n_prices = 1;
		ad->prices[0] = (struct ad_price){r.rial, r.confirm};
		return ad->title[0] != '\0';
	}
	return ad->title[0] && (u->kind == UPDATE_PHOTO || u->forwarded);
}

static void ask_price(struct turn *t, const struct draft *d, const struct ad *ad)
{
	struct rial choices[NEW_MAX_CHOICES];
	size_t n = 0;

	for (size_t i = 0; ad->n_prices > 1 && i < ad->n_prices && n < NEW_MAX_CHOICES; i++)
		choices[n++] = rial_of(ad->prices[i].rial);
	new_ask_price(t, d, choices, n);
}

bool offer_by_words(struct turn *t)
{
	const struct update *u = t->update;
	struct draft d = {.seat = guess_seat(t), .photo = "", .album = ""};
	struct ad ad;

	if (take_further_photo(t))
		return true;
	if ((u->kind != UPDATE_TEXT && u->kind != UPDATE_PHOTO) || !read_words(t, &ad))
		return false;
	d.title = safe_line(t->ctx, ad.title, TITLE_CODEPOINTS);
	d.about = safe_text(t->ctx, ad.description, ABOUT_CODEPOINTS, true);
	if (u->kind == UPDATE_PHOTO) {
		d.photo = u->file_id;
		d.album = u->album;
	}
	if (!d.title[0])
		return false;
	if (ad.n_prices == 1)
		d.price = rial_of(ad.prices[0].rial);
	if (ad.n_prices == 1 && draft_price_fits(t, d.price))
		new_make(t, &d, ad.prices[0].confirm);
	else
		ask_price(t, &d, &ad);
	return true;
}
