/* Pictures and documents that were sent: their bytes, and the names under which they can be asked for. */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "world.h"

enum { FILES_MAX = 300, PHOTO_BYTES_MAX = 10 << 20, DOCUMENT_BYTES_MAX = 50 << 20, FILES_BYTES_MAX = 256 << 20 };

struct file {
	char id[72], unique_id[24];
	char path[64]; /* "photos/file_3.png" */
	char mime[64];
	char name[128];
	bool photo;
	int64_t width, height; /* of a picture */
	char *bytes;
	size_t n;
};

struct files *files_new(void *ctx);

/* Keeps a copy of the bytes. A photo must be a PNG or JPEG within Telegram's limits; otherwise NULL, and *error says
 * what Telegram would say. The oldest files go when there are too many. */
struct file *files_add(struct world *w, bool photo, const char *name, const char *bytes, size_t n, const char **error);

struct file *files_with_id(struct world *w, const char *id);
struct file *files_with_path(struct world *w, const char *path);

/* The Bot API's "photo" array or "document" object. New references. */
json_t *file_photo_sizes(const struct file *f);
json_t *file_document(const struct file *f);

/* A small valid PNG for people who send "a photo" without saying which. */
struct file *files_sample_photo(struct world *w);

#endif
