/* separex-sandbox: Telegram, a bank and a handful of people for one machine. docs/sandbox.md says how to use it. */
#include "api.h"
#include "bank.h"
#include "bench.h"
#include "log.h"
#include "queue.h"
#include "reply.h"
#include "sim.h"
#include "stub.h"
#include "stub_sms.h"
#include "stub_vandar.h"
#include "waiters.h"

#include <curl/curl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { BANK_EVERY_MS = 200, WAIT_MAX_MS = 1000, LAST_ROUNDS = 5 };

#define CSS "text/css; charset=utf-8"
#define JS "text/javascript; charset=utf-8"

extern const char page_html[], page_html_end[], page_css[], page_css_end[], page_chat_css[], page_chat_css_end[];
extern const char page_js[], page_js_end[], page_texts_js[], page_texts_js_end[], page_tools_js[], page_tools_js_end[];
extern const char page_rich_js[], page_rich_js_end[], page_message_js[], page_message_js_end[], page_compose_js[],
	page_compose_js_end[];
extern const char page_phone_js[], page_phone_js_end[], page_panels_js[], page_panels_js_end[], page_play_js[],
	page_play_js_end[];

static const struct page {
	const char *path, *type, *begin, *end;
} pages[] = {
	{"/", "text/html; charset=utf-8", page_html, page_html_end},
	{"/page.css", CSS, page_css, page_css_end},
	{"/page_chat.css", CSS, page_chat_css, page_chat_css_end},
	{"/page.js", JS, page_js, page_js_end},
	{"/page_texts.js", JS, page_texts_js, page_texts_js_end},
	{"/page_tools.js", JS, page_tools_js, page_tools_js_end},
	{"/page_rich.js", JS, page_rich_js, page_rich_js_end},
	{"/page_message.js", JS, page_message_js, page_message_js_end},
	{"/page_compose.js", JS, page_compose_js, page_compose_js_end},
	{"/page_phone.js", JS, page_phone_js, page_phone_js_end},
	{"/page_panels.js", JS, page_panels_js, page_panels_js_end},
	{"/page_play.js", JS, page_play_js, page_play_js_end},
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

static void serve_page(struct world *w, struct request *r)
{
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (strcmp(pages[i].path, r->path) == 0) {
			reply_bytes(w, r, 200, pages[i].type, pages[i].begin, (size_t)(pages[i].end - pages[i].begin));
			return;
		}
	reply_bytes(w, r, 404, "text/plain", "not found\n", 10);
}

static void serve(void *arg, struct request *r)
{
	struct world *w = arg;

	if (strncmp(r->path, "/bot", 4) == 0 || strncmp(r->path, "/file/bot", 9) == 0)
		api_serve(w, r);
	else if (strncmp(r->path, "/bank/", 6) == 0)
		bank_serve(w, r);
	else if (strncmp(r->path, "/vandar/", 8) == 0)
		vandar_serve(w, r);
	else if (strncmp(r->path, "/kavenegar/", 11) == 0 || strncmp(r->path, "/smsir/", 7) == 0)
		sms_stub_serve(w, r);
	else if (strncmp(r->path, "/sim/", 5) == 0)
		sim_serve(w, r);
	else
		serve_page(w, r);
}

static struct world *world_new(void)
{
	struct world *w = talloc_zero(NULL, struct world);

	w->clock = clock_system();
	w->rnd = rnd_system();
	w->version = 1;
	w->waiters = waiters_new(w);
	world_populate(w);
	return w;
}

static int sooner(int a, int64_t b)
{
	return b < 0 || (a >= 0 && a < b) ? a : (int)b;
}

/* Every listener's descriptor, as both ways of waiting want it. */
enum { LISTENERS = 1 + STUB_BANKS };

static struct server *listener(const struct world *w, int i)
{
	return i == 0 ? w->server : w->stub_servers[i - 1];
}

static void wait_for(const struct world *w, int wait_ms, bool calling)
{
	struct curl_waitfd with_curl[LISTENERS];
	struct pollfd alone[LISTENERS];

	for (int i = 0; i < LISTENERS; i++) {
		with_curl[i] = (struct curl_waitfd){.fd = server_fd(listener(w, i)), .events = CURL_WAIT_POLLIN};
		alone[i] = (struct pollfd){.fd = with_curl[i].fd, .events = POLLIN};
	}
	if (calling)
		curl_multi_poll(callback_multi(), with_curl, LISTENERS, wait_ms, NULL);
	else
		poll(alone, LISTENERS, wait_ms);
}

static void step(struct world *w)
{
	static int64_t bank_at;
	int wait_ms = WAIT_MAX_MS;
	bool calling;
	int64_t now;

	for (int i = 0; i < LISTENERS; i++)
		server_run(listener(w, i));
	calling = callback_run(w);
	wait_ms = sooner(wait_ms, queue_tick(w));
	wait_ms = sooner(wait_ms, waiters_tick(w));
	wait_ms = sooner(wait_ms, bench_tick(w));
	now = real_now_ms();
	if (w->bank->n_payments && now - bank_at >= BANK_EVERY_MS) {
		bank_at = now;
		bank_tick(w);
	}
	stubs_tick(w);
	if (w->bank->n_payments)
		wait_ms = sooner(wait_ms, BANK_EVERY_MS);
	for (int i = 0; i < LISTENERS; i++)
		wait_ms = sooner(wait_ms, server_wait_ms(listener(w, i)));
	wait_for(w, wait_ms, calling);
}

static void run(struct world *w)
{
	struct sigaction act = {.sa_handler = on_signal};

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	printf("sandbox: %s/\n", w->url);
	fflush(stdout);
	while (!stopping)
		step(w);
}

/* Everybody who waits gets an answer, and every byte is given back, so that a leak shows as one. */
static void end(struct world *w)
{
	bank_release(w);
	waiters_release(w);
	queue_drop_pending(w);
	queue_release_poll(w);
	for (int i = 0; i < LAST_ROUNDS; i++)
		server_run(w->server);
	for (int i = LISTENERS; i-- > 0;)
		talloc_free(listener(w, i));
	world_clear(w);
	talloc_free(w);
	json_decref(bot_user());
	curl_multi_cleanup(callback_multi());
	curl_global_cleanup();
}

static int usage(void)
{
	fputs("usage: separex-sandbox --port N [--host 127.0.0.1] [--token T] [--bank-password P] [--reset-file F]\n"
	      "                       [--mellat-port N] [--parsian-port N] [--zarinpal-port N]\n"
	      "  --port N           where to listen; 0 takes a free port, which is printed\n"
	      "  --host A           the IPv4 address to listen on; it has no password, so keep it local\n"
	      "  --token T          refuse every bot token but this one (401)\n"
	      "  --bank-password P  refuse every bank password but this one (code 21)\n"
	      "  --reset-file F     write this file at each POST /sim/reset\n"
	      "  --mellat-port N    and the like: where the stub banks listen; a free port each unless given\n",
	      stderr);
	return 2;
}

static bool read_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	*port = (uint16_t)n;
	return *text >= '0' && *text <= '9' && !*end && n <= 65535;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"port", required_argument, NULL, 'p'},
						{"host", required_argument, NULL, 'h'},
						{"token", required_argument, NULL, 't'},
						{"bank-password", required_argument, NULL, 'b'},
						{"reset-file", required_argument, NULL, 'r'},
						{"mellat-port", required_argument, NULL, 'M'},
						{"parsian-port", required_argument, NULL, 'P'},
						{"zarinpal-port", required_argument, NULL, 'Z'},
						{NULL, 0, NULL, 0}};
	struct world *w = world_new();
	const char *host = "127.0.0.1";
	uint16_t port = 0;
	uint16_t stub_ports[STUB_BANKS] = {0};
	bool have_port = false, good = true;
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'p')
			have_port = read_port(optarg, &port);
		else if (o == 'h')
			host = optarg;
		else if (o == 't')
			w->token = optarg;
		else if (o == 'b')
			w->bank_password = optarg;
		else if (o == 'r')
			w->reset_file = optarg;
		else if (o == 'M')
			good &= read_port(optarg, &stub_ports[STUB_MELLAT]);
		else if (o == 'P')
			good &= read_port(optarg, &stub_ports[STUB_PARSIAN]);
		else if (o == 'Z')
			good &= read_port(optarg, &stub_ports[STUB_ZARINPAL]);
		else
			return usage();
	}
	if (!have_port || !good || optind != argc)
		return usage();
	callback_multi();
	w->server = server_start(w, host, port, serve, w);
	if (!w->server || !stubs_listen(w, host, stub_ports))
		return 1;
	snprintf(w->url, sizeof w->url, "http://%s:%u", host, server_port(w->server));
	run(w);
	end(w);
	return 0;
}
