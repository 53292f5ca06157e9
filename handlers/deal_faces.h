/* What the card shows in each state to each side: texts and buttons as data. */
#ifndef SEPAREX_DEAL_FACES_H
#define SEPAREX_DEAL_FACES_H

#include "deal.h"
#include "outmsg.h"

enum { FACE_MAX_BUTTONS = 8 };

/* When a button is shown, beside the state and the side. */
enum face_when {
	WHEN_ALWAYS,
	WHEN_MINE, /* this side made the offer */
	WHEN_THEIRS,
	WHEN_JOINED, /* the maker of an offer, while the other has not agreed */
	WHEN_GROUP_MAKER, /* the maker of an offer to a group, while somebody has the other seat */
	WHEN_ASKED, /* this side has not agreed and the other seat is taken */
	WHEN_NOT_EXTENDED, /* the payment window was not extended yet */
	WHEN_CANCEL_ASKED, /* the buyer asked to cancel */
	WHEN_CANCEL_NOT_ASKED,
	WHEN_EXTENSION_FREE,
	WHEN_EXTENSION_ASKED,
	WHEN_UNPROVEN, /* delivery is only the seller's word */
	WHEN_NOT_ANSWERED, /* the seller has not told their side */
	WHEN_NO_IBAN, /* we do not know where to pay */
	WHEN_APPEAL_LEFT,
	WHEN_CHANGEABLE, /* no proposal is on the table */
	WHEN_LATE_MONEY /* late money waits for this side's yes */
};

struct face_button {
	const char *label; /* key of the text */
	const char *act; /* what the button carries, see routes.c */
	enum button_style style;
	enum face_when when;
	bool beside; /* in the row of the button before it */
};

struct face {
	enum deal_state state;
	enum role role;
	const char *key; /* what is so, what is next, what happens on silence */
	struct face_button buttons[FACE_MAX_BUTTONS];
};

/* The face for a state and a side; never NULL. */
const struct face *deal_face(enum deal_state state, enum role role);

/* A state in a word or two, as a key. */
const char *deal_state_key(enum deal_state state);

/* The line that says what just happened, as a key; NULL when the card itself says it. */
const char *deal_news_key(enum event_kind kind);

#endif
