/* Bytes that arrive at our own server, through a real socket: heads, bodies, chunks, pieces and rubbish. A byte 0xFF
 * divides what is sent in one piece from what is sent in the next. */
#include "fuzz.h"
#include "http_mhd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEPS_MOST = 200, BODY_MOST = 64 * 1024, LANGUAGE_MOST = 256 };

static struct net_events events;
static struct http_mhd *server;
static int64_t now_ms = 1000;

static void open_server(void)
{
	struct err e = {""};

	if (server)
		return;
	server = http_mhd_new(NULL, &(struct net_options){.listen = "127.0.0.1:0"}, &events, &e);
	HOLDS(server != NULL, "%s", e.text);
}

/* Closed by a reset, so that no port is kept waiting. */
static int connected(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct linger hard = {.l_onoff = 1};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons(http_mhd_port(server));
	HOLDS(fd >= 0 && !connect(fd, (struct sockaddr *)&a, sizeof a), " ");
	HOLDS(!setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), " ");
	HOLDS(!fcntl(fd, F_SETFL, O_NONBLOCK), " ");
	return fd;
}

static void inbound_holds(const struct http_inbound *in)
{
	HOLDS(!strcmp(in->method, "GET") || !strcmp(in->method, "HEAD") || !strcmp(in->method, "POST"), "%s",
	      in->method);
	fuzz_is_text(in->path);
	fuzz_is_text(in->language);
	HOLDS(strlen(in->language) <= LANGUAGE_MOST, "%s", in->language);
	HOLDS(!strcmp(in->peer, "127.0.0.1"), "%s", in->peer);
	HOLDS(in->n_fields <= HTTP_MAX_FIELDS, "%zu", in->n_fields);
	for (size_t i = 0; i < in->n_fields; i++) {
		fuzz_is_text(in->fields[i].name);
		fuzz_is_text(in->fields[i].value);
	}
	HOLDS(in->body_bytes <= BODY_MOST && in->body[in->body_bytes] == '\0', "%zu", in->body_bytes);
}

static void serve(void)
{
	static const struct http_reply reply = {.status = 200, .type = "text/plain", .body = "ok", .body_bytes = 2};
	struct net_event *e;

	http_mhd_step(server, ++now_ms);
	while ((e = net_events_take(&events))) {
		HOLDS(e->event.kind == HTTP_EVENT_INBOUND && e->event.id, " ");
		inbound_holds(&e->event.inbound);
		http_mhd_reply(server, e->event.id, &reply);
		talloc_free(e);
	}
}

/* Sends the input in its pieces, then no more. */
static void stranger(const uint8_t *data, size_t size)
{
	int fd = connected();
	bool sent = true;

	while (size && sent) {
		const uint8_t *cut = memchr(data, 0xFF, size);
		size_t piece = cut ? (size_t)(cut - data) : size, used = cut ? piece + 1 : piece;

		sent = !piece || send(fd, data, piece, MSG_NOSIGNAL) >= 0;
		serve();
		data += used;
		size -= used;
	}
	shutdown(fd, SHUT_WR);
	serve();
	serve();
	close(fd);
	serve();
}

/* Whatever a stranger did, the next one is served. */
static void next_one(void)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", wanted[] = "HTTP/1.1 200 OK\r\n";
	char said[512] = "";
	ssize_t n = -1;
	int fd = connected();

	HOLDS(send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == sizeof request - 1, " ");
	for (int i = 0; i < STEPS_MOST && n < 0; i++) {
		serve();
		n = recv(fd, said, sizeof said - 1, 0);
	}
	HOLDS(n > 0 && !strncmp(said, wanted, sizeof wanted - 1), "%s", said);
	close(fd);
	serve();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_quiet();
	open_server();
	stranger(data, size);
	next_one();
	return 0;
}
