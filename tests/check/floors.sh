#!/bin/sh
# Proves the floors (docs/architecture.md): tests/check/floors.sh BUILD
# For each folder, a file that includes a header of a folder it does not see must not compile, and one that includes
# its own headers must. And the escrow library, the rules of money, must reach nothing outside itself.
set -eu
build=$1
wrong=0
complain() {
	echo "floors: $*" >&2
	wrong=1
}

floors=$(make -s --no-print-directory floors)
folders=$(echo "$floors" | cut -d' ' -f1)
libraries=$(pkg-config --cflags libcurl jansson sqlite3 libpq libmicrohttpd talloc pangocairo libxml-2.0 libsodium)

doubled=$(for f in $folders; do find "$f" -maxdepth 1 -name '*.h' -printf '%f\n'; done | sort | uniq -d)
[ -z "$doubled" ] || complain "a header's name must be unique: $doubled"

slashed=$(grep -nE '^#[[:space:]]*include[[:space:]]*"[^"]*/' bot/*.c bot/*/*.[ch] handlers/*.[ch] storage/*.[ch] 2>/dev/null || :)
[ -z "$slashed" ] || complain "an include must be a bare header's name, or it climbs around the floors:
$slashed"

compiles() { # compiles "-I…" header
	# shellcheck disable=SC2086
	echo "#include \"$2\"" | gcc -std=c17 -D_GNU_SOURCE -fsyntax-only -x c $libraries $1 - 2>"$build/floors.err"
}

tried=0
for folder in $folders; do
	sees="$folder $(echo "$floors" | sed -n "s|^$folder ||p")"
	includes=
	for seen in $sees; do includes="$includes -I$seen"; done
	for other in $folders; do
		for header in "$other"/*.h; do
			[ -e "$header" ] || continue
			tried=$((tried + 1))
			name=${header##*/}
			case " $sees " in
			*" $other "*)
				compiles "$includes" "$name" || complain "$folder sees $other, but $name does not compile: $(cat "$build/floors.err")"
				;;
			*)
				! compiles "$includes" "$name" || complain "$folder must not see $header, but it compiles"
				grep -q "$name: No such file" "$build/floors.err" || complain "$folder, $header: refused for another reason"
				;;
			esac
		done
	done
done
[ "$tried" -gt 100 ] || complain "only $tried pairs were tried: the list of floors is not read right"

# Undefined symbols of the escrow library that no file of it defines.
pure='^(abort|__assert_fail|__stack_chk_fail|__u?(div|mod)ti3|mem(cmp|cpy|set|move|chr)|str(len|cmp|ncmp|chr|rchr|spn|cspn|pbrk|str|nlen)|(__)?snprintf(_chk)?|__mem(cpy|set|move)_chk|__ctype_b_loc|__isoc99_strtoll|strtoll|utf8_[a-z_]+|buf_[a-z]+|err_set|sha256_hex|_GLOBAL_OFFSET_TABLE_)$'
library=$build/libbot-escrow.a
[ -e "$library" ] || complain "$library is not built"
nm --defined-only "$library" | awk 'NF == 3 { print $3 }' | sort -u >"$build/floors.defined"
impure=$(nm -u "$library" | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - "$build/floors.defined" | grep -vE "$pure" || :)
[ -z "$impure" ] || complain "bot/escrow must be pure, but it calls: $impure"

[ "$wrong" = 0 ] && echo "floors: $tried pairs of folder and header hold; bot/escrow is pure"
exit "$wrong"
