/* The two tables that must be there before the first migration. */
#ifndef SEPAREX_FOUNDATION_H
#define SEPAREX_FOUNDATION_H

#include "db.h"
#include "err.h"

#include <stdbool.h>

/* Makes the tables `migration` and `store_owner` where they are missing. They never change: every version of the
 * program must be able to read them to refuse. False and why in `e`. */
bool foundation_lay(struct db *db, struct err *e);

#endif
