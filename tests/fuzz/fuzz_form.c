/* The fields of forms and addresses. What was read, written as a form again, reads the same. */
#include "buf.h"
#include "fuzz.h"
#include "http_fields.h"

enum { FORM_BYTES = 1 << 20 };

static void write_part(struct buf *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		buf_printf(out, "%%%02X", *p);
}

static void same(const struct http_inbound *a, const struct http_inbound *b)
{
	HOLDS(a->n_fields == b->n_fields, "%zu %zu", a->n_fields, b->n_fields);
	for (size_t i = 0; i < a->n_fields; i++) {
		HOLDS(!strcmp(a->fields[i].name, b->fields[i].name), "%s", a->fields[i].name);
		HOLDS(!strcmp(a->fields[i].value, b->fields[i].value), "%s", a->fields[i].value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct http_inbound in = {.n_fields = 0}, again = {.n_fields = 0};
	struct buf *out = buf_new(ctx, FORM_BYTES);

	http_fields_form(ctx, &in, fuzz_text(ctx, data, size), size);
	HOLDS(in.n_fields <= HTTP_MAX_FIELDS, "%zu", in.n_fields);
	for (size_t i = 0; i < in.n_fields; i++) {
		fuzz_is_text(in.fields[i].name);
		fuzz_is_text(in.fields[i].value);
		HOLDS(in.fields[i].name[0], " ");
		buf_puts(out, i ? "&" : "");
		write_part(out, in.fields[i].name);
		buf_putc(out, '=');
		write_part(out, in.fields[i].value);
	}
	http_fields_form(ctx, &again, out->data, out->len);
	same(&in, &again);
	talloc_free(ctx);
	return 0;
}
