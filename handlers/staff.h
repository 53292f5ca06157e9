/* What the staff may do, and the log of what they did. */
#ifndef SEPAREX_STAFF_H
#define SEPAREX_STAFF_H

#include "turn.h"

/* Whether the person of the turn may act in that role here: in the operators' group, by the owner's lists. Every role
 * may look. When the owner listed nobody, everybody in that group may everything. */
bool staff_may(const struct turn *t, enum staff_role role);

/* Whether a person is of the staff by the owner's lists, wherever they speak. */
bool staff_listed(const struct house *h, int64_t outside_id);

/* Notes an act of the person of the turn. `first_id`: who approved before them, 0 for nobody. */
void staff_log(struct turn *t, const struct deal_file *f, int64_t first_id, const char *act, const char *detail);

/* An event by the person of the turn as a mediator. */
struct event staff_event(const struct turn *t, enum event_kind kind);

/* Does it, logs it, and says so or why not. `note` goes into the deal's history. */
enum refusal staff_do(struct turn *t, struct deal_file *f, const struct event *e, const char *note);

/* The same for an event that may need two people: the rules say whether one is enough. `what` names what is approved.
 */
enum refusal staff_do_with_approval(struct turn *t, struct deal_file *f, struct event *e, const char *what,
				    const char *note);

/* The first word of two waits here, by name of what was approved, for a second person's. Returns the first one's person
 * id when this is the second; otherwise notes this one, tells the group that one more is needed, and returns 0. */
int64_t staff_second(struct turn *t, const char *subject, const char *what);

#endif
