/* The audit as a process of its own: see self_audit.h. */
#include "self_audit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

/* A pipe holds so much on Linux before a writer waits (pipe(7)); audit_print writes less. */
enum { SAID_BYTES = 65536, ENV_MOST = 1000, URL_BYTES = 2200 };

/* Our own environment, with the store that is open: the configuration may have named it relatively or elsewhere. */
static void fill_env(char **env, char *store)
{
	size_t n = 0;

	for (char **e = environ; *e && n < ENV_MOST; e++)
		if (strncmp(*e, "SEPAREX_", 8) != 0)
			env[n++] = *e;
	env[n++] = store;
	env[n] = NULL;
}

/* The child hears signals again (net.c keeps ours for the loop) and says what it says into the pipe. */
static int spawn(pid_t *child, int out, char **env)
{
	char *argv[] = {"separex", "audit", "--config", "/dev/null", NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &none);
	rc = posix_spawn(child, "/proc/self/exe", &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

bool self_audit_begin(struct self_audit *s, const char *url)
{
	char *env[ENV_MOST + 2], store[URL_BYTES];
	int ends[2];

	if (s->child)
		return true;
	if (snprintf(store, sizeof store, "SEPAREX_STORE_URL=%s", url) >= (int)sizeof store || pipe2(ends, O_CLOEXEC))
		return false;
	fill_env(env, store);
	if (spawn(&s->child, ends[1], env))
		s->child = 0;
	close(ends[1]);
	s->out = ends[0];
	if (!s->child)
		close(ends[0]);
	return s->child != 0;
}

/* How many flaws were named, and the first. */
static long read_flaws(int from, char line[SELF_AUDIT_LINE_BYTES])
{
	char *said = talloc_zero_array(NULL, char, SAID_BYTES), *rest = NULL;
	size_t n = 0;
	ssize_t got;
	long flaws = 0;

	while (n < SAID_BYTES - 1 && (got = read(from, said + n, SAID_BYTES - 1 - n)) > 0)
		n += (size_t)got;
	for (char *l = strtok_r(said, "\n", &rest); l; l = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(l, "wrong: ", 7) != 0)
			continue;
		if (!flaws++)
			snprintf(line, SELF_AUDIT_LINE_BYTES, "%s", l + 7);
	}
	talloc_free(said);
	return flaws;
}

bool self_audit_ended(struct self_audit *s, long *flaws, char line[SELF_AUDIT_LINE_BYTES])
{
	int status;
	pid_t ended = s->child ? waitpid(s->child, &status, WNOHANG) : 0;

	if (!ended || (ended < 0 && errno == EINTR))
		return false;
	line[0] = '\0';
	*flaws = read_flaws(s->out, line);
	if (ended < 0 || !WIFEXITED(status) || (WEXITSTATUS(status) != 0 && !*flaws))
		*flaws = -1;
	close(s->out);
	*s = (struct self_audit){0};
	return true;
}
