/* Other people's services: see services.h. */
#include "services.h"

#include <string.h>
#include <talloc.h>

struct gateways_options services_gateways(const struct config *c)
{
	return (struct gateways_options){
		.sandbox = {c->sandbox_bank.url, c->sandbox_bank.terminal, c->sandbox_bank.password},
		.mellat = {c->mellat.url, c->mellat.pay_url, c->mellat.terminal, c->mellat.username, c->mellat.password,
			   c->mellat.find_lost, c->mellat.refund},
		.parsian = {c->parsian.url, c->parsian.pin, c->parsian.terminal, c->parsian.confirm_amount},
		.zarinpal = {c->zarinpal.url, c->zarinpal.merchant_id, (enum zarinpal_sweep)c->zarinpal.sweep},
		.vandar = {c->vandar.url, c->vandar.business, c->vandar.instant, c->vandar.type ? "A2A" : "ACH"}};
}

struct sms_options services_sms(const struct config *c)
{
	return (struct sms_options){.kavenegar_url = c->kavenegar.url,
				    .kavenegar_key = c->kavenegar.key,
				    .kavenegar_template = c->kavenegar.template,
				    .smsir_url = c->smsir.url,
				    .smsir_key = c->smsir.key,
				    .smsir_templates = c->smsir.templates.items,
				    .smsir_n_templates = c->smsir.templates.n};
}

bool services_check(const struct config *c, struct err *e)
{
	void *ctx = talloc_new(NULL);
	struct gateways_options gateways = services_gateways(c);
	struct sms_options sms = services_sms(c);
	bool vandar = c->identity.provider == CONFIG_IDENTITY_VANDAR, fine = true;

	for (size_t i = 0; fine && i < c->gateway.order.n; i++)
		fine = gateways_open(ctx, c->gateway.order.items[i], &gateways, e) != NULL;
	if (fine && c->payout.rail == CONFIG_RAIL_BANK)
		fine = gateways_open(ctx, c->payout.gateway, &gateways, e) != NULL;
	if (fine && vandar)
		fine = gateways_open(ctx, "vandar", &gateways, e) != NULL;
	for (size_t i = 0; fine && i < c->sms.providers.n; i++)
		fine = sms_provider_open(ctx, c->sms.providers.items[i], &sms, e) != NULL;
	talloc_free(ctx);
	return fine;
}
