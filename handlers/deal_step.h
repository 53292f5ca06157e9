/* The one way in which a deal moves: ask the rules, write everything they say, redraw both cards. */
#ifndef SEPAREX_DEAL_STEP_H
#define SEPAREX_DEAL_STEP_H

#include "turn.h"

/* What goes with an event beside the event itself. */
struct step_facts {
	const char *note; /* for the history: why, in the actor's words; NULL for none */
	const char *key; /* the natural key of an outside money fact; NULL: "deal:ID:VERSION" */
	int64_t payment_id; /* the payment that brought the money, 0 for none */
};

/* The seat a person has in a deal, ROLE_NOBODY for none. */
enum role role_of(const struct deal *d, int64_t person_id);

/* An event by the person of the turn, in the seat they have. */
struct event event_by_me(const struct turn *t, const struct deal_file *f, enum event_kind kind);
/* An event by a machine. */
struct event event_by(enum role machine, enum event_kind kind);

/* Applies the event. REFUSAL_NONE: *f is the deal after it, and deal, history, ledger, clocks, payments and cards are
 * written. Otherwise nothing is. When the store or the books say no, t->failed is set and REFUSAL_NOT_NOW returned. */
enum refusal deal_step(struct turn *t, struct deal_file *f, const struct event *e, const struct step_facts *facts);

/* The same for a person's button or word: a refusal is said to them and their card is drawn again. True when applied.
 */
bool deal_try(struct turn *t, struct deal_file *f, enum event_kind kind, const char *note);

/* Whether the rules would take this step of the person of the turn now, without taking it; a refusal is said to them.
 * For steps that take more than one press: nobody is asked for what would be refused. */
bool deal_may(struct turn *t, const struct deal_file *f, enum event_kind kind);

/* Writes a new draft by the person of the turn, who sits on `seat`; fills *f. Of *wish price, payers and times are
 * read. False (said to the person) when the price is outside the limits. */
bool deal_create(struct turn *t, enum role seat, const char *title, const struct deal_terms *wish, struct deal_file *f);

/* Fee and hash of terms for a title, from price, payer and times already in *terms. */
void deal_terms_finish(const struct turn *t, struct deal_terms *terms, const char *title);

/* The other side's person. False while that seat is empty. */
bool deal_other(struct turn *t, const struct deal_file *f, enum role mine, struct person *out);

#endif
