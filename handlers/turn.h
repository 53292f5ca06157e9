/* What every handler is given: the house (fixed while the program runs) and the turn (one update, timer or bank
 * answer). */
#ifndef SEPAREX_TURN_H
#define SEPAREX_TURN_H

#include "catalog.h"
#include "db.h"
#include "deal.h"
#include "format.h"
#include "repo_deal.h"
#include "repo_person.h"
#include "rnd.h"
#include "update.h"

struct house {
	const struct catalog *texts;
	struct deal_policy policy;
	struct fee_plan fees;
	enum fee_payer fee_payer; /* until the two agree otherwise */
	int inspection_h, ship_h;
	struct rnd rnd;
	const char *channel; /* "telegram" */
	const char *bot_username;
	const char *public_url; /* of our own pages, no slash at the end */
	const char *name; /* who runs this, as people see it */
	const char *support_hours;
	const char *complaints; /* where a written complaint goes, "" when it is not said */
	const char *language; /* of the house: the staff chat, and people whose language nobody knows */
	const char *gateway; /* the name of the gateway that new payments use */
	const char *payout_gateway;
	int64_t gateway_account; /* the id of that gateway's BANK account in the books */
	int64_t payout_max_ms; /* what sellers are promised, from the release to the payout */
	bool ephemeral; /* the channel can show a message in a group to one person only */
	bool practice; /* a sandbox bank: no real money, and every payment page says so */
	int64_t staff_chat; /* the operators' group, 0 when none is configured */
	const int64_t *operators; /* outside ids; none listed: whoever sits in the staff chat */
	size_t n_operators;
};

/* One turn is one savepoint: what it writes is kept whole or not at all. */
struct turn {
	void *ctx; /* freed when the turn ends */
	struct db_tx *tx;
	const struct house *house;
	int64_t now_ms;
	const struct update *update; /* NULL for timers, banks and web pages */
	struct person me; /* who acts; id 0 for machines */
	struct conversation talk;
	const char *toast; /* the answer to a pressed button, NULL for none */
	bool alert; /* the toast must be closed by hand */
	bool bulk; /* nobody waits for what is said: after an outage to everybody, reminders */
	bool failed; /* nothing of this turn may be kept */
};

/* In the language of the person who acts. */
#define MINE(t, key, ...) SAY((t)->ctx, (t)->house->texts, (t)->me.language, key __VA_OPT__(, ) __VA_ARGS__)
#define MINE_PLAIN(t, key, ...) SAY_PLAIN((t)->ctx, (t)->house->texts, (t)->me.language, key __VA_OPT__(, ) __VA_ARGS__)
/* In another person's language. */
#define THEIRS(t, person, key, ...) SAY((t)->ctx, (t)->house->texts, (person)->language, key __VA_OPT__(, ) __VA_ARGS__)
#define THEIRS_PLAIN(t, person, key, ...)                                                                              \
	SAY_PLAIN((t)->ctx, (t)->house->texts, (person)->language, key __VA_OPT__(, ) __VA_ARGS__)

#define MONEY_ARG(name, rial_value) ARG_MONEY(name, rial_raw(rial_value))

#endif
