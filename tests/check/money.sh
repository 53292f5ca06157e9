#!/bin/sh
# Only bot/escrow/money.c may touch the raw field of struct rial: tests/check/money.sh BUILD
# Every other file is compiled with that field under another name; whoever reaches for it does not compile.
set -eu
copy=$1/money
wrong=0
rm -rf "$copy"
mkdir -p "$copy"
cp -r bot handlers storage "$copy"
sed 's/^\tint64_t v;$/\tint64_t not_yours;/' bot/escrow/money.h >"$copy/bot/escrow/money.h"
! cmp -s bot/escrow/money.h "$copy/bot/escrow/money.h" || {
	echo "money: struct rial in bot/escrow/money.h does not look as this check knows it" >&2
	exit 1
}
floors=$(make -s --no-print-directory floors | grep -v ^tests/)
flags="-std=c17 -D_GNU_SOURCE -DSEPAREX_VERSION=\"\" $(pkg-config --cflags libcurl jansson sqlite3 libpq libmicrohttpd talloc pangocairo libxml-2.0 libsodium)"
cd "$copy"

tried=0
for folder in $(echo "$floors" | cut -d' ' -f1); do
	includes=-I$folder
	for seen in $(echo "$floors" | sed -n "s|^$folder ||p"); do includes="$includes -I$seen"; done
	for file in "$folder"/*.c; do
		[ -e "$file" ] && [ "$file" != bot/escrow/money.c ] || continue
		tried=$((tried + 1))
		# shellcheck disable=SC2086
		gcc $flags $includes -fsyntax-only -w "$file" || wrong=1
	done
done
[ "$wrong" = 0 ] && echo "money: none of $tried files touches the raw field of struct rial"
exit "$wrong"
