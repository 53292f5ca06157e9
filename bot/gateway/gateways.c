/* The registry of gateways: see gateways.h. A new bank is one row here. */
#include "gateways.h"

#include <string.h>

static bool given(const char *text)
{
	return text && text[0];
}

static struct gateway *open_sandbox(void *ctx, const struct gateways_options *options, struct err *e)
{
	const struct gateway_sandbox_options *o = &options->sandbox;

	if (!given(o->url) || (strncmp(o->url, "http://", 7) != 0 && strncmp(o->url, "https://", 8) != 0)) {
		err_set(e, "gateway sandbox: url must be where the practice bank is, as http://127.0.0.1:8095/bank");
		return NULL;
	}
	if (!given(o->terminal) || !given(o->password)) {
		err_set(e, "gateway sandbox: terminal and password must both be given");
		return NULL;
	}
	return gateway_sandbox(ctx, o);
}

static struct gateway *open_mellat(void *ctx, const struct gateways_options *options, struct err *e)
{
	const struct gateway_mellat_options *o = &options->mellat;

	if (given(o->terminal) && given(o->username) && given(o->password))
		return gateway_mellat(ctx, o);
	err_set(e, "gateway mellat: terminal, username and password of the contract must all be given in [mellat]");
	return NULL;
}

static struct gateway *open_parsian(void *ctx, const struct gateways_options *options, struct err *e)
{
	if (given(options->parsian.pin))
		return gateway_parsian(ctx, &options->parsian);
	err_set(e, "gateway parsian: the pin (LoginAccount) of the contract must be given in [parsian]");
	return NULL;
}

static struct gateway *open_zarinpal(void *ctx, const struct gateways_options *options, struct err *e)
{
	if (given(options->zarinpal.merchant_id))
		return gateway_zarinpal(ctx, &options->zarinpal);
	err_set(e, "gateway zarinpal: merchant_id must be given in [zarinpal]");
	return NULL;
}

static struct gateway *open_vandar(void *ctx, const struct gateways_options *options, struct err *e)
{
	if (given(options->vandar.business))
		return gateway_vandar(ctx, &options->vandar);
	err_set(e, "gateway vandar: the name of the business must be given in [vandar]");
	return NULL;
}

static const struct {
	const char *name;
	struct gateway *(*open)(void *ctx, const struct gateways_options *options, struct err *e);
} gateways[] = {
	{"sandbox", open_sandbox},   {"mellat", open_mellat}, {"parsian", open_parsian},
	{"zarinpal", open_zarinpal}, {"vandar", open_vandar},
};

enum { GATEWAYS = sizeof gateways / sizeof gateways[0] };

const char *gateways_name(size_t i)
{
	return i < GATEWAYS ? gateways[i].name : NULL;
}

struct gateway *gateways_open(void *ctx, const char *name, const struct gateways_options *options, struct err *e)
{
	for (size_t i = 0; i < GATEWAYS; i++)
		if (strcmp(gateways[i].name, name) == 0)
			return gateways[i].open(ctx, options, e);
	err_set(e, "there is no gateway named \"%.40s\"", name);
	return NULL;
}
