/* XML: see xml.h. */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>
#include <talloc.h>

struct xml_doc {
	xmlDocPtr tree;
};

static int free_tree(struct xml_doc *doc)
{
	xmlFreeDoc(doc->tree);
	return 0;
}

struct xml_doc *xml_parse(void *ctx, const char *bytes, size_t n)
{
	/* XML_PARSE_HUGE is not given: libxml2 then keeps its own limits on depth, names and texts. */
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	struct xml_doc *doc;
	xmlDocPtr tree;

	if (n == 0 || n > XML_MAX_BYTES)
		return NULL;
	tree = xmlReadMemory(bytes, (int)n, NULL, NULL, options);
	if (!tree)
		return NULL;
	if (xmlGetIntSubset(tree) || tree->extSubset || !xmlDocGetRootElement(tree)) {
		xmlFreeDoc(tree);
		return NULL;
	}
	doc = talloc(ctx, struct xml_doc);
	doc->tree = tree;
	talloc_set_destructor(doc, free_tree);
	return doc;
}

static xmlNodePtr child(xmlNodePtr parent, const char *name, size_t n)
{
	for (xmlNodePtr x = parent->children; x; x = x->next)
		if (x->type == XML_ELEMENT_NODE && strlen((const char *)x->name) == n &&
		    !strncmp((const char *)x->name, name, n))
			return x;
	return NULL;
}

static const char *trimmed(void *ctx, const char *text)
{
	size_t n;

	text += strspn(text, " \t\r\n");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r\n", text[n - 1]))
		n--;
	return talloc_strndup(ctx, text, n);
}

const char *xml_text(void *ctx, const struct xml_doc *doc, const char *path)
{
	xmlNodePtr at = xmlDocGetRootElement(doc->tree);
	const char *text;
	xmlChar *content;

	for (int step = 0; at && *path && step < XML_MAX_PATH_STEPS; step++) {
		size_t n = strcspn(path, "/");

		at = child(at, path, n);
		path += n + (path[n] == '/');
	}
	if (!at || *path)
		return NULL;
	content = xmlNodeGetContent(at);
	text = content ? trimmed(ctx, (const char *)content) : "";
	xmlFree(content);
	return text;
}

void xml_escape(struct buf *b, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '<')
			buf_puts(b, "&lt;");
		else if (*p == '>')
			buf_puts(b, "&gt;");
		else if (*p == '&')
			buf_puts(b, "&amp;");
		else if (*p == '"')
			buf_puts(b, "&quot;");
		else if ((unsigned char)*p >= ' ' || *p == '\t' || *p == '\n')
			buf_putc(b, *p);
	}
}
