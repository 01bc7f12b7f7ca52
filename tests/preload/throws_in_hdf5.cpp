// This library, for $LD_PRELOAD, makes H5Fopen() throw an exception that the program does not know.
#include <hdf5.h>

#include <stdexcept>

extern "C" hid_t H5Fopen(const char *, unsigned, hid_t) { throw std::logic_error("planted by a test"); }
