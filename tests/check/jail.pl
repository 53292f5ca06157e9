# Runs a program under the system call filter of docs/separex.service: perl jail.pl LIST PROGRAM [ARGUMENT...]
# LIST (made by unit_file.sh) holds "allow NUMBER" lines and the numbers of mmap, mprotect, socket, prctl. As systemd does:
# a call that is not allowed kills, memory to write and execute is refused (MemoryDenyWriteExecute), and so is a socket of
# another family than those of RestrictAddressFamilies.
use strict;
use warnings;

my ($list, @program) = @ARGV;
my (@allow, %call);
open my $in, '<', $list or die "jail: $list: $!\n";
while (<$in>) {
	push @allow, $1 if /^allow (\d+)$/;
	$call{$1} = $2 if /^(mmap|mprotect|socket|prctl) (\d+)$/;
}
my %machine = (x86_64 => 0xC000003E, aarch64 => 0xC00000B7);
my $arch = $machine{(split /\n/, `uname -m`)[0]} or die "jail: unknown machine\n";

my ($LOAD, $EQUAL, $SET, $AND, $RETURN) = (0x20, 0x15, 0x45, 0x54, 0x06);
my ($KILL, $ALLOW, $EPERM, $EAFNOSUPPORT) = (0x80000000, 0x7FFF0000, 0x00050001, 0x00050061);
my ($NUMBER, $ARCH, $FIRST, $THIRD) = (0, 4, 16, 32);
my @code;
sub op { push @code, pack 'SCCL', @_ }    # code, jump if true, if false, operand

op($LOAD, 0, 0, $ARCH);
op($EQUAL, 1, 0, $arch);
op($RETURN, 0, 0, $KILL);
op($LOAD, 0, 0, $NUMBER);
# mmap that is written and executed
op($EQUAL, 0, 5, $call{mmap});
op($LOAD, 0, 0, $THIRD);
op($AND, 0, 0, 6);
op($EQUAL, 0, 1, 6);
op($RETURN, 0, 0, $EPERM);
op($LOAD, 0, 0, $NUMBER);
# mprotect that makes executable
op($EQUAL, 0, 4, $call{mprotect});
op($LOAD, 0, 0, $THIRD);
op($SET, 0, 1, 4);
op($RETURN, 0, 0, $EPERM);
op($LOAD, 0, 0, $NUMBER);
# a socket that is neither AF_UNIX, AF_INET nor AF_INET6
op($EQUAL, 0, 6, $call{socket});
op($LOAD, 0, 0, $FIRST);
op($EQUAL, 3, 0, 1);
op($EQUAL, 2, 0, 2);
op($EQUAL, 1, 0, 10);
op($RETURN, 0, 0, $EAFNOSUPPORT);
op($LOAD, 0, 0, $NUMBER);
for my $number (@allow) {
	op($EQUAL, 0, 1, $number);
	op($RETURN, 0, 0, $ALLOW);
}
op($RETURN, 0, 0, $KILL);

my $filter = join '', @code;
my $program = pack 'S x![P] P', scalar @code, $filter;
syscall($call{prctl}, 38, 1, 0, 0, 0) == 0 or die "jail: no new privileges: $!\n";
syscall($call{prctl}, 22, 2, $program, 0, 0) == 0 or die "jail: seccomp: $!\n";
exec { $program[0] } @program or die "jail: $program[0]: $!\n";
