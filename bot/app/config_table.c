/* The registry of every configuration key: change a key here, in struct config and in config.example, nowhere else. */
#include "config_table.h"
#include "clock.h"

#include <assert.h>

#define ROW(kind, section, key, field, low, high, unit, words, otherwise, help, secret)                                \
	{                                                                                                              \
		{#section, #key, otherwise, help, secret}, kind, offsetof(struct config, section.field), low, high,    \
			unit, words                                                                                    \
	}

/* section, key (which is also the field), bytes at most, default, what it is */
#define TEXT(section, key, high, otherwise, help)                                                                      \
	ROW(CONFIG_TEXT, section, key, key, 0, high, 1, NULL, otherwise, help, false)
#define NEEDED(section, key, high, otherwise, help)                                                                    \
	ROW(CONFIG_TEXT, section, key, key, 1, high, 1, NULL, otherwise, help, false)
#define SECRET(kind, section, key, high, otherwise, help)                                                              \
	ROW(kind, section, key, key, 0, high, 1, NULL, otherwise, help, true)
#define OTHER(kind, section, key, otherwise, help)                                                                     \
	ROW(kind, section, key, key, 0, 2000, 1, NULL, otherwise, help, false)
#define WORD(section, key, first, words, otherwise, help)                                                              \
	ROW(CONFIG_WORD, section, key, key, first, first, 1, words, otherwise, help, false)
#define INT(section, key, low, high, otherwise, help)                                                                  \
	ROW(CONFIG_INT, section, key, key, low, high, 1, NULL, otherwise, help, false)

/* The key carries its unit, the field is in milliseconds or struct rial: key, field, unit, least, most, default, what
 * it is */
#define SPAN(section, key, field, unit, low, high, otherwise, help)                                                    \
	ROW(CONFIG_INT, section, key, field, low, high, unit, NULL, otherwise, help, false)
#define TOMAN(section, key, field, low, high, otherwise, help)                                                         \
	ROW(CONFIG_TOMAN, section, key, field, low, high, 1, NULL, otherwise, help, false)

/* Telegram's ids have at most 52 significant bits (Bot API, "Chat"). */
#define ID_MAX (INT64_C(1) << 52)
#define TOMAN_MAX INT64_C(1000000000)

const struct config_row config_rows[] = {
	SECRET(CONFIG_TOKEN, telegram, token, 200, "", "the bot's token from @BotFather"),
	OTHER(CONFIG_URL, telegram, api_base, "https://api.telegram.org", "where the Bot API is"),
	OTHER(CONFIG_URL, telegram, file_base, "", "where files are; empty: the api_base followed by /file"),
	OTHER(CONFIG_PROXIES, telegram, proxy, "", "proxies to Telegram, tried in order"),
	OTHER(CONFIG_BOOL, telegram, rate_limits, "on", "whether Telegram's sending limits are kept"),
	INT(telegram, poll_timeout_s, 1, 50, "25", "how long one poll waits for updates"),
	WORD(telegram, sandbox_clock, CONFIG_CLOCK_AUTO, "auto|off", "auto",
	     "whether the clock of a sandbox is followed"),
	OTHER(CONFIG_BOOL, telegram, marked_times, "on", "whether moments are marked for the reader's own clock"),
	OTHER(CONFIG_BOOL, telegram, ephemeral, "off",
	      "whether the server has messages that one person of a group sees"),
	INT(telegram, operators_chat, -ID_MAX, ID_MAX, "0", "the chat id of the operators' group"),

	OTHER(CONFIG_STORE, store, url, "sqlite:separex.db", "where everything is kept"),
	TEXT(store, key_file, 1000, "", "the keys that seal what is private; empty: separex.key beside the store"),
	INT(store, retention_years, 0, 30, "5",
	    "how long the records of a deal are kept before anybody in it may be forgotten"),
	TEXT(store, files, 1000, "", "the folder of the files that people sent; empty: files beside the store"),

	OTHER(CONFIG_LISTEN, http, listen, "127.0.0.1:8088", "the address of the payment pages' server"),
	OTHER(CONFIG_URL, http, public_url, "", "what people's browsers call that server"),
	SECRET(CONFIG_TEXT, http, metrics_token, 200, "", "what a reader of /metrics has to know"),
	SPAN(http, request_s, request_ms, 1000, 1, 300, "20", "how long a peer may take for its request"),

	NEEDED(app, locales, 1000, "locales", "the folder of the language files"),
	NEEDED(app, default_language, 8, "fa", "the language of people whose own is not there"),
	WORD(app, log_level, LOG_DEBUG, "debug|info|warn|error", "info", "the least important line that is logged"),
	WORD(app, log_format, CONFIG_LOG_TEXT, "text|json", "text", "how the log's lines are written"),
	NEEDED(app, name, 60, "Separex", "the name that people see"),
	TEXT(app, support_hours, 200, "", "when people answer by phone"),
	TEXT(app, complaints, 200, "", "where a written complaint goes"),

	INT(send, chat_per_s, 1, 30, "1", "messages to one chat in a second"),
	INT(send, chat_burst, 1, 20, "5", "messages to one chat at once before that counts"),
	INT(send, group_per_minute, 1, 60, "20", "messages to one group in a minute"),
	INT(send, bulk_per_s, 1, 1000, "30", "messages to all chats in a second"),
	INT(send, max_attempts, 1, 50, "8", "tries before a message is set aside"),
	INT(send, workers, 1, 64, "8", "requests under way at once"),

	TOMAN(deal, min_toman, min_price, 1000, TOMAN_MAX, "10000", "the smallest price"),
	TOMAN(deal, max_toman, max_price, 1000, TOMAN_MAX, "500000000", "the largest sum that a buyer pays in all"),
	TOMAN(deal, ruling_two_person_toman, ruling_two_person, 0, TOMAN_MAX, "20000000",
	      "above this a ruling needs a second operator"),
	SPAN(deal, offer_hours, offer_ms, HOUR_MS, 1, 168, "48", "how long an offer waits for the other side"),
	SPAN(deal, draft_hours, draft_ms, HOUR_MS, 1, 168, "24", "how long an unfinished draft is kept"),
	SPAN(deal, pay_minutes, pay_ms, MINUTE_MS, 10, 4320, "60", "how long the buyer has to pay"),
	SPAN(deal, pay_extend_hours, pay_extend_ms, HOUR_MS, 1, 72, "24", "to how long the buyer may extend that"),
	SPAN(deal, ship_hours, ship_ms, HOUR_MS, 12, 240, "72", "how long the seller has to send"),
	SPAN(deal, transit_days, transit_ms, DAY_MS, 1, 60, "10", "how long a parcel may be on its way"),
	SPAN(deal, inspection_hours, inspection_ms, HOUR_MS, 12, 720, "48", "how long the buyer has to look at goods"),
	SPAN(deal, issue_answer_hours, issue_answer_ms, HOUR_MS, 24, 120, "72",
	     "how long the other side has to answer a problem"),
	SPAN(deal, issue_escalate_hours, issue_escalate_ms, HOUR_MS, 1, 120, "24",
	     "how long either side has to call an operator after the answer"),
	SPAN(deal, negotiation_days, negotiation_ms, DAY_MS, 1, 14, "7", "how long the two may talk a problem over"),
	SPAN(deal, appeal_hours, appeal_ms, HOUR_MS, 0, 168, "48", "how long a ruling can be appealed"),
	SPAN(deal, return_days, return_ms, DAY_MS, 1, 30, "5", "how long the buyer has to send goods back"),
	SPAN(deal, return_check_hours, return_check_ms, HOUR_MS, 12, 240, "72",
	     "how long the seller has to look at returned goods"),
	SPAN(deal, outage_grace_minutes, outage_grace_ms, MINUTE_MS, 0, 1440, "120",
	     "after an outage nobody is punished for this long"),

	ROW(CONFIG_TIERS, fee, tiers, plan, 0, 2000, 1, NULL, "0:100", "the fee: FROM-TOMAN:BASIS-POINTS", false),
	WORD(fee, default_payer, FEE_BY_BUYER, "buyer|seller|half", "half",
	     "who pays the fee unless the two agree otherwise"),

	SPAN(payout, min_hours, min_ms, HOUR_MS, 1, 12, "1", "the soonest a payout is made"),
	SPAN(payout, max_hours, max_ms, HOUR_MS, 1, 12, "12", "the latest a payout is made"),
	NEEDED(payout, gateway, 30, "sandbox", "the gateway that pays out"),
	WORD(payout, rail, CONFIG_RAIL_BANK, "bank|file", "bank",
	     "how payouts leave: by that gateway, or in files for a bank"),
	TEXT(payout, folder, 1000, "", "the folder of the files for the bank; empty: payouts beside the store"),
	SPAN(payout, keep_days, keep_ms, DAY_MS, 1, 3650, "60", "how long the files of the bank are kept"),
	TOMAN(payout, two_person_toman, two_person, 0, TOMAN_MAX, "50000000",
	      "above this a payout needs two treasurers"),
	WORD(payout, counts_cycles, CONFIG_CALENDAR_AUTO, "auto|on|off", "auto",
	     "whether payouts are promised by the banks' cycles"),
	OTHER(CONFIG_CYCLES, payout, cycles, "12:45 18:45", "when PAYA runs on a working day"),
	OTHER(CONFIG_CYCLES, payout, thursday_cycles, "12:45", "when it runs on a Thursday"),
	OTHER(CONFIG_CYCLES, payout, holiday_cycles, "", "when it runs on a Friday or holiday"),
	SPAN(payout, cycle_lead_minutes, cycle_lead_ms, MINUTE_MS, 0, 720, "60",
	     "how long before a cycle an order must leave"),
	OTHER(CONFIG_DAYS, payout, closed_days, "", "days on which banks are closed at short notice: 2026-03-01"),

	OTHER(CONFIG_NAMES, gateway, order, "sandbox", "the gateways for payments, the first one first"),
	TOMAN(gateway, cap_toman, cap, 1000, TOMAN_MAX, "50000000", "the most that one payment carries"),
	TOMAN(gateway, mellat_cap_toman, mellat_cap, 0, TOMAN_MAX, "0", "the same at Bank Mellat; 0: as cap_toman"),
	TOMAN(gateway, parsian_cap_toman, parsian_cap, 0, TOMAN_MAX, "0", "the same at Bank Parsian; 0: as cap_toman"),
	TOMAN(gateway, zarinpal_cap_toman, zarinpal_cap, 0, TOMAN_MAX, "0", "the same at Zarinpal; 0: as cap_toman"),
	OTHER(CONFIG_BOOL, gateway, ask_card, "on", "whether buyers say with which card they pay"),

	OTHER(CONFIG_URL, sandbox_bank, url, "", "where the practice bank is"),
	TEXT(sandbox_bank, terminal, 60, "separex", "our name at the practice bank"),
	SECRET(CONFIG_TEXT, sandbox_bank, password, 200, "sandbox", "our password at the practice bank"),

	OTHER(CONFIG_URL, mellat, url, "https://bpm.shaparak.ir/pgwchannel/services/pgw",
	      "where Bank Mellat's service is"),
	OTHER(CONFIG_URL, mellat, pay_url, "https://bpm.shaparak.ir/pgwchannel/startpay.mellat",
	      "where its buyers pay"),
	TEXT(mellat, terminal, 20, "", "the terminal number of the contract"),
	TEXT(mellat, username, 60, "", "the user name of the contract"),
	SECRET(CONFIG_TEXT, mellat, password, 200, "", "the password of the contract"),
	OTHER(CONFIG_BOOL, mellat, find_lost, "on", "whether a sale whose browser never came back is asked for"),
	OTHER(CONFIG_BOOL, mellat, refund, "off", "whether the contract has refunds by the service"),

	OTHER(CONFIG_URL, parsian, url, "https://pec.shaparak.ir", "where Bank Parsian's gateway is"),
	SECRET(CONFIG_TEXT, parsian, pin, 200, "", "the LoginAccount of the contract"),
	TEXT(parsian, terminal, 20, "", "the terminal number of the contract"),
	OTHER(CONFIG_BOOL, parsian, confirm_amount, "on", "whether the bank is told the sum when it confirms"),

	OTHER(CONFIG_URL, zarinpal, url, "https://payment.zarinpal.com", "where Zarinpal is"),
	SECRET(CONFIG_TEXT, zarinpal, merchant_id, 60, "", "the merchant id of the contract"),
	WORD(zarinpal, sweep, 0, "inquiry|unverified", "inquiry", "how a lost payment is found"),

	OTHER(CONFIG_URL, vandar, url, "https://api.vandar.io", "where Vandar is"),
	TEXT(vandar, business, 60, "", "the name of the business at Vandar"),
	SECRET(CONFIG_TEXT, vandar, access_token, 4000, "", "the access token of the business panel"),
	SECRET(CONFIG_TEXT, vandar, refresh_token, 4000, "", "the refresh token of the business panel"),
	OTHER(CONFIG_BOOL, vandar, instant, "off", "whether payouts leave at once"),
	WORD(vandar, type, 0, "ACH|A2A", "ACH", "how payouts travel"),

	WORD(identity, provider, CONFIG_IDENTITY_NONE, "none|vandar", "none", "who says that a payee is who they say"),

	OTHER(CONFIG_WORDS, statement, key, "date reference credit debit",
	      "the columns that name a row of a statement together"),
	TEXT(statement, reference, 60, "reference", "the column in which our number or the bank's stands"),
	TEXT(statement, date, 60, "date", "the column of the date"),
	TEXT(statement, credit, 60, "credit", "the column of what came in, in rial"),
	TEXT(statement, debit, 60, "debit", "the column of what went out, in rial"),
	TEXT(statement, amount, 60, "", "instead of the two: one column, below zero for what went out"),
	TEXT(statement, words, 60, "description", "the column of the bank's words"),
	OTHER(CONFIG_WORDS, statement, clearing, "", "words that say that a gateway handed over: WORD:GATEWAY"),
	OTHER(CONFIG_WORDS, statement, cost, "", "words that say that the bank took a fee"),
	TOMAN(statement, cost_most_toman, cost_most, 0, TOMAN_MAX, "100000", "above this a debit is no fee"),

	SPAN(watch, queue_minutes, queue_ms, MINUTE_MS, 1, 1440, "10",
	     "how long a message may wait before it is an alarm"),
	INT(watch, disk_mb, 0, 1000000000, "500", "less room than this is an alarm"),

	INT(books, proof_hour, -1, 23, "9", "the hour of the daily proof of the books; -1 for none"),
	INT(books, vat_percent, 0, 50, "10", "the value added tax that our fee contains"),

	OTHER(CONFIG_WORDS, sms, providers, "", "who sends short messages, the first one first: kavenegar, smsir"),
	INT(sms, daily_cap, 1, 100, "15", "short messages to one person in a day"),
	OTHER(CONFIG_URL, kavenegar, url, "https://api.kavenegar.com", "where Kavenegar is"),
	SECRET(CONFIG_TEXT, kavenegar, key, 200, "", "the API key of the panel"),
	NEEDED(kavenegar, template, 40, "separex", "what the names of our templates begin with"),
	OTHER(CONFIG_URL, smsir, url, "https://api.sms.ir", "where sms.ir is"),
	SECRET(CONFIG_TEXT, smsir, key, 200, "", "the API key of the panel"),
	OTHER(CONFIG_WORDS, smsir, templates, "", "the numbers of our templates: EVENT:NUMBER"),

	TEXT(ccti, name, 70, "", "our name as the bank has it"),
	TEXT(ccti, iban, 26, "", "our own IBAN, which pays"),
	NEEDED(ccti, bic, 11, "BMJIIRTHXXX", "the bank code that stands in every order"),
	OTHER(CONFIG_BOOL, ccti, xmlns, "on", "whether the file names its schema"),
	OTHER(CONFIG_BOOL, ccti, national_id, "off", "whether payees' national ids are written"),
	OTHER(CONFIG_BOOL, ccti, remittance, "on", "whether each order has its words"),
	OTHER(CONFIG_BOOL, ccti, track_id, "on", "whether each order carries our number"),
	OTHER(CONFIG_BOOL, ccti, method_currency, "off", "whether the method names its currency"),

	NEEDED(results, track, 60, "track", "the column of our number"),
	NEEDED(results, state, 60, "state", "the column of the state"),
	TEXT(results, reason, 60, "reason", "the column of the bank's reason"),
	TEXT(results, reference, 60, "reference", "the column of the bank's number"),
	TEXT(results, amount, 60, "amount", "the column of the sum in rial"),
	TEXT(results, iban, 60, "iban", "the column of the IBAN"),
	OTHER(CONFIG_WORDS, results, done, "done", "the states that mean paid"),
	OTHER(CONFIG_WORDS, results, returned, "returned failed", "the states that mean sent back"),

	OTHER(CONFIG_IDS, staff, operators, "", "the Telegram ids of the operators: mediators and treasurers in one"),
	OTHER(CONFIG_IDS, staff, readers, "", "those who may only look"),
	OTHER(CONFIG_IDS, staff, mediators, "", "those who rule on problems"),
	OTHER(CONFIG_IDS, staff, treasurers, "", "those who approve money that leaves"),
	{.info = {.section = NULL}},
};

static_assert(sizeof config_rows / sizeof config_rows[0] <= CONFIG_MAX_ROWS, "raise CONFIG_MAX_ROWS");

const struct config_key_info *config_key(size_t i)
{
	if (i >= sizeof config_rows / sizeof config_rows[0] || !config_rows[i].info.section)
		return NULL;
	return &config_rows[i].info;
}
