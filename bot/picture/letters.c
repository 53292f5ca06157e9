/* Fonts from a short list, through fontconfig and pango: see letters.h. */
#include "letters.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdlib.h>

/* Of the machine's fonts only these: the search for a rare character among hundreds of fonts takes long and much
 * memory, and a picture shall not depend on what else is installed. */
static const char chosen[] = "<fontconfig><selectfont><rejectfont><glob>*</glob></rejectfont><acceptfont>"
			     "<glob>*/NotoSans-*</glob>"
			     "<glob>*/NotoSansArabic-*</glob>"
			     "<glob>*/NotoSansMono-*</glob>"
			     "<glob>*/NotoSansHebrew-*</glob>"
			     "<glob>*/NotoSansArmenian-*</glob>"
			     "<glob>*/NotoSansGeorgian-*</glob>"
			     "<glob>*/NotoSansMath-*</glob>"
			     "<glob>*/NotoSansSymbols*</glob>"
			     "<glob>*/NotoColorEmoji*</glob>"
			     "</acceptfont></selectfont></fontconfig>";

/* NULL when the machine has none of them: then any font has to do. */
static FcConfig *choose_fonts(void)
{
	FcConfig *config = FcConfigCreate();
	FcFontSet *found;

	if (!config)
		abort();
	FcConfigParseAndLoad(config, NULL, FcFalse);
	FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)chosen, FcFalse);
	FcConfigBuildFonts(config);
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
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	return context;
}

PangoContext *letters_for(const char *language, bool rtl)
{
	static PangoContext *context;

	if (!context)
		context = open_letters();
	pango_context_set_language(context, pango_language_from_string(language));
	pango_context_set_base_dir(context, rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	return context;
}
