/* The folder of files: whole or not at all, each under its SHA-256, and a clear word when it cannot be. */
#include "file_store.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

/* SHA-256 of "abc" (FIPS 180-4, example). */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char above[PATH_MAX];
static void *ctx;
static const char *folder;
static struct err e;
static char name[SHA256_HEX_BYTES];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void set_up(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(above, sizeof above, "%s/separex-files-XXXXXX", base && *base ? base : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(above));
	ctx = talloc_new(NULL);
	folder = talloc_asprintf(ctx, "%s/files", above);
	e.text[0] = '\0';
}

static void tear_down(void)
{
	nftw(above, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	talloc_free(ctx);
}

static const char *path_of(const char *file)
{
	return talloc_asprintf(ctx, "%s/%s", folder, file);
}

static struct stat stat_of(const char *path)
{
	struct stat st;

	ck_assert_msg(lstat(path, &st) == 0, "%s is not there", path);
	return st;
}

static int entries(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* "." and ".." */
}

static void put(const char *file, const void *bytes, size_t n)
{
	FILE *f = fopen(path_of(file), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static void holds(const char *file, const void *bytes, size_t n)
{
	FILE *f = fopen(path_of(file), "r");
	char *got = talloc_size(ctx, n + 1);

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(got, 1, n + 1, f), n);
	ck_assert_int_eq(memcmp(got, bytes, n), 0);
	fclose(f);
}

static void opened(void)
{
	ck_assert_msg(file_store_open(folder, &e), "%s", e.text);
}

static void kept(const void *bytes, size_t n)
{
	ck_assert_msg(file_store_keep(folder, bytes, n, name, &e), "%s", e.text);
}

START_TEST(the_folder_is_made_for_its_owner_only)
{
	umask(0);
	opened();
	ck_assert_int_eq(stat_of(folder).st_mode, S_IFDIR | 0700);
	ck_assert_int_eq(chmod(folder, 0750), 0);
	opened();
	ck_assert_int_eq(stat_of(folder).st_mode, S_IFDIR | 0750); /* whoever widened it meant it */
}
END_TEST

START_TEST(a_folder_that_cannot_be_is_refused_with_a_word)
{
	const char *good = folder;

	folder = talloc_asprintf(ctx, "%s/not/here", above);
	ck_assert(!file_store_open(folder, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "store.files"));
	folder = good;
	ck_assert_int_eq(close(open(folder, O_CREAT | O_WRONLY, 0600)), 0);
	ck_assert(!file_store_open(folder, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "Not a directory"));
	ck_assert(!file_store_keep(folder, "abc", 3, name, &e));
}
END_TEST

START_TEST(a_file_has_the_name_of_its_bytes)
{
	char *big = talloc_zero_size(ctx, 3 << 20);

	umask(0);
	opened();
	kept("abc", 3);
	ck_assert_str_eq(name, ABC);
	holds(ABC, "abc", 3);
	ck_assert_int_eq(stat_of(path_of(ABC)).st_mode, S_IFREG | 0600);
	memcpy(big + (2 << 20), "in \0 it", 7);
	kept(big, 3 << 20);
	holds(name, big, 3 << 20);
	ck_assert_int_eq(entries(), 2); /* nothing else is left */
}
END_TEST

START_TEST(the_same_file_again_is_left_alone)
{
	struct stat before;

	opened();
	kept("abc", 3);
	before = stat_of(path_of(ABC));
	kept("abc", 3);
	ck_assert_uint_eq(stat_of(path_of(ABC)).st_ino, before.st_ino);
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(what_a_crash_left_is_replaced)
{
	opened();
	put(ABC ".part", "abcdefgh", 8);
	kept("abc", 3);
	holds(ABC, "abc", 3);
	ck_assert_int_eq(entries(), 1);
	put(ABC, "ab", 2); /* a damaged disk */
	kept("abc", 3);
	holds(ABC, "abc", 3);
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(no_link_leads_out_of_the_folder)
{
	const char *outside = talloc_asprintf(ctx, "%s/outside", above);

	opened();
	ck_assert_int_eq(close(open(outside, O_CREAT | O_WRONLY, 0600)), 0);
	ck_assert_int_eq(symlink(outside, path_of(ABC)), 0);
	kept("abc", 3);
	ck_assert(S_ISREG(stat_of(path_of(ABC)).st_mode));
	ck_assert_int_eq(unlink(path_of(ABC)), 0);
	ck_assert_int_eq(symlink(outside, path_of(ABC ".part")), 0);
	ck_assert(!file_store_keep(folder, "abc", 3, name, &e));
	ck_assert_int_eq(stat_of(outside).st_size, 0);
}
END_TEST

/* A disk that takes only the first bytes: a limit on the size of files is as good. */
START_TEST(a_full_disk_leaves_nothing_behind)
{
	const struct rlimit little = {4096, RLIM_INFINITY}, much = {RLIM_INFINITY, RLIM_INFINITY};
	char *bytes = talloc_zero_size(ctx, 8192);

	opened();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
	ck_assert(!file_store_keep(folder, bytes, 8192, name, &e));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &much), 0);
	ck_assert_ptr_nonnull(strstr(e.text, folder));
	ck_assert_ptr_nonnull(strstr(e.text, "File too large"));
	ck_assert_int_eq(entries(), 0);
	kept(bytes, 8192);
	holds(name, bytes, 8192);
}
END_TEST

START_TEST(a_folder_that_vanished_is_told_and_can_come_back)
{
	opened();
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert(!file_store_keep(folder, "abc", 3, name, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "No such file or directory"));
	opened();
	kept("abc", 3);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("file_store");
	TCase *t = tcase_create("file_store");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, the_folder_is_made_for_its_owner_only);
	tcase_add_test(t, a_folder_that_cannot_be_is_refused_with_a_word);
	tcase_add_test(t, a_file_has_the_name_of_its_bytes);
	tcase_add_test(t, the_same_file_again_is_left_alone);
	tcase_add_test(t, what_a_crash_left_is_replaced);
	tcase_add_test(t, no_link_leads_out_of_the_folder);
	tcase_add_test(t, a_full_disk_leaves_nothing_behind);
	tcase_add_test(t, a_folder_that_vanished_is_told_and_can_come_back);
	suite_add_tcase(s, t);
	return tap_run(s);
}
