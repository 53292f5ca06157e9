/* Turns an http_request into the options of a curl handle. */
#ifndef SEPAREX_CURL_REQUEST_H
#define SEPAREX_CURL_REQUEST_H

#include "http.h"

#include <curl/curl.h>

/* curl_easy_setopt for options that this libcurl has and values that were checked: only missing memory can fail. */
#define curl_must_set(easy, option, value)                                                                             \
	do {                                                                                                           \
		if (curl_easy_setopt(easy, option, value) != CURLE_OK)                                                 \
			abort();                                                                                       \
	} while (0)

/* What must live as long as the transfer. Zero-initialised it is empty. */
struct curl_request {
	struct curl_slist *headers;
	curl_mime *mime;
};

/* A word for what is wrong with the request itself (a method or header that cannot be sent), NULL when nothing is. */
const char *curl_request_fault(const struct http_request *r);

/* Sets URL, method, headers and body, all copied. The request has no fault. */
void curl_request_apply(CURL *easy, const struct http_request *r, struct curl_request *out);

/* Frees what apply made. The transfer is over. */
void curl_request_free(struct curl_request *q);

#endif
