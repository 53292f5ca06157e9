/* QR codes as small black and white PNG pictures. */
#ifndef SEPAREX_QR_H
#define SEPAREX_QR_H

#include "picture.h"

#include <stdbool.h>

enum {
	QR_MAX_TEXT = 512, /* bytes; still 5 pixels a module at our picture size, so a worn phone camera reads it */
	QR_MAX_PNG = 8192 /* bytes */
};

/* Draws `text` (UTF-8) as a QR code of error level M (ISO/IEC 18004) with its quiet zone of 4 modules, as a 1-bit
 * palette PNG of about 500 pixels a side; a link of ours stays below 3 kB. The picture is on ctx. False, and `out`
 * empty, when `text` is empty or longer than QR_MAX_TEXT bytes. */
bool qr_png(void *ctx, const char *text, struct picture *out);

#endif
