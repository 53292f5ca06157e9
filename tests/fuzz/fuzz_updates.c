/* A getUpdates body, whatever came in its place: struct update keeps what update.h and telegram_in.h promise. */
#include "fuzz.h"
#include "telegram_in.h"
#include "telegram_json.h"

static void is_short_text(const char *text, size_t units)
{
	fuzz_is_text(text);
	HOLDS(utf8_fit_utf16(text, units) == strlen(text), "%s", text);
}

static void texts_hold(const struct update *u)
{
	const char *const texts[] = {u->from_language, u->reply_to_file_id, u->album,          u->callback_id, u->data,
				     u->inline_id,     u->file_id,          u->file_unique_id, u->file_mime,   u->args};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_is_text(texts[i]);
	is_short_text(u->chat_title, TELEGRAM_NAME_UNITS);
	is_short_text(u->from_name, TELEGRAM_NAME_UNITS);
	is_short_text(u->from_username, TELEGRAM_NAME_UNITS);
	is_short_text(u->reply_to_text, TELEGRAM_TEXT_UNITS);
	is_short_text(u->text, TELEGRAM_TEXT_UNITS);
	HOLDS(strlen(u->data) <= 64, "%s", u->data);
	if (u->kind == UPDATE_CONTACT)
		fuzz_is_text(u->contact_phone);
}

static void command_holds(const struct update *u)
{
	const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789_";

	if (!u->command)
		return;
	HOLDS(u->command[0] && u->command[strspn(u->command, letters)] == '\0', "%s", u->command);
	HOLDS(u->kind != UPDATE_EDITED && u->kind != UPDATE_BUTTON, "%d", (int)u->kind);
	HOLDS(strstr(u->text, u->args) != NULL, "%s", u->args);
}

static void update_holds(const struct update *u)
{
	HOLDS(u->id > 0, " ");
	HOLDS(u->kind >= UPDATE_OTHER && u->kind <= UPDATE_MIGRATED, "%d", (int)u->kind);
	HOLDS(u->file_bytes >= 0 && u->date_ms >= 0, " ");
	HOLDS(u->kind != UPDATE_MIGRATED || u->new_chat_id, " ");
	HOLDS(u->chat_kind != CHAT_PRIVATE || !u->chat_title[0], "%s", u->chat_title);
	texts_hold(u);
	command_holds(u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *body = fuzz_text(ctx, data, size);
	size_t n = 77;
	struct update *all;

	fuzz_quiet();
	all = telegram_updates(ctx, body, size, "separex_bot", &n);

	if (all) {
		HOLDS(n <= TELEGRAM_MAX_BATCH, "%zu", n);
		for (size_t i = 0; i < n; i++)
			update_holds(&all[i]);
	}
	telegram_parse(ctx, (struct span){body, size});
	talloc_free(ctx);
	return 0;
}
