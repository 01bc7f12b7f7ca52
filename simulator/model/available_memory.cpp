#include "model/available_memory.hpp"

#include <algorithm>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace engram::model {

namespace {

void take_least(Memory &least, double bytes, const char *limit) {
  if (bytes > 0 && (least.bytes == 0 || bytes < least.bytes)) least = {bytes, limit};
}

double page_size() { return static_cast<double>(::sysconf(_SC_PAGESIZE)); }

// Column `k` of /proc/self/statm, in bytes: 0 the address space, 5 data and stack.
double in_use(int k) {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  for (int column = 0; column <= k; ++column) in >> pages;
  return in ? pages * page_size() : 0;
}

// Takes what a limit leaves: at least one byte, because 0 stands for unknown.
void take_rlimit(Memory &least, decltype(RLIMIT_AS) what, double used, const char *limit) {
  rlimit now{};
  if (::getrlimit(what, &now) != 0 || now.rlim_cur == RLIM_INFINITY) return;
  take_least(least, std::max(1.0, static_cast<double>(now.rlim_cur) - used), limit);
}

// The number in a file, or 0: it is not there, or says "max".
double number_in(const std::string &file) {
  std::ifstream in(file);
  double value = 0;
  return in >> value ? value : 0;
}

// The limit of a group, and of each of those that it is within.
void take_group(Memory &least, const std::string &mount, std::string group, const char *file) {
  for (;;) {
    const double bytes = number_in(mount + group + "/" + file);
    if (bytes < 1e18) take_least(least, bytes, "by the control group's memory limit"); // version 1 says "none" as 2^63
    if (group.empty()) return;
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
}

// Lines like "0::/user.slice/job" (version 2) and "4:memory:/job".
void take_groups(Memory &least, const std::string &root) {
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    std::string group = line.substr(second + 1);
    if (group == "/") group.clear();
    if (controllers == ",,") {
      take_group(least, root + "/sys/fs/cgroup", group, "memory.max");
      take_group(least, root + "/sys/fs/cgroup/unified", group, "memory.max");
    } else if (controllers.find(",memory,") != std::string::npos) {
      take_group(least, root + "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes");
    }
  }
}

} // namespace

double address_space_in_use() { return in_use(0); }

Memory available_memory(const std::string &root) {
  Memory least;
  take_least(least, static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * page_size(), "of RAM");
  take_rlimit(least, RLIMIT_AS, address_space_in_use(), "left by ulimit -v");
  take_rlimit(least, RLIMIT_DATA, in_use(5), "left by ulimit -d");
  take_groups(least, root);
  return least;
}

} // namespace engram::model
