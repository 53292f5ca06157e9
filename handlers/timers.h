/* A deal's clock has come: a reminder at half and at nine tenths, then what the clock's end means. */
#ifndef SEPAREX_TIMERS_H
#define SEPAREX_TIMERS_H

#include "turn.h"

/* Fires one due clock. `t` has no update and no person. */
void timer_fire(struct turn *t, const struct deal_timer *timer);

/* Draws both cards of a deal again (after an outage buttons pressed meanwhile are lost, telegram.md 1.3). */
void timer_redraw(struct turn *t, int64_t deal_id);

#endif
