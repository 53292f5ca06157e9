#!/bin/sh
# The threat model is kept true: each line of its tables (docs/security.md) names a test, and each test that is named exists;
# each library that the Makefile links stands in docs/licences.md.
set -eu
page=docs/security.md
wrong=0
complain() {
	echo "security: $*" >&2
	wrong=1
}

# A reference is `folder/file › title` in backquotes; check/file alone is a script of tests/check.
references=$(sed -n '/^## Threats/,/^## What is weak/p' "$page" | grep -oE '`(unit|db|e2e|web)/[a-z0-9_]+ › [^`]+`' | tr -d '`' | sort -u)
total=0
IFS='
'
for reference in $references; do
	total=$((total + 1))
	file=${reference%% › *}
	title=${reference#* › }
	case $file in
	unit/* | db/*) grep -qF "START_TEST($title)" "tests/$file.c" 2>/dev/null || complain "no test $title in tests/$file.c" ;;
	*) grep -qF -e "test('$title'" -e "test(\"$title\"" -e "test(\`$title\`" "tests/$file.test.mjs" 2>/dev/null ||
		complain "no test “$title” in tests/$file.test.mjs" ;;
	esac
done
for script in $(grep -oE '`check/[a-z_.]+`' "$page" | tr -d '`' | sort -u); do
	total=$((total + 1))
	[ -f "tests/$script" ] || complain "no script tests/$script"
done
for line in $(sed -n '/^## Threats/,/^## What is weak/p' "$page" | grep '^|' | grep -vE '^\|( who|-)'); do
	case $line in
	*' › '* | *'`check/'*) ;;
	*) complain "a threat without a test: $line" ;;
	esac
done
unset IFS
[ "$total" -gt 60 ] || complain "only $total tests were found: the page is not read right"

for library in $(sed -n '/^PACKAGES := /,/[^\\]$/p' Makefile | tr -d '\\' | sed 's/^PACKAGES := //'); do
	grep -qE "^\|.*\`$library\`" docs/licences.md || complain "$library is linked, and docs/licences.md does not name it"
done
[ "$wrong" = 0 ] && echo "security: each threat has a test, and each of the $total tests that are named exists"
exit "$wrong"
