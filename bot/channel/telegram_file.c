/* Downloads: see telegram_file.h. */
#include "telegram_file.h"

#include "buf.h"
#include "js.h"
#include "telegram_json.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST_PATH = 512, LONGEST_URL = 4096 };

void telegram_file_request(void *ctx, const struct telegram_options *o, const char *file_id, struct http_request *out)
{
	json_t *body = js_own(ctx, json_object());

	telegram_put_text(ctx, body, "file_id", file_id);
	telegram_request(ctx, o, "getFile", js_text(ctx, body), out);
}

/* A path below the file base: relative and without "..". A local server in its own-disk mode gives absolute ones, which
 * are no addresses. */
static bool is_path(const char *path)
{
	return *path && *path != '/' && strlen(path) <= LONGEST_PATH && !strstr(path, "..") && !strstr(path, "//");
}

static void add_escaped(struct buf *url, const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-~", *path))
			buf_putc(url, *path);
		else
			buf_printf(url, "%%%02X", (unsigned)(unsigned char)*path);
	}
}

static void refuse(struct send_outcome *out, const char *reason)
{
	out->verdict = SEND_REFUSED;
	out->reason = reason;
}

void telegram_file_answer(void *ctx, const struct telegram_options *o, const struct http_answer *a,
			  struct telegram_download *out_download, struct send_outcome *out)
{
	struct telegram_reply r;
	const char *path;
	struct buf *url;

	telegram_reply_read(ctx, a, &r);
	telegram_call_outcome(ctx, &r, a, out);
	/* The same 400 says that an id is wrong and that the file's own server is down. */
	if (out->verdict == SEND_REFUSED && telegram_says(&r, "temporarily unavailable"))
		out->verdict = SEND_RETRY;
	if (out->verdict != SEND_DONE)
		return;
	path = js_str(r.result, "file_path", "");
	if (js_int(r.result, "file_size", 0) > TELEGRAM_MAX_DOWNLOAD) {
		refuse(out, "the file is larger than 20 MB");
		return;
	}
	if (!is_path(path)) {
		refuse(out, "getFile told no path that can be fetched");
		return;
	}
	url = buf_new(ctx, LONGEST_URL);
	buf_printf(url, "%s/bot%s/", o->file_base, o->token);
	add_escaped(url, path);
	if (url->failed) {
		refuse(out, "the file's address is too long");
		return;
	}
	out_download->bytes = js_int(r.result, "file_size", 0);
	out_download->request = (struct http_request){
		.method = "GET",
		.url = url->data,
		.timeout_ms = TELEGRAM_UPLOAD_TIMEOUT_MS,
		.max_answer = TELEGRAM_MAX_DOWNLOAD,
		.proxied = true,
	};
}

void telegram_file_came(void *ctx, const struct http_answer *a, int64_t bytes, struct send_outcome *out)
{
	struct telegram_reply r;

	*out = (struct send_outcome){.verdict = SEND_DONE, .reason = ""};
	if (a->result == HTTP_ANSWERED && a->status == 200) {
		if (a->body_bytes && (bytes <= 0 || (int64_t)a->body_bytes == bytes))
			return;
		out->verdict = SEND_RETRY;
		out->reason = "the download does not have the bytes that getFile told";
		return;
	}
	telegram_reply_read(ctx, a, &r);
	telegram_call_outcome(ctx, &r, a, out);
	if (out->verdict != SEND_SLOW_DOWN)
		out->verdict = SEND_RETRY;
}
