/* What the pages of all practice banks are made of. */
#ifndef SANDBOX_BANK_LOOK_H
#define SANDBOX_BANK_LOOK_H

#include "buf.h"

#include <stdbool.h>
#include <stdint.h>

extern const char bank_style[]; /* a style sheet without outside resources */
extern const char bank_own_csp[]; /* for pages whose forms stay here */

void bank_put_escaped(struct buf *b, const char *s);
/* A number in groups of three, with Persian digits for Persian readers. */
void bank_put_amount(struct buf *b, int64_t amount, bool persian);
/* One hidden field for each "name=value" of a form-encoded text (whose values need no decoding). */
void bank_put_fields(struct buf *b, const char *fields);

#endif
