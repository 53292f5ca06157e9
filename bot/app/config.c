/* Loading the configuration: defaults, then the file, then the environment; every mistake is named with its place. */
#include "config_table.h"
#include "services.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#define DEFAULT_FILE "separex.conf"
#define ENV_PREFIX "SEPAREX_"
enum { MAX_PARTS = 23 }; /* PARTS_MAX (parts.h) less one for a top-up */
#define SANDBOX "sandbox" /* the practice bank's name (gateway_sandbox.c) */

enum { TOKEN_LEAST = 16 }; /* letters of a secret of ours: 64 bits as hexadecimal digits */
enum { NAME_BYTES = 100, PLACE_BYTES = 300, SECRET_FILE_BYTES = 4096, SHOWN_BYTES = 60 };

struct loading {
	struct config *config;
	struct err *err; /* a line for each mistake */
	unsigned n_mistakes;

	/* Where in the file inih is. */
	const char *file_name;
	FILE *file;
	int line;
	bool indented; /* the current line goes on with the value before */

	char place[PLACE_BYTES]; /* of the value being read, for messages */
	char *text[CONFIG_MAX_ROWS]; /* what this source (the file, then the environment) gave so far, on config */
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void mistake(struct loading *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void mistake(struct loading *l, const char *fmt, ...)
{
	size_t used = l->err ? strlen(l->err->text) : 0;
	char text[sizeof l->err->text];
	va_list ap;

	l->n_mistakes++;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	/* The first one is shown even when it must be cut, another only whole. */
	if (l->err && (!used || used + strlen(l->place) + strlen(text) + 4 < sizeof l->err->text))
		snprintf(l->err->text + used, sizeof l->err->text - used, "%s%s: %s", used ? "\n" : "", l->place, text);
}

/* The row of section.key. `from_file` says that key is the KEY_file of a secret. NULL: there is none. */
static const struct config_row *find(const char *section, const char *key, bool *from_file)
{
	for (const struct config_row *row = config_rows; row->info.section; row++) {
		size_t n = strlen(row->info.key);

		if (strcmp(row->info.section, section) || strncmp(row->info.key, key, n))
			continue;
		*from_file = row->info.is_secret && !strcmp(key + n, "_file");
		if (*from_file || !key[n])
			return row;
	}
	return NULL;
}

/* The file's text as a secret, without one line end at its end. NULL after a mistake. */
static char *read_secret(struct loading *l, const struct config_row *row, const char *path)
{
	char *text = must(talloc_zero_size(l->config, SECRET_FILE_BYTES + 1));
	FILE *f = fopen(path, "re");
	size_t n = 0;
	bool bad = !f;

	if (f) {
		n = fread(text, 1, SECRET_FILE_BYTES, f);
		bad = ferror(f);
		fclose(f);
	}
	if (bad) {
		mistake(l, "%s.%s_file: cannot read %.*s: %s", row->info.section, row->info.key, SHOWN_BYTES, path,
			strerror(errno));
		return NULL;
	}
	if (n && text[n - 1] == '\n')
		text[--n] = '\0';
	if (n && text[n - 1] == '\r')
		text[--n] = '\0';
	return text;
}

/* One value of one key, from the file or the environment. */
static void take(struct loading *l, const struct config_row *row, bool from_file, const char *value)
{
	char **seen = &l->text[row - config_rows];
	struct err why;

	assert(row - config_rows < CONFIG_MAX_ROWS);
	if (*seen && l->indented && config_is_list(row))
		value = must(talloc_asprintf(l->config, "%s %s", *seen, value));
	else if (*seen && l->indented)
		return mistake(l, "%s.%s: only a list goes on in an indented line", row->info.section, row->info.key);
	else if (*seen)
		return mistake(l, "%s.%s: is given a second time; keep one", row->info.section, row->info.key);
	*seen = must(talloc_strdup(l->config, value));
	if (from_file)
		value = read_secret(l, row, value);
	if (value && !config_value_read(l->config, row, value, &why))
		mistake(l, "%s.%s: %s", row->info.section, row->info.key, why.text);
}

/* The sections, or the keys of one section, for a message. */
static char *names(struct loading *l, const char *section)
{
	char *list = must(talloc_strdup(l->config, ""));
	const char *last = "";

	for (const struct config_row *row = config_rows; row->info.section; row++) {
		const char *name = section ? row->info.key : row->info.section;

		if ((section && strcmp(section, row->info.section)) || !strcmp(last, name))
			continue;
		last = name;
		list = must(talloc_asprintf_append(list, "%s%s", *list ? ", " : "", name));
	}
	return list;
}

static void unknown(struct loading *l, const char *section, const char *key)
{
	const char *keys = names(l, section);

	if (*keys)
		mistake(l, "%s.%.*s: there is no such key; [%s] has %s", section, SHOWN_BYTES, key, section, keys);
	else
		mistake(l, "%.*s.%.*s: there is no such section; there are %s", SHOWN_BYTES, section, SHOWN_BYTES, key,
			names(l, NULL));
}

static void at_line(struct loading *l, int line)
{
	snprintf(l->place, sizeof l->place, "%s:%d", l->file_name, line);
}

/* inih asks for lines here, since it does not tell its handler their numbers. */
static char *next_line(char *line, int size, void *arg)
{
	struct loading *l = arg;
	int c;

	if (!fgets(line, size, l->file))
		return NULL;
	at_line(l, ++l->line);
	l->indented = *line == ' ' || *line == '\t';
	if (strchr(line, '\n') || feof(l->file))
		return line;
	mistake(l, "the line is longer than %d bytes or holds a NUL; a list may go on in an indented line", size - 3);
	while ((c = getc(l->file)) != '\n' && c != EOF)
		;
	line[0] = '\0';
	return line;
}

static int on_value(void *arg, const char *section, const char *key, const char *value)
{
	struct loading *l = arg;
	bool from_file;
	const struct config_row *row = find(section, key, &from_file);

	if (row)
		take(l, row, from_file, value);
	else
		unknown(l, section, key);
	return 1;
}

static void load_file(struct loading *l, const char *path, bool must_exist)
{
	int wrong;

	l->file_name = path;
	snprintf(l->place, sizeof l->place, "%s", path);
	l->file = fopen(path, "re");
	if (!l->file) {
		if (must_exist || errno != ENOENT)
			mistake(l, "cannot be read: %s", strerror(errno));
		return;
	}
	wrong = ini_parse_stream(next_line, l, on_value, l);
	if (ferror(l->file)) {
		snprintf(l->place, sizeof l->place, "%s", path);
		mistake(l, "cannot be read: %s", strerror(errno));
	} else if (wrong > 0) {
		at_line(l, wrong);
		mistake(l, "is neither [section], nor key = value, nor a comment");
	}
	fclose(l->file);
	l->indented = false;
}

/* "SEPAREX_TELEGRAM_TOKEN" of telegram.token, "SEPAREX_TELEGRAM_" of telegram alone. */
static void env_name(char out[NAME_BYTES], const char *section, const char *key)
{
	int n = snprintf(out, NAME_BYTES, "%s%s_%s", ENV_PREFIX, section, key);

	assert(n > 0 && n < NAME_BYTES);
	for (; *out; out++)
		*out = (char)toupper((unsigned char)*out);
}

/* Whether the variable (`n` bytes of name before "=") is this row's; sets from_file. */
static bool env_is(const struct config_row *row, const char *variable, size_t n, bool *from_file)
{
	char name[NAME_BYTES];
	size_t len;

	env_name(name, row->info.section, row->info.key);
	len = strlen(name);
	if (n < len || strncmp(name, variable, len))
		return false;
	*from_file = row->info.is_secret && n == len + 5 && !strncmp(variable + len, "_FILE", 5);
	return n == len || *from_file;
}

/* A variable that begins like one of our sections must be one of its keys; any other SEPAREX_… is none of ours. */
static void env_unknown(struct loading *l, const char *variable)
{
	char name[NAME_BYTES];

	for (const struct config_row *row = config_rows; row->info.section; row++) {
		env_name(name, row->info.section, "");
		if (strncmp(name, variable, strlen(name)))
			continue;
		mistake(l, "there is no such key; [%s] has %s", row->info.section, names(l, row->info.section));
		return;
	}
}

static void load_variable(struct loading *l, const char *variable)
{
	const char *equals = strchr(variable, '=');
	size_t n = equals ? (size_t)(equals - variable) : 0;
	bool from_file;

	if (!equals || strncmp(variable, ENV_PREFIX, sizeof ENV_PREFIX - 1))
		return;
	snprintf(l->place, sizeof l->place, "%.*s", (int)(n < NAME_BYTES ? n : NAME_BYTES), variable);
	for (const struct config_row *row = config_rows; row->info.section; row++)
		if (env_is(row, variable, n, &from_file)) {
			take(l, row, from_file, equals + 1);
			return;
		}
	env_unknown(l, variable);
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Only whole hosts: "http://127.0.0.1.example.org" is somebody else's machine. */
static bool is_loopback(const char *url)
{
	static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (starts(url, hosts[i]) && (!url[strlen(hosts[i])] || strchr(":/", url[strlen(hosts[i])])))
			return true;
	return false;
}

/* "files" in the folder of the store's file; of a store that is no file, in the working folder. */
static const char *beside_store(struct config *c, const char *name)
{
	const char *path = strchr(c->store.url, ':') + 1, *slash = strrchr(path, '/');

	if (!starts(c->store.url, "sqlite:"))
		return name;
	return must(talloc_asprintf(c, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, name));
}

/* What follows from other keys unless it was given. */
static void derive(struct loading *l)
{
	struct config *c = l->config;

	if (!*c->telegram.file_base)
		c->telegram.file_base = must(talloc_asprintf(c, "%s/file", c->telegram.api_base));
	if (!*c->store.files)
		c->store.files = beside_store(c, "files");
	if (!*c->store.key_file)
		c->store.key_file = beside_store(c, "separex.key");
	if (!*c->payout.folder)
		c->payout.folder = beside_store(c, "payouts");
	if (!*c->http.public_url && *c->http.listen)
		c->http.public_url = must(talloc_asprintf(c, "http://%s", c->http.listen));
	c->telegram.on_this_machine = is_loopback(c->telegram.api_base);
	if (!*c->sandbox_bank.url && c->telegram.on_this_machine)
		c->sandbox_bank.url = must(talloc_asprintf(c, "%s/bank", c->telegram.api_base));
}

/* The practice bank, or a stub of a real one: an address of this machine is nobody's bank. */
static bool is_practice(const struct config *c, const char *name)
{
	const struct {
		const char *name, *url;
	} banks[] = {{"mellat", c->mellat.url},
		     {"parsian", c->parsian.url},
		     {"zarinpal", c->zarinpal.url},
		     {"vandar", c->vandar.url}};

	for (size_t i = 0; i < sizeof banks / sizeof *banks; i++)
		if (!strcmp(banks[i].name, name))
			return is_loopback(banks[i].url);
	return !strcmp(name, SANDBOX);
}

/* Money must leave by a gateway that is there, and practice money must never meet real money. */
static void compare_gateways(struct loading *l)
{
	const struct config *c = l->config;

	size_t practice = 0;

	for (size_t i = 0; i < c->gateway.order.n; i++)
		practice += is_practice(c, c->gateway.order.items[i]);
	if (practice && practice < c->gateway.order.n)
		mistake(l, "gateway.order: a practice bank (like \"" SANDBOX "\") cannot stand beside a real one");
	l->config->gateway.practice = practice > 0;
	if (c->payout.rail == CONFIG_RAIL_BANK && strcmp(c->payout.gateway, SANDBOX) &&
	    strcmp(c->payout.gateway, "vandar"))
		mistake(l, "payout.gateway: \"%s\" sends no payouts; write sandbox or vandar, or payout.rail = file",
			c->payout.gateway);
	if (c->payout.rail == CONFIG_RAIL_BANK && is_practice(c, c->payout.gateway) != c->gateway.practice)
		mistake(l, "payout.gateway: practice money and real money cannot meet; compare it with gateway.order");
	if (c->payout.rail == CONFIG_RAIL_FILE && (!*c->ccti.iban || !*c->ccti.name))
		mistake(l, "ccti.iban, ccti.name: must be given when payout.rail is file");
	if (rial_raw(c->deal.max_price) > MAX_PARTS * rial_raw(c->gateway.cap))
		mistake(l, "deal.max_toman: more than %d payments of gateway.cap_toman", (int)MAX_PARTS);
}

/* What is wrong only together. Nothing is said of the parts when one of them was refused already. */
static void compare(struct loading *l)
{
	const struct config *c = l->config;

	if (l->n_mistakes)
		return;
	snprintf(l->place, sizeof l->place, "%s", l->file_name ? l->file_name : "environment");
	if (rial_cmp(c->deal.min_price, c->deal.max_price) > 0)
		mistake(l, "deal.min_toman: must not be more than deal.max_toman");
	if (c->payout.min_ms > c->payout.max_ms)
		mistake(l, "payout.min_hours: must not be more than payout.max_hours");
	compare_gateways(l);
	if (*c->http.metrics_token && strlen(c->http.metrics_token) < TOKEN_LEAST)
		mistake(l, "http.metrics_token: must have at least %d letters", (int)TOKEN_LEAST);
	if (starts(c->http.public_url, "http://0.0.0.0") || starts(c->http.public_url, "http://[::]"))
		mistake(l, "http.public_url: must be given when http.listen is every address of the machine");
}

/* A password inside "scheme://user:password@host". */
static void hide_password(struct config *c, const char *url)
{
	const char *user = strstr(url, "://"), *at = strrchr(url, '@');
	const char *colon = user ? strchr(user + 3, ':') : NULL;

	if (colon && at && colon < at)
		log_hide(must(talloc_strndup(c, colon + 1, (size_t)(at - colon - 1))));
}

static void hide_secrets(struct config *c)
{
	for (const struct config_row *row = config_rows; row->info.section; row++) {
		const char *value = row->info.is_secret ? *(const char **)((char *)c + row->at) : "";

		if (strcmp(value, row->info.otherwise))
			log_hide(value);
	}
	for (size_t i = 0; i < c->telegram.proxy.n; i++)
		hide_password(c, c->telegram.proxy.items[i]);
	hide_password(c, c->store.url);
}

static void load_defaults(struct config *c)
{
	struct err why;

	for (const struct config_row *row = config_rows; row->info.section; row++)
		if (!config_value_read(c, row, row->info.otherwise, &why))
			abort(); /* the table contradicts itself */
}

struct config *config_load(void *ctx, const char *path, char *const envp[], struct err *e)
{
	struct loading l = {.config = must(talloc_zero(ctx, struct config)), .err = e};

	if (e)
		e->text[0] = '\0';
	load_defaults(l.config);
	load_file(&l, path ? path : DEFAULT_FILE, path != NULL);
	memset(l.text, 0, sizeof l.text);
	for (char *const *variable = envp; variable && *variable; variable++)
		load_variable(&l, *variable);
	derive(&l);
	compare(&l);
	if (l.n_mistakes) {
		talloc_free(l.config);
		return NULL;
	}
	hide_secrets(l.config);
	return l.config;
}

bool config_can_run(const struct config *c, struct err *e)
{
	if (!*c->telegram.token)
		return err_set(e, "telegram.token is empty: put the token of @BotFather into separex.conf or "
				  "SEPAREX_TELEGRAM_TOKEN, or try everything without one by `make run`");
	if (!c->gateway.order.n)
		return err_set(e, "gateway.order is empty: name at least one gateway");
	if (!*c->http.listen)
		return err_set(e, "http.listen is empty: without the payment pages nobody can pay");
	if (!c->telegram.operators_chat && !c->gateway.practice)
		return err_set(e, "telegram.operators_chat is 0: without the operators' group nobody can decide a "
				  "quarrel, and its money would stay where it is");
	if (!services_check(c, e))
		return false;
	if (!c->telegram.on_this_machine && c->gateway.practice)
		log_warn("gateway.order is the practice bank: no real money moves, and every card says so");
	if (!c->telegram.on_this_machine && !c->telegram.operators_chat)
		log_warn("telegram.operators_chat is 0: reported problems reach nobody");
	if (!c->telegram.on_this_machine && is_loopback(c->http.public_url))
		log_warn("http.public_url is on this machine only: people will not be able to open the payment page");
	return true;
}

int config_check(const char *path, char *const envp[])
{
	struct err e;
	struct config *c = config_load(NULL, path, envp, &e);
	const char *file = path ? path : DEFAULT_FILE;

	if (!c) {
		fprintf(stderr, "%s\n", e.text);
		return EXIT_FAILURE;
	}
	printf("%s: no mistake found\n", path || !access(file, R_OK) ? file : "no separex.conf here; the defaults");
	if (!config_can_run(c, &e))
		printf("but `separex run` needs more: %s\n", e.text);
	talloc_free(c);
	return EXIT_SUCCESS;
}
