/* Files between us and our bank: see bank_files.h. A file is named by what it is, so that taking it twice is taking it
 * once. */
#include "bank_files.h"

#include "batch.h"
#include "ccti.h"
#include "clock.h"
#include "clockwork.h"
#include "crypto.h"
#include "csv.h"
#include "file_store.h"
#include "js.h"
#include "log.h"
#include "statements.h"
#include "worker.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

enum { REPORT_BYTES = 8 << 20, FILE_NAME_MOST = 180 };

static const int64_t look_every_ms = 2 * SECOND_MS, again_ms = 30 * SECOND_MS;

/* --- writing --- */

static struct ccti_variant variant_of(const struct config *c)
{
	return (struct ccti_variant){c->ccti.xmlns, c->ccti.national_id, c->ccti.remittance, c->ccti.track_id,
				     c->ccti.method_currency};
}

/* Everything comes from the store, so the same batch always makes the same bytes. */
static bool compose(struct app *a, struct db_tx *tx, void *ctx, const struct batch *b, struct buf *out,
		    char name[CCTI_MSG_ID_BYTES], struct err *e)
{
	struct settlement *s = talloc_array(ctx, struct settlement, CCTI_MAX_ROWS);
	struct ccti_row *rows = talloc_zero_array(ctx, struct ccti_row, CCTI_MAX_ROWS);
	struct ccti_variant v = variant_of(a->config);
	struct ccti_file f = {.debtor_name = a->config->ccti.name,
			      .debtor_iban = a->config->ccti.iban,
			      .bic = a->config->ccti.bic,
			      .serial = b->id,
			      .made_ms = b->approved_ms,
			      .remittance = a->config->app.name,
			      .rows = rows};

	f.n = batch_rows(tx, ctx, b->id, s, CCTI_MAX_ROWS);
	for (size_t i = 0; i < f.n; i++) {
		struct person p;

		if (!person_by_id(tx, ctx, s[i].person_id, &p))
			return err_set(e, "payout %" PRId64 " has no payee", s[i].id);
		rows[i] = (struct ccti_row){s[i].track_id, s[i].amount, p.owner_name[0] ? p.owner_name : p.name,
					    s[i].iban, p.national_id};
	}
	ccti_msg_id(&f, name);
	return ccti_write(&f, &v, out, e);
}

struct write_job {
	struct app *app;
	void *ctx;
	int64_t now_ms;
	struct batch batch;
	bool found, frozen;
	const char *path, *sha256;
	struct buf *text;
	struct err e;
	char name[CCTI_MSG_ID_BYTES];
};

static enum db_result find_approved(struct db_tx *tx, void *arg)
{
	struct write_job *job = arg;

	job->found = batch_oldest(tx, job->ctx, BATCH_APPROVED, &job->batch);
	job->frozen = job->found && batch_has_frozen(tx, job->batch.id);
	if (job->found && !compose(job->app, tx, job->ctx, &job->batch, job->text, job->name, &job->e))
		job->text = NULL;
	return DB_DONE;
}

static enum db_result withdraw(struct db_tx *tx, void *arg)
{
	struct write_job *job = arg;
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);

	batch_withdraw(&t, &job->batch, job->frozen);
	return t.failed ? DB_FAIL : DB_DONE;
}

static enum db_result note_written(struct db_tx *tx, void *arg)
{
	struct write_job *job = arg;
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);

	job->batch.state = BATCH_WRITTEN;
	job->batch.file_name = talloc_asprintf(job->ctx, "%s.ccti", job->name);
	job->batch.file_sha256 = job->sha256;
	batch_save(tx, &job->batch);
	batch_written(&t, &job->batch, job->path);
	return t.failed ? DB_FAIL : DB_DONE;
}

static bool write_file(struct write_job *job)
{
	const char *folder = job->app->config->payout.folder;
	char hex[SHA256_HEX_BYTES];

	if (!file_store_put(folder, talloc_asprintf(job->ctx, "%s.ccti", job->name), job->text->data, job->text->len,
			    &job->e))
		return false;
	sha256_hex(job->text->data, job->text->len, hex);
	job->sha256 = hex;
	job->path = talloc_asprintf(job->ctx, "%s/%s.ccti", folder, job->name);
	return db_tx(job->app->db, "a batch is written", note_written, job) == DB_DONE;
}

/* The approval is committed; the file comes after it, and the note of the file after the file. A crash between any two
 * of these writes the same bytes under the same name again. */
static bool write_next(struct app *a, int64_t now_ms)
{
	struct write_job job = {.app = a, .ctx = talloc_new(NULL), .now_ms = now_ms};
	bool found, fine = true;

	job.text = buf_new(job.ctx, CCTI_MAX_BYTES);
	found = db_read(a->db, "approved batches", find_approved, &job) == DB_DONE && job.found;
	if (found && (job.frozen || !job.text)) {
		log_error("batch %" PRId64 " is withdrawn: %s", job.batch.id, job.frozen ? "frozen" : job.e.text);
		fine = db_tx(a->db, "a batch is withdrawn", withdraw, &job) == DB_DONE;
	} else if (found) {
		fine = write_file(&job);
		if (!fine)
			log_error("batch %" PRId64 " cannot be written: %s", job.batch.id, job.e.text);
	}
	if (found)
		worker_look(a->worker);
	talloc_free(job.ctx);
	return fine;
}

/* --- results --- */

/* In the configuration "_" stands for a blank: its lists are divided by those. */
static bool same_word(const char *configured, const char *word)
{
	for (; *configured && *word; configured++, word++)
		if (tolower((unsigned char)*configured) != tolower((unsigned char)*word) &&
		    !(*configured == '_' && *word == ' '))
			return false;
	return *configured == *word;
}

static bool is_one_of(const struct config_list *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (same_word(words->items[i], word))
			return true;
	return false;
}

/* One row of the bank's file. False, and why in `e`, when it says nothing that we know. */
static bool read_row(void *ctx, const struct config *c, const struct csv *csv, struct batch_result *r, struct err *e)
{
	const char *state = csv_get(csv, c->results.state);

	*r = (struct batch_result){.track_id = csv_get(csv, c->results.track),
				   .done = is_one_of(&c->results.done, state),
				   .reason = csv_get(csv, c->results.reason),
				   .reference = csv_get(csv, c->results.reference),
				   .iban = csv_get(csv, c->results.iban)};
	if (!statements_amount(ctx, csv_get(csv, c->results.amount), &r->amount_rial))
		return err_set(e, "its sum cannot be read");
	if (r->done && *c->results.amount && !r->amount_rial)
		return err_set(e, "it says no sum, which is compared (results.amount)");
	if (!r->track_id[0])
		return err_set(e, "no number in the column \"%s\"", c->results.track);
	if (!r->done && !is_one_of(&c->results.returned, state))
		return err_set(e, "the state \"%.40s\" is in neither results.done nor results.returned", state);
	return true;
}

static const char *const rows_say[] = {
	[BATCH_ROW_PAID] = "paid",
	[BATCH_ROW_BACK] = "sent back; it is owed again",
	[BATCH_ROW_BOUNCED] = "sent back after it had been done; it is owed again",
	[BATCH_ROW_AGAIN] = "taken before; nothing was changed",
	[BATCH_ROW_UNKNOWN] = "no payout of ours has this number; nothing was changed",
	[BATCH_ROW_NOT_OUT] = "in no file that went to the bank; nothing was changed",
	[BATCH_ROW_AMOUNT] = "another amount than ours; nothing was changed, a person must look",
	[BATCH_ROW_IBAN] = "another IBAN than ours; nothing was changed, a person must look",
	[BATCH_ROW_AGAINST] = "the bank said the contrary before; nothing was changed, a person must look",
	[BATCH_ROW_FAILED] = "could not be booked; import the file again",
};

struct row_job {
	struct app *app;
	const struct batch_result *row;
	int64_t now_ms;
	void *ctx;
	const char *said;
};

static enum db_result take_row(struct db_tx *tx, void *arg)
{
	struct row_job *job = arg;
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);

	job->said = rows_say[batch_result_take(&t, job->row)];
	return t.failed ? DB_FAIL : DB_DONE;
}

/* Each row in its own transaction: one that cannot be taken holds up no other. */
static void take_rows(struct app *a, struct csv *csv, struct buf *report, int64_t now_ms)
{
	struct err e = {""};

	while (csv_next(csv, &e)) {
		struct batch_result row;
		struct row_job job = {.app = a, .row = &row, .now_ms = now_ms, .ctx = talloc_new(NULL), .said = ""};

		if (!read_row(job.ctx, a->config, csv, &row, &e))
			job.said = e.text;
		else if (db_tx(a->db, "a bank's result", take_row, &job) != DB_DONE)
			job.said = "could not be booked; import the file again";
		buf_printf(report, "line %zu, %.40s: %s\n", csv_line(csv), csv_get(csv, a->config->results.track),
			   job.said);
		talloc_free(job.ctx);
		e.text[0] = '\0';
	}
	if (e.text[0])
		buf_printf(report, "%s; nothing after it was read\n", e.text);
}

/* The sum and the IBAN are compared: a column of theirs that is not where it is said to be would switch that off. */
static bool has_columns(const struct config *c, const struct csv *csv, struct err *e)
{
	const struct {
		const char *column, *key;
	} wanted[] = {{c->results.track, "track"},
		      {c->results.state, "state"},
		      {c->results.amount, "amount"},
		      {c->results.iban, "iban"}};

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if ((i < 2 || wanted[i].column[0]) && !csv_has(csv, wanted[i].column))
			return err_set(e, "the first line must name the column \"%.60s\" (results.%s)",
				       wanted[i].column, wanted[i].key);
	return true;
}

static char *read_file(void *ctx, const char *path, size_t *n, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *bytes = talloc_array(ctx, char, CSV_MAX_BYTES + 1);

	if (!f) {
		err_set(e, "%s cannot be read: %s", path, strerror(errno));
		return NULL;
	}
	*n = fread(bytes, 1, CSV_MAX_BYTES + 1, f);
	if (ferror(f)) {
		err_set(e, "%s cannot be read: %s", path, strerror(errno));
		bytes = NULL;
	}
	fclose(f);
	return bytes;
}

static bool fits(const struct config *c, const char *account, const struct csv *csv, struct err *e)
{
	return account ? statements_columns(c, csv, e) : has_columns(c, csv, e);
}

/* "statement-mellat-HASH.csv" is a statement of that account; NULL for results. */
static const char *account_in(void *ctx, const char *name)
{
	const char *account = !strncmp(name, "statement-", 10) ? name + 10 : NULL;

	account = account ? talloc_strndup(ctx, account, strcspn(account, "-.")) : NULL;
	return account && bank_account(account) ? account : NULL;
}

/* FOLDER/in/NAME becomes FOLDER/done/NAME, with what came of each row beside it. */
static void take_file(struct app *a, const char *name, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	const char *folder = a->config->payout.folder, *from = talloc_asprintf(ctx, "%s/in/%s", folder, name);
	const char *account = account_in(ctx, name);
	struct buf *report = buf_new(ctx, REPORT_BYTES);
	struct err e = {""};
	size_t n = 0;
	char *bytes = read_file(ctx, from, &n, &e);
	struct csv *csv = bytes ? csv_open(ctx, bytes, n, &e) : NULL;

	/* What cannot be put away afterwards would be taken again and again: it is not begun. */
	if (strlen(name) > FILE_NAME_MOST || access(talloc_asprintf(ctx, "%s/done", folder), W_OK)) {
		log_error("the bank's file %.40s is left alone: its name is too long, or %s/done cannot be written",
			  name, folder);
		talloc_free(ctx);
		return;
	}
	if (csv && fits(a->config, account, csv, &e))
		account ? statements_take(a, account, csv, report, now_ms) : take_rows(a, csv, report, now_ms);
	else
		buf_printf(report, "%s: %s\n", name, e.text);
	if (!file_store_put(talloc_asprintf(ctx, "%s/done", folder), talloc_asprintf(ctx, "%s.report", name),
			    report->data, report->len, &e) ||
	    rename(from, talloc_asprintf(ctx, "%s/done/%s", folder, name)))
		log_error("the bank's file %s could not be put away: %s", name, e.text[0] ? e.text : strerror(errno));
	worker_look(a->worker);
	clockwork_look(a);
	log_info("a bank's file was taken; its report is %s/done/%s.report", folder, name);
	talloc_free(ctx);
}

static void take_inbox(struct app *a, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	DIR *dir = opendir(talloc_asprintf(ctx, "%s/in", a->config->payout.folder));
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (n > 4 && !strcmp(entry->d_name + n - 4, ".csv") && entry->d_name[0] != '.')
			take_file(a, entry->d_name, now_ms);
	}
	if (dir)
		closedir(dir);
	talloc_free(ctx);
}

/* Removes a folder's files with that ending that are older than the moment. */
static void sweep(void *ctx, const char *folder, const char *ending, int64_t before_ms)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = strlen(ending);

	while (dir && (entry = readdir(dir))) {
		const char *path = talloc_asprintf(ctx, "%s/%s", folder, entry->d_name);
		size_t length = strlen(entry->d_name);
		struct stat st;

		if (length <= n || strcmp(entry->d_name + length - n, ending) || stat(path, &st) ||
		    (int64_t)st.st_mtim.tv_sec * SECOND_MS >= before_ms)
			continue;
		if (unlink(path))
			log_error("%s is old and has names and IBANs in it, but cannot be removed: %s", path,
				  strerror(errno));
	}
	if (dir)
		closedir(dir);
}

void bank_files_sweep(const struct config *c, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);

	sweep(ctx, c->payout.folder, ".ccti", now_ms - c->payout.keep_ms);
	sweep(ctx, talloc_asprintf(ctx, "%s/done", c->payout.folder), ".csv", now_ms - c->payout.keep_ms);
	talloc_free(ctx);
}

bool bank_files_open(const struct config *c, struct err *e)
{
	void *ctx = talloc_new(NULL);
	bool fine = file_store_open(c->payout.folder, e) &&
		    file_store_open(talloc_asprintf(ctx, "%s/in", c->payout.folder), e) &&
		    file_store_open(talloc_asprintf(ctx, "%s/done", c->payout.folder), e);

	talloc_free(ctx);
	return fine;
}

int64_t bank_files_step(struct app *a, int64_t now_ms)
{
	if (now_ms < a->bank_files_ms)
		return a->bank_files_ms;
	take_inbox(a, now_ms);
	a->bank_files_ms = now_ms + (write_next(a, now_ms) ? look_every_ms : again_ms);
	return a->bank_files_ms;
}

int bank_files_import(const struct config *c, const char *account, const char *path)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	size_t n = 0;
	char *bytes = read_file(ctx, path, &n, &e), hex[SHA256_HEX_BYTES];
	struct csv *csv = bytes ? csv_open(ctx, bytes, n, &e) : NULL;
	const char *folder = talloc_asprintf(ctx, "%s/in", c->payout.folder), *name = "";
	bool fine = csv && fits(c, account, csv, &e) && bank_files_open(c, &e);

	if (fine && account && !bank_account(account))
		fine = err_set(&e, "there is no account \"%.30s\": bank, mellat, parsian, zarinpal, vandar or sandbox",
			       account);
	if (fine) {
		sha256_hex(bytes, n, hex);
		name = account ? talloc_asprintf(ctx, "statement-%s-%.16s.csv", account, hex)
			       : talloc_asprintf(ctx, "results-%.16s.csv", hex);
		unlink(talloc_asprintf(ctx, "%s/done/%s.report", c->payout.folder, name)); /* of the last time */
		fine = file_store_put(folder, name, bytes, n, &e);
	}
	if (fine)
		printf("%s waits in %s; the running bot takes it within seconds (or when it starts) and says in\n"
		       "%s/done/%s.report what came of each row\n",
		       path, folder, c->payout.folder, name);
	else
		fprintf(stderr, "%s: %s\n", path, e.text);
	talloc_free(ctx);
	return fine ? 0 : 1;
}
