/* Short messages, each once for its event. */
#ifndef SEPAREX_REPO_SMS_H
#define SEPAREX_REPO_SMS_H

#include "db.h"

/* Numbers are stored: only add. */
enum sms_state {
	SMS_STATE_QUEUED = 1,
	SMS_STATE_SENDING = 2, /* the request is out */
	SMS_STATE_SENT = 3,
	SMS_STATE_DELIVERED = 4,
	SMS_STATE_FAILED = 5,
	SMS_STATE_SKIPPED = 6, /* no number, the person's wish, or too many today */
	SMS_STATE_UNKNOWN = 7 /* nobody knows whether it was taken: never sent again */
};

struct sms {
	int64_t id, person_id, deal_id;
	const char *natural_key, *event;
	bool money; /* goes also to who wants none */
	const char *mobile; /* of a warning: it goes there whatever became of the person's number, until it has gone;
			       else "" */
	const char *tokens[2];
	enum sms_state state;
	const char *provider, *message_id; /* "" until taken */
	int64_t cost_rial, created_ms;
};

/* The new message's id; 0 when there is one of that key already. */
int64_t sms_insert(struct db_tx *tx, const struct sms *m, int64_t now_ms);
bool sms_by_id(struct db_tx *tx, void *ctx, int64_t id, struct sms *out);
/* Writes state, provider, message_id and cost, and forgets the mobile of one that has gone. */
void sms_save(struct db_tx *tx, const struct sms *m, int64_t now_ms);
/* Work for a message, due at a moment: to send it, or to ask what became of it. */
void sms_work(struct db_tx *tx, void *ctx, const struct sms *m, int64_t due_ms);
/* How many a person was sent since a moment; of one event only, or of all (NULL). */
int64_t sms_sent_since(struct db_tx *tx, int64_t person_id, const char *event, int64_t since_ms);

#endif
