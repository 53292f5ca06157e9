/* Files that people sent, in one folder, each under the SHA-256 of its bytes: what was shown stays what was shown. */
#ifndef SEPAREX_FILE_STORE_H
#define SEPAREX_FILE_STORE_H

#include "crypto.h"
#include "err.h"
#include <stdbool.h>
#include <stddef.h>

/* Makes the folder (mode 0700; the one above it must exist) unless it is there. False and what to do in `e` when it
 * cannot be made, is no folder, or this user may not write in it. */
bool file_store_open(const char *folder, struct err *e);

/* Keeps the bytes as FOLDER/SHA256 (mode 0600) and gives that name. True means: on the disk, whole, whatever happens
 * next; a file of that name and length is left as it is. False and why in `e` (disk full, read-only, …): nothing of
 * that name has been changed, and the same call may be repeated. No part of the path comes from outside. */
bool file_store_keep(const char *folder, const void *bytes, size_t n, char name[SHA256_HEX_BYTES], struct err *e);

/* Writes a file under a name, whole or not at all, over one of that name; on the disk when this returns true. */
bool file_store_put(const char *folder, const char *name, const void *bytes, size_t n, struct err *e);

#endif
