#!/usr/bin/env bash
# matio 1.5.23 (Debian 12) takes arrays of a MATLAB 7.3 file for empty where the attribute MATLAB_class does not end with a
# zero byte, or is not there.
#
# Seen: a 2 x 3 array of doubles behind MATLAB's header, once with MATLAB_class as MATLAB writes it, once with the same text
#   of HDF5's kind "padded with zeros" (which h5py and hdf5storage write, and which need not end with one), once without
#   the attribute: matio reads the first, gives the others no class and no values, and complains of neither.
# One would have guessed that a text is as long as HDF5 says, and that an array without a class keeps its values.
#
# Packages: libmatio-dev 1.5.23-2+deb12u1, python3-h5py 3.7.0, both of Debian 12. Also wants g++.
# engram reads MATLAB 7.3 files by HDF5 itself (simulator/data/mat_hdf5.cpp), and matio reads versions 5 to 7.2 alone.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
/usr/bin/python3 - <<'PYTHON'
import h5py
import numpy as np
with h5py.File("x.mat", "w", userblock_size=512) as file:
    for name in ["matlab", "padded", "without"]:
        file[name] = np.arange(6.0).reshape(3, 2)
    text = h5py.h5t.C_S1.copy()  # of the kind that ends with a zero byte
    text.set_size(6)
    kind = h5py.h5a.create(file["matlab"].id, b"MATLAB_class", text, h5py.h5s.create(h5py.h5s.SCALAR))
    kind.write(np.array(b"double"), text)
    file["padded"].attrs["MATLAB_class"] = np.bytes_("double")
with open("x.mat", "r+b") as file:
    file.write(b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\x00\x02IM")
PYTHON
cat >look.cpp <<'C'
#include <cstdio>
#include <initializer_list>
#include <matio.h>
int main() {
  mat_t *file = Mat_Open("x.mat", MAT_ACC_RDONLY);
  for (const char *name : {"matlab", "padded", "without"}) {
    matvar_t *variable = Mat_VarRead(file, name);
    std::printf("%s: %s\n", name, variable && variable->class_type == MAT_C_DOUBLE && variable->data ? "read" : "empty");
  }
}
C
g++ -std=c++17 look.cpp -o look -lmatio

seen=$(./look 2>/dev/null)
echo "$seen"
[[ $seen == $'matlab: read\npadded: empty\nwithout: empty' ]] || { echo "CHANGED: expected one array to be read"; exit 1; }
echo "as described"
