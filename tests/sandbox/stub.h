/* Stub banks: Bank Mellat and Bank Parsian (SOAP) and Zarinpal (JSON) as their documents describe them, each on its own
 * port. States, answers and the times of the virtual clock are those of rails.md 1.7, 2.4 and 3.1; docs/sandbox.md
 * tells how to use them. Sums are rial. */
#ifndef SANDBOX_STUB_H
#define SANDBOX_STUB_H

#include "world.h"

enum { STUB_PAYMENTS_MAX = 20000, STUB_FIELDS_MAX = 12 };

enum stub_bank { STUB_MELLAT, STUB_PARSIAN, STUB_ZARINPAL, STUB_BANKS };

enum stub_state { STUB_NEW, STUB_SOLD, STUB_VERIFIED, STUB_SETTLED, STUB_REVERSED, STUB_FAILED };

struct stub_payment {
	enum stub_bank bank;
	char order[24], token[64], ref[24], card[20], callback[512];
	int64_t amount, refunded, made_ms, sold_ms, verified_ms;
	enum stub_state state;
	int fail_code; /* STUB_FAILED */
};

struct stubs {
	struct stub_payment **payments; /* of STUB_PAYMENTS_MAX */
	size_t n;
};

struct stubs *stubs_new(void *ctx);

/* Opens the ports; 0 takes a free one. False when one is taken. */
bool stubs_listen(struct world *w, const char *host, const uint16_t ports[STUB_BANKS]);

/* "mellat" and so on; "http://127.0.0.1:PORT". */
const char *stub_name(enum stub_bank bank);
const char *stub_url(const struct world *w, enum stub_bank bank);

/* What the clock does by itself: unverified sales go back, verified ones are settled. */
void stubs_tick(struct world *w);

/* Adds "stubs" to a state object. POST /sim/stub: what a payer does. */
void stubs_state(const struct world *w, json_t *state);
void stub_act(struct world *w, struct request *r);

/* A new payment; NULL when the order was used before or there is no room. */
struct stub_payment *stub_open(struct world *w, enum stub_bank bank, const char *order, int64_t amount,
			       const char *callback);
struct stub_payment *stub_by_order(struct world *w, enum stub_bank bank, const char *order);
struct stub_payment *stub_by_token(struct world *w, enum stub_bank bank, const char *token);

/* The payer decides ("pay", "cancel", "fail", "vanish", "twice", "forge", "wrong_token", "other_ref", "wrong_amount",
 * "commas"). NULL, or why it cannot be. */
const char *stub_decide(struct world *w, struct stub_payment *p, const char *act, const char *card, int code);
/* The fields that the browser carries back after that, form-encoded, on ctx. */
char *stub_fields(struct world *w, void *ctx, const struct stub_payment *p, const char *act);
/* How many callbacks go out by themselves after that act, and whether the browser comes back. */
int stub_callbacks(const char *act);

/* The payer's page, and what is pressed there. */
void stub_page(struct world *w, struct request *r, struct stub_payment *p);

/* The protocols; each answers every request of its port but the page's. */
void stub_mellat_serve(struct world *w, struct request *r);
void stub_parsian_serve(struct world *w, struct request *r);
void stub_zarinpal_serve(struct world *w, struct request *r);

/* Meets the faults ordered for "BANK.OPERATION"; true when the request is dealt with. */
bool stub_fault(struct world *w, struct request *r, enum stub_bank bank, const char *operation);
/* Sends an XML body, spoiled as a fault ordered. */
void stub_xml(struct world *w, struct request *r, unsigned status, const char *xml);
void stub_soap_fault(struct world *w, struct request *r, const char *why);

#endif
