#!/usr/bin/env bash
# OpenBLAS 0.3.21 (Debian 12) chooses its kernels by the model number of an Intel processor. What the processor can do
# counts only for models that it knows: any other gets the kernels of Prescott.
#
# Seen: two processors with the same features (AVX2 and FMA among them) that differ in nothing but the model number.
#   model  60 (Haswell, 2013)         kernels of Haswell, AVX2
#   model 207 (Emerald Rapids, 2023)  kernels of Prescott, SSE3: products take several times as long
# One would have guessed that a processor which is not in the list gets the best kernels that its features allow.
#
# The processor is emulated (QEMU, user mode), so the script gives the same on every x86-64 machine with Debian 12.
# Packages: libopenblas0-pthread 0.3.21+ds-4; qemu-user, libcapstone4, liburing2 of Debian 12. Also wants gcc.
# engram therefore chooses the kernel by features before OpenBLAS starts; `engram doctor` shows which one is in use.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libopenblas0-pthread=0.3.21+ds-4 qemu-user libcapstone4 liburing2 >download.log 2>&1 ||
  { cat download.log; echo "the packages of Debian 12 are not to be had here"; exit 2; }
for package in ./*.deb; do dpkg -x "$package" root; done
libraries=$folder/root/usr/lib/x86_64-linux-gnu

cat >core.c <<'C'
#include <stdio.h>
char *openblas_get_corename(void);
int main(void) { puts(openblas_get_corename()); }
C
gcc core.c -o core -L"$libraries/openblas-pthread" -l:libopenblas.so.0

kernel_of() { # Intel model number
  env -u OPENBLAS_CORETYPE LD_LIBRARY_PATH="$libraries" "$folder/root/usr/bin/qemu-x86_64" \
    -E LD_LIBRARY_PATH="$libraries/openblas-pthread" -cpu "max,vendor=GenuineIntel,family=6,model=$1" ./core 2>/dev/null
}

old=$(kernel_of 60) new=$(kernel_of 207)
echo "model  60: $old"
echo "model 207: $new"
[[ $old == Haswell && $new == Prescott ]] || { echo "CHANGED: expected Haswell and Prescott"; exit 1; }
echo "as described"
