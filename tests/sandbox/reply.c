/* Answers: see reply.h. */
#include "reply.h"

#include "js.h"
#include "waiters.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char bad_gateway[] = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
				  "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
				  "</body>\r\n</html>\r\n";
static const char broken_json[] = "{\"ok\":true,\"result\":[{\"update_id\":";

static void send_answer(struct world *w, struct request *r, struct answer a)
{
	enum fault_kind kind = (enum fault_kind)r->mangle;

	a.ahead_ms = w->clock.ahead_ms;
	if (kind == FAULT_LOST) {
		server_drop(r);
		return;
	}
	if (kind == FAULT_EMPTY)
		a.n = 0;
	if (kind == FAULT_BADJSON) {
		a.bytes = broken_json;
		a.n = sizeof broken_json - 1;
	}
	a.cut = kind == FAULT_CUT ? ANSWER_CUT : ANSWER_WHOLE;
	server_answer(r, &a);
}

void reply_bytes(struct world *w, struct request *r, unsigned status, const char *type, const void *bytes, size_t n)
{
	send_answer(w, r, (struct answer){.status = status, .type = type, .bytes = bytes, .n = n});
}

void reply_json(struct world *w, struct request *r, unsigned status, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(j);
	if (!text)
		abort();
	reply_bytes(w, r, status, "application/json", text, strlen(text));
	free(text);
}

void reply_page(struct world *w, struct request *r, unsigned status, const char *html, const char *csp)
{
	send_answer(w, r,
		    (struct answer){.status = status,
				    .type = "text/html; charset=utf-8",
				    .bytes = html,
				    .n = strlen(html),
				    .csp = csp});
}

void reply_sim_error(struct world *w, struct request *r, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = talloc_vasprintf(r, fmt, ap);
	va_end(ap);
	reply_json(w, r, 400, json_pack("{sbss}", "ok", 0, "description", text));
}

static void reply_error(struct world *w, struct request *r, int code, const char *description, int retry_after)
{
	json_t *j = json_pack("{sbsiss}", "ok", 0, "error_code", code, "description", description);
	char *text;

	if (retry_after)
		json_object_set_new(j, "parameters", json_pack("{si}", "retry_after", retry_after));
	text = js_text(r, j);
	json_decref(j);
	send_answer(w, r,
		    (struct answer){.status = (unsigned)code,
				    .type = "application/json",
				    .bytes = text,
				    .n = strlen(text),
				    .retry_after = retry_after});
}

bool reply_fault(struct world *w, struct request *r, const struct fault *f)
{
	const char *again;

	switch (f->kind) {
	case FAULT_NONE:
	case FAULT_MIGRATE: /* these three need the caller's knowledge */
	case FAULT_DOUBLE:
	case FAULT_BUSY:
	case FAULT_SOAP: /* and these two the bank's */
	case FAULT_HTML200:
		return false;
	case FAULT_EMPTY:
	case FAULT_CUT:
	case FAULT_LOST:
	case FAULT_BADJSON:
	case FAULT_BOMB:
	case FAULT_PREFIX:
	case FAULT_BLANK:
	case FAULT_HUGE:
		r->mangle = f->kind;
		return false;
	case FAULT_429:
		again = talloc_asprintf(r, "Too Many Requests: retry after %d", (int)f->retry_after);
		reply_error(w, r, 429, again, (int)f->retry_after);
		return true;
	case FAULT_500:
		reply_error(w, r, 500, "Internal Server Error: restart", 0);
		return true;
	case FAULT_502HTML:
		reply_bytes(w, r, 502, "text/html", bad_gateway, sizeof bad_gateway - 1);
		return true;
	case FAULT_401:
		reply_error(w, r, 401, "Unauthorized", 0);
		return true;
	case FAULT_403:
		reply_error(w, r, 403, "Forbidden: bot was blocked by the user", 0);
		return true;
	case FAULT_409:
		reply_error(w, r, 409,
			    "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
			    "is running",
			    0);
		return true;
	case FAULT_NOTFOUND:
		reply_error(w, r, 400,
			    strstr(r->path, "/edit") ? "Bad Request: message to edit not found"
						     : "Bad Request: chat not found",
			    0);
		return true;
	case FAULT_HANG:
		if (!waiters_add(w, WAIT_HANG, r, 0, f->delay_ms))
			server_drop(r);
		return true;
	case FAULT_RESET:
		server_drop(r);
		return true;
	}
	return false;
}
