/* `separex forget USER`. */
#ifndef SEPAREX_FORGET_COMMAND_H
#define SEPAREX_FORGET_COMMAND_H

#include "config.h"

/* Forgets the person with that Telegram id or @username, unless a deal of theirs is unfinished or the time for which
 * its records must be kept (store.retention_years) is not over; the bot must not run. The exit code. */
int forget_command(const struct config *c, const char *user);

#endif
