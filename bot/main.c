/* separex: the command line. Arguments, exit codes, and nothing else. */
#include "amount_command.h"
#include "app.h"
#include "audit.h"
#include "backup.h"
#include "bank_files.h"
#include "copy_command.h"
#include "forget_command.h"
#include "log.h"
#include "migrate.h"
#include "reconcile.h"
#include "repo_work.h"
#include "report.h"
#include "restore.h"
#include "statements.h"
#include "store_keys.h"
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

extern char **environ;

enum { MAX_DEAD = 1000, MAX_WORDS = 2 };

static const char usage[] =
	"separex: safe trades in Telegram chats\n"
	"\n"
	"  separex run [--config FILE]           run the bot\n"
	"  separex check-config [--config FILE]  say what is wrong with the configuration\n"
	"  separex audit [--config FILE]         prove the books from their history; exit 1 when they disagree\n"
	"  separex backup FILE [--config FILE]   a whole, proven copy of the store, also beside the running bot\n"
	"  separex restore FILE [--nothing-since] [--config FILE]\n"
	"                                        put a backup in the store's place; the bot must not run.\n"
	"                                        --nothing-since: the bot has not run since the backup was made\n"
	"  separex copy --from URL --to URL      move everything to an empty store, and prove it; the bot must not "
	"run.\n"
	"                                        URL as in store.url: sqlite:FILE, postgres://…\n"
	"  separex work [--dead] [--config FILE] what waits to be sent, or what was given up and why\n"
	"  separex amount TEXT...                what is read as a price: its rials, and \"sure\" or \"confirm\"\n"
	"  separex rotate-key [--drop-old] [--config FILE]\n"
	"                                        seal what is private under a new key; the bot must not run\n"
	"  separex forget USER [--config FILE]   forget a person (Telegram id or @username); the bot must not run\n"
	"  separex import-results FILE [--config FILE]\n"
	"                                        give the running bot a bank's results of a payout file\n"
	"  separex import-statement ACCOUNT FILE [--config FILE]\n"
	"                                        give the running bot a statement of that account: bank, mellat, …\n"
	"  separex reconcile [--config FILE]     our books beside the banks' statements; exit 1 when something is "
	"open\n"
	"  separex report deals|fees|vat|payouts [--from DATE] [--to DATE] [--config FILE]\n"
	"                                        a table for the accountant (CSV); dates like 1405-09-01 or "
	"2026-11-22\n"
	"  separex version\n"
	"\n"
	"Without --config the file separex.conf is read when it is there; see config.example.\n";

struct options {
	const char *command;
	const char *config;
	const char *words[MAX_WORDS]; /* what the command is about: a file, an account, a kind of report */
	size_t n_words;
	const char *from, *to; /* report: dates; copy: stores */
	bool dead;
	bool drop_old; /* rotate-key */
	bool nothing_since; /* restore */
};

static size_t words_wanted(const char *command)
{
	static const char *const with_one_word[] = {"import-results", "report", "forget", "backup", "restore"};

	if (!strcmp(command, "import-statement"))
		return 2;
	for (size_t i = 0; i < sizeof with_one_word / sizeof *with_one_word; i++)
		if (!strcmp(command, with_one_word[i]))
			return 1;
	return 0;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){.command = argc > 1 ? argv[1] : "help"};
	for (int i = 2; i < argc; i++) {
		if (!strcmp(argv[i], "--config") && i + 1 < argc)
			o->config = argv[++i];
		else if (!strcmp(argv[i], "--dead"))
			o->dead = true;
		else if (!strcmp(argv[i], "--drop-old"))
			o->drop_old = true;
		else if (!strcmp(argv[i], "--nothing-since"))
			o->nothing_since = true;
		else if (!strcmp(argv[i], "--from") && i + 1 < argc)
			o->from = argv[++i];
		else if (!strcmp(argv[i], "--to") && i + 1 < argc)
			o->to = argv[++i];
		else if (argv[i][0] != '-' && o->n_words < MAX_WORDS)
			o->words[o->n_words++] = argv[i];
		else
			return false;
	}
	return o->n_words == words_wanted(o->command) && (strcmp(o->command, "copy") != 0 || (o->from && o->to));
}

static struct config *load(void *ctx, const struct options *o)
{
	struct err e = {""};
	struct config *c = config_load(ctx, o->config, environ, &e);

	if (!c) {
		fprintf(stderr, "%s\n", e.text);
		return NULL;
	}
	log_set_level(c->app.log_level);
	log_as_json(c->app.log_format == CONFIG_LOG_JSON);
	return c;
}

static int run(void *ctx, const struct options *o)
{
	struct config *c = load(ctx, o);
	struct err e = {""};

	if (!c)
		return 1;
	if (!config_can_run(c, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	return app_run(c);
}

/* Runs fn on the store, for reading only, also beside a running bot. */
static int read_store(void *ctx, const struct options *o, enum db_result (*fn)(struct db_tx *tx, void *arg), void *arg)
{
	struct config *c = load(ctx, o);
	struct err e = {""};
	struct db *db = c ? db_open_readonly(ctx, c->store.url, &e) : NULL;

	if (!c)
		return 1;
	if (!db || !migrate_check(db, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	if (db_read(db, "read", fn, arg) != DB_DONE) {
		fprintf(stderr, "The store could not be read: %s\n", db_last_error(db));
		return 1;
	}
	db_close(&db);
	return 0;
}

struct audit_job {
	void *ctx;
	struct audit_report report;
};

static enum db_result audit_books(struct db_tx *tx, void *arg)
{
	struct audit_job *job = arg;

	return audit_run(tx, job->ctx, &job->report) ? DB_DONE : DB_FAIL;
}

static int audit(void *ctx, const struct options *o)
{
	struct audit_job *job = talloc_zero(ctx, struct audit_job);

	job->ctx = ctx;
	if (read_store(ctx, o, audit_books, job))
		return 1;
	return audit_print(&job->report, stdout);
}

static const char *kind_name(enum work_kind kind)
{
	switch (kind) {
	case WORK_SEND:
		return "send";
	case WORK_BANK:
		return "bank";
	case WORK_FETCH:
		return "fetch";
	case WORK_IDENTITY:
		return "identity";
	case WORK_SMS:
		return "sms";
	}
	return "unknown";
}

static enum db_result list_work(struct db_tx *tx, void *arg)
{
	const struct options *o = arg;
	enum work_state state = o->dead ? WORK_DEAD : WORK_WAITING;
	void *ctx = talloc_new(NULL);
	struct work *rows = talloc_array(ctx, struct work, MAX_DEAD);
	size_t n = work_list(tx, ctx, state, rows, MAX_DEAD);

	for (size_t i = 0; i < n; i++)
		printf("%" PRId64 "\t%s\t%s\ttries %" PRId64 "\t%s\n", rows[i].id, kind_name(rows[i].kind),
		       rows[i].chain, rows[i].tries, rows[i].reason);
	printf("%" PRId64 " %s\n", work_count(tx, state), o->dead ? "given up" : "waiting");
	talloc_free(ctx);
	return DB_DONE;
}

static int reconcile(void *ctx, const struct options *o)
{
	struct clock clock = clock_system();
	struct reconcile job = {.to = stdout, .now_ms = clock_now_ms(&clock)};

	return read_store(ctx, o, reconcile_print, &job) || job.found ? 1 : 0;
}

static enum db_result write_report(struct db_tx *tx, void *arg)
{
	return report_write(tx, arg) ? DB_DONE : DB_FAIL;
}

/* The first moment of a day of either calendar, in Tehran. */
static bool read_date(void *ctx, const char *text, int64_t otherwise, int64_t *ms)
{
	int64_t day = text ? statements_day(ctx, text) : 0;

	*ms = text ? day * DAY_MS - INT64_C(12600000) : otherwise;
	if (text && !day)
		fprintf(stderr, "\"%s\" is no date: write it like 1405-09-01 or 2026-11-22\n", text);
	return !text || day;
}

static int report(void *ctx, const struct options *o)
{
	struct config *c = load(ctx, o);
	struct report_wish wish = {.kind = report_named(o->words[0]), .to = stdout};

	if (!c || !read_date(ctx, o->from, 0, &wish.from_ms) || !read_date(ctx, o->to, INT64_MAX, &wish.to_ms))
		return 1;
	if (wish.kind == REPORT_KINDS) {
		fprintf(stderr, "there is no report \"%s\": deals, fees, vat or payouts\n", o->words[0]);
		return 1;
	}
	wish.vat_percent = c->books.vat_percent;
	return read_store(ctx, o, write_report, &wish);
}

static int dispatch_command(void *ctx, struct options *o)
{
	if (!strcmp(o->command, "run"))
		return run(ctx, o);
	if (!strcmp(o->command, "check-config"))
		return config_check(o->config, environ);
	if (!strcmp(o->command, "audit"))
		return audit(ctx, o);
	if (!strcmp(o->command, "work"))
		return read_store(ctx, o, list_work, o);
	if (!strcmp(o->command, "reconcile"))
		return reconcile(ctx, o);
	if (!strcmp(o->command, "report"))
		return report(ctx, o);
	if (!strcmp(o->command, "import-results") || !strcmp(o->command, "import-statement")) {
		struct config *c = load(ctx, o);
		bool results = o->n_words == 1;

		return c ? bank_files_import(c, results ? NULL : o->words[0], o->words[results ? 0 : 1]) : 1;
	}
	if (!strcmp(o->command, "backup")) {
		struct config *c = load(ctx, o);

		return c ? backup_command(c, o->words[0]) : 1;
	}
	if (!strcmp(o->command, "restore")) {
		struct config *c = load(ctx, o);

		return c ? restore_command(c, o->words[0], o->nothing_since) : 1;
	}
	if (!strcmp(o->command, "copy"))
		return copy_command(o->from, o->to);
	if (!strcmp(o->command, "forget")) {
		struct config *c = load(ctx, o);

		return c ? forget_command(c, o->words[0]) : 1;
	}
	if (!strcmp(o->command, "rotate-key")) {
		struct config *c = load(ctx, o);

		return c ? store_keys_rotate(c, o->drop_old) : 1;
	}
	if (!strcmp(o->command, "version")) {
		puts("separex " SEPAREX_VERSION);
		return 0;
	}
	fputs(usage, strcmp(o->command, "help") ? stderr : stdout);
	return strcmp(o->command, "help") ? 2 : 0;
}

int main(int argc, char **argv)
{
	struct options o;
	void *ctx = talloc_new(NULL);
	int code = 2;

	setlocale(LC_ALL, "C"); /* numbers are read and written the same everywhere */
	if (argc > 2 && !strcmp(argv[1], "amount"))
		code = amount_command(argc - 2, argv + 2);
	else if (read_options(argc, argv, &o))
		code = dispatch_command(ctx, &o);
	else
		fputs(usage, stderr);
	talloc_free(ctx);
	return code;
}
