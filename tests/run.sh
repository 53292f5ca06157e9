#!/bin/sh
# Every test as TAP under one prove: tests/run.sh BUILD [BUILD/san]. The browser tests and those on PostgreSQL run with the
# first build only; for the latter tests/with_postgres.sh brings the server.
set -eu
export CK_TIMEOUT_MULTIPLIER=5 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.txt:print_suppressions=0
tests=

# A program that runs tests/$2 with the build $1, bounded in time, so that prove can start it like any other.
script() {
	program=$1/$(dirname "$2")/$(basename "$2" .mjs)
	mkdir -p "$(dirname "$program")"
	printf '#!/bin/sh\nBUILD=%s exec timeout -k 10 %s node --test-reporter=tap %s\n' "$1" "${TEST_TIMEOUT_S:-600}" "$2" \
		>"$program"
	chmod +x "$program"
	tests="$tests $program"
}

# A short run of the simulator (docs/simulator.md): $2 seeds of two days.
histories() {
	program=$1/tests/histories
	cat >"$program" <<END
#!/bin/sh
echo 1..1
if said=\$($1/separex-sim --seeds $2 --days 2 2>/dev/null); then echo 'ok 1 - $2 histories'; else echo 'not ok 1 - $2 histories'; fi
echo "\$said" | sed 's/^/# /'
END
	chmod +x "$program"
	tests="$tests $program"
}

# The storage tests again on the other engine: those that are about SQLite's file stay away, test_postgres.c has its place.
server=${SEPAREX_TEST_POSTGRES:-}
unset SEPAREX_TEST_POSTGRES SEPAREX_TEST_POSTGRES_RESTART
on_postgres() {
	program=$1/postgres/$(basename "$2")
	mkdir -p "$1/postgres"
	printf "#!/bin/sh\nexport SEPAREX_TEST_POSTGRES='%s'\nexec %s\n" "$server" "$3" >"$program"
	chmod +x "$program"
	tests="$tests $program"
}

first=$1
seeds=12
for build in "$@"; do
	histories "$build" $seeds
	seeds=1
	for source in tests/unit/test_*.c tests/db/test_*.c tests/fuzz/fuzz_*.c; do
		[ -e "$source" ] && tests="$tests $build/${source%.c}"
	done
	for source in tests/e2e/*.test.mjs; do
		[ -e "$source" ] && script "$build" "$source"
	done
done
if [ -n "$server" ]; then
	for name in audit card_lines postgres queries repo repo_deal repo_deal_parts repo_money repo_offer rows_copy store_copy trust web_pay worker; do
		on_postgres "$first" "$name" "$first/tests/db/test_$name"
	done
	node="env BUILD=$first timeout -k 10 ${TEST_TIMEOUT_S:-600} node --test-reporter=tap tests/e2e"
	on_postgres "$first" endings_good.test "$node/endings_good.test.mjs"
	on_postgres "$first" copy.test "$node/copy.test.mjs"
	# This one crashes its server again and again: it has one that nobody else uses.
	on_postgres "$first" postgres.test "sh tests/with_postgres.sh $first/postgres/crashes $node/postgres.test.mjs"
fi
for source in tests/web/*.test.mjs; do
	[ -e "$source" ] || continue
	script "$first" "$source"
	[ -d tests/web/node_modules ] || (cd tests/web && npm ci --no-audit --no-fund)
done

# shellcheck disable=SC2086
exec prove -j2 --timer --exec 'sh tests/one.sh' $tests
