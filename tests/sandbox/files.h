/* Pictures and documents that were sent: their bytes, and the names under which they can be asked for. */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "world.h"

enum { FILES_MAX = 300, PHOTO_BYTES_MAX = 10 << 20, DOCUMENT_BYTES_MAX = 50 << 20, FILES_BYTES_MAX = 256 << 20 };

enum file_kind { FILE_DOCUMENT, FILE_PHOTO, FILE_VIDEO, FILE_VOICE, FILE_STICKER, FILE_KINDS };

struct file {
	char id[72], unique_id[24];
	char path[64]; /* "photos/file_3.png" */
	char mime[64];
	char name[128];
	enum file_kind kind;
	int64_t width, height; /* of a picture */
	char *bytes;
	size_t n;
};

struct files *files_new(void *ctx);

/* Keeps a copy of the bytes. A photo must be a PNG or JPEG within Telegram's limits; otherwise NULL, and *error says
 * what Telegram would say. The oldest files go when there are too many. */
struct file *files_add(struct world *w, enum file_kind kind, const char *name, const char *bytes, size_t n,
		       const char **error);

struct file *files_with_id(struct world *w, const char *id);
struct file *files_with_path(struct world *w, const char *path);

/* Puts the file into a message under the Bot API's name for its kind ("photo", "voice" …). */
void file_put(json_t *message, const struct file *f);
const char *file_kind_name(enum file_kind kind); /* "Photo", as Telegram's errors say it */
/* The kind whose member of a message is called `member`; FILE_KINDS for none. */
enum file_kind file_kind_of(const char *member);

/* A small file for people who send "a photo" or "a voice" without saying which. */
struct file *files_sample(struct world *w, enum file_kind kind);

#endif
