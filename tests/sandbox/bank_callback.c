/* The browser's way back to the shop, played by libcurl beside the server: see bank.h. */
#include "bank.h"

#include "js.h"
#include "log.h"
#include "reply.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { JOBS_MAX = 64, TIMEOUT_MS = 15000, BODY_KEPT = 4000 };

/* One or more callbacks for one payment, sent one after the other. */
struct job {
	struct payment payment; /* a copy for the answer: the bank may be reset meanwhile */
	char *fields;
	int left;
	struct request *r; /* who waits for the end, or NULL */
	json_t *results; /* array of {status, body} or {error} */
	CURL *easy;
	char body[BODY_KEPT + 1];
	size_t n;
};

static CURLM *multi;
static struct job *jobs[JOBS_MAX];

void *callback_multi(void)
{
	if (!multi) {
		curl_global_init(CURL_GLOBAL_DEFAULT);
		multi = curl_multi_init();
	}
	return multi;
}

static size_t keep_body(char *data, size_t size, size_t n, void *arg)
{
	struct job *j = arg;
	size_t room = BODY_KEPT - j->n, take = n * size < room ? n * size : room;

	memcpy(j->body + j->n, data, take);
	j->n += take;
	j->body[j->n] = '\0';
	return n * size;
}

static void begin(struct job *j)
{
	j->n = 0;
	j->body[0] = '\0';
	j->easy = curl_easy_init();
	if (!j->easy)
		abort();
	curl_easy_setopt(j->easy, CURLOPT_URL, j->payment.callback);
	curl_easy_setopt(j->easy, CURLOPT_POSTFIELDS, j->fields);
	curl_easy_setopt(j->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(j->easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(j->easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(j->easy, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(j->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(j->easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(j->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(j->easy, CURLOPT_WRITEFUNCTION, keep_body);
	curl_easy_setopt(j->easy, CURLOPT_WRITEDATA, j);
	curl_easy_setopt(j->easy, CURLOPT_PRIVATE, j);
	curl_multi_add_handle(callback_multi(), j->easy);
}

static void answer(struct world *w, struct job *j)
{
	const struct payment *p = bank_payment(w, j->payment.token);

	if (!j->r)
		return;
	reply_json(w, j->r, 200,
		   json_pack("{sbsosO}", "ok", 1, "payment", bank_payment_json(p ? p : &j->payment), "callbacks",
			     j->results));
	j->r = NULL;
}

static void finish(struct world *w, struct job *j)
{
	answer(w, j);
	json_decref(j->results);
	for (size_t i = 0; i < JOBS_MAX; i++)
		if (jobs[i] == j)
			jobs[i] = NULL;
	talloc_free(j);
	world_changed(w);
}

static void note_result(struct job *j, CURLcode rc)
{
	long status = 0;

	curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
	if (rc == CURLE_OK) {
		json_t *body = json_stringn(j->body, j->n); /* NULL when it is no UTF-8 or was cut inside a letter */

		json_array_append_new(
			j->results, json_pack("{siso}", "status", (int)status, "body", body ? body : json_string("")));
	} else {
		json_array_append_new(j->results, json_pack("{sssi}", "error", curl_easy_strerror(rc), "status", 0));
		log_warn("callback failed: %s", curl_easy_strerror(rc));
	}
	curl_multi_remove_handle(multi, j->easy);
	curl_easy_cleanup(j->easy);
	j->easy = NULL;
}

void callback_post(struct world *w, const struct payment *p, const char *fields, int times, struct request *r)
{
	struct job *j;
	size_t slot = 0;

	while (slot < JOBS_MAX && jobs[slot])
		slot++;
	if (slot == JOBS_MAX) {
		log_error("%d callbacks are under way already; one was not sent", JOBS_MAX);
		if (r)
			reply_sim_error(w, r, "too many callbacks are under way");
		return;
	}
	j = jobs[slot] = talloc_zero(NULL, struct job);
	j->payment = *p;
	j->fields = talloc_strdup(j, fields);
	j->left = times;
	j->r = r;
	j->results = json_array();
	if (times == 0)
		finish(w, j);
	else
		begin(j);
}

bool callback_run(struct world *w)
{
	int running = 0, queued;
	CURLMsg *m;
	bool any = false;

	for (size_t i = 0; i < JOBS_MAX; i++)
		any |= jobs[i] != NULL;
	if (!any)
		return false;
	curl_multi_perform(multi, &running);
	while ((m = curl_multi_info_read(multi, &queued))) {
		struct job *j = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&j);
		assert(j);
		note_result(j, m->data.result);
		if (--j->left > 0)
			begin(j);
		else
			finish(w, j);
	}
	return true;
}

void bank_release(struct world *w)
{
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *j = jobs[i];

		if (!j)
			continue;
		if (j->easy) {
			curl_multi_remove_handle(multi, j->easy);
			curl_easy_cleanup(j->easy);
		}
		finish(w, j);
	}
}
