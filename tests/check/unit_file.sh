#!/bin/sh
# The sandbox of docs/separex.service, tried out: tests/check/unit_file.sh BUILD
# systemd judges the unit without running it; then whole deals are played with the bot under the unit's system call filter
# (jail.pl), which is shown to bite. What needs a running systemd (users, mounts) is not tried here.
set -eu
export LC_ALL=C # sort, comm and join agree on one order
build=$1
command -v systemd-analyze >/dev/null || {
	echo "unit_file: skipped, there is no systemd-analyze"
	exit 0
}
jail=$build/jail
rm -rf "$jail"
mkdir -p "$jail"
fail() {
	echo "unit_file: $*" >&2
	exit 1
}

sed 's|@PREFIX@|/usr|g; s|@SYSCONFDIR@|/etc|g' docs/separex.service >"$jail/separex.service"
# 15 of 100: what remains open is the network, the host's files to read, and the root folder.
systemd-analyze security --offline=true --threshold=15 "$jail/separex.service" >"$jail/judgement" || fail "systemd finds it too open, see $jail/judgement"

# The calls of a name or of a set, sets in sets followed.
calls() {
	case $1 in
	@*) for c in $(systemd-analyze syscall-filter "$1" | sed -n 's/^ \{2,\}\([-@a-z_0-9]*\)$/\1/p'); do calls "$c"; done ;;
	*) echo "$1" ;;
	esac
}
calls @default | sort -u >"$jail/names" # systemd always allows these
sed -n 's/^SystemCallFilter=//p' docs/separex.service | while read -r line; do
	for name in ${line#\~}; do calls "$name"; done | sort -u >"$jail/named"
	case $line in
	\~*) comm -23 "$jail/names" "$jail/named" >"$jail/rest" ;;
	*) sort -u "$jail/names" "$jail/named" >"$jail/rest" ;;
	esac
	mv "$jail/rest" "$jail/names"
done
# SQLite gives its files their owner when it is root, and only then; the unit's user is not.
[ "$(id -u)" != 0 ] || echo fchown >>"$jail/names"
echo '#include <sys/syscall.h>' | gcc -E -dM - | sed -n 's/^#define __NR_\([a-z_0-9]*\) \([0-9]*\)$/\1 \2/p' | sort -k1,1 >"$jail/numbers"
sort -u "$jail/names" | join - "$jail/numbers" | sed 's/^[^ ]* /allow /' >"$jail/list"
grep -E '^(mmap|mprotect|socket|prctl) ' "$jail/numbers" >>"$jail/list"
allowed=$(grep -c '^allow' "$jail/list")
[ "$allowed" -gt 150 ] || fail "only $allowed calls are allowed: the unit is not read right"

mount=$(sed -n 's/^mount //p' "$jail/numbers")
bites() { perl tests/check/jail.pl "$jail/list" "$(command -v perl)" -e "$1"; }
! bites "syscall($mount, 0, 0, 0, 0, 0)" 2>/dev/null || fail "the filter does not kill a program that mounts"
bites 'use Socket; socket(my $s, 16, SOCK_RAW, 0) and exit 1; exit($!{EAFNOSUPPORT} ? 0 : 1)' || fail "a netlink socket was given"
bites 'use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0) or exit 1' || fail "an ordinary socket was refused"

real=$(realpath "$build/separex")
printf '#!/bin/sh\nexec perl %s %s %s "$@"\n' "$PWD/tests/check/jail.pl" "$PWD/$jail/list" "$real" >"$jail/separex"
chmod +x "$jail/separex"
ln -s "$(realpath "$build/separex-sandbox")" "$jail/separex-sandbox"
for play in goals files trust batch; do
	BUILD=$jail timeout 400 node --test-reporter=tap "tests/e2e/$play.test.mjs" >"$jail/$play.tap" 2>&1 || fail "under the filter: tests/e2e/$play.test.mjs, see $jail/$play.tap"
	! grep -q '^not ok' "$jail/$play.tap" || fail "under the filter: tests/e2e/$play.test.mjs, see $jail/$play.tap"
done
echo "unit_file: $(tail -n 1 "$jail/judgement" | sed 's/^[^O]*//'); whole deals under its $allowed system calls"
