/* The simulator's shared ground: one history of the whole program, with clock, chance, network and disk replaced.
 * Everything is one thread and one order of events; the same seed gives the same history, byte for byte. */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { FOLK = 40, OPERATORS = 3, BUTTONS_MAX = 24, MESSAGES_KEPT = 12, TEXT_BYTES = 160 };

/* What can go wrong, counted by kind. */
enum trouble {
	TROUBLE_SEND_UNSENT, /* a request never left */
	TROUBLE_SEND_LOST, /* the work was done, its answer never came */
	TROUBLE_SEND_HANG, /* nothing was done, no answer */
	TROUBLE_SEND_500,
	TROUBLE_SEND_HTML,
	TROUBLE_SEND_EMPTY, /* the work was done, the answer is empty */
	TROUBLE_SEND_CUT,
	TROUBLE_SEND_429,
	TROUBLE_OUTAGE, /* minutes or hours in which a host cannot be reached */
	TROUBLE_UPDATE_TWICE,
	TROUBLE_PRESS_TWICE,
	TROUBLE_PRESS_OLD,
	TROUBLE_PRESS_FOREIGN, /* somebody else's button */
	TROUBLE_WORDS_ODD,
	TROUBLE_CALLBACK_TWICE,
	TROUBLE_CALLBACK_LATE,
	TROUBLE_CALLBACK_NEVER,
	TROUBLE_CALLBACK_FORGED,
	TROUBLE_KILL, /* the process died; what it wrote is there */
	TROUBLE_POWER, /* the machine died: what was not synced is gone or torn */
	TROUBLE_DISK_FULL,
	TROUBLE_CLOCK_STEP,
	TROUBLES
};

extern const char *const trouble_names[TROUBLES];

/* What a history was, or what all of them were. */
struct tally {
	int64_t troubles[TROUBLES];
	int64_t updates, requests, callbacks, steps, audits;
	int64_t deals, ended, paid_out_rial;
	double simulated_ms;
	bool rows[256]; /* lines of the deal table that were taken */
	bool states[32];
};

struct sim {
	uint64_t seed;
	uint64_t chance; /* state of the world's own chance */
	int64_t now_ms; /* the true time */
	int64_t clock_off_ms; /* how far the machine's clock is off */
	bool weather; /* faults happen */
	bool dead; /* the process is no more: what it does from now on reaches nobody */
	bool power_lost; /* and the machine with it */
	bool busy; /* people begin new things */
	bool asks_card; /* this house wants to know the card before */
	int64_t life; /* which life of the process this is */
	const char *folder;
	FILE *trace; /* NULL: not written */
	uint64_t hash; /* of the whole trace */
	int64_t n_events;
	struct tally *tally;
	char wrong[2000]; /* the first thing found wrong; "" */

	struct disk *disk;
	struct wire *wire;
	struct chats *chats;
	struct banks *banks;
	struct config *config; /* of this life */
	int tokens; /* of Vandar, as the configuration has them */
	struct app *app; /* NULL while it is down */
};

/* --- chance: history.c --- */

uint64_t sim_random(struct sim *s);
/* 0 … n-1; n > 0. */
int64_t sim_below(struct sim *s, int64_t n);
/* True in `per_mille` of 1000 cases. */
bool sim_often(struct sim *s, int per_mille);
int64_t sim_between(struct sim *s, int64_t low, int64_t high);

/* A line of the trace: what happened. */
void sim_note(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something is wrong; the first time counts, and the history ends. */
void sim_wrong(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_trouble(struct sim *s, enum trouble f);
/* The process is gone from this moment on. */
void sim_kill(struct sim *s, bool with_power);

/* --- the disk: disk.c --- */

/* Files that live in memory, behind SQLite's interface; it becomes the default one of the process. */
struct disk *disk_new(struct sim *s);
void disk_free(struct disk *d);
/* After the process died: locks and shared memory are gone, and after a power cut what was not synced, too. */
void disk_restart(struct disk *d, bool power_lost);
void disk_set_full(struct disk *d, bool full);
bool disk_is_full(const struct disk *d);

/* --- requests and answers in virtual time: wire.c --- */

struct wire *wire_new(struct sim *s);
void wire_free(struct wire *w);
/* What the program is given (struct http_port). */
void *wire_port(struct wire *w);
/* Calls fn(s, arg) after a delay; what is under way for a life that has ended is dropped, these are not. */
void wire_later(struct wire *w, int64_t delay_ms, void (*fn)(struct sim *s, int64_t arg), int64_t arg);
/* A browser's or a bank's request to our own pages after a delay: "POST", path, and fields as a form has them. */
void wire_inbound(struct wire *w, int64_t delay_ms, const char *method, const char *path, const char *form);
/* Lets time pass without the program. */
void wire_pass(struct wire *w, int64_t ms);
/* The process died. */
void wire_cut(struct wire *w);
void wire_host_down(struct wire *w, int host, int64_t until_ms);
/* True while a long poll waits, which is answered by this. */
void wire_answer_poll(struct wire *w);

struct wire_answer {
	int status; /* 0: no answer at all */
	char *body; /* malloc'd, with a zero behind it */
	size_t n;
};

/* --- Telegram: chats.c --- */

struct button {
	char data[80]; /* callback data, or the address of a link */
	bool is_link;
};

struct shown {
	int64_t id;
	int n_buttons;
	struct button buttons[BUTTONS_MAX];
};

struct chats *chats_new(struct sim *s);
void chats_free(struct chats *t);
/* A call of the Bot API. `poll` is set, and nothing answered, when it is a getUpdates for which there is nothing. */
struct wire_answer chats_call(struct chats *t, const char *method, const char *json, bool *poll);
/* The poll that waited may be answered now. */
struct wire_answer chats_poll(struct chats *t);
bool chats_has_updates(const struct chats *t);
void chats_says(struct chats *t, int64_t person, int64_t chat, const char *text);
void chats_shows_contact(struct chats *t, int64_t person, const char *mobile);
void chats_shows_photo(struct chats *t, int64_t person, int64_t chat, const char *caption);
void chats_presses(struct chats *t, int64_t person, int64_t chat, int64_t message_id, const char *data);
/* The last messages with buttons in a chat, newest first. */
size_t chats_shown(const struct chats *t, int64_t chat, const struct shown **out, size_t most);

#define PERSON_ID(i) (INT64_C(700000) + (i))
#define STAFF_CHAT INT64_C(-1009000)
#define BOT_TOKEN "4242:simulated"

/* --- banks: banks.c --- */

enum { BANK_MAIN, BANK_MELLAT, BANK_PARSIAN, BANK_ZARINPAL, HOSTS_OF_BANKS };

struct banks *banks_new(struct sim *s);
void banks_free(struct banks *b);
/* A request to one of their hosts. Headers are "Name: value" lines. */
struct wire_answer banks_call(struct banks *b, int host, const char *method, const char *path, const char *type,
			      const char *soap_action, const char *authorization, const char *body, size_t n);
/* A payer at the bank's page of an order, with a card (NULL: with the usual one); then the browser's way back, or not.
 */
void banks_pay(struct banks *b, const char *gateway, const char *order_id, const char *act, const char *card);
/* What all banks hold for us by their own books, in rial, and what they paid out. */
int64_t banks_hold(struct banks *b, int64_t *paid_out);
void banks_tick(struct banks *b);
/* Vandar gives its shop new tokens, of that number, and takes no others. */
void banks_set_tokens(struct banks *b, int number);

/* --- people: people.c --- */

/* Somebody does something, and the next one is appointed. */
void people_begin(struct sim *s);

/* --- what must always hold: check.c --- */

/* After each step, cheap; `whole`: everything, which is slow. */
void check_step(struct sim *s, bool whole);
/* When all is quiet: every deal has ended, nothing waits, and banks and books agree. */
void check_end(struct sim *s);
/* True when nothing waits and every deal has ended. */
bool check_quiet(struct sim *s);
/* Adds what was reached to the tally. */
void check_coverage(struct sim *s);
/* Lines of the deal table that the tally lacks. */
size_t check_rows_missed(const struct tally *t, int *out, size_t most);

/* --- one history: history.c --- */

struct history_options {
	uint64_t seed;
	int64_t days;
	bool weather;
	FILE *trace;
};

/* True when nothing was found; else the first thing that was is in `wrong`. */
bool history_play(const struct history_options *o, struct tally *tally, uint64_t *hash, char wrong[2000]);

#endif
