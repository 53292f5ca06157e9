/* `separex copy --from URL --to URL`. */
#ifndef SEPAREX_COPY_COMMAND_H
#define SEPAREX_COPY_COMMAND_H

/* Moves the whole installation from one store to another and proves it (store_copy.h), says what was copied and what is
 * to be done next. The exit code: 0 only when everything is proven. */
int copy_command(const char *from, const char *to);

#endif
