#!/bin/sh
# `make run`: the real bot when separex.conf or the environment has a token, else the bot beside a practice Telegram.
# PORT is the practice page's port, BOT_PORT the payment pages'.
set -eu
build=${BUILD:-build}
folder=$build/run

if [ -n "${SEPAREX_TELEGRAM_TOKEN:-}${SEPAREX_TELEGRAM_TOKEN_FILE:-}" ] ||
	grep -Eqs '^[[:space:]]*token(_file)?[[:space:]]*=[[:space:]]*[^[:space:];]' separex.conf; then
	[ -e separex.conf ] || exec "$build/separex" run
	exec "$build/separex" run --config separex.conf
fi

# Ports on which something listens are read from /proc: a bare Debian has no tool for it.
busy() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -Eqi "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [^ ]+ 0A "
}
free_port() {
	port=$1
	while busy "$port" || [ "$port" = "${2:-}" ]; do
		port=$((port + 1))
		[ "$port" -lt $(($1 + 100)) ] || {
			echo "No free port from $1 to $port: choose one with PORT= and BOT_PORT=." >&2
			exit 1
		}
	done
	[ "$port" = "$1" ] || echo "Port $1 is in use; taking $port." >&2
	echo "$port"
}
page_port=$(free_port "${PORT:-8090}")
bot_port=$(free_port "${BOT_PORT:-8088}" "$page_port")
page=http://127.0.0.1:$page_port

rm -rf "$folder"
mkdir -p "$folder"
sandbox=
bot=
finish() {
	trap - EXIT INT TERM
	[ -z "$bot" ] || kill "$bot" 2>/dev/null || :
	[ -z "$bot" ] || wait "$bot" || :
	[ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || :
	[ -z "$sandbox" ] || wait "$sandbox" 2>/dev/null || :
}
trap finish EXIT
trap 'finish; exit 0' INT TERM

fail() {
	echo "$1 stopped. The end of its log, $2:" >&2
	tail -n 20 "$2" >&2
	exit 1
}

reset=$folder/reset
"$build/separex-sandbox" --port "$page_port" --reset-file "$reset" >"$folder/sandbox.log" 2>&1 &
sandbox=$!
until grep -q '^sandbox: ' "$folder/sandbox.log"; do
	kill -0 "$sandbox" 2>/dev/null || fail "The practice Telegram" "$folder/sandbox.log"
	sleep 0.1
done

# The bot does not hear Ctrl-C itself: it is stopped in finish, before the server that it talks to.
start_bot() {
	SEPAREX_TELEGRAM_TOKEN=4242:practice SEPAREX_TELEGRAM_API_BASE=$page SEPAREX_TELEGRAM_FILE_BASE=$page/file \
		SEPAREX_STORE_URL=sqlite:$folder/separex.db SEPAREX_HTTP_LISTEN=127.0.0.1:$bot_port \
		SEPAREX_HTTP_PUBLIC_URL=http://127.0.0.1:$bot_port "$build/separex" run >>"$folder/bot.log" 2>&1 &
	bot=$!
	tries=0
	until busy "$bot_port"; do
		kill -0 "$bot" 2>/dev/null && [ "$tries" -lt 300 ] || fail "The bot" "$folder/bot.log"
		tries=$((tries + 1))
		sleep 0.1
	done
}

# "Start over" on the page: the bot begins anew too, with an empty store.
restart_bot() {
	rm -f "$reset"
	kill "$bot" 2>/dev/null || :
	tries=0
	while kill -0 "$bot" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -ne 100 ] || kill -KILL "$bot" 2>/dev/null || :
		[ "$tries" -lt 150 ] || fail "The bot" "$folder/bot.log"
		sleep 0.1
	done
	wait "$bot" 2>/dev/null || :
	bot=
	rm -rf "$folder/separex.db" "$folder/separex.db-wal" "$folder/separex.db-shm" "$folder/files"
	start_bot
}
start_bot

cat <<END

  Separex runs here beside a practice Telegram and a practice bank. No real message, no real money.

      Open this page:  $page/

  Ctrl-C stops it. What the two wrote: $folder/bot.log and $folder/sandbox.log

END
while kill -0 "$bot" 2>/dev/null && kill -0 "$sandbox" 2>/dev/null; do
	[ ! -e "$reset" ] || restart_bot
	sleep 0.2
done
kill -0 "$bot" 2>/dev/null || fail "The bot" "$folder/bot.log"
fail "The practice Telegram" "$folder/sandbox.log"
