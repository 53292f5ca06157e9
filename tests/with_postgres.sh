#!/bin/sh
# Runs a command beside a PostgreSQL server of its own: tests/with_postgres.sh FOLDER COMMAND…. Its data are in FOLDER/data and
# go with it; it listens on a socket in a folder of its own, for this command alone. SEPAREX_TEST_POSTGRES says where, with
# DB for the database. Without a server installed the command runs all the same, and what needs one says so.
set -eu
folder=$1
shift
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ]; then
	echo "no PostgreSQL server here: tests that need one are skipped (make deps)" >&2
	exec "$@"
fi
user=$(id -un)
as=
if [ "$(id -u)" = 0 ]; then # it refuses to run as root
	user=postgres
	as="runuser -u postgres --"
fi
socket=$(mktemp -d "${TMPDIR:-/tmp}/separex-pg-XXXXXX") # a socket's path is short, and a build's folder may be closed to others
data=$socket/data
[ "$(id -u)" = 0 ] && chown postgres "$socket"
stop() {
	(cd / && $as "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1) || true
	mkdir -p "$folder"
	cp "$socket/log" "$folder/postgres.log" 2>/dev/null || true
	rm -rf "$socket"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
(
	cd /
	$as "$bin/initdb" -D "$data" -U "$user" -A trust -E UTF8 --locale=C --no-sync >/dev/null
	# Its data need outlive no power cut, only the kills of the tests.
	$as "$bin/pg_ctl" -D "$data" -l "$socket/log" -w -o "-k $socket -p 5432 -c listen_addresses= -c fsync=off -c max_connections=200 -c shared_buffers=64MB" start >/dev/null
)
SEPAREX_TEST_POSTGRES="postgres:///DB?host=$socket&port=5432&user=$user"
SEPAREX_TEST_POSTGRES_RESTART="$as $bin/pg_ctl -D $data -m immediate -w restart -l $socket/log"
export SEPAREX_TEST_POSTGRES SEPAREX_TEST_POSTGRES_RESTART
"$@"
