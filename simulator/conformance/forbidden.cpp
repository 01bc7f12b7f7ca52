#include "conformance/forbidden.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <iterator>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace engram::conformance {

namespace {

struct Deed {
  long call;
  const char *words;
};

// Forbidden whatever their arguments are. A processor lacks some of them.
constexpr Deed deeds[] = {
#ifdef SYS_creat
    {SYS_creat, "makes a file (creat)"},
#endif
#ifdef SYS_unlink
    {SYS_unlink, "removes a file (unlink)"},
    {SYS_rmdir, "removes a folder (rmdir)"},
    {SYS_rename, "renames a file (rename)"},
    {SYS_mkdir, "makes a folder (mkdir)"},
    {SYS_link, "makes a file (link)"},
    {SYS_symlink, "makes a file (symlink)"},
    {SYS_mknod, "makes a file (mknod)"},
    {SYS_fork, "starts a process (fork)"},
    {SYS_vfork, "starts a process (vfork)"},
    {SYS_chmod, "changes a file (chmod)"},
    {SYS_chown, "changes a file (chown)"},
    {SYS_lchown, "changes a file (lchown)"},
#endif
#ifdef SYS_renameat
    {SYS_renameat, "renames a file (renameat)"},
#endif
    {SYS_unlinkat, "removes a file (unlinkat)"},
    {SYS_renameat2, "renames a file (renameat2)"},
    {SYS_mkdirat, "makes a folder (mkdirat)"},
    {SYS_linkat, "makes a file (linkat)"},
    {SYS_symlinkat, "makes a file (symlinkat)"},
    {SYS_mknodat, "makes a file (mknodat)"},
    {SYS_truncate, "changes a file (truncate)"},
    {SYS_fchmodat, "changes a file (fchmodat)"},
    {SYS_fchownat, "changes a file (fchownat)"},
    {SYS_chdir, "goes to another folder (chdir)"},
    {SYS_fchdir, "goes to another folder (fchdir)"},
    {SYS_chroot, "goes to another folder (chroot)"},
    {SYS_execve, "starts a program (execve)"},
    {SYS_execveat, "starts a program (execveat)"},
#ifdef SYS_openat2
    {SYS_openat2, "opens a file (openat2)"},
#endif
    {SYS_socket, "opens a connection (socket)"},
};
constexpr std::uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;

#if defined(__x86_64__)
constexpr std::uint32_t processor = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t processor = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t processor = 0;
#endif

constexpr sock_filter load(std::size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}
constexpr sock_filter decide(std::uint32_t verdict) { return {BPF_RET | BPF_K, 0, 0, verdict}; }
/// Goes on with the next statement when the loaded number is this one, else skips `otherwise` of them.
constexpr sock_filter when_is(long number, std::uint8_t otherwise) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, otherwise, static_cast<std::uint32_t>(number)};
}

constexpr std::size_t low_half(std::size_t argument) { // of an argument of 64 bits: both processors are little-endian
  return offsetof(seccomp_data, args) + 8 * argument;
}

// The program that the kernel runs at each call.
constexpr auto filter() {
  std::array<sock_filter, 2 * std::size(deeds) + 24> out{};
  std::size_t at = 0;
  out[at++] = load(offsetof(seccomp_data, arch));
  out[at++] = when_is(processor, 1);
  out[at++] = {BPF_JMP | BPF_JA, 0, 0, 1};
  out[at++] = decide(SECCOMP_RET_ALLOW); // calls of another processor, which this program does not make
  out[at++] = load(offsetof(seccomp_data, nr));
  for (const auto &deed : deeds) {
    out[at++] = when_is(deed.call, 1);
    out[at++] = decide(SECCOMP_RET_TRAP);
  }
  // A thread may begin, a process may not. What clone3 is asked for cannot be seen: the C library then takes clone.
#ifdef SYS_clone3
  out[at++] = when_is(SYS_clone3, 1);
  out[at++] = decide(SECCOMP_RET_ERRNO | ENOSYS);
#endif
  out[at++] = when_is(SYS_clone, 4);
  out[at++] = load(low_half(0));
  out[at++] = {BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_THREAD};
  out[at++] = decide(SECCOMP_RET_TRAP);
  out[at++] = decide(SECCOMP_RET_ALLOW);
#ifdef SYS_open
  out[at++] = when_is(SYS_open, 2);
  out[at++] = load(low_half(1));
  out[at++] = {BPF_JMP | BPF_JA, 0, 0, 2}; // to the look at the flags
#else
  out[at++] = {BPF_JMP | BPF_JA, 0, 0, 0};
  out[at++] = {BPF_JMP | BPF_JA, 0, 0, 0};
  out[at++] = {BPF_JMP | BPF_JA, 0, 0, 0};
#endif
  out[at++] = when_is(SYS_openat, 3);
  out[at++] = load(low_half(2));
  out[at++] = {BPF_JMP | BPF_JSET | BPF_K, 0, 1, writing};
  out[at++] = decide(SECCOMP_RET_TRAP);
  while (at < out.size()) out[at++] = decide(SECCOMP_RET_ALLOW);
  return out;
}

bool forbidden = false; // in this process, from now on

} // namespace

bool forbid_changes() {
  if (processor == 0) return false;
  static constexpr auto statements = filter();
  const sock_fprog program{static_cast<unsigned short>(statements.size()),
                           const_cast<sock_filter *>(statements.data())};
  forbidden = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  return forbidden;
}

bool changes_are_forbidden() { return forbidden; }

const char *forbidden_deed(int call) {
  for (const auto &deed : deeds)
    if (deed.call == call) return deed.words;
  return call == SYS_clone ? "starts a process (clone)" : "opens a file for writing";
}

} // namespace engram::conformance
