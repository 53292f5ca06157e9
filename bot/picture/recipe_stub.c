#include "recipe.h"
bool recipe_from_json(void *ctx, const char *json, struct recipe *out){(void)ctx;(void)json;(void)out;return false;}
bool recipe_png(void *ctx, const struct recipe *r, struct picture *out){(void)ctx;(void)r;(void)out;return false;}
bool recipe_pdf(void *ctx, const struct recipe *r, struct picture *out){(void)ctx;(void)r;(void)out;return false;}
