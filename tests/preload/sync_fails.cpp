// This library, for $LD_PRELOAD, makes fsync() fail as it does where the disk of another machine is full, which writing
// does not tell.
#include <cerrno>
#include <unistd.h>

extern "C" int fsync(int) {
  errno = EDQUOT;
  return -1;
}
