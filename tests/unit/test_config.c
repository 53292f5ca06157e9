/* The configuration: defaults, file, environment, secrets, and the message for each kind of mistake. */
#include "config.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>

static char folder[] = "/tmp/separex-config-XXXXXX";
static void *ctx;
static struct err e;
static char *no_env[] = {NULL};

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	char command[100];

	talloc_free(ctx);
	snprintf(command, sizeof command, "rm -r '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const char *file(const char *name, const void *bytes, size_t n)
{
	char *path = talloc_asprintf(ctx, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
	return path;
}

static struct config *load_text(const char *text)
{
	return config_load(ctx, file("c.conf", text, strlen(text)), no_env, &e);
}

static struct config *load_env(const char *variable)
{
	char *env[] = {talloc_strdup(ctx, variable), NULL};

	return config_load(ctx, file("c.conf", "", 0), env, &e);
}

static struct config *good(struct config *c)
{
	ck_assert_msg(c != NULL, "refused: %s", e.text);
	return c;
}

static void refused(const struct config *c, const char *with)
{
	ck_assert_msg(c == NULL, "accepted, wanted: %s", with);
	ck_assert_msg(strstr(e.text, with) != NULL, "said \"%s\", wanted \"%s\"", e.text, with);
}

START_TEST(test_defaults)
{
	const struct config *c = good(load_text(""));

	ck_assert_str_eq(c->telegram.token, "");
	ck_assert_str_eq(c->telegram.api_base, "https://api.telegram.org");
	ck_assert_str_eq(c->telegram.file_base, "https://api.telegram.org/file");
	ck_assert_uint_eq(c->telegram.proxy.n, 0);
	ck_assert(c->telegram.rate_limits);
	ck_assert_int_eq(c->telegram.sandbox_clock, CONFIG_CLOCK_AUTO);
	ck_assert_str_eq(c->store.files, "files");
	ck_assert_str_eq(c->http.public_url, "http://127.0.0.1:8088");
	ck_assert_int_eq(c->app.log_level, LOG_INFO);
	ck_assert_int_eq(rial_raw(c->deal.min_price), 100000);
	ck_assert_int_eq(rial_raw(c->deal.max_price), INT64_C(5000000000));
	ck_assert_int_eq(c->deal.pay_ms, 3600000);
	ck_assert_int_eq(c->deal.negotiation_ms, INT64_C(7) * 24 * 3600000);
	ck_assert_uint_eq(c->fee.plan.n, 1);
	ck_assert(rial_is_zero(c->fee.plan.tiers[0].up_to));
	ck_assert_int_eq(c->fee.plan.tiers[0].basis_points, 100);
	ck_assert_int_eq(c->fee.default_payer, FEE_BY_HALF);
	ck_assert_uint_eq(c->gateway.order.n, 1);
	ck_assert_str_eq(c->gateway.order.items[0], "sandbox");
	ck_assert_str_eq(c->sandbox_bank.url, "");
	ck_assert_uint_eq(c->staff.operators.n, 0);
}
END_TEST

START_TEST(test_file)
{
	const struct config *c = good(load_text("\xef\xbb\xbf; Persian text and a BOM\r\n[telegram]\r\n"
						"api_base = http://127.0.0.1:8090/\n"
						"token = 1:a_B-c\n"
						"rate_limits=OFF\n"
						"operators_chat = -1001000000002\n"
						"proxy = socks5h://u:passw@h:1\n  http://h2:2, http://h3\n"
						"[app]\nsupport_hours = هر روز تا ۱۸ ; inline\n"
						"complaints = ۰۲۱۱۲۳۴، تا ۳ روز\n"
						"[deal]\nmin_toman = 20000\npay_minutes = 10\n"
						"[fee]\ntiers = 0:100 10000000:75\ndefault_payer = buyer\n"
						"[staff]\noperators = 1004\n\t5000000004\n"));

	ck_assert_str_eq(c->telegram.api_base, "http://127.0.0.1:8090");
	ck_assert_str_eq(c->telegram.file_base, "http://127.0.0.1:8090/file");
	ck_assert_str_eq(c->sandbox_bank.url, "http://127.0.0.1:8090/bank");
	ck_assert_str_eq(c->telegram.token, "1:a_B-c");
	ck_assert(!c->telegram.rate_limits);
	ck_assert_int_eq(c->telegram.operators_chat, INT64_C(-1001000000002));
	ck_assert_uint_eq(c->telegram.proxy.n, 3);
	ck_assert_str_eq(c->telegram.proxy.items[2], "http://h3");
	ck_assert_str_eq(c->app.support_hours, "هر روز تا ۱۸");
	ck_assert_str_eq(c->app.complaints, "۰۲۱۱۲۳۴، تا ۳ روز");
	ck_assert_int_eq(rial_raw(c->deal.min_price), 200000);
	ck_assert_int_eq(c->deal.pay_ms, 600000);
	ck_assert_uint_eq(c->fee.plan.n, 2);
	ck_assert_int_eq(rial_raw(c->fee.plan.tiers[0].up_to), 100000000);
	ck_assert(rial_is_zero(c->fee.plan.tiers[1].up_to));
	ck_assert_int_eq(c->fee.plan.tiers[1].basis_points, 75);
	ck_assert_int_eq(c->fee.default_payer, FEE_BY_BUYER);
	ck_assert_uint_eq(c->staff.operators.n, 2);
	ck_assert_int_eq(c->staff.operators.ids[1], INT64_C(5000000004));
}
END_TEST

START_TEST(test_files_are_beside_the_store)
{
	ck_assert_str_eq(good(load_text("[store]\nurl = sqlite:/var/lib/x/a.db\n"))->store.files, "/var/lib/x/files");
	ck_assert_str_eq(good(load_text("[store]\nurl = sqlite:data/a.db\n"))->store.files, "data/files");
	ck_assert_str_eq(good(load_text("[store]\nurl = sqlite:/a.db\n"))->store.files, "/files");
	ck_assert_str_eq(good(load_text("[store]\nfiles = /srv/f\n"))->store.files, "/srv/f");
	ck_assert_str_eq(good(load_env("SEPAREX_STORE_FILES=here"))->store.files, "here");
}
END_TEST

START_TEST(test_environment_wins)
{
	static const char text[] = "[telegram]\ntoken = 1:file\n[deal]\nship_hours = 20\n";
	char *env[] = {"SEPAREX_TELEGRAM_TOKEN=2:env",
		       "PATH=/bin",
		       "SEPAREX_SOURCE=anything",
		       "SEPAREX_HTTP_LISTEN=[::1]:0",
		       "SEPAREX_SANDBOX_BANK_URL=http://127.0.0.1:1/b",
		       NULL};
	const struct config *c = good(config_load(ctx, file("c.conf", text, strlen(text)), env, &e));

	ck_assert_str_eq(c->telegram.token, "2:env");
	ck_assert_str_eq(c->http.listen, "[::1]:0");
	ck_assert_str_eq(c->http.public_url, "http://[::1]:0");
	ck_assert_str_eq(c->sandbox_bank.url, "http://127.0.0.1:1/b");
	ck_assert_int_eq(c->deal.ship_ms, INT64_C(20) * 3600000);
}
END_TEST

START_TEST(test_secret_files)
{
	const char *unix_end = file("s1", "1:one\n", 6), *dos_end = file("s2", "2:two\r\n", 7);
	const struct config *c;

	c = good(load_env(talloc_asprintf(ctx, "SEPAREX_TELEGRAM_TOKEN_FILE=%s", unix_end)));
	ck_assert_str_eq(c->telegram.token, "1:one");
	c = good(load_text(talloc_asprintf(ctx, "[telegram]\ntoken_file = %s\n", dos_end)));
	ck_assert_str_eq(c->telegram.token, "2:two");
	refused(load_env("SEPAREX_TELEGRAM_TOKEN_FILE=/nowhere/secret"),
		"SEPAREX_TELEGRAM_TOKEN_FILE: telegram.token_file: cannot read /nowhere/secret: No such file");
	refused(load_text(talloc_asprintf(ctx, "[telegram]\ntoken = 3:x\ntoken_file = %s\n", unix_end)),
		":3: telegram.token: is given a second time");
	refused(load_text("[store]\nurl_file = x\n"), "c.conf:2: store.url_file: there is no such key");
}
END_TEST

START_TEST(test_secrets_are_hidden)
{
	char line[] = "secrets 7:verysecret and passw0rd, not sandbox";

	good(load_text("[telegram]\ntoken = 7:verysecret\nproxy = http://user:passw0rd@h\n"));
	log_mask(line);
	ck_assert_str_eq(line, "secrets *** and ***, not sandbox");
}
END_TEST

START_TEST(test_mistakes_do_not_show_secrets)
{
	refused(load_text("[telegram]\ntoken = \"7:verysecret\"\n"), "c.conf:2: telegram.token: is no bot token");
	ck_assert_ptr_null(strstr(e.text, "verysecret"));
	refused(load_text("[telegram]\nproxy = http://h ftp://user:passw0rd@h\n"),
		"telegram.proxy: item 2: must begin");
	ck_assert_ptr_null(strstr(e.text, "passw0rd"));
}
END_TEST

static const struct {
	const char *text, *said;
} mistakes[] = {
	{"[telegram]\n\nrate_limits = maybe\n", "c.conf:3: telegram.rate_limits: \"maybe\": must be on or off"},
	{"[telegram]\nrate_limit = on\n", "c.conf:2: telegram.rate_limit: there is no such key; [telegram] has token,"},
	{"[telegarm]\ntoken = 1:a\n", "c.conf:2: telegarm.token: there is no such section; there are telegram, store,"},
	{"token = 1:a\n", "c.conf:1: .token: there is no such section"},
	{"[telegram]\nnonsense\n", "c.conf:2: is neither [section], nor key = value"},
	{"[telegram\ntoken = 1:a\n", "c.conf:1: is neither [section]"},
	{"[telegram]\napi_base = api.telegram.org\n", "must be an address that begins with http://"},
	{"[telegram]\napi_base = http://\n", "must be an address"},
	{"[telegram]\napi_base = http://a b\n", "must be an address"},
	{"[telegram]\napi_base =\n[http]\nlisten = 8088\n", "must be ADDRESS:PORT"},
	{"[http]\nlisten = a:b:80\n", "must be ADDRESS:PORT"},
	{"[http]\nlisten = 127.0.0.1:65536\n", "must be ADDRESS:PORT"},
	{"[http]\nlisten = :80\n", "must be ADDRESS:PORT"},
	{"[http]\nlisten = 0.0.0.0:80\n", "http.public_url: must be given"},
	{"[http]\nmetrics_token = short\n", "http.metrics_token: must have at least 16 letters"},
	{"[store]\nurl = postgres:db\n", "must be sqlite:FILE"},
	{"[store]\nurl = sqlite:\n", "must be sqlite:FILE"},
	{"[app]\nlog_level = inf\n", "must be one of debug|info|warn|error"},
	{"[app]\nlog_level = \n", "must be one of"},
	{"[app]\nname =\n", "app.name: must not be empty"},
	{"[app]\nname = a\001b\n", "control character"},
	{"[deal]\nship_hours = 11\n", "c.conf:2: deal.ship_hours: \"11\": must be a whole number from 12 to 240"},
	{"[deal]\nship_hours = 24h\n", "must be a whole number"},
	{"[deal]\nship_hours = 1e2\n", "must be a whole number"},
	{"[deal]\nship_hours = 99999999999999999999\n", "must be a whole number"},
	{"[deal]\nship_hours =\n", "deal.ship_hours: must be a whole number"},
	{"[deal]\nship_hours = 20\nship_hours = 21\n", "c.conf:3: deal.ship_hours: is given a second time"},
	{"[deal]\nship_hours = 20\n 21\n", "c.conf:3: deal.ship_hours: only a list goes on"},
	{"[deal]\nmin_toman = 2000\nmax_toman = 1000\n", "deal.min_toman: must not be more than deal.max_toman"},
	{"[deal]\nmin_toman = 10,000\n", "whole toman from 1000 to 1000000000"},
	{"[payout]\nmin_hours = 5\nmax_hours = 4\n", "payout.min_hours: must not be more"},
	{"[payout]\nmax_hours = 13\n", "from 1 to 12"},
	{"[fee]\ntiers = 0:101\n", "the rate from 0 to 100"},
	{"[fee]\ntiers = 0:1.5\n", "tier 1 must be TOMAN:RATE"},
	{"[fee]\ntiers = 1000:100\n", "must begin with a tier from 0 toman"},
	{"[fee]\ntiers = 0:100 500:90 500:80\n", "each tier must begin higher"},
	{"[fee]\ntiers =\n", "at least one tier"},
	{"[fee]\ntiers = 0:1 1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1\n", "more than 8 tiers"},
	{"[staff]\noperators = 12 sara\n", "but one is \"sara\""},
	{"[staff]\noperators = -5\n", "must be ids"},
	{"[gateway]\norder = a/b\n", "item 1: must be a name"},
	{"[gateway]\norder = mellat sandbox\n",
	 "gateway.order: a practice bank (like \"sandbox\") cannot stand beside"},
	{"[gateway]\norder = mellat\n", "payout.gateway: practice money and real money cannot meet"},
	{"[payout]\ngateway = mellat\n", "payout.gateway: \"mellat\" sends no payouts"},
};

START_TEST(test_mistakes)
{
	refused(load_text(mistakes[_i].text), mistakes[_i].said);
}
END_TEST

/* A mistake in an address that may hold a password is said without the address. */
START_TEST(test_a_stores_password_is_not_said)
{
	refused(load_text("[store]\nurl = postgre://sara:geheim-wort@db/x\n"), "postgres://USER:PASSWORD@HOST");
	ck_assert_ptr_null(strstr(e.text, "geheim"));
	refused(load_text("[store]\nurl = sqlite:a.db\n b.db\n"), "c.conf:3: store.url: only a list goes on");
}
END_TEST

START_TEST(test_every_mistake_is_said)
{
	refused(load_text("[telegram]\nrate_limits = x\n[app]\nlog_level = y\n"), "c.conf:2: telegram.rate_limits");
	ck_assert_ptr_nonnull(strstr(e.text, "\n"));
	ck_assert_ptr_nonnull(strstr(e.text, "c.conf:4: app.log_level"));
}
END_TEST

START_TEST(test_environment_mistakes)
{
	refused(load_env("SEPAREX_TELEGRAM_TOKN=1"),
		"SEPAREX_TELEGRAM_TOKN: there is no such key; [telegram] has token");
	refused(load_env("SEPAREX_SEND_WORKERS=0"), "SEPAREX_SEND_WORKERS: send.workers: \"0\": must be a whole");
	refused(load_env("SEPAREX_STORE_URL_FILE=/x"), "there is no such key");
}
END_TEST

START_TEST(test_files_that_are_none)
{
	char *long_line = talloc_asprintf(ctx, "[app]\nname = %0300d\nlog_level = debug\n", 7);

	refused(config_load(ctx, "/nowhere/separex.conf", no_env, &e),
		"/nowhere/separex.conf: cannot be read: No such");
	refused(config_load(ctx, folder, no_env, &e), "cannot be read");
	refused(load_text(long_line), "c.conf:2: the line is longer than");
	refused(config_load(ctx, file("c.conf", "[app]\nna\0me = x\n", 16), no_env, &e), "c.conf:2: ");
}
END_TEST

START_TEST(test_bytes_at_random)
{
	uint64_t seed = 0x9e3779b97f4a7c15u * (unsigned)(_i + 1);
	char bytes[400];

	for (size_t i = 0; i < sizeof bytes; i++) {
		seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
		bytes[i] = "[]=:;#\n\n telgramfb0:1\t\xd9\x80\x01"[seed % 26];
	}
	config_load(ctx, file("c.conf", bytes, sizeof bytes), no_env, &e);
}
END_TEST

/* Run from the repository's root, as make does. */
START_TEST(test_example_is_the_defaults)
{
	const struct config *c = good(config_load(ctx, "config.example", no_env, &e)), *d = good(load_text(""));

	ck_assert_str_eq(c->telegram.file_base, d->telegram.file_base);
	ck_assert_str_eq(c->http.public_url, d->http.public_url);
	ck_assert_int_eq(c->fee.plan.tiers[0].basis_points, d->fee.plan.tiers[0].basis_points);
}
END_TEST

static char *example(void)
{
	char *text = talloc_zero_size(ctx, 65536);
	FILE *f = fopen("config.example", "r");

	ck_assert_msg(f != NULL, "config.example is not here: run the test from the repository's root");
	ck_assert_uint_lt(fread(text, 1, 65535, f), 65535);
	fclose(f);
	return text;
}

/* Every key stands once, under its section, with its default and a comment in the line above. */
START_TEST(test_example_has_every_key)
{
	const struct config_key_info *info;
	const char *section = "", *before = "";
	size_t i = 0;

	for (char *save, *line = strtok_r(example(), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *wanted;

		if (*line == '[') {
			section = line;
		} else if (*line != ';') {
			info = config_key(i++);
			ck_assert_msg(info != NULL, "config.example has more keys than the table: %s", line);
			ck_assert_str_eq(section, talloc_asprintf(ctx, "[%s]", info->section));
			wanted = talloc_asprintf(ctx, "%s =%s%s", info->key, *info->otherwise ? " " : "",
						 info->otherwise);
			ck_assert_str_eq(line, wanted);
			ck_assert_msg(*before == ';', "config.example: no comment above %s", line);
			ck_assert_msg(info->is_secret == !strncmp(before, "; Secret.", 9), "the comment of %s", line);
		}
		before = line;
	}
	ck_assert_msg(config_key(i) == NULL, "config.example lacks %s.%s", config_key(i)->section, config_key(i)->key);
	ck_assert_uint_gt(i, 40);
}
END_TEST

START_TEST(test_can_run)
{
	struct config *c = good(load_text("[http]\nlisten =\n"));

	ck_assert(!config_can_run(c, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "telegram.token is empty"));
	c = good(load_text("[telegram]\ntoken = 1:a\n[http]\nlisten =\n"));
	ck_assert(!config_can_run(c, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "http.listen"));
	c = good(load_text("[telegram]\ntoken = 1:a\n[http]\npublic_url = https://pay.example.ir\n"));
	ck_assert(!config_can_run(c, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "gateway sandbox: url"));
	c = good(load_text("[telegram]\ntoken = 1:a\n[http]\npublic_url = https://pay.example.ir\n"
			   "[sandbox_bank]\nurl = http://127.0.0.1:8090/bank\n"));
	ck_assert(config_can_run(c, &e));
	c = good(load_text("[telegram]\ntoken = 1:a\noperators_chat = -1001\n[gateway]\norder = mellat\n"
			   "[payout]\ngateway = vandar\n"));
	ck_assert(!config_can_run(c, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "[mellat]"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config");
	TCase *t = tcase_create("config");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_defaults);
	tcase_add_test(t, test_file);
	tcase_add_test(t, test_files_are_beside_the_store);
	tcase_add_test(t, test_environment_wins);
	tcase_add_test(t, test_secret_files);
	tcase_add_test(t, test_secrets_are_hidden);
	tcase_add_test(t, test_mistakes_do_not_show_secrets);
	tcase_add_loop_test(t, test_mistakes, 0, sizeof mistakes / sizeof mistakes[0]);
	tcase_add_test(t, test_a_stores_password_is_not_said);
	tcase_add_test(t, test_every_mistake_is_said);
	tcase_add_test(t, test_environment_mistakes);
	tcase_add_test(t, test_files_that_are_none);
	tcase_add_loop_test(t, test_bytes_at_random, 0, 200);
	tcase_add_test(t, test_example_is_the_defaults);
	tcase_add_test(t, test_example_has_every_key);
	tcase_add_test(t, test_can_run);
	suite_add_tcase(s, t);
	return tap_run(s);
}
