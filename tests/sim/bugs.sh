#!/bin/sh
# Proves that the simulator can fail: each deliberate bug of tests/sim/bugs is put into a copy of the sources, and must be
# found within so many seeds. Usage: bugs.sh BUILD [SEEDS [NAMES]]
set -eu
cd "$(dirname "$0")/../.."
build=$1 seeds=${2:-60} missed=0
for patch in tests/sim/bugs/${3:-*}.patch; do
	name=$(basename "$patch" .patch)
	copy=$build/bugs/source
	rm -rf "$copy"
	mkdir -p "$copy"
	cp -r Makefile bot handlers storage locales tests config.example "$copy"/
	rm -rf "$copy"/tests/web/node_modules
	patch -s -p1 -d "$copy" <"$patch"
	make -s -C "$copy" BUILD="$PWD/$build/bugs/build" -j2 "$PWD/$build/bugs/build/separex-sim" >"$build/bugs/$name.log" 2>&1
	found=
	seed=1
	while [ -z "$found" ] && [ "$seed" -le "$seeds" ]; do
		(cd "$copy" && "$OLDPWD/$build/bugs/build/separex-sim" --once --days 3 --seed "$seed") >"$build/bugs/$name.out" 2>/dev/null || found=$seed
		[ -n "$found" ] || seed=$((seed + 1))
	done
	if [ -n "$found" ]; then
		printf '%-28s found by seed %s: %s\n' "$name" "$found" "$(head -1 "$build/bugs/$name.out" | cut -c1-120)"
	else
		printf '%-28s NOT FOUND in %s seeds\n' "$name" "$seeds"
		missed=$((missed + 1))
	fi
done
[ "$missed" -eq 0 ]
