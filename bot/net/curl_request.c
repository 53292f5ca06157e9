/* URL, headers and bodies for libcurl: see curl_request.h. */
#include "curl_request.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL_MAX = 16 * 1024, HEADER_MAX = 4 * 1024 };

/* A line break in a value would let its author write headers of their own. */
static bool header_ok(const struct http_header *h)
{
	return h->name[0] && strlen(h->name) + strlen(h->value) < HEADER_MAX && !strpbrk(h->name, ":; \t\r\n") &&
	       !strpbrk(h->value, "\r\n");
}

const char *curl_request_fault(const struct http_request *r)
{
	assert(r->n_headers <= HTTP_MAX_HEADERS && r->n_parts <= HTTP_MAX_PARTS);
	if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "POST") != 0)
		return "unknown method";
	if (strlen(r->url) > URL_MAX)
		return "address too long";
	for (size_t i = 0; i < r->n_headers; i++) {
		if (!header_ok(&r->headers[i]))
			return "bad header";
	}
	return NULL;
}

static struct curl_slist *append(struct curl_slist *list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(list, line);

	if (!longer)
		abort();
	return longer;
}

static struct curl_slist *headers_of(const struct http_request *r)
{
	/* libcurl would hold a large body back for up to a second to ask first. */
	struct curl_slist *list = append(NULL, "Expect:");
	char line[HEADER_MAX + 3];

	for (size_t i = 0; i < r->n_headers; i++) {
		const struct http_header *h = &r->headers[i];

		/* libcurl's way to say a header without a value is "Name;". */
		if (h->value[0])
			snprintf(line, sizeof line, "%s: %s", h->name, h->value);
		else
			snprintf(line, sizeof line, "%s;", h->name);
		list = append(list, line);
	}
	return list;
}

static void must(CURLcode code)
{
	if (code != CURLE_OK)
		abort();
}

static void add_part(curl_mime *mime, const struct http_part *p)
{
	curl_mimepart *part = curl_mime_addpart(mime);

	if (!part)
		abort();
	must(curl_mime_name(part, p->name));
	must(curl_mime_data(part, p->n ? p->bytes : "", p->n));
	if (p->filename)
		must(curl_mime_filename(part, p->filename));
	if (p->type)
		must(curl_mime_type(part, p->type));
}

static curl_mime *mime_of(CURL *easy, const struct http_request *r)
{
	curl_mime *mime = curl_mime_init(easy);

	if (!mime)
		abort();
	for (size_t i = 0; i < r->n_parts; i++)
		add_part(mime, &r->parts[i]);
	return mime;
}

void curl_request_apply(CURL *easy, const struct http_request *r, struct curl_request *out)
{
	assert(!out->headers && !out->mime);
	curl_must_set(easy, CURLOPT_URL, r->url);
	out->headers = headers_of(r);
	curl_must_set(easy, CURLOPT_HTTPHEADER, out->headers);
	if (strcmp(r->method, "GET") == 0)
		return;
	if (r->n_parts) {
		out->mime = mime_of(easy, r);
		curl_must_set(easy, CURLOPT_MIMEPOST, out->mime);
		return;
	}
	curl_must_set(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_bytes);
	curl_must_set(easy, CURLOPT_COPYPOSTFIELDS, r->body_bytes ? r->body : "");
}

void curl_request_free(struct curl_request *q)
{
	curl_slist_free_all(q->headers);
	curl_mime_free(q->mime);
	*q = (struct curl_request){0};
}
