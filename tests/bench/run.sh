#!/bin/sh
# `make bench`: builds the floor and the small benches, measures, prints tables. Fails nothing.
set -eu
build=${BUILD:-build}
mkdir -p "$build/bench"
# shellcheck disable=SC2046
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$build/bench/floor" tests/bench/floor.c \
	$(pkg-config --cflags --libs libcurl jansson sqlite3)
# shellcheck disable=SC2046
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Ibot/base -Ibot/picture -Itests -o "$build/bench/picture" \
	tests/bench/picture.c "$build/libbot-picture.a" "$build/libbot-base.a" \
	$(pkg-config --cflags --libs pangocairo pangoft2 cairo fontconfig libqrencode libdeflate icu-uc jansson talloc) -lm
# shellcheck disable=SC2046
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Ibot/base -Ibot/escrow -o "$build/bench/ccti" tests/bench/ccti.c \
	"$build/libbot-escrow.a" "$build/libbot-base.a" $(pkg-config --cflags --libs talloc jansson libsodium icu-uc)
"$build/bench/picture"
"$build/bench/ccti"
BUILD=$build node tests/bench/money.mjs
BUILD=$build exec node tests/bench/bench.mjs
