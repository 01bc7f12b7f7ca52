#!/usr/bin/env bash
# A function with a parallel region that clang 14 compiled starts the OpenMP runtime as soon as it is entered, whether the
# region is reached or not. libomp 14 then makes a file in /dev/shm, which stays if the process ends by _exit().
#
# Seen: "if (threads > 1) { region }" with one thread. libomp starts, and leaves /dev/shm/__KMP_REGISTERED_LIB_PID_UID.
# GCC's code of the same function starts nothing. One would have guessed that a branch not taken costs nothing. (clang
# asks for the thread's number, __kmpc_global_thread_num, in the function's first block, for all regions at once.)
# Where the region has a function of its own that is not inlined, nothing starts.
#
# Packages: clang-14, libomp-14-dev 1:14.0.6-12 of Debian 12; also wants g++.
# engram's for_tiles() (simulator/numeric/parallel.hpp) therefore keeps the region in a function of its own: check-rule had
# taken the file for one that the rule made, as it tries a rule in a process that may make none.
set -euo pipefail

command -v clang++-14 g++ >/dev/null || { echo "needs clang-14, libomp-14-dev and g++"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"; rm -f /dev/shm/__KMP_REGISTERED_LIB_"${pid:-none}"_*' EXIT
cd "$folder"
cat >branch.cpp <<'C'
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#ifdef APART
__attribute__((noinline)) void region(int threads, double *sum) {
#pragma omp parallel for num_threads(threads)
  for (int k = 0; k < 8; ++k) sum[k] += k;
}
#endif
void work(int threads, double *sum) {
  if (threads < 2) {
    for (int k = 0; k < 8; ++k) sum[k] += k;
    return;
  }
#ifdef APART
  region(threads, sum);
#else
#pragma omp parallel for num_threads(threads)
  for (int k = 0; k < 8; ++k) sum[k] += k;
#endif
}
int main(int, char **arguments) {
  double sum[8] = {};
  work(std::atoi(arguments[1]), sum);
  std::printf("%d\n", int(getpid()));
  std::fflush(stdout);
  _exit(sum[7] != 7);
}
C
clang++-14 -O2 -fopenmp=libomp branch.cpp -o clang
clang++-14 -O2 -fopenmp=libomp -DAPART branch.cpp -o apart
g++ -O2 -fopenmp branch.cpp -o gcc

seen=""
for program in clang apart gcc; do
  pid=$(./$program 1)
  files=$(find /dev/shm -maxdepth 1 -name "__KMP_REGISTERED_LIB_${pid}_*" | wc -l)
  echo "$program, one thread: $files file(s) left in /dev/shm"
  seen+="$files "
  rm -f /dev/shm/__KMP_REGISTERED_LIB_"$pid"_*
done
[[ $seen == "1 0 0 " ]] || { echo "CHANGED: expected 1, 0 and 0"; exit 1; }
echo "as described"
