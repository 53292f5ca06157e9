#!/bin/sh
# What the Makefile's HARD and LDFLAGS_ALL promise must be in each program: tests/check/hardening.sh PROGRAM...
set -eu
wrong=0
for program in "$@"; do
	lacks() {
		echo "hardening: $program $*" >&2
		wrong=1
	}
	head=$(readelf -hlW "$program")
	dynamic=$(readelf -dW "$program")
	needs=$(readelf --dyn-syms -W "$program")
	has() { echo "$1" | grep -qE "$2"; }

	has "$head" 'Type: +DYN' && has "$dynamic" 'FLAGS_1.*\bPIE\b' || lacks "is not position independent"
	has "$head" 'GNU_RELRO' && has "$dynamic" '\bBIND_NOW\b|FLAGS_1.*\bNOW\b' || lacks "has no full RELRO"
	has "$head" 'GNU_STACK.* RW +0x' || lacks "has a stack that can be executed"
	! has "$head" 'LOAD.* RWE ' || lacks "has memory that can be written and executed"
	! has "$dynamic" 'TEXTREL|RPATH|RUNPATH' || lacks "has text relocations or a path of its own for libraries"
	has "$needs" '__stack_chk_fail' || lacks "has no stack protector"
	has "$needs" '__(snprintf|vsnprintf|memcpy|fprintf|read)_chk' || lacks "has no FORTIFY"
	[ "$(uname -m)" != x86_64 ] || {
		objdump -d --no-show-raw-insn "$program" >"${program}.asm"
		has "$(grep -A 1 '<main>:' "${program}.asm")" 'endbr64' || lacks "was built without -fcf-protection"
		grep -qE '(orq +\$0x0,|movq +\$0x0,|test +%[a-z0-9]+,)\(%rsp\)' "${program}.asm" || lacks "has no stack clash protection"
		rm -f "${program}.asm"
	}
done
[ "$wrong" = 0 ] && echo "hardening: $*: PIE, full RELRO, stacks, FORTIFY, control flow"
exit "$wrong"
