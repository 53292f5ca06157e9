/* The floor of `make bench`: libcurl, jansson and SQLite in a bare loop, doing what any durable bot must do and nothing
 * else: poll, commit the batch's rows (synchronous=FULL), answer each with the same message, poll again. Runs until it
 * is killed. floor API_BASE STORE CONNECTIONS MESSAGE: MESSAGE is the JSON of sendMessage without its chat_id. */
#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONNECTIONS = 64, BODY_BYTES = 200, WAIT_MS = 1000 };

/* One connection's handle and what was answered on it. */
struct line {
	CURL *easy;
	char *bytes;
	size_t n;
	bool busy;
};

struct floor {
	json_t *message;
	CURLM *multi;
	struct line poll, lines[MAX_CONNECTIONS];
	int n_lines;
	sqlite3 *db;
	sqlite3_stmt *begin, *insert, *commit;
	int64_t offset;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct line *l = arg;

	l->bytes = realloc(l->bytes, l->n + size * n + 1);
	must(l->bytes, "no memory");
	memcpy(l->bytes + l->n, bytes, size * n);
	l->n += size * n;
	l->bytes[l->n] = '\0';
	return size * n;
}

static void open_line(struct line *l, const char *base, const char *method)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	char url[BODY_BYTES];

	l->easy = curl_easy_init();
	must(l->easy && headers, "no memory");
	snprintf(url, sizeof url, "%s/bot1:floor/%s", base, method);
	curl_easy_setopt(l->easy, CURLOPT_URL, url);
	curl_easy_setopt(l->easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(l->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(l->easy, CURLOPT_WRITEDATA, l);
	curl_easy_setopt(l->easy, CURLOPT_PRIVATE, l);
	curl_easy_setopt(l->easy, CURLOPT_PROXY, "");
}

static void open_store(struct floor *f, const char *path)
{
	static const char setup[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				    "CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY, chat INTEGER, text TEXT)";

	must(sqlite3_open(path, &f->db) == SQLITE_OK, "cannot open the store");
	must(sqlite3_exec(f->db, setup, NULL, NULL, NULL) == SQLITE_OK, "cannot set up the store");
	sqlite3_prepare_v2(f->db, "BEGIN IMMEDIATE", -1, &f->begin, NULL);
	sqlite3_prepare_v2(f->db, "INSERT INTO seen (id, chat, text) VALUES (?, ?, ?)", -1, &f->insert, NULL);
	sqlite3_prepare_v2(f->db, "COMMIT", -1, &f->commit, NULL);
	must(f->begin && f->insert && f->commit, "cannot prepare");
}

static json_t *answered(struct line *l)
{
	json_t *j = json_loadb(l->bytes, l->n, 0, NULL);

	must(json_is_true(json_object_get(j, "ok")), l->bytes);
	l->n = 0;
	return j;
}

static json_t *poll_batch(struct floor *f)
{
	char body[BODY_BYTES];

	snprintf(body, sizeof body, "{\"timeout\":25,\"limit\":100,\"offset\":%" PRId64 "}", f->offset);
	curl_easy_setopt(f->poll.easy, CURLOPT_POSTFIELDS, body);
	must(curl_easy_perform(f->poll.easy) == CURLE_OK, "no answer to getUpdates");
	return answered(&f->poll);
}

static void commit(struct floor *f, const json_t *updates)
{
	const json_t *update;
	size_t i;

	sqlite3_step(f->begin);
	sqlite3_reset(f->begin);
	json_array_foreach(updates, i, update)
	{
		const json_t *message = json_object_get(update, "message");
		int64_t id = json_integer_value(json_object_get(update, "update_id"));

		sqlite3_bind_int64(f->insert, 1, id);
		sqlite3_bind_int64(f->insert, 2,
				   json_integer_value(json_object_get(json_object_get(message, "chat"), "id")));
		sqlite3_bind_text(f->insert, 3, json_string_value(json_object_get(message, "text")), -1,
				  SQLITE_TRANSIENT);
		must(sqlite3_step(f->insert) == SQLITE_DONE, sqlite3_errmsg(f->db));
		sqlite3_reset(f->insert);
		f->offset = id + 1;
	}
	must(sqlite3_step(f->commit) == SQLITE_DONE, sqlite3_errmsg(f->db));
	sqlite3_reset(f->commit);
}

static void send_to(struct floor *f, struct line *l, const json_t *update)
{
	json_t *chat = json_object_get(json_object_get(json_object_get(update, "message"), "chat"), "id");
	char *body;

	json_object_set(f->message, "chat_id", chat);
	body = json_dumps(f->message, JSON_COMPACT);
	curl_easy_setopt(l->easy, CURLOPT_COPYPOSTFIELDS, body);
	free(body);
	l->busy = true;
	curl_multi_add_handle(f->multi, l->easy);
}

static void collect(struct floor *f, size_t *n_done)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left))) {
		struct line *l = NULL;

		must(m->data.result == CURLE_OK, "no answer to sendMessage");
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &l);
		json_decref(answered(l));
		curl_multi_remove_handle(f->multi, l->easy);
		l->busy = false;
		++*n_done;
	}
}

static void answer_all(struct floor *f, const json_t *updates)
{
	size_t n = json_array_size(updates), n_begun = 0, n_done = 0;
	int running;

	while (n_done < n) {
		for (int i = 0; i < f->n_lines && n_begun < n; i++)
			if (!f->lines[i].busy)
				send_to(f, &f->lines[i], json_array_get(updates, n_begun++));
		curl_multi_perform(f->multi, &running);
		collect(f, &n_done);
		if (running == f->n_lines || (n_begun == n && n_done < n))
			curl_multi_poll(f->multi, NULL, 0, WAIT_MS, NULL);
	}
}

int main(int argc, char **argv)
{
	static struct floor f;

	must(argc == 5, "usage: floor API_BASE STORE CONNECTIONS MESSAGE");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	f.multi = curl_multi_init();
	f.n_lines = atoi(argv[3]);
	must(f.multi && f.n_lines > 0 && f.n_lines <= MAX_CONNECTIONS, "CONNECTIONS must be 1 to 64");
	f.message = json_loads(argv[4], 0, NULL);
	must(f.message, "MESSAGE is no JSON");
	open_line(&f.poll, argv[1], "getUpdates");
	for (int i = 0; i < f.n_lines; i++)
		open_line(&f.lines[i], argv[1], "sendMessage");
	open_store(&f, argv[2]);
	for (;;) {
		json_t *batch = poll_batch(&f), *updates = json_object_get(batch, "result");

		if (json_array_size(updates)) {
			commit(&f, updates);
			answer_all(&f, updates);
		}
		json_decref(batch);
	}
}
