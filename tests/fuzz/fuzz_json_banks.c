/* The JSON answers of Zarinpal, Vandar and the sandbox's bank, of identity checks and of providers of short messages.
 */
#include "fuzz_bank.h"
#include "gateway_sandbox.h"
#include "gateway_vandar.h"
#include "gateway_zarinpal.h"
#include "http_fields.h"
#include "identity_vandar.h"
#include "sms_providers.h"

enum { BANKS = 5, SMS_PROVIDERS = 2 };

static struct gateway *banks[BANKS];
static struct identity_provider *identity;
static struct sms_provider *sms[SMS_PROVIDERS];
static const char *const templates[] = {"paid:123456"};
static const struct sms_options sms_options = {.kavenegar_url = "https://api.kavenegar.example",
					       .kavenegar_key = "key-of-kavenegar",
					       .kavenegar_template = "separex",
					       .smsir_url = "https://api.sms.example",
					       .smsir_key = "key-of-smsir",
					       .smsir_templates = templates,
					       .smsir_n_templates = 1};

static void open_all(void)
{
	static const char merchant[] = "00000000-0000-0000-0000-000000000000", z[] = "https://payment.zarinpal.com";
	static const char v[] = "https://api.vandar.io";
	struct err e = {""};

	if (banks[0])
		return;
	banks[0] = gateway_zarinpal(NULL, &(struct gateway_zarinpal_options){z, merchant, ZARINPAL_INQUIRY});
	banks[1] = gateway_zarinpal(NULL, &(struct gateway_zarinpal_options){z, merchant, ZARINPAL_UNVERIFIED});
	banks[2] = gateway_vandar(NULL, &(struct gateway_vandar_options){v, "shop", false, "ACH"});
	banks[3] = gateway_vandar(NULL, &(struct gateway_vandar_options){v, "shop", true, "A2A"});
	banks[4] = gateway_sandbox(NULL, &(struct gateway_sandbox_options){"http://b.example/bank", "t", "p4ss"});
	gateway_vandar_set_token(banks[2], "token-of-vandar");
	identity = identity_vandar(NULL, v, "shop", banks[2]);
	sms[0] = sms_provider_open(NULL, "kavenegar", &sms_options, &e);
	sms[1] = sms_provider_open(NULL, "smsir", &sms_options, &e);
	HOLDS(sms[0] && sms[1], "%s", e.text);
}

static void identity_answered(void *ctx, unsigned choice, const struct http_answer *a)
{
	struct identity_call c = {.question = choice & 1 ? IDENTITY_MOBILE : IDENTITY_IBAN,
				  .mobile = "09121234567",
				  .national_id = "0499370899",
				  .iban = "IR820540102680020817909002"};
	struct identity_result r;

	memset(&r, 0x5a, sizeof r);
	identity->result(identity->self, ctx, &c, a, &r);
	HOLDS(r.verdict >= IDENTITY_MATCH && r.verdict <= IDENTITY_OFF, "%d", (int)r.verdict);
	HOLDS(r.owner && r.reason, " ");
	HOLDS(r.verdict != IDENTITY_MATCH || a->status < 300, "%d", a->status);
	HOLDS(r.verdict != IDENTITY_MATCH || strstr(a->body, "true") || strstr(a->body, "1"), "%s", a->body);
}

static void sms_answered(void *ctx, const struct sms_provider *p, const struct http_answer *a)
{
	struct sms_result r;
	enum sms_delivery d = p->told(p->self, ctx, a);

	HOLDS(d >= SMS_ON_ITS_WAY && d <= SMS_NOBODY_KNOWS, "%d", (int)d);
	memset(&r, 0x5a, sizeof r);
	p->sent(p->self, ctx, a, &r);
	HOLDS(r.verdict >= SMS_TAKEN && r.verdict <= SMS_UNKNOWN, "%d", (int)r.verdict);
	HOLDS(r.message_id && r.reason, " ");
	HOLDS(r.cost_rial >= 0, "%lld", (long long)r.cost_rial);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	unsigned bank = fuzz_choice(&data, &size), call = fuzz_choice(&data, &size), status = fuzz_choice(&data, &size);
	struct gateway_call c = bank_call(call);
	struct http_answer a = bank_answer(ctx, status, data, size);
	struct http_inbound in = {.method = "POST", .path = "", .peer = "", .language = "", .body = ""};
	const char *access, *refresh;

	fuzz_quiet();
	open_all();
	bank_answered(ctx, banks[bank % BANKS], &c, &a);
	identity_answered(ctx, call, &a);
	sms_answered(ctx, sms[bank % SMS_PROVIDERS], &a);
	if (vandar_renew_result(ctx, &a, &access, &refresh))
		HOLDS(access[0] && refresh[0], " ");
	http_fields_form(ctx, &in, a.body, size);
	if (!in.n_fields || a.body[0] == '{') {
		in.body = a.body;
		in.body_bytes = size;
	}
	bank_returned(ctx, banks[bank % BANKS], &in);
	talloc_free(ctx);
	return 0;
}
