#!/bin/sh
# `make bench`: builds the floor, then measures and prints one table. Fails nothing.
set -eu
build=${BUILD:-build}
mkdir -p "$build/bench"
# shellcheck disable=SC2046
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$build/bench/floor" tests/bench/floor.c \
	$(pkg-config --cflags --libs libcurl jansson sqlite3)
BUILD=$build exec node tests/bench/bench.mjs
