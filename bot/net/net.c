/* The loop: one thread, one blocking call. libcurl's poll also watches the server's epoll and the signals. */
#include "net.h"

#include "http_curl.h"
#include "http_mhd.h"
#include "net_events.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

struct net {
	struct http_port port;
	struct net_events events;
	struct http_curl *curl;
	struct http_mhd *mhd; /* NULL: we do not listen */
	int signals; /* signalfd, or -1 */
	sigset_t old_mask;
};

/* For deadlines only: a clock that no one can set. */
static int64_t mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void read_signals(struct net *net)
{
	struct signalfd_siginfo info;
	bool stop = false;

	while (read(net->signals, &info, sizeof info) == (ssize_t)sizeof info)
		stop = true;
	if (stop)
		net_events_push(&net->events, net_event_new(net, HTTP_EVENT_STOP, 0));
}

/* Does all that can be done without waiting. MHD's inner epoll is edge-triggered: it must run after every return of
 * the poll, whichever descriptor woke us. */
static void step(struct net *net, int64_t now_ms)
{
	http_curl_step(net->curl, now_ms);
	if (net->mhd)
		http_mhd_step(net->mhd, now_ms);
	read_signals(net);
}

static int poll_ms(const struct net *net, int64_t until_ms, int64_t now_ms)
{
	int64_t ms = until_ms - now_ms, curl_ms = http_curl_due_ms(net->curl) - now_ms;
	int64_t mhd_ms = net->mhd ? http_mhd_wait_ms(net->mhd, now_ms) : INT_MAX;

	ms = ms < curl_ms ? ms : curl_ms;
	ms = ms < mhd_ms ? ms : mhd_ms;
	if (ms < 0)
		return 0;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static void net_wait(void *self, int64_t at_most_ms)
{
	struct net *net = self;
	int64_t now_ms = mono_ms();
	int64_t until_ms = at_most_ms > INT_MAX ? now_ms + INT_MAX : now_ms + at_most_ms;
	struct curl_waitfd fds[2] = {{.fd = net->signals, .events = CURL_WAIT_POLLIN}};
	unsigned n = 1;

	if (net->mhd)
		fds[n++] = (struct curl_waitfd){.fd = http_mhd_fd(net->mhd), .events = CURL_WAIT_POLLIN};
	for (;;) {
		step(net, now_ms);
		if (net->events.first || now_ms >= until_ms)
			return;
		http_curl_poll(net->curl, fds, n, poll_ms(net, until_ms, now_ms));
		now_ms = mono_ms();
	}
}

static uint64_t net_submit(void *self, const struct http_request *r)
{
	struct net *net = self;
	uint64_t id = net_events_new_id(&net->events);

	http_curl_submit(net->curl, id, r, mono_ms());
	return id;
}

static void net_cancel(void *self, uint64_t id)
{
	struct net *net = self;

	http_curl_cancel(net->curl, id);
}

static bool net_next(void *self, void *ctx, struct http_event *out)
{
	struct net *net = self;
	struct net_event *e = net_events_take(&net->events);

	if (!e)
		return false;
	talloc_steal(ctx, e); /* the texts are its children */
	*out = e->event;
	return true;
}

static void net_reply(void *self, uint64_t inbound_id, const struct http_reply *r)
{
	struct net *net = self;

	assert(net->mhd);
	http_mhd_reply(net->mhd, inbound_id, r);
}

static int net_destroy(struct net *net)
{
	if (net->signals >= 0) {
		close(net->signals);
		sigprocmask(SIG_SETMASK, &net->old_mask, NULL);
	}
	return 0;
}

/* Blocked before any helper thread of the resolver starts, so that the signals can only come through the descriptor. */
static bool take_signals(struct net *net, struct err *e)
{
	sigset_t mask;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	net->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	if (net->signals < 0)
		return err_set(e, "cannot watch for signals: %s", strerror(errno));
	sigprocmask(SIG_BLOCK, &mask, &net->old_mask);
	return true;
}

static bool start(struct net *net, const struct net_options *o, struct err *e)
{
	if (!take_signals(net, e))
		return false;
	net->curl = http_curl_new(net, o, &net->events, e);
	if (!net->curl)
		return false;
	if (!o->listen || !o->listen[0])
		return true;
	net->mhd = http_mhd_new(net, o, &net->events, e);
	return net->mhd != NULL;
}

struct net *net_new(void *ctx, const struct net_options *options, struct err *e)
{
	struct net *net = talloc_zero(ctx, struct net);

	if (!net)
		abort();
	net->signals = -1;
	talloc_set_destructor(net, net_destroy);
	if (!start(net, options, e)) {
		talloc_free(net);
		return NULL;
	}
	net->port = (struct http_port){
		.self = net,
		.submit = net_submit,
		.cancel = net_cancel,
		.wait = net_wait,
		.next = net_next,
		.reply = net_reply,
	};
	return net;
}

struct http_port *net_port(struct net *net)
{
	return &net->port;
}

uint16_t net_listen_port(const struct net *net)
{
	return net->mhd ? http_mhd_port(net->mhd) : 0;
}

void net_drop_connections(struct net *net)
{
	http_curl_drop_connections(net->curl, mono_ms());
}
