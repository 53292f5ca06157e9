#!/bin/sh
# Words that must not stand in the source: unsafe calls, leftovers, hosts and paths of one machine.
set -eu
wrong=0
product=$(ls bot/*.[ch] bot/*/*.[ch] handlers/*.[ch] storage/*.[ch] 2>/dev/null || :)
c="$product $(ls tests/sandbox/*.[ch] 2>/dev/null || :)"

# refuse "why" 'extended regular expression' 'lines that may stay' files...
refuse() {
	why=$1 what=$2 except=$3
	shift 3
	found=$(grep -nE -- "$what" "$@" /dev/null | grep -vE -- "$except" || :)
	[ -z "$found" ] || {
		printf 'words: %s\n%s\n' "$why" "$found" >&2
		wrong=1
	}
}
call='(^|[^A-Za-z0-9_>.])'

# shellcheck disable=SC2086
{
	refuse "unbounded or unchecked; use buf, snprintf, strtoll" \
		"$call(sprintf|vsprintf|strcpy|strcat|stpcpy|gets|atoi|atol|atoll|atof|strtok|alloca|sscanf)\(" '^$' $c
	refuse "a shell, or a name that can be raced" "$call(system|popen|mktemp|tmpnam|tempnam)\(" '^$' $c
	refuse "randomness comes as struct rnd" "$call(rand|srand|random|srandom|drand48)\(" '^$' $c
	refuse "time comes as now_ms; bot/base/clock.c asks" \
		"$call(time|gettimeofday|clock_gettime|localtime|gmtime|ctime|asctime|mktime)\(" \
		'^bot/base/(clock|log)\.c:|^tests/sandbox/|^bot/net/.*CLOCK_MONOTONIC' $c
	refuse "each engine of the store is behind its driver" '#include <(libpq-fe|sqlite3)\.h>' \
		'^storage/db_(postgres|sqlite)_?[a-z]*\.[ch]:' $product
	refuse "memory is talloc's; say /* malloc: why */ where a library wants it" \
		"$call(malloc|calloc|realloc|free|strdup|strndup|asprintf)\(" '^bot/base/|^tests/sandbox/|/\* malloc: ' $c
	refuse "a leftover" '\b(TODO|FIXME|XXX|HACK|for now)\b' '^$' $c
	refuse "an enum switch names every case; elsewhere a default has a comment beside it" '\bdefault:' 'default: /\* ' $product
	refuse "standard output belongs to the command line; log_line writes the log" \
		"$call(printf|puts|putchar)\(" '^bot/(main|app/[a-z_]+)\.c:' $product
}

# Whatever is in the repository, beside what git does not track. The names are spelt so as not to match themselves.
all=$(git ls-files --cached --others --exclude-standard 2>/dev/null || find . \( -name build -o -name node_modules \) -prune -o -type f -print | sed 's|^\./||')
all=$(for file in $all; do [ ! -f "$file" ] || echo "$file"; done)
# shellcheck disable=SC2086
{
	refuse "a host of a package registry" '(npm[j]s|yarn[p]kg|py[p]i|crates)\.(org|com|io)|deb[.]debian[.]org|proxy[.]gol[a]ng' '^$' $all
	refuse "a path of one machine" '(^|[^A-Za-z0-9_.$}])/(wor[k]|home|root)/[a-z]' '^$' $all
	refuse "a path of one machine" '(^|[^A-Za-z0-9_.$}])/tm[p]/' '^tests/' $all
}
[ "$wrong" = 0 ] && echo "words: none that must not stand here"
exit "$wrong"
