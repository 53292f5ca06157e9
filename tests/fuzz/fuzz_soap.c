/* The SOAP answers of Mellat and Parsian, and XML as such. */
#include "fuzz_bank.h"
#include "gateway_mellat.h"
#include "gateway_parsian.h"
#include "http_fields.h"
#include "xml.h"

static const struct gateway *const *banks(void)
{
	static const struct gateway *all[3];

	if (all[0])
		return all;
	all[0] = gateway_mellat(NULL,
				&(struct gateway_mellat_options){"https://bpm.shaparak.ir/pgwchannel/services/pgw",
								 "https://bpm.shaparak.ir/pgwchannel/startpay.mellat",
								 "1234567", "u&ser", "pa<ss", true, true});
	all[1] = gateway_parsian(NULL, &(struct gateway_parsian_options){"https://pec.shaparak.ir", "P&N", "44", true});
	all[2] = gateway_parsian(NULL, &(struct gateway_parsian_options){"https://pec.shaparak.ir", "P&N", "", false});
	return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	unsigned bank = fuzz_choice(&data, &size), call = fuzz_choice(&data, &size), status = fuzz_choice(&data, &size);
	struct gateway_call c = bank_call(call);
	struct http_answer a = bank_answer(ctx, status, data, size);
	struct http_inbound in = {.method = "POST", .path = "", .peer = "", .language = "", .body = ""};
	struct xml_doc *doc = xml_parse(ctx, a.body, size);

	fuzz_quiet();
	bank_answered(ctx, banks()[bank % 3], &c, &a);
	http_fields_form(ctx, &in, a.body, size);
	bank_returned(ctx, banks()[bank % 3], &in);
	if (doc)
		xml_text(ctx, doc, "Body/bpVerifyRequestResponse/return");
	HOLDS(!doc || !strstr(a.body, "<!DOCTYPE") || memchr(a.body, '\0', size) || strstr(a.body, "<![CDATA[") ||
		      strstr(a.body, "<!--") || strstr(a.body, "<?"),
	      "%s", a.body);
	talloc_free(ctx);
	return 0;
}
