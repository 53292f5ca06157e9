/* Foreign XML, read safely with libxml2: no network, no entities, no document type (an XML bomb needs one), and maxima.
 * And the escaping that writing needs. */
#ifndef SEPAREX_XML_H
#define SEPAREX_XML_H

#include "buf.h"

enum { XML_MAX_BYTES = 1 << 20, XML_MAX_PATH_STEPS = 8 };

struct xml_doc;

/* Reads a document on ctx, freed with it. NULL when it is not well formed, too large, nested too deeply, or has a
 * document type. Nothing is printed. */
struct xml_doc *xml_parse(void *ctx, const char *bytes, size_t n);

/* The text of an element, trimmed, on ctx; NULL when there is none. `path` holds local names from below the root,
 * divided by
 * "/", whatever their prefix: "Body/bpVerifyRequestResponse/return". The first element that fits at each step is taken.
 */
const char *xml_text(void *ctx, const struct xml_doc *doc, const char *path);

/* Adds text, escaped for an element's content or a quoted attribute. Bytes that XML cannot hold are left out. */
void xml_escape(struct buf *b, const char *text);

#endif
