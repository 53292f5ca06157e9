/* The part of a deal that is stored as one JSON text: flags and proposals that no query asks for. */
#ifndef SEPAREX_REPO_DEAL_REST_H
#define SEPAREX_REPO_DEAL_REST_H

#include "deal.h"

/* JSON on ctx of the fields in the table of repo_deal_rest.c; zeros are left out. */
char *deal_rest_text(const void *ctx, const struct deal *d);
/* Reads it back; what is missing stays zero. Ends the process when the text is no JSON: then the store is damaged. */
void deal_rest_read(const char *text, struct deal *d);

#endif
