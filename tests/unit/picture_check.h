/* Pictures seen by tests: decoded, written to files, looked at by other programs. */
#ifndef SEPAREX_PICTURE_CHECK_H
#define SEPAREX_PICTURE_CHECK_H

#include "picture.h"

#include <check.h>
#include <png.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

struct rgb_image {
	unsigned width, height;
	unsigned char *rgb; /* 3 bytes a pixel */
};

/* Decodes a PNG file in memory; on ctx. */
static inline struct rgb_image decoded(void *ctx, const void *bytes, size_t n)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	struct rgb_image out;

	ck_assert_msg(png_image_begin_read_from_memory(&image, bytes, n), "no PNG: %s", image.message);
	image.format = PNG_FORMAT_RGB;
	out = (struct rgb_image){image.width, image.height, talloc_size(ctx, PNG_IMAGE_SIZE(image))};
	ck_assert_msg(png_image_finish_read(&image, NULL, out.rgb, 0, NULL), "no whole PNG: %s", image.message);
	return out;
}

static inline void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	ck_assert_msg(f && fwrite(bytes, 1, n, f) == n && !fclose(f), "cannot write %s", path);
}

/* The bytes of a file, NUL-terminated; NULL when there is none. */
static inline char *read_whole(void *ctx, const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *bytes;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	*n = (size_t)ftell(f);
	rewind(f);
	bytes = talloc_zero_size(ctx, *n + 1);
	ck_assert_uint_eq(fread(bytes, 1, *n, f), *n);
	fclose(f);
	return bytes;
}

/* What a shell command prints; fails the test when the command fails. */
static inline char *output_of(void *ctx, const char *command)
{
	FILE *f = popen(command, "r");
	char *all = talloc_strdup(ctx, ""), line[1024];

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof line, f))
		all = talloc_strdup_append(all, line);
	ck_assert_msg(pclose(f) == 0, "failed: %s", command);
	return all;
}

static inline bool installed(const char *program)
{
	char command[128];

	snprintf(command, sizeof command, "command -v %s >/dev/null", program);
	return system(command) == 0;
}

/* A new folder under the system's place for such things; the caller removes it with folder_gone. */
static inline char *new_folder(void *ctx)
{
	const char *place = getenv("TMPDIR");
	char *dir = talloc_asprintf(ctx, "%s/separex-pictures-XXXXXX", place ? place : P_tmpdir);

	ck_assert_ptr_nonnull(mkdtemp(dir));
	return dir;
}

static inline void folder_gone(const char *dir)
{
	char command[512];

	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

#endif
