/* The codes of Behpardakht Mellat, one row each. */
#ifndef SEPAREX_MELLAT_CODES_H
#define SEPAREX_MELLAT_CODES_H

#include "bank_code.h"

extern const struct bank_code mellat_codes[];
extern const size_t mellat_n_codes;

#endif
