/* The disk: SQLite's files in memory. What was written is there for whoever opens the file next, as after a kill; after
 * a power cut only what was synced surely is, and of the rest each sector is old, new or torn, by chance. The process
 * can die at any write or sync. */
#include "simulator.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 6, SECTOR = 512, REGIONS_MAX = 64, DIE_PER_100000 = 25, FULL_FOR_WRITES = 400 };

struct image {
	unsigned char *bytes;
	sqlite3_int64 n, room;
};

struct file {
	char name[512];
	bool used;
	struct image now, synced;
	unsigned char *dirty; /* one for each sector of `now` */
	sqlite3_int64 n_dirty;
	void *regions[REGIONS_MAX]; /* shared memory of the log */
};

struct disk {
	struct sim *sim;
	struct file files[FILES_MAX];
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	int full_for; /* so many writes fail yet */
};

struct handle {
	sqlite3_file base;
	struct disk *disk;
	struct file *file;
};

static void room_for(struct image *m, sqlite3_int64 n)
{
	if (n <= m->room)
		return;
	m->room = n * 2 + 65536;
	m->bytes = realloc(m->bytes, (size_t)m->room);
	if (!m->bytes)
		abort();
}

static void set_size(struct image *m, sqlite3_int64 n)
{
	room_for(m, n);
	if (n > m->n)
		memset(m->bytes + m->n, 0, (size_t)(n - m->n));
	m->n = n;
}

static void mark(struct file *f, sqlite3_int64 at, sqlite3_int64 n)
{
	sqlite3_int64 last = (at + n + SECTOR - 1) / SECTOR;

	if (last > f->n_dirty) {
		f->dirty = realloc(f->dirty, (size_t)last + 4096);
		if (!f->dirty)
			abort();
		memset(f->dirty + f->n_dirty, 0, (size_t)(last + 4096 - f->n_dirty));
		f->n_dirty = last + 4096;
	}
	for (sqlite3_int64 i = at / SECTOR; i < last; i++)
		f->dirty[i] = 1;
}

/* Each write is a moment at which the process may end. */
static bool dies(struct disk *d)
{
	struct sim *s = d->sim;

	if (!s->dead && s->weather && s->app && sim_below(s, 100000) < DIE_PER_100000) {
		bool power = sim_often(s, 500);

		sim_trouble(s, power ? TROUBLE_POWER : TROUBLE_KILL);
		sim_kill(s, power);
	}
	return s->dead;
}

static int io_close(sqlite3_file *base)
{
	base->pMethods = NULL;
	return SQLITE_OK;
}

static int io_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at)
{
	const struct image *m = &((struct handle *)base)->file->now;
	sqlite3_int64 have = at < m->n ? m->n - at : 0;

	if (have > n)
		have = n;
	if (have)
		memcpy(out, m->bytes + at, (size_t)have);
	if (have == n)
		return SQLITE_OK;
	memset((char *)out + have, 0, (size_t)(n - have));
	return SQLITE_IOERR_SHORT_READ;
}

static int io_write(sqlite3_file *base, const void *bytes, int n, sqlite3_int64 at)
{
	struct handle *h = (struct handle *)base;

	if (dies(h->disk))
		return SQLITE_IOERR_WRITE;
	if (h->disk->full_for > 0) {
		h->disk->full_for--;
		return SQLITE_FULL;
	}
	if (at + n > h->file->now.n)
		set_size(&h->file->now, at + n);
	memcpy(h->file->now.bytes + at, bytes, (size_t)n);
	mark(h->file, at, n);
	return SQLITE_OK;
}

static int io_truncate(sqlite3_file *base, sqlite3_int64 n)
{
	struct handle *h = (struct handle *)base;

	if (dies(h->disk))
		return SQLITE_IOERR_TRUNCATE;
	set_size(&h->file->now, n);
	return SQLITE_OK;
}

static void sync_file(struct file *f)
{
	sqlite3_int64 sectors = (f->now.n + SECTOR - 1) / SECTOR;

	set_size(&f->synced, f->now.n);
	for (sqlite3_int64 i = 0; i < sectors && i < f->n_dirty; i++) {
		sqlite3_int64 at = i * SECTOR, n = f->now.n - at < SECTOR ? f->now.n - at : SECTOR;

		if (f->dirty[i])
			memcpy(f->synced.bytes + at, f->now.bytes + at, (size_t)n);
	}
	if (f->n_dirty)
		memset(f->dirty, 0, (size_t)f->n_dirty);
}

static int io_sync(sqlite3_file *base, int flags)
{
	struct handle *h = (struct handle *)base;

	(void)flags;
	if (dies(h->disk))
		return SQLITE_IOERR_FSYNC;
	sync_file(h->file);
	return SQLITE_OK;
}

static int io_size(sqlite3_file *base, sqlite3_int64 *out)
{
	*out = ((struct handle *)base)->file->now.n;
	return SQLITE_OK;
}

/* One process, one connection: nobody to lock out. */
static int io_lock(sqlite3_file *base, int level)
{
	(void)base, (void)level;
	return SQLITE_OK;
}

static int io_reserved(sqlite3_file *base, int *out)
{
	(void)base;
	*out = 0;
	return SQLITE_OK;
}

static int io_control(sqlite3_file *base, int op, void *arg)
{
	(void)base, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int io_sector(sqlite3_file *base)
{
	(void)base;
	return SECTOR;
}

static int io_traits(sqlite3_file *base)
{
	(void)base;
	return 0; /* promises nothing: a write may tear, and may spoil its neighbours in the sector */
}

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
	struct file *f = ((struct handle *)base)->file;

	assert(region < REGIONS_MAX);
	if (!f->regions[region] && extend)
		f->regions[region] = calloc(1, (size_t)size);
	*out = f->regions[region];
	return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int at, int n, int flags)
{
	(void)base, (void)at, (void)n, (void)flags;
	return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static void drop_regions(struct file *f)
{
	for (int i = 0; i < REGIONS_MAX; i++) {
		free(f->regions[i]);
		f->regions[i] = NULL;
	}
}

static int shm_unmap(sqlite3_file *base, int delete)
{
	if (delete)
		drop_regions(((struct handle *)base)->file);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	2,          io_close,  io_read,   io_write, io_truncate, io_sync,     io_size,   io_lock, io_lock, io_reserved,
	io_control, io_sector, io_traits, shm_map,  shm_lock,    shm_barrier, shm_unmap, NULL,    NULL,
};

static struct file *find(struct disk *d, const char *name, bool make)
{
	struct file *unused = NULL;

	for (int i = 0; i < FILES_MAX; i++) {
		if (d->files[i].used && !strcmp(d->files[i].name, name))
			return &d->files[i];
		if (!d->files[i].used && !unused)
			unused = &d->files[i];
	}
	if (!make)
		return NULL;
	assert(unused && strlen(name) < sizeof unused->name);
	snprintf(unused->name, sizeof unused->name, "%s", name);
	unused->used = true;
	return unused;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
	struct disk *d = vfs->pAppData;
	struct handle *h = (struct handle *)base;

	memset(h, 0, sizeof *h);
	if (!name)
		return SQLITE_CANTOPEN; /* temporary files are in memory (temp_store) */
	h->disk = d;
	h->file = find(d, name, (flags & SQLITE_OPEN_CREATE) || (flags & SQLITE_OPEN_MAIN_DB));
	if (!h->file)
		return SQLITE_CANTOPEN;
	h->base.pMethods = &methods;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static void forget(struct file *f)
{
	drop_regions(f);
	free(f->now.bytes);
	free(f->synced.bytes);
	free(f->dirty);
	memset(f, 0, sizeof *f);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct disk *d = vfs->pAppData;
	struct file *f = find(d, name, false);

	(void)sync;
	if (!f)
		return SQLITE_IOERR_DELETE_NOENT;
	if (dies(d))
		return SQLITE_IOERR_DELETE;
	forget(f);
	return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)flags;
	*out = find(vfs->pAppData, name, false) != NULL;
	return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	if ((int)strlen(name) >= n)
		return SQLITE_CANTOPEN;
	snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	struct disk *d = vfs->pAppData;

	for (int i = 0; i < n; i++)
		out[i] = (char)sim_random(d->sim);
	return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	struct disk *d = vfs->pAppData;

	*out = d->sim->now_ms + INT64_C(210866760000000); /* the Julian day, in ms */
	return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs, (void)n, (void)out;
	return 0;
}

struct disk *disk_new(struct sim *s)
{
	struct disk *d = calloc(1, sizeof *d);

	if (!d)
		abort();
	d->sim = s;
	d->real = sqlite3_vfs_find(NULL);
	d->vfs = (sqlite3_vfs){.iVersion = 2,
			       .szOsFile = sizeof(struct handle),
			       .mxPathname = 500,
			       .zName = "simulated",
			       .pAppData = d,
			       .xOpen = vfs_open,
			       .xDelete = vfs_delete,
			       .xAccess = vfs_access,
			       .xFullPathname = vfs_full_name,
			       .xRandomness = vfs_random,
			       .xSleep = vfs_sleep,
			       .xGetLastError = vfs_error,
			       .xCurrentTimeInt64 = vfs_time};
	sqlite3_vfs_register(&d->vfs, 1);
	sqlite3_randomness(0, NULL); /* seeds itself anew from us */
	return d;
}

void disk_free(struct disk *d)
{
	sqlite3_vfs_unregister(&d->vfs);
	sqlite3_vfs_register(d->real, 1);
	for (int i = 0; i < FILES_MAX; i++)
		forget(&d->files[i]);
	free(d);
}

/* Sectors that were not synced: the old one, the new one, or half of each. */
static void lose_power(struct disk *d, struct file *f)
{
	sqlite3_int64 sectors = (f->now.n + SECTOR - 1) / SECTOR;
	bool grown = f->now.n > f->synced.n && sim_often(d->sim, 500);

	if (!grown && f->now.n > f->synced.n)
		sectors = (f->synced.n + SECTOR - 1) / SECTOR;
	set_size(&f->synced, grown || f->now.n < f->synced.n ? f->now.n : f->synced.n);
	for (sqlite3_int64 i = 0; i < sectors && i < f->n_dirty; i++) {
		sqlite3_int64 at = i * SECTOR, n = f->synced.n - at < SECTOR ? f->synced.n - at : SECTOR;
		int64_t way = f->dirty[i] ? sim_below(d->sim, 3) : 0;

		if (way > 0 && n > 0)
			memcpy(f->synced.bytes + at, f->now.bytes + at, (size_t)(way == 1 ? n : n / 2));
	}
	set_size(&f->now, f->synced.n);
	if (f->now.n)
		memcpy(f->now.bytes, f->synced.bytes, (size_t)f->now.n);
	if (f->n_dirty)
		memset(f->dirty, 0, (size_t)f->n_dirty);
}

void disk_restart(struct disk *d, bool power_lost)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (!d->files[i].used)
			continue;
		drop_regions(&d->files[i]);
		if (power_lost)
			lose_power(d, &d->files[i]);
	}
	d->full_for = 0;
}

void disk_set_full(struct disk *d, bool full)
{
	d->full_for = full ? FULL_FOR_WRITES : 0;
}

bool disk_is_full(const struct disk *d)
{
	return d->full_for > 0;
}
