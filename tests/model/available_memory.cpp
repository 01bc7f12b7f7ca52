// These tests read limits of control groups in the form that the kernel's documentation gives
// (admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst).
#include "model/available_memory.hpp"

#include "catch.hpp"
#include "fixtures.hpp"

#include <filesystem>
#include <fstream>

using engram::model::available_memory;
namespace fs = std::filesystem;

namespace {
struct Root : engram::data::testing::TemporaryFolder {
  void write(const std::string &name, const std::string &text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  double bytes() const { return available_memory(path.string()).bytes; }
};
} // namespace

TEST_CASE("the least limit of the control groups counts", "[model][memory]") {
  const Root root;
  const double machine = root.bytes(); // no groups there
  CHECK(machine > 0);
  root.write("proc/self/cgroup", "0::/slurm/job_1/step_0\n");
  root.write("sys/fs/cgroup/slurm/job_1/step_0/memory.max", "max\n");
  CHECK(root.bytes() == machine);
  root.write("sys/fs/cgroup/slurm/job_1/memory.max", "50000000\n"); // of the job, above the step
  CHECK(root.bytes() == 5e7);
  root.write("sys/fs/cgroup/slurm/job_1/step_0/memory.max", "20000000\n");
  CHECK(root.bytes() == 2e7);
  CHECK(available_memory(root.path.string()).limit == "by the control group's memory limit");
}

TEST_CASE("control groups of version 1 count too", "[model][memory]") {
  const Root root;
  root.write("proc/self/cgroup", "12:cpuset:/\n4:memory,hugetlb:/docker/abc\n0::/\n");
  const double machine = root.bytes();
  // Within a container the group's own path may not be there; its limit stands at the top.
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "30000000\n");
  CHECK(root.bytes() == 3e7);
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"); // none
  CHECK(root.bytes() == machine);
}
