/* Parameters against the table: see params.h. */
#include "params.h"

#include "html.h"
#include "js.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TYPE_MAX = 96 };

struct check {
	struct request *r;
	bool loose; /* a form value: text stands for every type */
};

static char *value_check(const struct check *c, const char *type, json_t **v, const char *path);

static bool is(const char *type, const char *name)
{
	return strcmp(type, name) == 0;
}

static char *wrong(const struct check *c, const char *path, const char *type)
{
	return talloc_asprintf(c->r, "Bad Request: parameter \"%s\" must be of type %s", path, type);
}

static char *integer_check(const struct check *c, json_t **v, const char *path)
{
	char *end;
	long long n;

	if (json_is_integer(*v))
		return NULL;
	if (!c->loose || !json_is_string(*v) || !*json_string_value(*v))
		return wrong(c, path, "Integer");
	errno = 0;
	n = strtoll(json_string_value(*v), &end, 10);
	if (*end || errno)
		return wrong(c, path, "Integer");
	*v = js_own(c->r, json_integer(n));
	return NULL;
}

static char *boolean_check(const struct check *c, json_t **v, const char *path)
{
	const char *s = c->loose && json_is_string(*v) ? json_string_value(*v) : "";
	bool yes = is(s, "true") || is(s, "True") || is(s, "1"), no = is(s, "false") || is(s, "False") || is(s, "0");

	if (json_is_boolean(*v))
		return NULL;
	if (!yes && !no)
		return wrong(c, path, "Boolean");
	*v = js_own(c->r, json_boolean(yes));
	return NULL;
}

/* A JSON-serialised object or array, given as text, becomes the value it says. */
static char *unwrap(const struct check *c, json_t **v, const char *path)
{
	json_t *inner;

	if (!json_is_string(*v))
		return NULL;
	inner = js_parse(c->r, json_string_value(*v), json_string_length(*v));
	if (!inner)
		return talloc_asprintf(c->r, "Bad Request: can't parse %s JSON object", path);
	*v = inner;
	return NULL;
}

static char *limits_check(const struct check *c, const struct param *p, const json_t *v, const char *path)
{
	const char *s = json_string_value(v);
	int64_t n = 0;

	if (p->max == 0 || (p->flags & P_PARSED))
		return NULL;
	if (json_is_integer(v))
		n = json_integer_value(v);
	else if (json_is_array(v))
		n = (int64_t)json_array_size(v);
	else if (s)
		n = (int64_t)((p->flags & P_BYTES) ? strlen(s) : utf16_units(s, strlen(s)));
	else
		return NULL;
	if (n >= p->min && n <= p->max)
		return NULL;
	if (is(p->name, "callback_data"))
		return talloc_strdup(c->r, "Bad Request: BUTTON_DATA_INVALID");
	return talloc_asprintf(c->r, "Bad Request: parameter \"%s\" is %lld, allowed are %lld to %lld%s", path,
			       (long long)n, (long long)p->min, (long long)p->max,
			       json_is_integer(v)     ? ""
			       : json_is_array(v)     ? " elements"
			       : (p->flags & P_BYTES) ? " bytes"
						      : " characters");
}

static const struct param *field_named(const struct param *fields, const char *name)
{
	for (; fields->name; fields++)
		if (is(fields->name, name))
			return fields;
	return NULL;
}

static char *fields_check(const struct check *c, const char *type, const struct param *fields, json_t *v,
			  const char *path)
{
	const char *name;
	json_t *member;
	void *next;

	json_object_foreach_safe(v, next, name, member)
	{
		const struct param *p = field_named(fields, name);
		const char *at = talloc_asprintf(c->r, "%s.%s", path, name);
		json_t *checked = member;
		char *error;

		if (!p)
			return talloc_asprintf(c->r, "Bad Request: unknown field \"%s\" of %s", at, type);
		error = value_check(c, p->type, &checked, at);
		if (!error)
			error = limits_check(c, p, checked, at);
		if (error)
			return error;
		if (checked != member)
			json_object_set(v, name, checked);
	}
	for (const struct param *p = fields; p->name; p++)
		if ((p->flags & P_REQUIRED) && !json_object_get(v, p->name))
			return talloc_asprintf(c->r, "Bad Request: field \"%s.%s\" of %s is required", path, p->name,
					       type);
	return NULL;
}

static char *object_check(const struct check *c, const char *type, json_t **v, const char *path)
{
	const struct check inner = {.r = c->r}; /* inside JSON the types are meant */
	const struct object_type *o;
	const char *choice;
	char *error = unwrap(c, v, path);

	if (error)
		return error;
	if (!json_is_object(*v))
		return wrong(c, path, type);
	choice = union_choice(type, js_str(*v, "type", NULL));
	o = object_named(choice ? choice : type);
	if (!o)
		return talloc_asprintf(c->r, "Bad Request: \"%s\" has a type that Separex does not use", path);
	return fields_check(&inner, o->name, o->fields, *v, path);
}

static char *array_check(const struct check *c, const char *of, json_t **v, const char *path)
{
	const struct check inner = {.r = c->r};
	char *error = unwrap(c, v, path);

	if (error)
		return error;
	if (!json_is_array(*v))
		return wrong(c, path, "Array");
	for (size_t i = 0; i < json_array_size(*v); i++) {
		json_t *element = json_array_get(*v, i), *checked = element;

		error = value_check(&inner, of, &checked, talloc_asprintf(c->r, "%s[%zu]", path, i));
		if (error)
			return error;
		if (checked != element)
			json_array_set(*v, i, checked);
	}
	return NULL;
}

static char *one_check(const struct check *c, const char *type, json_t **v, const char *path)
{
	if (is(type, "Integer"))
		return integer_check(c, v, path);
	if (is(type, "Boolean"))
		return boolean_check(c, v, path);
	if (is(type, "String"))
		return json_is_string(*v) ? NULL : wrong(c, path, "String");
	if (is(type, "InputFile"))
		return wrong(c, path, "InputFile or String");
	if (strncmp(type, "Array of ", 9) == 0)
		return array_check(c, type + 9, v, path);
	return object_check(c, type, v, path);
}

/* For alternatives of objects: the one whose first required field is there is meant. */
static bool could_be(const char *type, const json_t *v)
{
	const struct object_type *o = object_named(type);

	if (!o || !json_is_object(v))
		return true;
	for (const struct param *p = o->fields; p->name; p++)
		if (p->flags & P_REQUIRED)
			return json_object_get(v, p->name) != NULL;
	return true;
}

static char *value_check(const struct check *c, const char *type, json_t **v, const char *path)
{
	char one[TYPE_MAX];
	char *error = NULL;

	if (!strchr(type, '|'))
		return one_check(c, type, v, path);
	if (strstr(type, "Markup")) {
		error = unwrap(c, v, path);
		if (error)
			return error;
	}
	error = wrong(c, path, type);
	while (*type) {
		size_t n = strcspn(type, "|");

		memcpy(one, type, n);
		one[n] = '\0';
		type += n + (type[n] == '|');
		if (!could_be(one, *v))
			continue;
		error = one_check(c, one, v, path);
		if (!error)
			return NULL;
	}
	return error;
}

static char *missing(struct request *r, const struct param *p)
{
	if (is(p->name, "text"))
		return talloc_strdup(r, "Bad Request: message text is empty");
	if (is(p->name, "chat_id") || is(p->name, "user_id"))
		return talloc_asprintf(r, "Bad Request: %s is empty", p->name);
	return talloc_asprintf(r, "Bad Request: parameter \"%s\" is required", p->name);
}

static bool uploaded(const struct request *r, const char *field)
{
	for (size_t i = 0; i < r->n_uploads; i++)
		if (is(r->uploads[i].field, field))
			return true;
	return false;
}

/* A file part must be named by a parameter or by an "attach://" somewhere. */
static char *uploads_check(struct request *r, const struct method *m)
{
	char *all = r->n_uploads ? js_text(r, r->params) : NULL;

	for (size_t i = 0; i < r->n_uploads; i++) {
		const struct param *p = field_named(m->params, r->uploads[i].field);

		if (p && strstr(p->type, "InputFile"))
			continue;
		if (!strstr(all, talloc_asprintf(r, "attach://%s\"", r->uploads[i].field)) &&
		    !strstr(all, talloc_asprintf(r, "attach://%s\\\"", r->uploads[i].field)))
			return talloc_asprintf(r, "Bad Request: file part \"%s\" is not used by %s",
					       r->uploads[i].field, m->name);
	}
	return NULL;
}

char *params_check(struct request *r, const struct method *m)
{
	const struct check c = {.r = r, .loose = !r->typed};
	const char *name;
	json_t *v;
	void *next;

	json_object_foreach_safe(r->params, next, name, v)
	{
		const struct param *p = field_named(m->params, name);
		json_t *checked = v;
		char *error;

		if (!p)
			return talloc_asprintf(r, "Bad Request: unknown parameter \"%s\" of %s", name, m->name);
		error = value_check(&c, p->type, &checked, name);
		if (!error)
			error = limits_check(&c, p, checked, name);
		if (error)
			return error;
		if (checked != v)
			json_object_set(r->params, name, checked);
	}
	for (const struct param *p = m->params; p->name; p++)
		if ((p->flags & P_REQUIRED) && !json_object_get(r->params, p->name) && !uploaded(r, p->name))
			return missing(r, p);
	return uploads_check(r, m);
}
