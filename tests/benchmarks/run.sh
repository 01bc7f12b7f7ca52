#!/bin/sh
# All benchmarks: builds them, installs PyTorch for the comparison if it is missing, prints tables.
# Usage: tests/benchmarks/run.sh [BUILD_DIR]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build-benchmarks}
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DENGRAM_BENCHMARKS=ON -DENGRAM_TESTS=OFF >/dev/null
ninja -C "$build" engram engram_rules engram_benchmarks measures_times >/dev/null
if ! /usr/bin/python3 -c 'import torch, numpy, sklearn' 2>/dev/null; then
  [ "$(id -u)" = 0 ] && root_do= || root_do=sudo
  $root_do apt-get install -y python3-torch python3-numpy python3-sklearn >/dev/null
fi
env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE "$build/benchmarks/engram_benchmarks"
/usr/bin/python3 "$root/tests/benchmarks/epoch.py" --engram "$build/engram"
/usr/bin/python3 "$root/tests/benchmarks/measures.py" --times "$build/benchmarks/measures_times"
