/* The codes of Parsian PEC, one row each. */
#ifndef SEPAREX_PARSIAN_CODES_H
#define SEPAREX_PARSIAN_CODES_H

#include "bank_code.h"

extern const struct bank_code parsian_codes[];
extern const size_t parsian_n_codes;

#endif
