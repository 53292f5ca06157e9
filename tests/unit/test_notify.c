/* What the service manager hears: ready, signs of life in time and no oftener, stopping. */
#include "tap.h"

#include "notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int manager;
static struct notify n;

/* A socket without a folder, named after this process. */
static void listen_here(const char *watchdog_us)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char name[64];
	int len = snprintf(name, sizeof name, "@separex-notify-%d", (int)getpid());

	memcpy(a.sun_path + 1, name + 1, (size_t)len - 1);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(manager, (const struct sockaddr *)&a,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
	unsetenv("WATCHDOG_PID");
	if (watchdog_us)
		setenv("WATCHDOG_USEC", watchdog_us, 1);
	else
		unsetenv("WATCHDOG_USEC");
	notify_open(&n);
}

/* The next datagram, "" for none. */
static const char *heard(void)
{
	static char text[256];
	ssize_t got = recv(manager, text, sizeof text - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void end(void)
{
	notify_close(&n);
	close(manager);
}

START_TEST(it_hears_what_is_said)
{
	listen_here(NULL);
	ck_assert(notify_say(&n, "READY=1\nSTATUS=at work"));
	ck_assert_str_eq(heard(), "READY=1\nSTATUS=at work");
	notify_alive(&n, 1000); /* nobody asked for signs of life */
	ck_assert_str_eq(heard(), "");
	end();
}

START_TEST(signs_of_life_come_in_time)
{
	listen_here("60000000");
	notify_alive(&n, 5000);
	ck_assert_str_eq(heard(), "WATCHDOG=1");
	notify_alive(&n, 19999);
	ck_assert_str_eq(heard(), "");
	notify_alive(&n, 20000);
	ck_assert_str_eq(heard(), "WATCHDOG=1");
	end();
}

START_TEST(a_watchdog_of_another_process_is_not_ours)
{
	listen_here("60000000");
	notify_close(&n);
	setenv("WATCHDOG_PID", "1", 1);
	notify_open(&n);
	notify_alive(&n, 5000);
	ck_assert_str_eq(heard(), "");
	end();
}

START_TEST(nobody_there_is_no_trouble)
{
	static const char *const wheres[] = {"@nobody-listens-here", "/nowhere/at/all", "", "relative"};

	for (size_t i = 0; i < sizeof wheres / sizeof *wheres; i++) {
		setenv("NOTIFY_SOCKET", wheres[i], 1);
		notify_open(&n);
		ck_assert(!notify_say(&n, "READY=1"));
		notify_alive(&n, 1);
		notify_close(&n);
	}
	unsetenv("NOTIFY_SOCKET");
	notify_open(&n);
	ck_assert(!notify_say(&n, "READY=1"));
}

int main(void)
{
	Suite *s = suite_create("notify");
	TCase *t = tcase_create("notify");

	tcase_add_test(t, it_hears_what_is_said);
	tcase_add_test(t, signs_of_life_come_in_time);
	tcase_add_test(t, a_watchdog_of_another_process_is_not_ours);
	tcase_add_test(t, nobody_there_is_no_trouble);
	suite_add_tcase(s, t);
	return tap_run(s);
}
