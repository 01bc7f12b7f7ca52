// This library, for $LD_PRELOAD, ends the program with exit code 86 where it opens an HDF5 or MATLAB file itself. Its
// children may, unless $NOWHERE is set.
#include <hdf5.h>
#include <matio.h>

#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {

const pid_t program = ::getpid(); // as the library is loaded

void require_child() {
  if (::getpid() == program || std::getenv("NOWHERE")) ::_exit(86);
}

} // namespace

extern "C" hid_t H5Fopen(const char *name, unsigned flags, hid_t access) {
  require_child();
  return reinterpret_cast<decltype(&H5Fopen)>(dlsym(RTLD_NEXT, "H5Fopen"))(name, flags, access);
}

extern "C" mat_t *Mat_Open(const char *name, int mode) {
  require_child();
  return reinterpret_cast<decltype(&Mat_Open)>(dlsym(RTLD_NEXT, "Mat_Open"))(name, mode);
}
