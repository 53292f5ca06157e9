/* Files: see files.h. */
#include "files.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

struct files {
	struct file *list[FILES_MAX];
	size_t n, bytes;
	int64_t next;
};

static const struct {
	const char *name, *member, *folder, *prefix; /* of its file_id */
	const char *sample_name, *mime;
} kinds[FILE_KINDS] = {
	[FILE_DOCUMENT] = {"Document", "document", "documents", "BQACAgQAAxkB", "document.pdf",
			   "application/octet-stream"},
	[FILE_PHOTO] = {"Photo", "photo", "photos", "AgACAgQAAxkB", "photo.png", "image/png"},
	[FILE_VIDEO] = {"Video", "video", "videos", "BAACAgQAAxkB", "video.mp4", "video/mp4"},
	[FILE_VOICE] = {"VoiceNote", "voice", "voice", "AwACAgQAAxkB", "voice.oga", "audio/ogg"},
	[FILE_STICKER] = {"Sticker", "sticker", "stickers", "CAACAgQAAxkB", "sticker.webp", "image/webp"},
};

/* What Telegram makes of a document's name. */
static const struct {
	const char *ending, *mime;
} mimes[] = {{".pdf", "application/pdf"}, {".png", "image/png"},
	     {".jpg", "image/jpeg"},      {".txt", "text/plain"},
	     {".csv", "text/csv"},        {".ods", "application/vnd.oasis.opendocument.spreadsheet"}};

struct files *files_new(void *ctx)
{
	return talloc_zero(ctx, struct files);
}

static int64_t big_endian(const unsigned char *p, int n)
{
	int64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static bool png_size(const unsigned char *p, size_t n, int64_t *width, int64_t *height)
{
	if (n < 33 || memcmp(p, "\x89PNG\r\n\x1a\n", 8) != 0 || memcmp(p + 12, "IHDR", 4) != 0)
		return false;
	*width = big_endian(p + 16, 4);
	*height = big_endian(p + 20, 4);
	return true;
}

static bool jpeg_size(const unsigned char *p, size_t n, int64_t *width, int64_t *height)
{
	size_t i = 2;

	if (n < 4 || p[0] != 0xFF || p[1] != 0xD8)
		return false;
	while (i + 9 < n && p[i] == 0xFF) {
		unsigned char marker = p[i + 1];

		if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
			*height = big_endian(p + i + 5, 2);
			*width = big_endian(p + i + 7, 2);
			return true;
		}
		i += 2 + (size_t)big_endian(p + i + 2, 2);
	}
	return false;
}

static const char *photo_refused(struct file *f, const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;
	bool png = png_size(p, n, &f->width, &f->height);
	int64_t w, h;

	if (!png && !jpeg_size(p, n, &f->width, &f->height))
		return "Bad Request: IMAGE_PROCESS_FAILED";
	if (n > PHOTO_BYTES_MAX)
		return "Bad Request: file is too big for a photo (10 MB)";
	w = f->width;
	h = f->height;
	if (w < 1 || h < 1 || w + h > 10000 || w > 20 * h || h > 20 * w)
		return "Bad Request: PHOTO_INVALID_DIMENSIONS";
	snprintf(f->mime, sizeof f->mime, "%s", png ? "image/png" : "image/jpeg");
	return NULL;
}

static void set_mime(struct file *f, const char *ending)
{
	if (f->kind == FILE_PHOTO)
		return; /* told by its bytes */
	snprintf(f->mime, sizeof f->mime, "%s", kinds[f->kind].mime);
	for (size_t i = 0; f->kind == FILE_DOCUMENT && i < sizeof mimes / sizeof *mimes; i++)
		if (strcmp(mimes[i].ending, ending) == 0)
			snprintf(f->mime, sizeof f->mime, "%s", mimes[i].mime);
}

static void name_file(struct world *w, struct file *f, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	char *random = rnd_token(f, &w->rnd, 24);
	const char *dot = strrchr(name, '.');
	char ending[12] = ".bin";

	if (f->kind == FILE_PHOTO)
		snprintf(ending, sizeof ending, "%s", strstr(f->mime, "png") ? ".png" : ".jpg");
	else if (dot && strlen(dot) < sizeof ending && strspn(dot + 1, letters))
		snprintf(ending, sizeof ending, ".%.*s", (int)strspn(dot + 1, letters), dot + 1);
	set_mime(f, ending);
	snprintf(f->id, sizeof f->id, "%s%s", kinds[f->kind].prefix, random);
	snprintf(f->unique_id, sizeof f->unique_id, "AQAD%.12s", random);
	snprintf(f->name, sizeof f->name, "%s", name);
	snprintf(f->path, sizeof f->path, "%s/file_%lld%s", kinds[f->kind].folder, (long long)w->files->next++, ending);
}

static void make_room(struct files *fs, size_t n)
{
	while (fs->n && (fs->n == FILES_MAX || fs->bytes + n > FILES_BYTES_MAX)) {
		fs->bytes -= fs->list[0]->n;
		talloc_free(fs->list[0]);
		memmove(fs->list, fs->list + 1, (fs->n - 1) * sizeof fs->list[0]);
		fs->n--;
	}
}

struct file *files_add(struct world *w, enum file_kind kind, const char *name, const char *bytes, size_t n,
		       const char **error)
{
	struct files *fs = w->files;
	struct file *f = talloc_zero(fs, struct file);

	f->kind = kind;
	*error = n == 0                   ? "Bad Request: file must be non-empty"
		 : n > DOCUMENT_BYTES_MAX ? "Request Entity Too Large"
		 : kind == FILE_PHOTO     ? photo_refused(f, bytes, n)
					  : NULL;
	if (*error) {
		talloc_free(f);
		return NULL;
	}
	name_file(w, f, name && *name ? name : "file.bin");
	make_room(fs, n);
	f->bytes = talloc_memdup(f, bytes, n);
	f->n = n;
	fs->bytes += n;
	fs->list[fs->n++] = f;
	return f;
}

/* Each size of a photo has the file's id with one more letter: all lead to the same bytes. */
struct file *files_with_id(struct world *w, const char *id)
{
	for (size_t i = w->files->n; i-- > 0;) {
		struct file *f = w->files->list[i];
		size_t n = strlen(f->id);

		if (strncmp(f->id, id, n) == 0 &&
		    (!id[n] || (f->kind == FILE_PHOTO && strchr("sm", id[n]) && !id[n + 1])))
			return f;
	}
	return NULL;
}

struct file *files_with_path(struct world *w, const char *path)
{
	for (size_t i = w->files->n; i-- > 0;)
		if (strcmp(w->files->list[i]->path, path) == 0)
			return w->files->list[i];
	return NULL;
}

static json_t *photo_size(const struct file *f, const char *suffix, int64_t longest)
{
	int64_t w = f->width, h = f->height, big = w > h ? w : h;
	char id[80], unique[32];

	if (big > longest) {
		w = w * longest / big;
		h = h * longest / big;
	}
	snprintf(id, sizeof id, "%s%s", f->id, suffix);
	snprintf(unique, sizeof unique, "%s%s", f->unique_id, suffix);
	return json_pack("{sssssIsIsI}", "file_id", id, "file_unique_id", unique, "width", (json_int_t)(w ? w : 1),
			 "height", (json_int_t)(h ? h : 1), "file_size",
			 (json_int_t)(*suffix ? (json_int_t)f->n / 4 + 1 : (json_int_t)f->n));
}

static json_t *photo_sizes(const struct file *f)
{
	int64_t big = f->width > f->height ? f->width : f->height;
	json_t *sizes = json_array();

	if (big > 90)
		json_array_append_new(sizes, photo_size(f, "s", 90));
	if (big > 320)
		json_array_append_new(sizes, photo_size(f, "m", 320));
	json_array_append_new(sizes, photo_size(f, "", 10000));
	return sizes;
}

/* What a voice, video or sticker tells beside its file; a new reference. */
static json_t *extras(const struct file *f)
{
	switch (f->kind) {
	case FILE_VIDEO:
		return json_pack("{sssssisisi}", "file_name", f->name, "mime_type", f->mime, "width", 640, "height",
				 360, "duration", 5);
	case FILE_VOICE:
		return json_pack("{sssi}", "mime_type", f->mime, "duration", 3);
	case FILE_STICKER:
		return json_pack("{sssisisbsbss}", "type", "regular", "width", 512, "height", 512, "is_animated", 0,
				 "is_video", 0, "emoji", "👍");
	case FILE_DOCUMENT:
	case FILE_PHOTO:
	case FILE_KINDS:
		break;
	}
	return json_pack("{ssss}", "file_name", f->name, "mime_type", f->mime);
}

void file_put(json_t *message, const struct file *f)
{
	json_t *v;

	if (f->kind == FILE_PHOTO) {
		v = photo_sizes(f);
	} else {
		v = extras(f);
		json_object_update_new(v, json_pack("{sssssI}", "file_id", f->id, "file_unique_id", f->unique_id,
						    "file_size", (json_int_t)f->n));
	}
	json_object_set_new(message, kinds[f->kind].member, v);
}

const char *file_kind_name(enum file_kind kind)
{
	return kinds[kind].name;
}

enum file_kind file_kind_of(const char *member)
{
	int kind = 0;

	while (kind < FILE_KINDS && strcmp(kinds[kind].member, member) != 0)
		kind++;
	return (enum file_kind)kind;
}

/* One grey pixel, by 1 to 1. */
static const unsigned char sample[] = {
	0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
	0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3a, 0x7e, 0x9b, 0x55, 0,
	0,    0,    0x0a, 'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x68, 0,   0,    0,    0x82, 0,    0x81,
	0x77, 0xcd, 0x72, 0xb6, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xae, 0x42, 0x60, 0x82};

struct file *files_sample(struct world *w, enum file_kind kind)
{
	const char *name = kinds[kind].sample_name, *error;

	if (kind == FILE_PHOTO)
		return files_add(w, kind, name, (const char *)sample, sizeof sample, &error);
	return files_add(w, kind, name, "sample\n", 7, &error);
}
