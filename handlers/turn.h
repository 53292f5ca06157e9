/* What every handler is given: the house (fixed while the program runs) and the turn (one update, timer or bank
 * answer). */
#ifndef SEPAREX_TURN_H
#define SEPAREX_TURN_H

#include "bank_days.h"
#include "catalog.h"
#include "db.h"
#include "deal.h"
#include "format.h"
#include "gateway.h"
#include "repo_deal.h"
#include "repo_person.h"
#include "rnd.h"
#include "update.h"

enum { HOUSE_MAX_BANKS = 8 };

/* A bank that takes payments. */
struct house_bank {
	const char *name;
	const struct gateway *gateway;
	struct rial cap; /* the most that one payment carries */
};

/* What somebody in the operators' group may do. An operator is a mediator and a treasurer. */
enum staff_role { STAFF_READER, STAFF_MEDIATOR, STAFF_TREASURER, STAFF_OPERATOR, STAFF_ROLES };

struct staff_list {
	const int64_t *ids; /* of the channel */
	size_t n;
};

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
	struct house_bank banks[HOUSE_MAX_BANKS]; /* in the owner's order of preference */
	size_t n_banks;
	bool checks_identity; /* payees are asked who they are, and a provider whether it is true */
	bool sms; /* short messages are sent too */
	int sms_daily_cap; /* the most for one person in 24 hours */
	bool ask_card; /* buyers say with which card they pay, and it is compared */
	const char *payout_gateway; /* for RAIL_BANK */
	const char *payout_rail; /* RAIL_BANK or RAIL_FILE */
	struct rial payout_least; /* nothing smaller leaves by that rail */
	struct rial payout_two_person; /* above this a payout needs two treasurers */
	bool counts_cycles; /* payouts travel by the calendar's cycles; else at any time */
	struct bank_calendar calendar;
	int64_t payout_max_ms; /* what sellers are promised, from the release to the payout */
	bool ephemeral; /* the channel can show a message in a group to one person only */
	bool practice; /* a sandbox bank: no real money, and every payment page says so */
	int64_t staff_chat; /* the operators' group, 0 when none is configured */
	struct staff_list staff[STAFF_ROLES]; /* none listed at all: whoever sits in the staff chat is an operator */
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
