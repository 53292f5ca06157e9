/* Just enough of a C reader to see which words stand in which call. */
#ifndef SEPAREX_C_SCAN_H
#define SEPAREX_C_SCAN_H

#include "buf.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum c_kind { C_NAME, C_STRING, C_OPEN, C_CLOSE, C_OTHER };

struct c_token {
	enum c_kind kind;
	const char *text; /* of a string: without quotes, neighbours joined, escapes as they are but \" */
	int line;
	const char *note; /* of a string: the comment right behind it, or "" */
};

struct c_file {
	const char *path;
	struct c_token *tokens;
	size_t n;
};

struct c_reader {
	void *ctx;
	const char *s;
	int line;
	struct c_file *file;
};

static inline void c_push(struct c_reader *r, enum c_kind kind, const char *text)
{
	struct c_file *f = r->file;

	f->tokens = talloc_realloc(r->ctx, f->tokens, struct c_token, (unsigned)f->n + 1);
	f->tokens[f->n++] = (struct c_token){kind, text, r->line, ""};
}

static inline void c_step(struct c_reader *r, size_t n)
{
	for (; n > 0 && *r->s; n--) {
		r->line += *r->s == '\n';
		r->s++;
	}
}

static inline void c_comment(struct c_reader *r)
{
	const char *end = strstr(r->s, r->s[1] == '/' ? "\n" : "*/");
	size_t n = end ? (size_t)(end - r->s) + (r->s[1] == '/' ? 0 : 2) : strlen(r->s);

	if (r->file->n > 0 && r->file->tokens[r->file->n - 1].kind == C_STRING)
		r->file->tokens[r->file->n - 1].note = talloc_strndup(r->ctx, r->s, n);
	c_step(r, n);
}

static inline void c_string(struct c_reader *r)
{
	struct buf *text = buf_new(r->ctx, 1 << 20);
	struct c_token *before = r->file->n ? &r->file->tokens[r->file->n - 1] : NULL;

	for (c_step(r, 1); *r->s && *r->s != '"'; c_step(r, 1)) {
		if (*r->s == '\\' && r->s[1]) {
			if (r->s[1] != '"')
				buf_putc(text, '\\');
			c_step(r, 1);
		}
		buf_putc(text, *r->s);
	}
	c_step(r, 1);
	if (before && before->kind == C_STRING)
		before->text = talloc_asprintf(r->ctx, "%s%s", before->text, text->data);
	else
		c_push(r, C_STRING, text->data);
}

static inline void c_character(struct c_reader *r)
{
	for (c_step(r, 1); *r->s && *r->s != '\''; c_step(r, 1)) {
		if (*r->s == '\\')
			c_step(r, 1);
	}
	c_step(r, 1);
	c_push(r, C_OTHER, "'");
}

static inline void c_name(struct c_reader *r)
{
	size_t n = 0;

	while (isalnum((unsigned char)r->s[n]) || r->s[n] == '_')
		n++;
	c_push(r, C_NAME, talloc_strndup(r->ctx, r->s, n));
	c_step(r, n);
}

static inline void c_next(struct c_reader *r)
{
	if (isspace((unsigned char)*r->s) || *r->s == '\\')
		c_step(r, 1);
	else if (strncmp(r->s, "#include", 8) == 0)
		c_step(r, strcspn(r->s, "\n"));
	else if (r->s[0] == '/' && (r->s[1] == '/' || r->s[1] == '*'))
		c_comment(r);
	else if (*r->s == '"')
		c_string(r);
	else if (*r->s == '\'')
		c_character(r);
	else if (isalnum((unsigned char)*r->s) || *r->s == '_')
		c_name(r);
	else {
		c_push(r, *r->s == '(' ? C_OPEN : *r->s == ')' ? C_CLOSE : C_OTHER, talloc_strndup(r->ctx, r->s, 1));
		c_step(r, 1);
	}
}

/* Reads a whole source text. The result belongs to ctx. */
static inline struct c_file c_scan(void *ctx, const char *path, const char *code)
{
	struct c_file f = {.path = path};
	struct c_reader r = {.ctx = ctx, .s = code, .line = 1, .file = &f};

	while (*r.s)
		c_next(&r);
	return f;
}

#endif
