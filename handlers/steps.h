/* What a person can do, one function for each: the right-hand sides of the tables in routes.c. */
#ifndef SEPAREX_STEPS_H
#define SEPAREX_STEPS_H

#include "turn.h"

/* A command; `args` is what follows it. */
typedef void command_fn(struct turn *t, const char *args);
command_fn start_command, help_command, language_command, deals_command, deal_command, fee_command, cancel_command,
	iban_command, sell_command, buy_command, delivered_command;

/* A button of a deal; `extra` is what its data carries behind the act, "" for nothing. The deal is read and the person
 * has a seat in it, unless the table in routes.c says that strangers and operators may press. */
typedef void act_fn(struct turn *t, struct deal_file *f, const char *extra);
act_fn publish_act, fee_act, price_act, title_act, cancel_act, decline_act, turn_away_act, agree_act, ship_act,
	carrier_act, accept_act, report_act, report_done_act, answer_act, answer_done_act, escalate_act, show_act,
	back_act, iban_act, ship_back_act, return_fine_act, return_bad_act, return_bad_done_act, rule_act, freeze_act,
	ask_info_act, review_act;

/* A step of a conversation that waits for words, photos or files. `data` is the step's JSON. */
typedef void talk_fn(struct turn *t, const char *data);
talk_fn new_title_talk, new_price_talk, edit_price_talk, edit_title_talk, ship_talk, story_talk, iban_talk, split_talk,
	ship_back_talk;

/* Words outside any step and command. */
void loose_words(struct turn *t);

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

/* A link "d_CODE" was opened. */
void join_by_code(struct turn *t, const char *code);

/* True when the person of the turn may act as an operator here. */
bool is_operator(const struct turn *t);

/* The consequence of a step that moves money, with a yes and a no, in place of the card. `yes` is the act to press; the
 * state in which it was asked goes with it. */
void ask_sure(struct turn *t, const struct deal_file *f, const char *html, const char *yes);

#endif
