/* The proof of the books for the operators' group: what we hold is what we owe and what is ours. */
#ifndef SEPAREX_BOOKS_PROOF_H
#define SEPAREX_BOOKS_PROOF_H

#include "turn.h"

/* Posts the picture of the proof into the operators' group; false when there is no group or the books cannot be read.
 */
bool books_proof_post(struct turn *t);

#endif
