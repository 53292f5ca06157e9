/* What a person can do, one function for each: the right-hand sides of the tables in routes.c. */
#ifndef SEPAREX_STEPS_H
#define SEPAREX_STEPS_H

#include "outmsg.h"
#include "turn.h"

/* A command; `args` is what follows it. */
typedef void command_fn(struct turn *t, const char *args);
command_fn start_command, help_command, language_command, deals_command, deal_command, fee_command, cancel_command,
	iban_command, profile_command, batch_command, books_command, sell_command, buy_command, delivered_command,
	settings_command, terms_command, about_command, check_command, emblem_command, blocked_command, left_command;

/* A button that belongs to no deal; `rest` is what its data says behind the prefix of the table in routes.c. */
typedef void press_fn(struct turn *t, const char *rest);
press_fn language_press, profile_press, batch_press, settings_press, lists_press, help_press, emblem_press, terms_press,
	blocked_press, new_press, check_press;

/* A button of a deal; `extra` is what its data carries behind the act, "" for nothing. The deal is read and the person
 * has a seat in it, unless the table in routes.c says that strangers and operators may press. */
typedef void act_fn(struct turn *t, struct deal_file *f, const char *extra);
act_fn publish_act, fee_act, price_act, title_act, cancel_act, decline_act, turn_away_act, agree_act, ship_act,
	carrier_act, accept_act, withdraw_act, appeal_act, report_act, report_done_act, answer_act, answer_done_act,
	escalate_act, show_act, back_act, iban_act, ship_back_act, return_fine_act, return_bad_act, return_bad_done_act,
	rule_act, freeze_act, ask_info_act, review_act, payout_ok_act, rule_do_act, look_act, carriage_act, swap_act,
	again_act, counter_act, amend_ok_act, proof_act, proof_done_act, see_proof_act, timeline_act, status_act,
	receipt_act, block_act;

/* A step of a conversation that waits for words, photos or files. `data` is the step's JSON. */
typedef void talk_fn(struct turn *t, const char *data);
talk_fn new_title_talk, new_price_talk, edit_price_talk, edit_title_talk, ship_talk, story_talk, iban_talk,
	profile_id_talk, profile_mobile_talk, split_talk, ask_info_talk, rule_why_talk, ship_pick_talk, ship_back_talk,
	counter_price_talk, proof_talk, check_talk, sure_talk, proof_pick_talk;

/* Words outside any step and command. */
void loose_words(struct turn *t);
/* A message was changed after it was sent. */
void edited_words(struct turn *t);

/* Somebody types after the bot's name in any chat; one of the ready cards was sent there. */
void inline_query(struct turn *t);
void inline_chosen(struct turn *t);

/* "I sell", "I buy", "my deals" under a message that begins something. */
void start_buttons(struct turn *t, struct outmsg *m);

/* Enters a step. `data` is its JSON. */
void talk_begin(struct turn *t, const char *step, const char *data);
/* The step's JSON for a deal: {"deal":ID}, on the turn's ctx. */
const char *talk_deal_data(struct turn *t, int64_t deal_id);
/* Reads it back; the person must have a seat (or sit in the staff chat). False otherwise, said to the person. */
bool talk_deal(struct turn *t, const char *data, struct deal_file *f);

/* A tracking code sent without pressing anything first, by somebody with exactly one deal to ship. True when taken. */
bool ship_by_words(struct turn *t);
/* An IBAN sent without being asked, by somebody who has none. True when taken. */
bool iban_by_words(struct turn *t);
/* The last four digits of the card, typed by a buyer whose payment is awaited. */
bool card_by_words(struct turn *t);

/* The label of a button, typed instead of pressed. True when some card of the person has it. */
bool button_by_words(struct turn *t);

/* Does what a pressed button with this data does; by_words for one that was typed: its toast is a message. */
void press(struct turn *t, const char *data);
void press_by_words(struct turn *t, const char *data);

/* A link "d_CODE" was opened. */
void join_by_code(struct turn *t, const char *code);
/* The same although the two have a deal that looks the same. */
void join_anyway(struct turn *t, const char *code);

/* True when the person of the turn may act as an operator here. */
bool is_operator(const struct turn *t);

/* The consequence of a step that moves money, with a yes and a no, in place of the card. `yes` is the act to press; the
 * state in which it was asked goes with it. */
void ask_sure(struct turn *t, const struct deal_file *f, const char *html, const char *yes);

#endif
