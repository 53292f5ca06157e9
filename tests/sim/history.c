/* One history: the program lives, dies and lives again among its people and banks until the days are over; then the
 * weather clears, nobody begins anything new, and everything must come to its end. */
#include "simulator.h"

#include "app.h"
#include "crypto.h"
#include "log.h"

#include <ftw.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

enum { STEPS_A_CHECK = 40, CHECKS_A_WHOLE = 100, QUIET_DAYS = 150, LOST_STARTS_MOST = 50 };

const char *const trouble_names[TROUBLES] = {
	[TROUBLE_SEND_UNSENT] = "request not sent",
	[TROUBLE_SEND_LOST] = "answer lost after the work",
	[TROUBLE_SEND_HANG] = "request swallowed",
	[TROUBLE_SEND_500] = "HTTP 500",
	[TROUBLE_SEND_HTML] = "a page instead of an answer",
	[TROUBLE_SEND_EMPTY] = "empty answer after the work",
	[TROUBLE_SEND_CUT] = "answer cut",
	[TROUBLE_SEND_429] = "HTTP 429",
	[TROUBLE_OUTAGE] = "outage of a host",
	[TROUBLE_UPDATE_TWICE] = "update delivered twice",
	[TROUBLE_PRESS_TWICE] = "button pressed twice",
	[TROUBLE_PRESS_OLD] = "old button pressed",
	[TROUBLE_PRESS_FOREIGN] = "somebody else's button",
	[TROUBLE_WORDS_ODD] = "odd words",
	[TROUBLE_CALLBACK_TWICE] = "callback twice",
	[TROUBLE_CALLBACK_LATE] = "callback late",
	[TROUBLE_CALLBACK_NEVER] = "callback never",
	[TROUBLE_CALLBACK_FORGED] = "callback forged",
	[TROUBLE_KILL] = "kill at a write",
	[TROUBLE_POWER] = "power cut at a write",
	[TROUBLE_DISK_FULL] = "disk full",
	[TROUBLE_CLOCK_STEP] = "clock step",
};

/* --- chance --- */

uint64_t sim_random(struct sim *s)
{
	/* SplitMix64: small, and good enough for weather. */
	uint64_t z = s->chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int64_t sim_below(struct sim *s, int64_t n)
{
	return (int64_t)(sim_random(s) % (uint64_t)n);
}

bool sim_often(struct sim *s, int per_mille)
{
	return sim_below(s, 1000) < per_mille;
}

int64_t sim_between(struct sim *s, int64_t low, int64_t high)
{
	return low + sim_below(s, high - low + 1);
}

/* --- what is told --- */

static void hash_text(struct sim *s, const char *text)
{
	for (; *text; text++)
		s->hash = (s->hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
}

void sim_note(struct sim *s, const char *format, ...)
{
	char line[600];
	int n = snprintf(line, sizeof line, "%" PRId64 " ", s->now_ms);
	va_list args;

	va_start(args, format);
	vsnprintf(line + n, sizeof line - (size_t)n, format, args);
	va_end(args);
	hash_text(s, line);
	if (s->trace)
		fprintf(s->trace, "%s\n", line);
}

void sim_wrong(struct sim *s, const char *format, ...)
{
	int n;
	va_list args;

	if (s->wrong[0])
		return;
	n = snprintf(s->wrong, sizeof s->wrong, "seed %" PRIu64 ", event %" PRId64 ": ", s->seed, s->n_events);
	va_start(args, format);
	vsnprintf(s->wrong + n, sizeof s->wrong - (size_t)n, format, args);
	va_end(args);
	sim_note(s, "WRONG %s", s->wrong);
}

void sim_trouble(struct sim *s, enum trouble f)
{
	s->tally->troubles[f]++;
	sim_note(s, "! %s", trouble_names[f]);
}

void sim_kill(struct sim *s, bool with_power)
{
	s->dead = true;
	s->power_lost = with_power;
}

/* --- the program's world --- */

static int64_t machine_time(void *arg)
{
	const struct sim *s = arg;

	return s->now_ms + s->clock_off_ms;
}

static int64_t steady_time(void *arg)
{
	const struct sim *s = arg;

	return s->now_ms;
}

static void fill(void *arg, void *out, size_t n)
{
	struct sim *s = arg;

	for (size_t i = 0; i < n; i++)
		((unsigned char *)out)[i] = (unsigned char)sim_random(s);
}

/* --- a house for it --- */

#define REAL_BANKS                                                                                                     \
	"[payout]\ngateway = vandar\n[vandar]\nurl = http://main.sim/vandar\nbusiness = separex\n[gateway]\norder = "  \
	"mellat "                                                                                                      \
	"parsian zarinpal\n"

static const char *const houses[] = {
	"[gateway]\norder = sandbox\nask_card = off\n",
	REAL_BANKS "ask_card = off\n",
	REAL_BANKS "ask_card = on\n",
};

static struct config *furnish(struct sim *s)
{
	static char *const nothing[] = {NULL};
	void *ctx = talloc_new(NULL);
	const char *path = talloc_asprintf(ctx, "%s/separex.conf", s->folder);
	FILE *f = fopen(path, "w");
	struct err e = {""};
	struct config *c;

	if (!f)
		abort();
	fprintf(f,
		"[telegram]\ntoken = " BOT_TOKEN
		"\napi_base = http://telegram.sim\nfile_base = http://telegram.sim/file\n"
		"operators_chat = %" PRId64 "\nrate_limits = off\npoll_timeout_s = 50\n[http]\nlisten = 127.0.0.1:1\n"
		"public_url = http://ours.sim\n[store]\nurl = sqlite:%s/separex.db\n[app]\nlocales = locales\n"
		"log_level = %s\n[staff]\noperators = %" PRId64 " %" PRId64 " %" PRId64 "\n[books]\nproof_hour = 9\n"
		"[sandbox_bank]\nurl = http://main.sim/bank\n"
		"[mellat]\nurl = http://mellat.sim/pgwchannel/services/pgw\npay_url = http://mellat.sim/startpay\n"
		"terminal = 1234\nusername = separex\npassword = m3llat-secret\n[parsian]\nurl = http://parsian.sim\n"
		"pin = p4rsian-secret\nterminal = 777\n[zarinpal]\nurl = http://zarinpal.sim\n"
		"merchant_id = 11111111-2222-3333-4444-555555555555\n[vandar]\naccess_token = access-%d\n"
		"refresh_token = refresh-%d\n%s",
		STAFF_CHAT, s->folder, s->trace ? "info" : "error", PERSON_ID(FOLK), PERSON_ID(FOLK + 1),
		PERSON_ID(FOLK + 2), s->tokens, s->tokens, houses[s->seed % 3]);
	fclose(f);
	chmod(path, 0600);
	c = config_load(NULL, path, nothing, &e);
	if (!c || !config_can_run(c, &e)) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	log_set_level(s->trace ? c->app.log_level : (enum log_level)(LOG_ERROR + 1));
	talloc_free(ctx);
	return c;
}

static bool start(struct sim *s)
{
	struct app_outside outside = {.clock = {machine_time, s, 0, steady_time},
				      .rnd = {fill, s},
				      .port = wire_port(s->wire),
				      .longest_wait_ms = HOUR_MS};
	struct err e = {""};

	s->life++;
	talloc_free(s->config);
	s->config = furnish(s);
	s->app = app_open(s->config, &outside, &e);
	if (!s->app && !s->dead && !disk_is_full(s->disk))
		sim_wrong(s, "the program does not start: %s", e.text);
	if (s->app)
		s->app->bank_files_ms = INT64_MAX; /* files of real folders have no place here */
	sim_note(s, "life %" PRId64, s->life);
	return s->app != NULL;
}

/* As after a crash: nothing of the old life reaches anybody; the disk is as it was left. */
static void bury(struct sim *s)
{
	bool power = s->power_lost;

	s->dead = true;
	if (s->app)
		app_drop(s->app);
	s->app = NULL;
	wire_cut(s->wire);
	disk_restart(s->disk, power);
	s->dead = s->power_lost = false;
}

static void rise(struct sim *s)
{
	for (int i = 0; i < LOST_STARTS_MOST && !s->app && !s->wrong[0]; i++) {
		bury(s);
		wire_pass(s->wire,
			  sim_often(s, 900) ? sim_between(s, 500, 60 * SECOND_MS) : sim_between(s, 0, 5 * HOUR_MS));
		if (!start(s))
			continue;
		if (s->dead) { /* it died while it started */
			bury(s);
			continue;
		}
	}
	if (!s->app)
		sim_wrong(s, "the program never comes up again");
}

/* --- weather that is not on the wire --- */

static void strikes(struct sim *s, int64_t arg)
{
	int64_t what = sim_below(s, 100);

	(void)arg;
	if (!s->weather)
		return;
	wire_later(s->wire, sim_between(s, MINUTE_MS, 5 * HOUR_MS), strikes, 0);
	if (what < 45) {
		sim_trouble(s, TROUBLE_OUTAGE);
		wire_host_down(s->wire, (int)sim_below(s, HOSTS_OF_BANKS + 1),
			       s->now_ms + (sim_often(s, 800) ? sim_between(s, SECOND_MS, 20 * MINUTE_MS)
							      : sim_between(s, 0, 6 * HOUR_MS)));
	} else if (what < 65) {
		sim_trouble(s, TROUBLE_CLOCK_STEP);
		s->clock_off_ms = sim_between(s, -HOUR_MS, HOUR_MS);
	} else if (what < 75) {
		sim_trouble(s, TROUBLE_DISK_FULL);
		disk_set_full(s->disk, true);
	} else if (what < 90 && s->app && !s->dead) {
		sim_trouble(s, TROUBLE_KILL);
		sim_kill(s, false);
	}
}

/* Vandar's tokens are lost when the answer that brings new ones is: then the owner enters others. */
static void owner_looks(struct sim *s)
{
	s->tokens = 1000 - s->tokens;
	banks_set_tokens(s->banks, s->tokens);
}

static void clears(struct sim *s)
{
	s->weather = s->busy = false;
	s->clock_off_ms = 0;
	disk_set_full(s->disk, false);
	for (int i = 0; i <= HOSTS_OF_BANKS; i++)
		wire_host_down(s->wire, i, 0);
	sim_note(s, "the weather clears");
}

/* libsodium's own chance, too, is ours: a text sealed in one history is sealed alike in the next. */
static struct sim *whose_chance;

static const char *sodium_name(void)
{
	return "simulated";
}

static uint32_t sodium_random(void)
{
	return (uint32_t)sim_random(whose_chance);
}

static void sodium_buffer(void *const out, const size_t n)
{
	fill(whose_chance, out, n);
}

static void own_chance(struct sim *s)
{
	static randombytes_implementation ours = {
		.implementation_name = sodium_name, .random = sodium_random, .buf = sodium_buffer};

	whose_chance = s;
	randombytes_set_implementation(&ours);
	if (sodium_init() < 0)
		abort();
	s->chance = s->seed * UINT64_C(0xd1342543de82ef95) + 1; /* the first time of a process it draws some */
}

static void live(struct sim *s, int64_t until_ms, bool (*enough)(struct sim *s))
{
	int64_t checks = 0;

	for (int64_t i = 1; s->now_ms < until_ms && !s->wrong[0]; i++) {
		s->tally->steps++;
		app_step(s->app);
		if (s->dead) {
			bury(s);
			rise(s);
			check_step(s, true);
		}
		if (s->app && !app_goes_on(s->app))
			sim_wrong(s, "the program stopped by itself");
		if (i % STEPS_A_CHECK == 0)
			check_step(s, ++checks % CHECKS_A_WHOLE == 0);
		if (enough && i % STEPS_A_CHECK == 0 && enough(s))
			return;
	}
}

static void play(struct sim *s, int64_t days)
{
	if (!start(s))
		return;
	people_begin(s);
	if (s->weather)
		wire_later(s->wire, HOUR_MS, strikes, 0);
	live(s, s->now_ms + days * DAY_MS, NULL);
	clears(s);
	owner_looks(s);
	bury(s);
	rise(s);
	if (!s->wrong[0])
		live(s, s->now_ms + QUIET_DAYS * DAY_MS, check_quiet);
	if (!s->wrong[0])
		check_end(s);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static void remove_folder(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

bool history_play(const struct history_options *o, struct tally *tally, uint64_t *hash, char wrong[2000])
{
	struct sim s = {.seed = o->seed,
			.now_ms = INT64_C(1795000000000),
			.weather = o->weather,
			.busy = true,
			.asks_card = o->seed % 3 == 2,
			.trace = o->trace,
			.hash = UINT64_C(0xcbf29ce484222325),
			.tally = tally};
	char folder[] = "/tmp/separex-sim-XXXXXX";
	int64_t began_ms = s.now_ms;

	s.folder = mkdtemp(folder);
	own_chance(&s);
	s.disk = disk_new(&s);
	s.wire = wire_new(&s);
	s.chats = chats_new(&s);
	s.banks = banks_new(&s);
	owner_looks(&s);
	play(&s, o->days);
	check_coverage(&s);
	tally->simulated_ms += (double)(s.now_ms - began_ms);
	s.power_lost = false;
	bury(&s);
	banks_free(s.banks);
	chats_free(s.chats);
	wire_free(s.wire);
	disk_free(s.disk);
	talloc_free(s.config);
	*hash = s.hash;
	snprintf(wrong, 2000, "%s", s.wrong);
	remove_folder(folder);
	return !s.wrong[0];
}
