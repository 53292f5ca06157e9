#!/bin/sh
# Runs fuzz targets with libFuzzer, two at a time: tests/fuzz/run.sh OBJECTS FINDS SECONDS [NAME...]
# OBJECTS holds the programs (make fuzz builds them), FINDS/NAME what is found. Prints a table; fails when one crashed.
set -eu
objects=$1 finds=$2 seconds=$3
shift 3
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')
mkdir -p "$finds"

cat >"$finds/one.sh" <<'ONE'
objects=$1 finds=$2 seconds=$3 name=$4
folder=$finds/$name
mkdir -p "$folder" "$folder.crashes"
"$objects/tests/fuzz/fuzz_$name" "$folder" "tests/fuzz/corpus/$name" -max_total_time="$seconds" -timeout=10 \
	-rss_limit_mb=2500 -max_len=8192 -print_final_stats=1 -verbosity=1 -artifact_prefix="$folder.crashes/" \
	>"$folder.log" 2>&1
echo $? >"$folder.code"
ONE

export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.txt:print_suppressions=0 UBSAN_OPTIONS=print_stacktrace=1
printf '%s\n' "$@" | xargs -P "${FUZZ_JOBS:-2}" -n 1 sh "$finds/one.sh" "$objects" "$finds" "$seconds"

wrong=0
printf '%-18s %12s %10s %8s\n' target executions 'new units' crashes
for name; do
	stat() {
		sed -n "s/^stat::$1: *//p" "$finds/$name.log" | tail -n 1
	}
	code=$(cat "$finds/$name.code")
	crashes=0
	[ "$code" = 0 ] || crashes=1
	printf '%-18s %12s %10s %8s\n' "$name" "$(stat number_of_executed_units)" "$(stat new_units_added)" "$crashes"
	[ "$code" = 0 ] || {
		wrong=1
		echo "--- $name: exit code $code; the input is in $finds/$name.crashes, the whole log is $finds/$name.log"
		grep -aE 'does not hold|ERROR: |runtime error|Test unit written' "$finds/$name.log" | head -n 8
	} >&2
done
exit "$wrong"
