/* Sealing: only the right key and the right column open a text, and no key is lost on the way. */
#include "tap.h"

#include "seal.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

static void *ctx;
static uint64_t seed = 5;
static struct rnd rnd;
static char folder[] = "/tmp/separex-seal-XXXXXX";
static const char *path;

static void setup(void)
{
	ctx = talloc_new(NULL);
	rnd = rnd_seeded(&seed);
	snprintf(folder, sizeof folder, "/tmp/separex-seal-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = talloc_asprintf(ctx, "%s/separex.key", folder);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
	talloc_free(ctx);
}

static struct seal *ring(bool create)
{
	struct err e = {""};
	struct seal *s = seal_open(ctx, path, create, &rnd, &e);

	ck_assert_msg(s || e.text[0], "no message");
	return s;
}

START_TEST(a_text_comes_back_and_never_stands_there)
{
	struct seal *s = ring(true);
	char *sealed = seal_text(ctx, s, &rnd, "person.iban", "IR820540102680020817909002");

	ck_assert_ptr_nonnull(s);
	ck_assert(seal_is_sealed(sealed));
	ck_assert_ptr_null(strstr(sealed, "8205"));
	ck_assert_str_eq(seal_read(ctx, s, "person.iban", sealed), "IR820540102680020817909002");
	ck_assert_str_ne(sealed, seal_text(ctx, s, &rnd, "person.iban", "IR820540102680020817909002"));
	ck_assert_str_eq(seal_text(ctx, s, &rnd, "person.iban", ""), "");
	ck_assert_str_eq(seal_read(ctx, s, "person.iban", "IR82plain"), "IR82plain"); /* an older store */
	ck_assert_str_eq(seal_read(ctx, ring(false), "person.iban", sealed), "IR820540102680020817909002");
}
END_TEST

START_TEST(nothing_else_opens_it)
{
	struct seal *s = ring(true);
	char *sealed = seal_text(ctx, s, &rnd, "person.iban", "IR820540102680020817909002");
	size_t n = strlen(sealed);

	ck_assert_ptr_null(seal_read(ctx, s, "person.mobile", sealed));
	for (size_t i = 3; i < n; i++) {
		char *bent = talloc_strdup(ctx, sealed);

		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		ck_assert_msg(!seal_read(ctx, s, "person.iban", bent), "at %zu", i);
		bent[i] = '\0';
		ck_assert_msg(!seal_read(ctx, s, "person.iban", bent), "cut at %zu", i);
	}
	unlink(path);
	ck_assert_ptr_null(seal_read(ctx, ring(true), "person.iban", sealed));
}
END_TEST

START_TEST(a_new_key_seals_and_all_open)
{
	struct seal *s = ring(true);
	char *old = seal_text(ctx, s, &rnd, "c", "text"), *name = talloc_strdup(ctx, seal_newest(s)), *new;
	struct err e = {""};

	ck_assert(seal_add_key(s, path, &rnd, &e));
	new = seal_text(ctx, s, &rnd, "c", "text");
	ck_assert_str_ne(seal_newest(s), name);
	ck_assert(seal_has(s, name));
	s = ring(false);
	ck_assert_str_eq(seal_read(ctx, s, "c", old), "text");
	ck_assert_str_eq(seal_read(ctx, s, "c", new), "text");
	ck_assert(seal_drop_old_keys(s, path, &e));
	s = ring(false);
	ck_assert_ptr_null(seal_read(ctx, s, "c", old));
	ck_assert_str_eq(seal_read(ctx, s, "c", new), "text");
}
END_TEST

START_TEST(key_files_that_are_refused)
{
	static const char *const bad[] = {"", "x\n", "ABCDEFGH 00\n", "ABCDEFGH zz\n"};
	FILE *f;

	ck_assert_ptr_null(ring(false)); /* missing */
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		f = fopen(path, "w");
		ck_assert_ptr_nonnull(f);
		fputs(bad[i], f);
		fclose(f);
		chmod(path, 0600);
		ck_assert_ptr_null(ring(true));
	}
	unlink(path);
	ck_assert_ptr_nonnull(ring(true));
	chmod(path, 0644);
	ck_assert_ptr_null(ring(true));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("seal");
	TCase *t = tcase_create("seal");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_text_comes_back_and_never_stands_there);
	tcase_add_test(t, nothing_else_opens_it);
	tcase_add_test(t, a_new_key_seals_and_all_open);
	tcase_add_test(t, key_files_that_are_refused);
	suite_add_tcase(s, t);
	return tap_run(s);
}
