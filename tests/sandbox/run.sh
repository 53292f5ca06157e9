#!/bin/sh
# `make run`: the real bot when separex.conf or the environment has a token, else the bot beside a practice Telegram.
# PORT is the practice page's port, BOT_PORT the payment pages'; the stub banks take the ports behind BOT_PORT. PAYOUT is
# sandbox, vandar or file: how sellers are paid. ASK_CARD=on has buyers say with which card they pay; the practice bank,
# which has another card each time, is left out then (docs/sandbox.md).
set -eu
build=${BUILD:-build}
folder=$build/run
real=

if [ -n "${SEPAREX_TELEGRAM_TOKEN:-}${SEPAREX_TELEGRAM_TOKEN_FILE:-}" ] ||
	grep -Eqs '^[[:space:]]*token(_file)?[[:space:]]*=[[:space:]]*[^[:space:];]' separex.conf; then
	real=yes
fi

# Ports on which something listens are read from /proc: a bare Debian has no tool for it.
busy() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -Eqi "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [^ ]+ 0A "
}
taken=
free_port() {
	port=$1
	while busy "$port" || case $taken in *" $port "*) ;; *) false ;; esac; do
		port=$((port + 1))
		[ "$port" -lt $(($1 + 100)) ] || {
			echo "No free port from $1 to $port: choose one with PORT= and BOT_PORT=." >&2
			exit 1
		}
	done
	[ "$port" = "$1" ] || echo "Port $1 is in use; taking $port." >&2
	taken="$taken $port "
}
free_port "${PORT:-8090}"
page_port=$port
free_port "${BOT_PORT:-8088}"
bot_port=$port
free_port $((page_port + 1))
mellat_port=$port
free_port $((mellat_port + 1))
parsian_port=$port
free_port $((parsian_port + 1))
zarinpal_port=$port
page=http://127.0.0.1:$page_port
ask_card=${ASK_CARD:-off}
banks="sandbox mellat parsian zarinpal"
[ "$ask_card" = off ] || banks="mellat parsian zarinpal"
payout=${PAYOUT:-sandbox}
case $payout in
sandbox | vandar | file) ;;
*)
	echo "PAYOUT is sandbox, vandar or file." >&2
	exit 1
	;;
esac

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
"$build/separex-sandbox" --port "$page_port" --mellat-port "$mellat_port" --parsian-port "$parsian_port" \
	--zarinpal-port "$zarinpal_port" --reset-file "$reset" >"$folder/sandbox.log" 2>&1 &
sandbox=$!
until grep -qs '^sandbox: ' "$folder/sandbox.log"; do
	kill -0 "$sandbox" 2>/dev/null || fail "The practice Telegram" "$folder/sandbox.log"
	sleep 0.1
done

# A real token, and the practice bank unless a real one is configured.
if [ -n "$real" ]; then
	set -- run
	[ ! -e separex.conf ] || set -- run --config separex.conf
	export SEPAREX_SANDBOX_BANK_URL="${SEPAREX_SANDBOX_BANK_URL:-$page/bank}"
	echo "The practice bank is at $page; its pages open on this machine only."
	"$build/separex" "$@" &
	bot=$!
	wait "$bot"
	exit $?
fi

# Contracts with the stub banks, the payout gateway and the providers of short messages.
practice_contracts() {
	cat <<END
[gateway]
order = $banks
ask_card = $ask_card
[mellat]
url = http://127.0.0.1:$mellat_port/pgwchannel/services/pgw
pay_url = http://127.0.0.1:$mellat_port/pgwchannel/startpay.mellat
terminal = 1234
username = separex
password = m3llat-secret
[parsian]
url = http://127.0.0.1:$parsian_port
pin = p4rsian-secret
terminal = 777
[zarinpal]
url = http://127.0.0.1:$zarinpal_port
merchant_id = 11111111-2222-3333-4444-555555555555
[sms]
providers = kavenegar smsir
[kavenegar]
url = $page/kavenegar
key = kav3negar-secret
[smsir]
url = $page/smsir
key = sms1r-secret
templates = pay:100001 paid:100002 ship:100003 shipped:100004 look:100005 problem:100006 asked:100007 ruling:100008 payout:100009 returned:100010 refund:100011 iban:100012
[vandar]
url = $page/vandar
business = separex
access_token = access-0
refresh_token = refresh-0
[ccti]
name = Separex
iban = IR840120000000000123456789
[payout]
END
	case $payout in
	sandbox) echo "gateway = sandbox" ;;
	vandar) printf 'gateway = vandar\n[identity]\nprovider = vandar\n' ;;
	file) echo "rail = file" ;;
	esac
}
practice_contracts >"$folder/separex.conf"

# The bot does not hear Ctrl-C itself: it is stopped in finish, before the server that it talks to.
start_bot() {
	SEPAREX_TELEGRAM_TOKEN=4242:practice SEPAREX_TELEGRAM_API_BASE=$page SEPAREX_TELEGRAM_FILE_BASE=$page/file \
		SEPAREX_STORE_URL=sqlite:$folder/separex.db SEPAREX_HTTP_LISTEN=127.0.0.1:$bot_port \
		SEPAREX_HTTP_PUBLIC_URL=http://127.0.0.1:$bot_port "$build/separex" run --config "$folder/separex.conf" \
		>>"$folder/bot.log" 2>&1 &
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
	rm -rf "$folder/separex.db" "$folder/separex.db-wal" "$folder/separex.db-shm" "$folder/files" "$folder/payouts"
	start_bot
}
start_bot

cat <<END

  Separex runs here beside a practice Telegram and practice banks. No real message, no real money.

      Open this page:  $page/

  Ctrl-C stops it. What the two wrote: $folder/bot.log and $folder/sandbox.log

END
while kill -0 "$bot" 2>/dev/null && kill -0 "$sandbox" 2>/dev/null; do
	[ ! -e "$reset" ] || restart_bot
	sleep 0.2
done
kill -0 "$bot" 2>/dev/null || fail "The bot" "$folder/bot.log"
fail "The practice Telegram" "$folder/sandbox.log"
