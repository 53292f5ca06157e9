/* `separex restore FILE`. */
#ifndef SEPAREX_RESTORE_H
#define SEPAREX_RESTORE_H

#include "config.h"

/* Proves a copy of the backup, brings it to this program's version, makes it doubt whatever it would send to a bank,
 * moves the store that is there aside (it is never deleted) and puts the copy in its place. Refused while a bot has the
 * store; until the last step nothing has changed. Unless the bot has not run since the backup was made
 * (`nothing_since`), money of the deals in it is held (repo_restored.h). The exit code. */
int restore_command(const struct config *c, const char *file, bool nothing_since);

#endif
