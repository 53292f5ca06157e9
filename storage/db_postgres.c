/* The PostgreSQL driver: the connection and its transactions; statements are in db_postgres_stmt.c. These two are the
 * only files that know libpq. See db_driver.h.
 *
 * A connection is lost when the server restarts, fails over or is out of reach. What ran then fails; the next
 * transaction connects anew, takes the owner's lock again and goes on. Only one moment is delicate, a COMMIT whose
 * answer is lost: see lost_commit. */
#include "db_postgres_inside.h"

#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#define CONNECT_S "3" /* one attempt, for each address of the URL */

/* ASK_TIMES: how often the server is asked what became of a
 * commit, with a pause between: a server that restarts on this machine is back by then; a longer outage is DB_FAIL. */
enum { ASK_TIMES = 10, ASK_PAUSE_MS = 300, LOCK_KEY = 0x53505258, XID_BYTES = 32 };

/* Which of our results an SQLSTATE is (PostgreSQL documentation, appendix A); a shorter code stands for its class. What
 * is not here is DB_FAIL. */
static const struct {
	const char *code;
	enum db_result result;
} states[] = {
	{"23", DB_CONFLICT}, /* a constraint */
	{"22003", DB_CONFLICT}, /* a number that does not fit its column */
	{"P0001", DB_CONFLICT}, /* a trigger's RAISE */
	{"40001", DB_RETRY}, /* could not be serialized */
	{"40P01", DB_RETRY}, /* deadlock */
	{"55P03", DB_RETRY}, /* a lock was not to be had */
};

static enum db_result result_of(const char *code)
{
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (!strncmp(code, states[i].code, strlen(states[i].code)))
			return states[i].result;
	return DB_FAIL;
}

/* The message alone: the detail quotes values. A lost connection has no code. */
static void keep_words(struct postgres *c, const PGresult *r)
{
	const char *message = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *code = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;

	if (message && code)
		snprintf(c->error, sizeof c->error, "%s (%s)", message, code);
	else
		snprintf(c->error, sizeof c->error, "the connection to the server is lost");
}

enum db_result postgres_judge(struct postgres *c, PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	enum db_result result = DB_DONE;
	const char *code;

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
		c->changes = *PQcmdTuples(r) ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
	} else { /* an error, or a protocol that we do not use */
		code = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
		result = code && PQstatus(c->pg) == CONNECTION_OK ? result_of(code) : DB_FAIL;
		keep_words(c, r);
	}
	PQclear(r);
	return result;
}

enum db_result postgres_run(struct postgres *c, const char *sql)
{
	return postgres_judge(c, PQexec(c->pg, sql));
}

/* The first value of a question's answer in out; DB_DONE when there is none. */
static enum db_result ask(struct postgres *c, const char *sql, const char *param, char *out, size_t room)
{
	PGresult *r = PQexecParams(c->pg, sql, param != NULL, NULL, &param, NULL, NULL, 0);
	bool row = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0);
	enum db_result result;

	if (row)
		snprintf(out, room, "%s", PQgetvalue(r, 0, 0));
	result = postgres_judge(c, r);
	return row ? DB_ROW : result;
}

/* ---- connecting ---- */

/* Durable at every commit whatever the server's default is (a synchronous standby's word included, when one is set up),
 * and never waiting for ever: neither for a lock nor, when the other side vanished, for the network. */
static enum db_result settle_in(struct postgres *c)
{
	static const char settings[] =
		"SET synchronous_commit = on; SET client_min_messages = warning; SET lock_timeout = '5s';"
		"SET idle_in_transaction_session_timeout = '60s'; SET standard_conforming_strings = on;"
		"SET search_path = public; SET bytea_output = hex";
	char encoding[32] = "";
	enum db_result r = postgres_run(c, settings);

	if (r == DB_DONE && (ask(c, "SHOW server_encoding", NULL, encoding, sizeof encoding) != DB_ROW ||
			     strcmp(encoding, "UTF8") != 0)) {
		snprintf(c->error, sizeof c->error, "the database's encoding must be UTF8, it is %s", encoding);
		return DB_FAIL;
	}
	return r;
}

/* False while another process has it, also while the server still believes that our own lost connection lives. */
static bool take_lock(struct postgres *c)
{
	char got[8] = "", sql[64];

	snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(%d)", (int)LOCK_KEY);
	return ask(c, sql, NULL, got, sizeof got) == DB_ROW && got[0] == 't';
}

static void quiet(void *arg, const char *message)
{
	(void)arg, (void)message; /* notices may quote values */
}

enum db_result postgres_connect(struct postgres *c)
{
	const char *const keys[] = {"dbname",
				    "client_encoding",
				    "application_name",
				    "connect_timeout",
				    "tcp_user_timeout",
				    "keepalives_idle",
				    NULL};
	const char *const values[] = {c->url, "UTF8", "separex", CONNECT_S, "20000", "10", NULL};

	PQfinish(c->pg);
	c->pg = PQconnectdbParams(keys, values, 1);
	c->life++;
	if (PQstatus(c->pg) != CONNECTION_OK) {
		snprintf(c->error, sizeof c->error, "the server cannot be reached");
		return DB_FAIL;
	}
	PQsetNoticeProcessor(c->pg, quiet, NULL);
	return settle_in(c);
}

enum db_result postgres_connected(struct postgres *c)
{
	if (PQstatus(c->pg) == CONNECTION_OK)
		return DB_DONE;
	if (postgres_connect(c) != DB_DONE)
		return DB_FAIL;
	if (c->locked && !take_lock(c)) {
		snprintf(c->error, sizeof c->error, "the owner's lock is not free after a lost connection");
		PQfinish(c->pg); /* the next transaction tries again */
		c->pg = NULL;
		return DB_FAIL;
	}
	log_info("the store: connected again");
	return DB_DONE;
}

/* ---- opening ---- */

/* Passwords must not reach a log, by whatever way they came into the URL. */
static bool hide_password(const char *url, struct err *e)
{
	PQconninfoOption *all = PQconninfoParse(url, NULL);

	for (const PQconninfoOption *o = all; o && o->keyword; o++)
		if (o->val && *o->dispchar == '*')
			log_hide(o->val);
	PQconninfoFree(all);
	return all || err_set(e, "the store URL cannot be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE");
}

static void postgres_close(void *conn)
{
	struct postgres *c = conn;

	PQfinish(c->pg);
	talloc_free(c);
}

/* A message for the owner: the server's own words name host, user and database, never the password. */
static bool cannot_open(const struct postgres *c, struct err *e)
{
	const char *why = PQstatus(c->pg) == CONNECTION_OK ? c->error : PQerrorMessage(c->pg);

	return err_set(e, "the store: %.*s", (int)strcspn(why, "\n"), why);
}

static void *postgres_open(const void *ctx, const char *where, bool readonly, struct err *e)
{
	struct postgres *c = talloc_zero(ctx, struct postgres);

	if (!c || !(c->url = talloc_asprintf(c, "postgresql:%s", where)))
		abort();
	c->streams = readonly;
	if (!hide_password(c->url, e) || (postgres_connect(c) != DB_DONE && !cannot_open(c, e))) {
		postgres_close(c);
		return NULL;
	}
	return c;
}

/* ---- transactions ---- */

static void pause_ms(int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

/* The number under which the server knows this transaction, "" when it wrote nothing. */
static enum db_result transaction_number(struct postgres *c, char xid[XID_BYTES])
{
	enum db_result r;

	xid[0] = '\0';
	r = ask(c, "SELECT pg_current_xact_id_if_assigned()::text", NULL, xid, XID_BYTES);
	return r == DB_ROW ? DB_DONE : r;
}

/* The connection broke after COMMIT had been sent: the server is asked whether it happened. What was committed is
 * DB_DONE, so nothing is done twice; what surely was not is DB_RETRY, so it is done again; what cannot be learnt is
 * DB_FAIL, which db_tx says may have reached the disk. A number that the server does not know yet was lost with its
 * crash (pg_xact_status then is an error). */
static enum db_result lost_commit(struct postgres *c, const char *xid)
{
	char status[32];

	log_warn("the store: the connection was lost during a commit; asking what became of it");
	for (int i = 0; i < ASK_TIMES; i++) {
		if (i)
			pause_ms(ASK_PAUSE_MS);
		if (postgres_connected(c) != DB_DONE)
			continue;
		status[0] = '\0';
		if (ask(c, "SELECT pg_xact_status($1::xid8)", xid, status, sizeof status) == DB_FAIL) {
			if (PQstatus(c->pg) != CONNECTION_OK)
				continue;
			return DB_RETRY;
		}
		if (!strcmp(status, "committed"))
			return DB_DONE;
		if (!strcmp(status, "aborted"))
			return DB_RETRY;
	}
	snprintf(c->error, sizeof c->error,
		 "the connection was lost during a commit, and nobody says what became of it");
	return DB_FAIL;
}

static enum db_result commit(struct postgres *c)
{
	bool wrote = c->phase == PG_WRITING;
	char xid[XID_BYTES] = "";
	enum db_result r = wrote ? transaction_number(c, xid) : DB_DONE;
	PGresult *answer;

	if (r != DB_DONE)
		return r;
	answer = PQexec(c->pg, "COMMIT");
	/* A transaction that had failed is rolled back by COMMIT, and that is said in its tag alone. */
	if (PQresultStatus(answer) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(answer), "COMMIT") != 0) {
		PQclear(answer);
		c->phase = PG_IDLE;
		snprintf(c->error, sizeof c->error, "the transaction was ended from within");
		return DB_FAIL;
	}
	r = postgres_judge(c, answer);
	if (r == DB_DONE || PQstatus(c->pg) != CONNECTION_OK)
		c->phase = PG_IDLE;
	return r == DB_FAIL && *xid && PQstatus(c->pg) != CONNECTION_OK ? lost_commit(c, xid) : r;
}

/* Rolling back what a lost connection took along is done. */
static enum db_result rollback(struct postgres *c)
{
	bool open = c->phase != PG_IDLE && PQstatus(c->pg) == CONNECTION_OK;

	c->phase = PG_IDLE;
	if (open && postgres_run(c, "ROLLBACK") != DB_DONE && PQstatus(c->pg) == CONNECTION_OK)
		return DB_FAIL;
	return DB_DONE;
}

/* The first command after an outage finds the connection broken; nothing was done then, so it is given a new one. */
static enum db_result begin(struct postgres *c, const char *sql, enum pg_phase phase)
{
	enum db_result r = postgres_connected(c);

	if (r == DB_DONE)
		r = postgres_run(c, sql);
	if (r == DB_FAIL && c->pg && PQstatus(c->pg) != CONNECTION_OK && postgres_connected(c) == DB_DONE)
		r = postgres_run(c, sql);
	if (r == DB_DONE)
		c->phase = phase;
	return r;
}

static enum db_result postgres_control(void *conn, enum db_control what)
{
	struct postgres *c = conn;

	switch (what) {
	case DB_BEGIN_WRITE:
		return begin(c, "BEGIN ISOLATION LEVEL SERIALIZABLE", PG_WRITING);
	case DB_BEGIN_READ:
		return begin(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", PG_READING);
	case DB_COMMIT:
		return commit(c);
	case DB_ROLLBACK:
		return rollback(c);
	case DB_SAVEPOINT:
		return postgres_run(c, "SAVEPOINT step");
	case DB_RELEASE:
		return postgres_run(c, "RELEASE step");
	case DB_ROLLBACK_TO:
		return postgres_run(c, "ROLLBACK TO step");
	case DB_CONTROLS:
		break;
	}
	abort();
}

static enum db_result postgres_script(void *conn, const char *text)
{
	struct postgres *c = conn;
	enum db_result r = postgres_run(c, text);

	if (PQstatus(c->pg) == CONNECTION_OK && PQtransactionStatus(c->pg) == PQTRANS_IDLE) {
		snprintf(c->error, sizeof c->error, "the transaction was ended from within");
		return DB_FAIL;
	}
	return r;
}

static int64_t postgres_changes(void *conn)
{
	return ((struct postgres *)conn)->changes;
}

static const char *postgres_error(void *conn)
{
	return ((struct postgres *)conn)->error;
}

/* ---- the whole store ---- */

/* What was deleted leaves the tables' files; what is in the server's log and in backups ages there. */
static enum db_result postgres_compact(void *conn)
{
	struct postgres *c = conn;

	return postgres_connected(c) == DB_DONE ? postgres_run(c, "VACUUM FULL") : DB_FAIL;
}

static enum db_result postgres_copy(void *conn, const char *path, int64_t most_ms)
{
	struct postgres *c = conn;

	(void)path, (void)most_ms;
	snprintf(c->error, sizeof c->error, "a PostgreSQL store is copied by pg_dump, see docs/operations.md");
	return DB_FAIL;
}

/* Pages are the server's care (data checksums, amcheck); references cannot dangle. */
static enum db_result postgres_check(void *conn)
{
	return postgres_connected(conn);
}

static void *postgres_reserve(const void *ctx, const char *where, const char **path, struct err *e)
{
	(void)ctx, (void)where, (void)path;
	err_set(e, "a PostgreSQL store is restored by pg_restore, see docs/operations.md");
	return NULL;
}

static bool postgres_lock(void *conn, bool take, struct err *e)
{
	struct postgres *c = conn;
	char sql[64];

	if (take) {
		/* Twice: a connection that was lost unnoticed is found out by the first question. */
		for (int i = 0; i < 2 && !c->locked; i++)
			c->locked = postgres_connected(c) == DB_DONE && take_lock(c);
		return c->locked || err_set(e, "another separex process uses this store; stop it first");
	}
	c->locked = false;
	snprintf(sql, sizeof sql, "SELECT pg_advisory_unlock(%d)", (int)LOCK_KEY);
	if (PQstatus(c->pg) == CONNECTION_OK)
		postgres_run(c, sql);
	return true;
}

/* The lock is the server's and goes with its connection: there is no place for a word. */
static bool postgres_retire(void *conn, struct err *e)
{
	(void)conn;
	return err_set(e, "rename that database (ALTER DATABASE … RENAME TO …), so that no bot finds it");
}

static void postgres_stream(void *conn)
{
	((struct postgres *)conn)->streams = true;
}

/* An identity goes on from its own sequence, which rows with numbers of their own do not move. */
static const char postgres_numbers_go_on[] =
	"DO $$DECLARE t record; BEGIN FOR t IN SELECT table_name, column_name FROM information_schema.columns "
	"WHERE table_schema = 'public' AND is_identity = 'YES' LOOP "
	"EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), COALESCE(MAX(%I), 1), COUNT(*) > 0) FROM %I', "
	"t.table_name, t.column_name, t.column_name, t.table_name); END LOOP; END$$";

const struct db_driver db_driver_postgres = {
	.scheme = "postgres",
	.numbered = true,
	.ddl = {.id = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
		.integer = "BIGINT",
		.blob = "BYTEA",
		.strict = "",
		.trigger_functions = true},
	.tables = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
	.numbers_go_on = postgres_numbers_go_on,
	.open = postgres_open,
	.close = postgres_close,
	.control = postgres_control,
	.script = postgres_script,
	.prepare = postgres_prepare,
	.bind = postgres_bind,
	.step = postgres_step,
	.column = postgres_column,
	.release = postgres_release,
	.changes = postgres_changes,
	.error = postgres_error,
	.compact = postgres_compact,
	.copy = postgres_copy,
	.check = postgres_check,
	.reserve = postgres_reserve,
	.lock = postgres_lock,
	.retire = postgres_retire,
	.stream = postgres_stream,
};
