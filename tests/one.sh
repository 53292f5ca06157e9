#!/bin/sh
# Runs one test program for prove. What it prints is kept beside it (.tap, .log); when it fails, what failed is shown.
code=0
"$1" >"$1.tap" 2>"$1.log" || code=$?
cat "$1.tap"
[ "$code" = 0 ] && ! grep -q '^not ok' "$1.tap" && exit 0
{
	echo "--- $1 failed (exit code $code):"
	grep -A 8 '^not ok' "$1.tap" | grep -v '^ok' | head -n 80
	echo "--- the end of its log, $1.log:"
	tail -n 60 "$1.log"
	echo "---"
} >&2
exit "$code"
