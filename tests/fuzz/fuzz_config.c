/* A configuration file: read, or refused with the line. What is read lies within what the keys allow. */
#include "config.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SECRETS_MOST = 32 }; /* log_hide ends the process at more */

static size_t n_secrets;

/* A log that keeps nothing, in place of the real one, whose secrets stay for the process's life. */
void log_set_level(enum log_level least)
{
	(void)least;
}

void log_hide(const char *secret)
{
	n_secrets += secret && secret[0];
}

void log_hide_passing(const char *secret)
{
	(void)secret;
}

void log_scope(const char *id)
{
	(void)id;
}

void log_as_json(bool json)
{
	(void)json;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	(void)level, (void)fmt;
}

void log_mask(char *text)
{
	(void)text;
}

static void list_holds(const struct config_list *l)
{
	HOLDS(l->n <= CONFIG_MAX_LIST, "%zu", l->n);
	for (size_t i = 0; i < l->n; i++)
		HOLDS(l->items[i] && l->items[i][0], "%zu", i);
}

static void config_holds(const struct config *c)
{
	struct err e = {""};

	HOLDS(rial_cmp(c->deal.min_price, c->deal.max_price) <= 0, " ");
	HOLDS(rial_is_positive(c->deal.min_price) || rial_is_zero(c->deal.min_price), " ");
	HOLDS(c->payout.min_ms <= c->payout.max_ms && c->payout.min_ms >= 0, " ");
	HOLDS(fee_plan_valid(&c->fee.plan), " ");
	HOLDS(c->telegram.poll_timeout_s >= 1 && c->telegram.poll_timeout_s <= 50, " ");
	HOLDS(c->deal.pay_ms > 0 && c->deal.inspection_ms > 0 && c->deal.ship_ms > 0, " ");
	HOLDS(strcmp(c->telegram.file_base, "") && c->store.files[0] && c->payout.folder[0], " ");
	list_holds(&c->telegram.proxy);
	list_holds(&c->gateway.order);
	list_holds(&c->statement.key);
	list_holds(&c->results.done);
	HOLDS(c->staff.operators.n <= CONFIG_MAX_IDS, "%zu", c->staff.operators.n);
	HOLDS(c->payout.cycles.n <= BANK_CYCLES_MAX && c->payout.closed_days.n <= BANK_CLOSED_MAX, " ");
	HOLDS(n_secrets <= SECRETS_MOST, "%zu", n_secrets);
	if (!config_can_run(c, &e))
		HOLDS(e.text[0], " ");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	int fd = memfd_create("separex.conf", MFD_CLOEXEC);
	char *path = talloc_asprintf(ctx, "/proc/self/fd/%d", fd), *const no_environment[] = {NULL};
	struct err e = {""};
	struct config *c;

	HOLDS(fd >= 0, " ");
	n_secrets = 0;
	/* A file named by a secret's KEY_file could be a terminal or a pipe, which would be waited for. */
	if (!memmem(data, size, "_file", 5) && write(fd, data, size) == (ssize_t)size) {
		c = config_load(ctx, path, no_environment, &e);
		HOLDS(c || e.text[0], " ");
		if (c)
			config_holds(c);
	}
	close(fd);
	talloc_free(ctx);
	return 0;
}
