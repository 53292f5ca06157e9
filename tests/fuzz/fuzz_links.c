/* What somebody asks "is this true?" about, and names that are made to be taken for another. The input is two texts
 * divided by a line end. */
#include "fuzz.h"
#include "link_read.h"
#include "look_alike.h"

static bool only(const char *s, const char *letters)
{
	return s[strspn(s, letters)] == '\0';
}

static void value_holds(const struct link *l)
{
	static const char digits[] = "0123456789", code[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
			  name[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	size_t n = strlen(l->value);

	if (l->kind == LINK_DEAL)
		HOLDS(n == DEAL_CODE_LETTERS && only(l->value, code), "%s", l->value);
	if (l->kind == LINK_RECEIPT)
		HOLDS(n == RECEIPT_CODE_LETTERS && only(l->value, code), "%s", l->value);
	if (l->kind == LINK_TELEGRAM)
		HOLDS(only(l->value, name), "%s", l->value);
	if (l->kind == LINK_CARD)
		HOLDS(!n || (n == 16 && only(l->value, digits)), "%s", l->value);
	if (l->kind == LINK_IBAN)
		HOLDS(!n || (n == 26 && !strncmp(l->value, "IR", 2) && only(l->value + 2, digits)), "%s", l->value);
	if (l->kind == LINK_PHONE)
		HOLDS(!n || (n == 11 && !strncmp(l->value, "09", 2) && only(l->value, digits)), "%s", l->value);
	if (l->kind == LINK_BANK)
		HOLDS(!(l->flags & (LINK_IDN | LINK_USERINFO | LINK_IP | LINK_IMITATES)) && n >= 11 &&
			      !strcmp(l->value + n - 11, "shaparak.ir") && (n == 11 || l->value[n - 12] == '.'),
		      "%s %u", l->value, l->flags);
	if (l->flags & LINK_SECRET)
		HOLDS(!n || l->kind != LINK_DIVAR, "%s", l->value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	char *text = fuzz_text(ctx, data, size), *line = strchr(text, '\n');
	const char *other = line ? line + 1 : "separex";
	struct link l;

	HOLDS(link_read(ctx, text, &l) == l.kind, "%d", (int)l.kind);
	HOLDS(l.value && l.host && l.start, " ");
	value_holds(&l);
	if (line)
		*line = '\0';
	HOLDS(look_alike(text, other) == look_alike(other, text), "%s / %s", text, other);
	HOLDS(!look_alike(text, text), "%s", text);
	HOLDS(look_of(ctx, text) == NULL || looks_same(look_of(ctx, text), look_of(ctx, text)), "%s", text);
	mixed_script(text);
	talloc_free(ctx);
	return 0;
}
