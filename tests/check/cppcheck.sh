#!/bin/sh
# cppcheck over the source: tests/check/cppcheck.sh BUILD. Debian's knows no __VA_OPT__, so it reads a copy in which the
# older spelling stands. Of the system's headers it reads one, whose macros are whole loops.
set -eu
copy=$1/cppcheck
suppressions=$PWD/tests/check/cppcheck.txt
queue_h=$(gcc -include sys/queue.h -E -x c /dev/null | sed -n 's/.*"\(.*queue\.h\)".*/\1/p' | head -n 1)
includes=$(make -s --no-print-directory floors | sed 's/ .*//; s/^/-I/')
rm -rf "$copy"
mkdir -p "$copy/tests"
cp -r bot handlers storage "$copy"
cp -r tests/sandbox "$copy/tests"
cd "$copy"
find . -name '*.[ch]' -exec sed -i \
	's/__VA_ARGS__ __VA_OPT__(, ) ARG_NONE/ARG_NONE, ##__VA_ARGS__/; s/ __VA_OPT__(, ) __VA_ARGS__/, ##__VA_ARGS__/' {} +
# shellcheck disable=SC2086
cppcheck -j2 --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	--suppressions-list="$suppressions" --include="$queue_h" $includes bot handlers storage tests/sandbox
