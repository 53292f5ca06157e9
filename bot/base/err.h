/* A message for the person who starts or runs the program: what happened and what to do next. */
#ifndef SEPAREX_ERR_H
#define SEPAREX_ERR_H

struct err {
	char text[512];
};

/* Fills `e` and returns false, so that a function can `return err_set(...)`. A long text is cut. `e` may be NULL. */
_Bool err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
