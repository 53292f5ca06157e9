/* One update as the server writes it, read: what the tests of telegram_in share. */
#ifndef SEPAREX_TEST_TELEGRAM_IN_UPDATE_H
#define SEPAREX_TEST_TELEGRAM_IN_UPDATE_H

#include "tap.h"
#include "telegram_in.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

static void *ctx;
static size_t n;

static inline void set_up(void)
{
	ctx = talloc_new(NULL);
}

static inline void tear_down(void)
{
	talloc_free(ctx);
}

static inline struct update *read_body(const char *body)
{
	return telegram_updates(ctx, body, strlen(body), "Separex_Bot", &n);
}

/* The update made of `inner`, which is the body of one update behind its id 10. */
static inline struct update *one(const char *inner)
{
	struct update *u = read_body(
		talloc_asprintf(ctx, "{\"ok\":true,\"result\":[{\"update_id\":10,%s},{\"update_id\":11}]}", inner));

	ck_assert_ptr_nonnull(u);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(u[0].id, 10);
	ck_assert_int_eq(u[1].id, 11);
	ck_assert_int_eq(u[1].kind, UPDATE_OTHER);
	return u;
}

#define SARA                                                                                                           \
	"\"from\":{\"id\":5000000004,\"is_bot\":false,\"first_name\":\"سارا\",\"last_name\":\"رضایی\","       \
	"\"username\":\"sara_shop\",\"language_code\":\"fa\"}"
#define HOME "\"chat\":{\"id\":5000000004,\"first_name\":\"سارا\",\"type\":\"private\"}"
#define BAZAAR "\"chat\":{\"id\":-1001000000001,\"title\":\"بازار\",\"type\":\"supergroup\",\"is_forum\":true}"
#define AT "\"message_id\":77,\"date\":1790000000"

#endif
