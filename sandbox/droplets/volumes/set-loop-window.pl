#!/usr/bin/perl
# Sets which bytes of its file a loop device in use shows: set-loop-window.pl DEVICE OFFSET LENGTH FLAGS
# losetup cannot do that. FLAGS: 4 lets the device go as soon as nobody uses it, 0 keeps it.
use strict;
use warnings;

my ($device, $offset, $length, $flags) = @ARGV;
# linux/loop.h: five 64-bit fields (lo_offset and lo_sizelimit are the last two), then lo_flags as the fourth 32-bit one.
my ($set_status, $get_status, $status) = (0x4C04, 0x4C05, "\0" x 232);
open(my $loop, '+<', $device) or die "$device: $!\n";
ioctl($loop, $get_status, $status) or die "reading the status of $device: $!\n";
substr($status, 24, 16) = pack('Q2', $offset, $length);
substr($status, 52, 4) = pack('L', $flags);
ioctl($loop, $set_status, $status) or die "setting the status of $device: $!\n";
