/* What people write, made fit for drawing: a picture is drawn in the loop, so the work of any text has a bound. */
#ifndef SEPAREX_TAME_H
#define SEPAREX_TAME_H

enum {
	TAME_MOST_UNITS = 240, /* UTF-16 units of any one text */
	/* Of one picture: each emoji, sign or run of letters that the main fonts do not have. An emoji is a picture of
	 * its own and takes as long as two lines of words. */
	TAME_MOST_GUESTS = 6
};

/* The text as one paragraph of valid UTF-8 and bounded length, on ctx: breaks and control characters become spaces, of
 * the marks on a letter two stay, letters of scripts for which there is no font become one ellipsis. `guests` is how
 * many characters from other fonts may still come; what is beyond is left out. */
char *tame(void *ctx, const char *text, int *guests);

#endif
