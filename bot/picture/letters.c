/* Fonts from a short list, through fontconfig and pango: see letters.h. */
#include "letters.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdlib.h>
#include <talloc.h>

/* Of the machine's fonts only these: the search for a rare character among hundreds of fonts takes long and much
 * memory, and a picture shall not depend on what else is installed. */
static const char *const families[] = {
	"Noto Sans",          "Noto Sans Arabic", "Noto Sans Mono",    "Noto Sans Hebrew",   "Noto Sans Armenian",
	"Noto Sans Georgian", "Noto Sans Math",   "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Color Emoji",
};

static char *choice(void *ctx)
{
	char *xml = talloc_strdup(ctx, "<fontconfig><selectfont><rejectfont><pattern/></rejectfont><acceptfont>");

	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		xml = talloc_asprintf_append(
			xml, "<pattern><patelt name=\"family\"><string>%s</string></patelt></pattern>", families[i]);
	return talloc_strdup_append(xml, "</acceptfont></selectfont></fontconfig>");
}

/* NULL when the machine has none of them: then any font has to do. */
static FcConfig *choose_fonts(void)
{
	FcConfig *config = FcConfigCreate();
	FcFontSet *found;
	void *ctx = talloc_new(NULL);

	if (!config)
		abort();
	FcConfigParseAndLoad(config, NULL, FcFalse);
	FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)choice(ctx), FcFalse);
	FcConfigBuildFonts(config);
	talloc_free(ctx);
	found = FcConfigGetFonts(config, FcSetSystem);
	if (found && found->nfont)
		return config;
	FcConfigDestroy(config);
	return NULL;
}

static PangoContext *open_letters(void)
{
	PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	FcConfig *config = choose_fonts();
	cairo_font_options_t *options = cairo_font_options_create();
	PangoContext *context;

	if (!map)
		abort(); /* pango without FreeType: not the library that was linked */
	if (config)
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
	context = pango_font_map_create_context(map);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	return context;
}

#ifdef __SANITIZE_ADDRESS__
/* Pango looks for fonts in a thread of its own, and what that one holds when the process ends counts as lost. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\n";
}
#endif

PangoContext *letters_for(const char *language)
{
	static PangoContext *context;

	if (!context)
		context = open_letters();
	pango_context_set_language(context, pango_language_from_string(language));
	return context;
}
