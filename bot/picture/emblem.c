/* The signs of the emblems: see emblem.h. How each looks is in emblem_draw.c. */
#include "emblem.h"

const char *emblem_sign(int emblem)
{
	static const char *const signs[EMBLEM_COUNT] = {
		"🌙", "☀️", "⭐", "☂️", "⚓", "🍎", "🐟", "🏠", "🔑", "🌳", "⛵", "🍒", "🎈", "🔔", "🌷", "🍄",
	};

	return emblem >= 1 && emblem <= EMBLEM_COUNT ? signs[emblem - 1] : "";
}
