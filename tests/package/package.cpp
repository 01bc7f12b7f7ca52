// These tests use the installed package as a plugin's author does: it is installed elsewhere, found by find_package,
// and its scaffold is built.
#include "catch.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <sys/wait.h>

namespace fs = std::filesystem;

namespace {

struct Result {
  int code = -1;
  std::string text;
};

Result run(const std::string &command) {
  Result result;
  FILE *pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer;
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe)) result.text.append(buffer.data(), count);
  const int status = pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

struct TemporaryFolder {
  std::string path;
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "engram_package_XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path = name;
  }
  ~TemporaryFolder() {
    if (!path.empty()) fs::remove_all(path);
  }
};

} // namespace

TEST_CASE("a scaffold builds against the installed package, and its rule is listed", "[package]") {
  const TemporaryFolder folder;
  REQUIRE(!folder.path.empty());
  const auto prefix = folder.path + "/prefix", rule = folder.path + "/my_rule";
  const auto step = [](const std::string &command) {
    const auto result = run(command);
    INFO(command << "\n" << result.text);
    REQUIRE(result.code == 0);
    return result.text;
  };
  step("cmake --install '" ENGRAM_BUILD_DIR "' --prefix " + prefix);
  const auto engram = prefix + "/bin/engram";
  step(engram + " new-rule my_rule --dir " + folder.path);
  CHECK(run(engram + " new-rule my_rule --dir " + folder.path).code == 2); // exists
  CHECK(run(engram + " new-rule ../Bad --dir " + folder.path).code == 2);
  step("cmake -G Ninja -S " + rule + " -B " + rule + "/build -DCMAKE_PREFIX_PATH=" + prefix);
  step("cmake --build " + rule + "/build");
  const auto listed = step("ENGRAM_PLUGIN_PATH=" + rule + "/build/plugins " + engram + " rules my_rule --json");
  CHECK(listed.find("\"name\":\"my_rule\"") != std::string::npos);
  CHECK(listed.find("\"signals\":[\"pre.rate\",\"post.error\"]") != std::string::npos);
  CHECK(run(engram + " rules no_such_rule").code == 2);
  const auto typo = run(engram + " ruless");
  CHECK(typo.code == 2);
  CHECK(typo.text.find("did you mean 'rules'") != std::string::npos);
}

TEST_CASE("a program embeds the installed library", "[package]") {
  const TemporaryFolder folder;
  REQUIRE(!folder.path.empty());
  const auto step = [](const std::string &command) {
    const auto result = run(command);
    INFO(command << "\n" << result.text);
    REQUIRE(result.code == 0);
    return result.text;
  };
  step("cmake --install '" ENGRAM_BUILD_DIR "' --prefix " + folder.path + "/prefix");
  // One call for each kind of library below engram: OpenSSL, libarchive, Armadillo with the BLAS.
  std::ofstream(folder.path + "/main.cpp") << R"(
#include <cstdio>
#include <data/checksum.hpp>
#include <data/read.hpp>
#include <measures/cka.hpp>
int main(int, char **arguments) {
  const char text[] = {'a', 'b', 'c'};
  const auto array = engram::data::read_npz(arguments[1], "x");
  const arma::mat x = {{1, 2}, {3, 5}, {4, -1}};
  std::printf("%s %zu %.6f\n", engram::data::sha256(std::as_bytes(std::span(text))).c_str(), array.size(),
              engram::measures::linear_cka(x, -2 * x));
})";
  std::ofstream(folder.path + "/CMakeLists.txt") << R"(
cmake_minimum_required(VERSION 3.25)
project(embedding LANGUAGES C CXX)
find_package(engram REQUIRED COMPONENTS library)
add_executable(embedding main.cpp)
target_link_libraries(embedding PRIVATE engram::engram)
)";
  const auto at = "'" + folder.path + "'";
  step("cmake -G Ninja -S " + at + " -B " + at + "/build -DCMAKE_PREFIX_PATH=" + folder.path + "/prefix");
  step("cmake --build " + at + "/build");
  const auto printed = step(at + "/build/embedding '" ENGRAM_SOURCE_DIR "/tests/data/fixtures/deflated.npz'");
  // SHA-256 of "abc": FIPS 180-4, example 1. CKA does not change with the scale of the neurons.
  CHECK(printed.starts_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "));
  CHECK(printed.ends_with(" 1.000000\n"));
}

TEST_CASE("a scaffold of each kind builds against the build tree, passes its checks, and its circuit learns",
          "[package]") {
  // What is printed of a circuit that has learned: digits from nine in ten up, or a mean reward so.
  const auto [kind, listed, learns] = GENERATE(table<std::string, std::string, std::string>({
      {"dynamics", "dynamics", "accuracy 9"},
      {"objective", "objectives", "accuracy 9"},
      {"environment", "environments", "accuracy 9"},
  }));
  CAPTURE(kind);
  const TemporaryFolder folder;
  REQUIRE(!folder.path.empty());
  const auto step = [](const std::string &command) {
    const auto result = run(command);
    INFO(command << "\n" << result.text);
    REQUIRE(result.code == 0);
    return result.text;
  };
  const std::string engram = ENGRAM_BUILD_DIR "/engram", own = folder.path + "/my_own";
  CHECK(run(engram + " new my_own --kind neuron --dir " + folder.path).code == 2);
  step(engram + " new my_own --kind " + kind + " --dir " + folder.path);
  step("cmake -G Ninja -S " + own + " -B " + own + "/build -DCMAKE_PREFIX_PATH=" ENGRAM_BUILD_DIR);
  step("cmake --build " + own + "/build");
  const auto checked = step(engram + " check --seconds 120 " + own + "/build/plugins/my_own.so");
  INFO(checked);
  CHECK(checked.find("FAIL") == std::string::npos);
  CHECK(checked.find("my_own: all checks passed") != std::string::npos);
  const auto learned = step("cd " + folder.path + " && " + engram + " run my_own/model.json --out out.nwb");
  INFO(learned);
  CHECK(learned.find(learns) != std::string::npos);
  if (kind == "environment") { // what it says is right teaches, in the place of rewards
    const auto taught = step("cd " + folder.path + " && " + engram + " run my_own/taught.json --out taught.nwb");
    INFO(taught);
    CHECK(taught.find(learns) != std::string::npos);
  }
  CHECK(step("ENGRAM_PLUGIN_PATH=" + own + "/build/plugins " + engram + " " + listed).find("my_own") !=
        std::string::npos);
}
