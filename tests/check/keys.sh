#!/bin/sh
# Every field of struct config must be read somewhere outside the configuration: a key that nothing reads is a promise
# that is not kept.
set -eu
wrong=0
fields=$(sed -n '/^struct config {/,/^};/p' bot/app/config.h | sed 's|/\*.*\*/||' | sed -n 's/^\t\t[a-z].*[ *]\([a-z_0-9, *]*\);.*/&/p' |
	sed 's/^\t\t\(const \)\{0,1\}\(struct \|enum \)\{0,1\}[a-z_0-9]* //; s/[*;,]/ /g')
sources=$(find bot handlers storage -name '*.c' ! -name 'config*.c')
for field in $fields; do
	# shellcheck disable=SC2086
	grep -qE "(\.|->)$field\b" $sources /dev/null || {
		echo "keys: nothing reads $field of struct config (bot/app/config.h)" >&2
		wrong=1
	}
done
[ "$wrong" = 0 ] && echo "keys: $(echo "$fields" | wc -w) fields of the configuration, and each is read"
exit "$wrong"
