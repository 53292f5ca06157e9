/* The configuration: one plain struct of typed fields that everyone reads and nobody changes.
 * The table in config.c is the registry of every key; config.example and the environment follow from it. */
#ifndef SEPAREX_CONFIG_H
#define SEPAREX_CONFIG_H

#include "bank_days.h"
#include "err.h"
#include "fee.h"
#include "log.h"
#include "money.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONFIG_MAX_LIST = 16, CONFIG_MAX_IDS = 64 };

/* The numbers follow the order of the words in config_table.c. */
enum config_clock { CONFIG_CLOCK_AUTO, CONFIG_CLOCK_OFF };
enum config_log { CONFIG_LOG_TEXT, CONFIG_LOG_JSON };

enum config_identity { CONFIG_IDENTITY_NONE, CONFIG_IDENTITY_VANDAR };
enum config_calendar { CONFIG_CALENDAR_AUTO, CONFIG_CALENDAR_ON, CONFIG_CALENDAR_OFF };
enum config_rail { CONFIG_RAIL_BANK, CONFIG_RAIL_FILE };

struct config_list {
	const char *items[CONFIG_MAX_LIST];
	size_t n;
};

struct config_ids {
	int64_t ids[CONFIG_MAX_IDS];
	size_t n;
};

/* No text is NULL; "" means "not given". Durations are milliseconds, whatever unit the key was in. */
struct config {
	struct {
		const char *token; /* secret */
		const char *api_base; /* no slash at the end, like every address here */
		const char *file_base; /* <api_base>/file unless given */
		struct config_list proxy; /* tried in this order; none: a direct connection */
		bool rate_limits;
		int64_t poll_timeout_s;
		enum config_clock sandbox_clock; /* AUTO: the clock header of a sandbox on this machine is followed */
		bool marked_times; /* the server knows tg-time */
		bool ephemeral; /* the server has Bot API 10.3's ephemeral messages */
		int64_t operators_chat; /* 0: not given */
		bool on_this_machine; /* api_base is: a sandbox or a local Bot API server */
	} telegram;
	struct {
		const char *url; /* "sqlite:FILE" or "postgres://…"; may hold a password */
		const char *key_file; /* of the keys that seal what is private */
		int64_t retention_years; /* how long a deal's records are kept before anybody in it may be forgotten */
		const char *files; /* folder of the files that people sent; "files" beside FILE unless given */
	} store;
	struct {
		const char *listen; /* "ADDRESS:PORT", "[ADDRESS]:PORT", or "" for no server */
		const char *public_url; /* http://<listen> unless given */
		const char *metrics_token; /* secret; "": there is no such page */
		int64_t request_ms; /* how long a peer may take for its request */
	} http;
	struct {
		const char *locales; /* folder of the language files */
		const char *default_language;
		enum log_level log_level;
		enum config_log log_format;
		const char *name;
		const char *support_hours;
		const char *complaints;
	} app;
	struct {
		int64_t chat_per_s;
		int64_t chat_burst;
		int64_t group_per_minute;
		int64_t bulk_per_s;
		int64_t max_attempts;
		int64_t workers; /* requests under way at once */
	} send;
	struct {
		struct rial min_price, max_price; /* min <= max */
		struct rial ruling_two_person; /* a ruling over more than this needs a second operator */
		int64_t offer_ms;
		int64_t draft_ms;
		int64_t pay_ms, pay_extend_ms;
		int64_t ship_ms;
		int64_t transit_ms;
		int64_t inspection_ms;
		int64_t issue_answer_ms, issue_escalate_ms;
		int64_t negotiation_ms;
		int64_t appeal_ms;
		int64_t return_ms, return_check_ms;
		int64_t outage_grace_ms;
	} deal;
	struct {
		struct fee_plan plan; /* fee_plan_valid */
		enum fee_payer default_payer;
	} fee;
	struct {
		int64_t min_ms, max_ms; /* min <= max */
		const char *gateway;
		enum config_rail rail;
		const char *folder; /* of the files for the bank */
		int64_t keep_ms; /* how long files with names and IBANs are kept in `folder` */
		struct rial two_person; /* a payout over more than this needs two treasurers */
		int64_t counts_cycles; /* enum config_calendar */
		struct bank_cycles cycles, thursday_cycles, holiday_cycles;
		struct bank_closed closed_days;
		int64_t cycle_lead_ms;
	} payout;
	struct {
		struct config_list order; /* the first that can take the payment does */
		struct rial cap; /* the most that one payment carries */
		struct rial mellat_cap, parsian_cap, zarinpal_cap; /* of one bank; 0: cap */
		bool practice; /* all of them are practice banks: "sandbox", or at an address of this machine */
		bool ask_card; /* buyers say with which card they pay */
	} gateway;
	struct {
		const char *url; /* "": derived from telegram.api_base by whoever starts the gateway */
		const char *terminal;
		const char *password; /* secret */
	} sandbox_bank;
	struct {
		const char *url, *pay_url;
		const char *terminal, *username;
		const char *password; /* secret */
		bool find_lost, refund;
	} mellat;
	struct {
		const char *url;
		const char *pin; /* secret */
		const char *terminal;
		bool confirm_amount;
	} parsian;
	struct {
		const char *url;
		const char *merchant_id; /* secret */
		int64_t sweep; /* enum zarinpal_sweep */
	} zarinpal;
	struct {
		const char *url;
		const char *business;
		const char *access_token, *refresh_token; /* secret */
		bool instant;
		int64_t type; /* 0 ACH, 1 A2A */
	} vandar;
	struct {
		enum config_identity provider;
	} identity;
	struct {
		struct config_list key; /* columns that name a row together */
		const char *reference, *date, *credit, *debit, *amount, *words; /* columns */
		struct config_list clearing, cost; /* struct statement_rules */
		struct rial cost_most; /* above it nothing is believed to be a fee */
	} statement;
	struct {
		int64_t queue_ms; /* a message that waits longer is an alarm */
		int64_t disk_mb; /* less room is an alarm */
	} watch;
	struct {
		int64_t proof_hour; /* of Tehran's day; -1: no daily proof */
		int64_t vat_percent; /* in our fee, for the accountant's report */
	} books;
	struct {
		struct config_list providers; /* the next takes what one does not; none: no short messages */
		int64_t daily_cap; /* to one person */
	} sms;
	struct {
		const char *url, *template;
		const char *key; /* secret */
	} kavenegar;
	struct {
		const char *url;
		const char *key; /* secret */
		struct config_list templates; /* "paid:123456" */
	} smsir;
	struct {
		const char *name, *iban, *bic; /* ours */
		bool xmlns, national_id, remittance, track_id, method_currency; /* struct ccti_variant */
	} ccti;
	struct {
		const char *track, *state, *reason, *reference, *amount, *iban; /* names of columns */
		struct config_list done, returned; /* words of the state */
	} results;
	struct {
		struct config_ids operators; /* Telegram user ids: mediators and treasurers in one */
		struct config_ids readers, mediators, treasurers;
	} staff;
};

/* Reads the file (`path`, or ./separex.conf when path is NULL and it exists), then the environment over it.
 * `envp` ends with NULL; SEPAREX_TELEGRAM_TOKEN overrides telegram.token, SEPAREX_TELEGRAM_TOKEN_FILE and the key
 * token_file name a file that holds a secret (one line end at its end is cut).
 * Everything belongs to the result, which belongs to ctx. Secrets are registered with log_hide.
 * NULL on a mistake; `e` then holds a line for each one found, as many as fit: "FILE:LINE: section.key: what to do". */
struct config *config_load(void *ctx, const char *path, char *const envp[], struct err *e);

/* What `separex run` needs beyond a correct file: false, and what is missing in `e`. */
bool config_can_run(const struct config *c, struct err *e);

/* `separex check-config`: loads, says on stdout what was read or on stderr what is wrong. The exit code. */
int config_check(const char *path, char *const envp[]);

/* The registry, for the test of config.example: each key once, NULL after the last. `is_secret` keys may also be given
 * as KEY_file. */
struct config_key_info {
	const char *section, *key, *otherwise, *help;
	bool is_secret;
};
const struct config_key_info *config_key(size_t i);

#endif
