// What an exchange of spikes costs by itself: the two calls of MPI that ranks/mpi makes, over and over, with messages of
// argv[1] bytes. Prints the least and the middle time, in microseconds. ranks.py builds and runs it.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char *argv[]) {
  enum { turns = 20000 };
  static double took[turns];
  MPI_Init(&argc, &argv);
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const int bytes = argc > 1 ? atoi(argv[1]) : 400;
  const unsigned long long mine = (unsigned long long)bytes;
  unsigned long long *lengths = malloc(sizeof *lengths * (size_t)size);
  int *counts = malloc(sizeof *counts * (size_t)size), *places = malloc(sizeof *places * (size_t)size);
  char *own = calloc((size_t)bytes + 1, 1), *all = malloc((size_t)bytes * (size_t)size + 1);
  for (int k = 0; k < turns; ++k) {
    const double start = MPI_Wtime();
    MPI_Allgather(&mine, 1, MPI_UNSIGNED_LONG_LONG, lengths, 1, MPI_UNSIGNED_LONG_LONG, MPI_COMM_WORLD);
    for (int r = 0; r < size; ++r) {
      counts[r] = (int)lengths[r];
      places[r] = r * bytes;
    }
    MPI_Allgatherv(own, bytes, MPI_BYTE, all, counts, places, MPI_BYTE, MPI_COMM_WORLD);
    took[k] = MPI_Wtime() - start;
  }
  if (rank == 0) {
    qsort(took, turns, sizeof *took, by_size);
    printf("%.3f %.3f\n", took[0] * 1e6, took[turns / 2] * 1e6);
  }
  MPI_Finalize();
  return 0;
}
