/* Sealing: see seal.h. */
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

enum {
	KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	ID_BYTES = 9, /* eight letters */
	FILE_BYTES = 4096,
	SEALED_BYTES = NONCE_BYTES + SEAL_MAX_TEXT_BYTES + TAG_BYTES
};

#define MARK "s1:"
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

struct key {
	char id[ID_BYTES];
	unsigned char bytes[KEY_BYTES];
};

struct seal {
	struct key keys[SEAL_MAX_KEYS];
	size_t n;
};

static int wipe(struct seal *s)
{
	sodium_memzero(s->keys, sizeof s->keys);
	return 0;
}

/* --- the file --- */

static bool take_line(struct seal *s, const char *line)
{
	struct key *k = &s->keys[s->n];
	size_t n;

	if (s->n == SEAL_MAX_KEYS || strcspn(line, " ") != ID_BYTES - 1)
		return false;
	memcpy(k->id, line, ID_BYTES - 1);
	if (sodium_hex2bin(k->bytes, KEY_BYTES, line + ID_BYTES, strcspn(line + ID_BYTES, "\r\n"), NULL, &n, NULL) ||
	    n != KEY_BYTES)
		return false;
	s->n++;
	return true;
}

static bool read_keys(struct seal *s, const char *path, struct err *e)
{
	char text[FILE_BYTES + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return err_set(e, "the key file %s cannot be read: %s", path, strerror(errno));
	if (fstat(fd, &st) || (st.st_mode & 077)) {
		close(fd);
		return err_set(e, "the key file %s can be read by others: chmod 600 it", path);
	}
	n = read(fd, text, FILE_BYTES);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (*line != '#' && *line != '\n' && !take_line(s, line))
			s->n = SEAL_MAX_KEYS + 1;
		if (s->n > SEAL_MAX_KEYS)
			break;
	}
	sodium_memzero(text, sizeof text);
	if (s->n > SEAL_MAX_KEYS || !s->n)
		return err_set(e, "the key file %s is no key file of ours: restore it from the backup", path);
	return true;
}

/* Whole or not at all: a key that was used must never be lost. */
static bool write_keys(const struct seal *s, const char *path, struct err *e)
{
	char *part = talloc_asprintf(NULL, "%s.part", path), hex[KEY_BYTES * 2 + 1];
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool fine = fd >= 0 &&
		    dprintf(fd, "# Without these keys IBANs and mobiles in the store cannot be read. Back them up "
				"apart from it.\n") > 0;

	for (size_t i = 0; fine && i < s->n; i++) {
		sodium_bin2hex(hex, sizeof hex, s->keys[i].bytes, KEY_BYTES);
		fine = dprintf(fd, "%s %s\n", s->keys[i].id, hex) > 0;
	}
	sodium_memzero(hex, sizeof hex);
	fine = fine && !fsync(fd);
	if (fd >= 0 && close(fd))
		fine = false;
	fine = fine && !rename(part, path);
	if (!fine)
		err_set(e, "the key file %s cannot be written: %s", path, strerror(errno));
	talloc_free(part);
	return fine;
}

static void fresh_key(struct seal *s, const struct rnd *rnd)
{
	struct key *k = &s->keys[s->n++];
	void *scratch = talloc_new(NULL);

	rnd->fill(rnd->arg, k->bytes, KEY_BYTES);
	snprintf(k->id, sizeof k->id, "%s", rnd_code(scratch, rnd, ID_BYTES - 1));
	talloc_free(scratch);
}

struct seal *seal_open(void *ctx, const char *path, bool create, const struct rnd *rnd, struct err *e)
{
	struct seal *s = talloc_zero(ctx, struct seal);
	bool fine;

	if (!s || sodium_init() < 0)
		abort();
	talloc_set_destructor(s, wipe);
	if (create && access(path, F_OK) && errno == ENOENT) {
		fresh_key(s, rnd);
		fine = write_keys(s, path, e);
	} else {
		fine = read_keys(s, path, e);
	}
	if (fine)
		return s;
	talloc_free(s);
	return NULL;
}

bool seal_add_key(struct seal *s, const char *path, const struct rnd *rnd, struct err *e)
{
	if (s->n == SEAL_MAX_KEYS)
		return err_set(e, "the key file holds %d keys already: drop the old ones first", (int)SEAL_MAX_KEYS);
	fresh_key(s, rnd);
	if (write_keys(s, path, e))
		return true;
	s->n--;
	return false;
}

bool seal_drop_old_keys(struct seal *s, const char *path, struct err *e)
{
	struct key newest = s->keys[s->n - 1];

	sodium_memzero(s->keys, sizeof s->keys);
	s->keys[0] = newest;
	s->n = 1;
	return write_keys(s, path, e);
}

const char *seal_newest(const struct seal *s)
{
	return s->keys[s->n - 1].id;
}

static const struct key *find_key(const struct seal *s, const char *id, size_t n)
{
	for (size_t i = 0; i < s->n && n == ID_BYTES - 1; i++)
		if (!strncmp(s->keys[i].id, id, n))
			return &s->keys[i];
	return NULL;
}

bool seal_has(const struct seal *s, const char *key_id)
{
	return find_key(s, key_id, strlen(key_id)) != NULL;
}

/* --- texts --- */

bool seal_is_sealed(const char *text)
{
	return !strncmp(text, MARK, sizeof MARK - 1);
}

char *seal_text(void *ctx, const struct seal *s, const struct rnd *rnd, const char *column, const char *text)
{
	const struct key *k = &s->keys[s->n - 1];
	unsigned char raw[SEALED_BYTES];
	unsigned long long n;
	size_t bytes = strlen(text), room;
	char *base64, *out;

	if (!bytes || bytes > SEAL_MAX_TEXT_BYTES)
		return talloc_strdup(ctx, "");
	rnd->fill(rnd->arg, raw, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(raw + NONCE_BYTES, &n, (const unsigned char *)text, bytes,
						   (const unsigned char *)column, strlen(column), NULL, raw, k->bytes);
	room = sodium_base64_encoded_len(NONCE_BYTES + n, BASE64);
	base64 = talloc_size(ctx, room);
	sodium_bin2base64(base64, room, raw, NONCE_BYTES + n, BASE64);
	out = talloc_asprintf(ctx, MARK "%s:%s", k->id, base64);
	talloc_free(base64);
	return out;
}

char *seal_read(void *ctx, const struct seal *s, const char *column, const char *sealed)
{
	const char *id = sealed + sizeof MARK - 1, *colon;
	unsigned char raw[SEALED_BYTES];
	const struct key *k;
	char *text;
	size_t n;

	if (!seal_is_sealed(sealed))
		return talloc_strdup(ctx, sealed);
	colon = strchr(id, ':');
	k = colon ? find_key(s, id, (size_t)(colon - id)) : NULL;
	if (!k || sodium_base642bin(raw, sizeof raw, colon + 1, strlen(colon + 1), NULL, &n, NULL, BASE64) ||
	    n < NONCE_BYTES + TAG_BYTES)
		return NULL;
	text = talloc_zero_size(ctx, n - NONCE_BYTES - TAG_BYTES + 1);
	if (!crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)text, NULL, NULL, raw + NONCE_BYTES,
							n - NONCE_BYTES, (const unsigned char *)column, strlen(column),
							raw, k->bytes))
		return text;
	talloc_free(text);
	return NULL;
}
