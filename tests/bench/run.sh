#!/bin/sh
# `make bench`: builds the floor and the picture bench, measures, prints two tables. Fails nothing.
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
"$build/bench/picture"
BUILD=$build exec node tests/bench/bench.mjs
