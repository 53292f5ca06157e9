#!/bin/sh
# No C file of more than 600 lines: tests/check/sizes.sh FILE... (functions are measured by clang-tidy, .clang-tidy).
set -eu
wrong=0
for file in "$@"; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 600 ] || {
		echo "sizes: $file has $lines lines; split it by what it does (600 at most)" >&2
		wrong=1
	}
	case $(head -c 2 "$file") in
	'/*') ;;
	*)
		echo "sizes: $file must open with a comment that says what lives there" >&2
		wrong=1
		;;
	esac
done
exit "$wrong"
