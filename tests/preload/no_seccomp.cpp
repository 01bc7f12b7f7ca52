// This library, for $LD_PRELOAD, makes a system without filters of system calls: prctl(PR_SET_SECCOMP) fails.
#include <cerrno>
#include <cstdarg>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int prctl(int option, ...) {
  va_list list;
  va_start(list, option);
  unsigned long word[4];
  for (auto &one : word) one = va_arg(list, unsigned long);
  va_end(list);
  if (option != PR_SET_SECCOMP) return static_cast<int>(syscall(SYS_prctl, option, word[0], word[1], word[2], word[3]));
  errno = EINVAL;
  return -1;
}
