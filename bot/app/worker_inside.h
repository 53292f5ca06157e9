/* What worker.c (taking and submitting), worker_send.c (outcomes of messages), worker_bank.c (outcomes of bank calls),
 * worker_fetch.c (files), worker_identity.c and worker_sms.c share. Nobody else includes this. */
#ifndef SEPAREX_WORKER_INSIDE_H
#define SEPAREX_WORKER_INSIDE_H

#include "crypto.h"
#include "identity_check.h"
#include "repo_sms.h"
#include "repo_work.h"
#include "sms.h"
#include "worker.h"

/* WORKER_TAKE: rows read at once, as many as a batch of updates asks for. */
enum {
	WORKER_MAX_FLIGHTS = 64,
	WORKER_MAX_OUTCOMES = 256,
	WORKER_TAKE = 100,
	WORKER_BANK_ALARM = 40,
	WORKER_BANK_TRIES = 300
};

/* A row whose request is out. Its texts live on its own ctx. */
struct flight {
	bool busy;
	int64_t out_ms; /* since when its request is out */
	void *ctx;
	struct work work;
	struct outmsg message; /* WORK_SEND */
	char recipe_sha256[SHA256_HEX_BYTES]; /* WORK_SEND: of the picture that is sent, "" for none */
	bool nothing_to_do; /* WORK_SEND: the card it would change is gone, and nobody wants it back */
	struct gateway_call call; /* WORK_BANK */
	const struct gateway *gateway; /* WORK_BANK */
	struct identity_call identity; /* WORK_IDENTITY */
	struct sms sms; /* WORK_SMS */
	struct sms_call sms_call; /* WORK_SMS, unless asking */
	const struct sms_provider *provider; /* WORK_SMS */
	bool asking; /* WORK_SMS: whether it arrived */
	bool downloading; /* WORK_FETCH: the path is known, the bytes are asked for */
	int64_t download_bytes; /* WORK_FETCH: how many were told; 0 when nobody said */
};

/* What became of a message, waiting to be recorded together with others. */
struct recorded {
	void *ctx;
	struct work work;
	struct outmsg message;
	const char *recipe_sha256; /* NULL when no drawn picture was sent */
	struct send_outcome outcome;
};

struct worker {
	struct app *app;
	struct limiter *limiter;
	struct flight flights[WORKER_MAX_FLIGHTS];
	size_t n_flights, max_flights;
	struct recorded outcomes[WORKER_MAX_OUTCOMES];
	size_t n_outcomes;
	size_t n_riding; /* of them, recorded in a transaction that is not committed yet */
	int64_t oldest_outcome_ms;
	int64_t record_again_ms; /* after a failure: not before this */
	/* Rows that were read and are begun one after the other as answers make room. Anything written may be more
	 * urgent or change them: then `look` is set, and they are read anew. */
	void *taken_ctx;
	struct work *taken;
	size_t n_taken, n_begun;
	bool more; /* the store may hold more that is due */
	bool doubtful; /* a bank's answer could not be kept, nor its row put back: what is started is asked about again
			*/
	bool look;
	bool drew; /* a picture, in this step */
	int64_t next_due_ms; /* when a row becomes due that was not when last read */
	int64_t fetch_after_ms; /* files could not be kept: none is begun before then */
	int64_t forget_ms; /* when the limiter is next asked to forget idle chats */
};

/* Lets a flight's request out; its answer comes to worker_answer with this owner. */
void worker_submit(struct worker *w, struct flight *f, struct http_request *request, enum owner owner);

/* Puts what became of a flight's row to the outcomes that are recorded together; `reason` lives on the flight's ctx. */
void worker_settle(struct worker *w, struct flight *f, enum send_verdict verdict, int64_t retry_ms, const char *reason,
		   int64_t now_ms);

/* Leaves a flight's row in the store as it is, for another look in a second. */
void worker_put_back(struct worker *w, struct flight *f, int64_t now_ms);

/* Fetches a row's file: worker_submit, or worker_settle when it has to wait or cannot be. */
void worker_fetch_start(struct worker *w, struct flight *f, int64_t now_ms);

/* The answer to the question for the path (then the download goes out) or to the download. */
void worker_fetch_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms);

/* Records one message's outcome. */
void worker_send_outcome(struct worker *w, struct db_tx *tx, const struct recorded *r, int64_t now_ms);

/* Takes a bank's answer into the books, in a transaction of its own. */
void worker_bank_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms);

/* Builds the call of a bank row that is due; false when none can be made, and then the row says why. */
bool worker_bank_call(struct worker *w, struct db_tx *tx, struct flight *f, int64_t now_ms);

/* Asks the identity provider what a row stands for, and takes its answer. */
void worker_identity_start(struct worker *w, struct flight *f, int64_t now_ms);
void worker_identity_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms);

/* Sends a short message, or asks what became of it; and takes the answer. */
void worker_sms_start(struct worker *w, struct flight *f, int64_t now_ms);
void worker_sms_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms);

/* Whether the row is out, or its outcome not yet recorded. */
bool worker_in_flight(const struct worker *w, int64_t id);

/* After a restart, or when the store is back: rows that were under way. */
void worker_bank_recover(struct worker *w, int64_t now_ms);

#endif
