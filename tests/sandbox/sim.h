/* The control interface, /sim/…: with it a script is any person, the clock, the bank's whim and the bad weather. */
#ifndef SANDBOX_SIM_H
#define SANDBOX_SIM_H

#include "world.h"

/* Serves /sim/…. */
void sim_serve(struct world *w, struct request *r);

/* Everything as at the start, but ids go on. Waiting requests are answered. */
void sim_reset(struct world *w);

/* The person and chat that a request names; NULL when it has been answered with an error. `chat` may be NULL. */
struct person *sim_person(struct world *w, struct request *r, struct chat **chat);

/* A whole number given as JSON or as text in a query. */
int64_t sim_int(const struct request *r, const char *name, int64_t otherwise);

/* What this Telegram can do, as POST /sim/telegram sets it. A new reference. */
json_t *sim_telegram_state(const struct world *w);

/* The pages, by file. Each answers the request. */
void sim_message(struct world *w, struct request *r);
void sim_edit(struct world *w, struct request *r);
void sim_delete(struct world *w, struct request *r);
void sim_press(struct world *w, struct request *r);
void sim_open(struct world *w, struct request *r);
void sim_set_person(struct world *w, struct request *r);
void sim_set_group(struct world *w, struct request *r);
void sim_set_telegram(struct world *w, struct request *r);
void sim_inline(struct world *w, struct request *r);
void sim_choose(struct world *w, struct request *r);
void sim_chat(struct world *w, struct request *r);
void sim_state(struct world *w, struct request *r);
void sim_file(struct world *w, struct request *r);

#endif
