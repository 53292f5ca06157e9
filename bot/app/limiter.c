/* The sending limits: see limiter.h. A bucket is one number, the moment when it is full again (the generic cell rate
 * algorithm); a group's minute is a ring of its last moments, which alone is exact for any 60 s. */
#include "limiter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Moments inside are microseconds: 30 a second is no whole number of ms. */
#define US_PER_MS INT64_C(1000)
#define US_PER_S INT64_C(1000000)
#define MINUTE_US (60 * US_PER_S)
/* Before every moment that a caller may name, and far enough from INT64_MIN to add to. */
#define LONG_AGO (INT64_MIN / 4)

enum { FIRST_CHATS = 256, NONE = 0 }; /* chats[0] is nobody's, so that 0 can mean none */

/* Nothing may go before `until`; set at `from`, so that a clock before `from` is known to have gone back. */
struct pause {
	int64_t from, until;
};

struct chat {
	int64_t id;
	int64_t full_at;
	struct pause pause;
	int64_t *sent; /* a group's last moments, a ring of group_per_minute; NULL before its first message */
	uint32_t oldest; /* the place in `sent` that is written next */
	uint32_t next; /* in the same hash slot, or in the free list */
	uint32_t quieter, louder; /* neighbours in the order of the last use */
};

struct limiter {
	bool on;
	int64_t chat_step, chat_burst, bulk_step; /* us between two messages */
	uint32_t per_minute;
	int64_t now_us; /* as last told */
	int64_t bulk_full_at;
	struct pause bulk_pause;
	struct chat *chats; /* `room` of them, chats[0] unused */
	uint32_t *slots; /* `room` heads of chains, a power of two */
	uint32_t room, used, free; /* used: highest place ever taken, plus 1 */
	uint32_t n;
	uint32_t quietest, loudest;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* --- the table of chats --- */

/* The finalizer of splitmix64: neighbouring ids land far apart. */
static uint32_t slot_of(const struct limiter *l, int64_t id)
{
	uint64_t h = (uint64_t)id;

	h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((h ^ (h >> 31)) & (l->room - 1));
}

static struct chat *find(const struct limiter *l, int64_t id)
{
	for (uint32_t i = l->slots[slot_of(l, id)]; i != NONE; i = l->chats[i].next)
		if (l->chats[i].id == id)
			return &l->chats[i];
	return NULL;
}

static uint32_t place_of(const struct limiter *l, const struct chat *c)
{
	return (uint32_t)(c - l->chats);
}

static void unlink_use(struct limiter *l, struct chat *c)
{
	*(c->quieter == NONE ? &l->quietest : &l->chats[c->quieter].louder) = c->louder;
	*(c->louder == NONE ? &l->loudest : &l->chats[c->louder].quieter) = c->quieter;
}

static void link_loudest(struct limiter *l, struct chat *c)
{
	uint32_t place = place_of(l, c);

	c->quieter = l->loudest;
	c->louder = NONE;
	*(l->loudest == NONE ? &l->quietest : &l->chats[l->loudest].louder) = place;
	l->loudest = place;
}

static void drop(struct limiter *l, struct chat *c)
{
	uint32_t place = place_of(l, c), *at = &l->slots[slot_of(l, c->id)];

	while (*at != place)
		at = &l->chats[*at].next;
	*at = c->next;
	unlink_use(l, c);
	talloc_free(c->sent);
	c->next = l->free;
	l->free = place;
	l->n--;
}

static void make_room(struct limiter *l)
{
	uint32_t before = l->room;

	l->room = before ? before * 2 : FIRST_CHATS;
	l->chats = must(talloc_realloc(l, l->chats, struct chat, l->room));
	l->slots = must(talloc_realloc(l, l->slots, uint32_t, l->room));
	memset(l->slots, 0, l->room * sizeof *l->slots);
	for (uint32_t i = l->quietest; i != NONE; i = l->chats[i].louder) {
		uint32_t *slot = &l->slots[slot_of(l, l->chats[i].id)];

		l->chats[i].next = *slot;
		*slot = i;
	}
}

static uint32_t free_place(struct limiter *l)
{
	uint32_t place;

	if (l->n == LIMITER_MAX_CHATS)
		drop(l, &l->chats[l->quietest]);
	if (l->free != NONE) {
		place = l->free;
		l->free = l->chats[place].next;
		return place;
	}
	if (l->used == l->room)
		make_room(l);
	return l->used++;
}

static struct chat *find_or_add(struct limiter *l, int64_t id)
{
	struct chat *c = find(l, id);
	uint32_t place, *slot;

	if (c) {
		unlink_use(l, c);
		link_loudest(l, c);
		return c;
	}
	place = free_place(l);
	slot = &l->slots[slot_of(l, id)];
	c = &l->chats[place];
	*c = (struct chat){.id = id, .full_at = LONG_AGO, .pause = {LONG_AGO, LONG_AGO}, .next = *slot};
	*slot = place;
	link_loudest(l, c);
	l->n++;
	return c;
}

/* --- clocks that go back: each pulls a moment to where it can honestly be; doing it again changes nothing --- */

static void mend_bucket(int64_t *full_at, int64_t now, int64_t step, int64_t burst)
{
	*full_at = sooner(*full_at, now + burst * step);
}

static void mend_pause(struct pause *p, int64_t now)
{
	if (p->until == LONG_AGO || now >= p->from)
		return;
	p->until -= p->from - now;
	p->from = now;
}

/* A group's last moment. */
static int64_t newest_of(const struct limiter *l, const struct chat *c)
{
	return c->sent[(c->oldest ? c->oldest : l->per_minute) - 1];
}

static void mend_ring(const struct limiter *l, struct chat *c, int64_t now)
{
	if (newest_of(l, c) <= now)
		return;
	for (uint32_t i = 0; i < l->per_minute; i++)
		c->sent[i] = sooner(c->sent[i], now);
}

static void mend_chat(const struct limiter *l, struct chat *c, int64_t now)
{
	mend_bucket(&c->full_at, now, l->chat_step, l->chat_burst);
	mend_pause(&c->pause, now);
	if (c->sent)
		mend_ring(l, c, now);
}

/* --- asking and taking --- */

static int64_t bucket_allows(int64_t full_at, int64_t step, int64_t burst)
{
	return full_at - (burst - 1) * step;
}

static int64_t chat_allows(struct limiter *l, struct chat *c, bool group, int64_t now)
{
	int64_t at;

	mend_chat(l, c, now);
	at = later(now, c->pause.until);
	if (!l->on)
		return at;
	at = later(at, bucket_allows(c->full_at, l->chat_step, l->chat_burst));
	if (group && c->sent)
		at = later(at, c->sent[c->oldest] + MINUTE_US);
	return at;
}

static int64_t bulk_allows(struct limiter *l, int64_t now)
{
	mend_bucket(&l->bulk_full_at, now, l->bulk_step, 1);
	mend_pause(&l->bulk_pause, now);
	return l->on ? later(l->bulk_pause.until, l->bulk_full_at) : l->bulk_pause.until;
}

int64_t limiter_when(struct limiter *l, int64_t chat_id, bool group, bool bulk, int64_t now_ms)
{
	int64_t now = now_ms * US_PER_MS, at = now;
	struct chat *c = find(l, chat_id);

	l->now_us = now;
	if (c)
		at = chat_allows(l, c, group, now);
	if (bulk)
		at = later(at, bulk_allows(l, now));
	return at == now ? now_ms : (at + US_PER_MS - 1) / US_PER_MS;
}

static void ring_took(struct limiter *l, struct chat *c, int64_t now)
{
	if (!c->sent) {
		c->sent = must(talloc_array(l, int64_t, l->per_minute));
		for (uint32_t i = 0; i < l->per_minute; i++)
			c->sent[i] = LONG_AGO;
		c->oldest = 0;
	}
	c->sent[c->oldest] = now;
	c->oldest = c->oldest + 1 == l->per_minute ? 0 : c->oldest + 1;
}

void limiter_took(struct limiter *l, int64_t chat_id, bool group, bool bulk, int64_t now_ms)
{
	int64_t now = now_ms * US_PER_MS;
	struct chat *c;

	l->now_us = now;
	if (!l->on)
		return;
	c = find_or_add(l, chat_id);
	mend_chat(l, c, now);
	c->full_at = later(c->full_at, now) + l->chat_step;
	if (group)
		ring_took(l, c, now);
	if (!bulk)
		return;
	mend_bucket(&l->bulk_full_at, now, l->bulk_step, 1);
	l->bulk_full_at = later(l->bulk_full_at, now) + l->bulk_step;
}

static void lengthen(struct pause *p, int64_t now, int64_t until)
{
	mend_pause(p, now);
	p->from = now;
	p->until = later(p->until, until);
}

void limiter_slow_down(struct limiter *l, int64_t chat_id, bool bulk, int64_t until_ms)
{
	int64_t until = until_ms * US_PER_MS;

	if (until <= l->now_us)
		return;
	lengthen(&find_or_add(l, chat_id)->pause, l->now_us, until);
	if (bulk)
		lengthen(&l->bulk_pause, l->now_us, until);
}

/* --- forgetting --- */

/* A chat like this is allowed the same whether it is known or not. */
static bool forgettable(const struct limiter *l, const struct chat *c, int64_t now)
{
	return c->full_at <= now && c->pause.until <= now && (!c->sent || newest_of(l, c) + MINUTE_US <= now);
}

void limiter_forget(struct limiter *l, int64_t now_ms)
{
	int64_t now = now_ms * US_PER_MS;
	uint32_t louder;

	l->now_us = now;
	for (uint32_t i = l->quietest; i != NONE; i = louder) {
		louder = l->chats[i].louder;
		mend_chat(l, &l->chats[i], now);
		if (forgettable(l, &l->chats[i], now))
			drop(l, &l->chats[i]);
	}
}

size_t limiter_chats(const struct limiter *l)
{
	return l->n;
}

/* Rounded up: the limit is never passed for the sake of a fraction. */
static int64_t step_us(int64_t per_s)
{
	return (US_PER_S + per_s - 1) / per_s;
}

struct limiter *limiter_new(void *ctx, const struct limiter_options *o)
{
	struct limiter *l = must(talloc_zero(ctx, struct limiter));

	assert(o->chat_per_s >= 1 && o->chat_burst >= 1 && o->bulk_per_s >= 1);
	assert(o->group_per_minute >= 1 && o->group_per_minute <= LIMITER_MAX_GROUP_PER_MINUTE);
	l->on = o->on;
	l->chat_step = step_us(o->chat_per_s);
	l->chat_burst = o->chat_burst;
	l->bulk_step = step_us(o->bulk_per_s);
	l->per_minute = (uint32_t)o->group_per_minute;
	l->now_us = LONG_AGO;
	l->bulk_full_at = LONG_AGO;
	l->bulk_pause = (struct pause){LONG_AGO, LONG_AGO};
	l->used = 1;
	make_room(l);
	return l;
}
