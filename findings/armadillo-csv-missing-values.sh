#!/usr/bin/env bash
# Armadillo 11.4.2 (Debian 12) reads a missing value of a CSV file as 0, and says that the file was read.
#
# Seen: a table of two trials as R writes it (NA) and as pandas writes it (an empty cell), loaded with arma::csv_ascii:
#   load() returns true, and the missing rates are 0: a silent neuron where nothing was measured.
# A row that is too short is filled with zeros as well. One would have guessed NaN, or that load() returns false.
# (csv_opts::strict, which reads them as NaN, came with a later version, and is not the default there.)
#
# Package: libarmadillo-dev 1:11.4.2+dfsg-1 of Debian 12, its headers alone. Also wants g++.
# engram reads CSV files by itself: a missing value in a circuit's arrays is refused with its row and column.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libarmadillo-dev=1:11.4.2+dfsg-1 >download.log 2>&1 ||
  { cat download.log; echo "the package of Debian 12 is not to be had here"; exit 2; }
dpkg -x ./*.deb root

printf '0.5,NA,2\n1,,3\n1,2\n' >rates.csv
cat >load.cpp <<'C'
#include <armadillo>
int main() {
  arma::mat rates;
  const bool read = rates.load("rates.csv", arma::csv_ascii);
  std::cout << (read ? "read:" : "not read:");
  for (arma::uword row = 0; row < rates.n_rows; ++row)
    for (arma::uword column = 0; column < rates.n_cols; ++column) std::cout << ' ' << rates(row, column);
  std::cout << '\n';
}
C
g++ -std=c++17 -DARMA_DONT_USE_WRAPPER -DARMA_DONT_USE_BLAS -DARMA_DONT_USE_LAPACK -DARMA_DONT_USE_ARPACK \
  -DARMA_DONT_USE_SUPERLU -isystem root/usr/include load.cpp -o load

seen=$(./load)
echo "$seen"
[[ $seen == "read: 0.5 0 2 1 0 3 1 2 0" ]] || { echo "CHANGED: expected zeros for what is missing"; exit 1; }
echo "as described"
