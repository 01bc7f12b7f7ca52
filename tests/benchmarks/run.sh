#!/bin/sh
# All benchmarks: builds them, installs PyTorch for the comparison if it is missing, prints tables.
# Usage: tests/benchmarks/run.sh [BUILD_DIR]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build-benchmarks}
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DENGRAM_BENCHMARKS=ON -DENGRAM_TESTS=OFF >/dev/null
ninja -C "$build" engram engram_rules engram_benchmarks >/dev/null
if ! /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null; then
  [ "$(id -u)" = 0 ] && root_do= || root_do=sudo
  $root_do apt-get install -y python3-torch python3-numpy >/dev/null
fi
env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE "$build/benchmarks/engram_benchmarks"
/usr/bin/python3 "$root/tests/benchmarks/epoch.py" --engram "$build/engram"
