// The checksums by which a run that goes on knows its inputs again.
#include "session/inputs.hpp"
#include "catch.hpp"
#include "command.hpp"

#include <string>

using namespace engram;
using command::Folder;

TEST_CASE("a folder counts with all files in it and below", "[session][resume]") {
  const Folder folder;
  const auto inputs = folder.path / "inputs";
  command::fs::create_directories(inputs / "below");
  folder.write("inputs/a", "1");
  folder.write("inputs/below/b", "2");
  const auto checksum = [&] { return session::checksum_of(inputs); };
  const auto before = checksum();
  CHECK(before == checksum());
  folder.write("inputs/below/b", "3");
  CHECK(checksum() != before);
  folder.write("inputs/below/b", "2");
  CHECK(checksum() == before);
  command::fs::rename(inputs / "below/b", inputs / "b");
  CHECK(checksum() != before);
  command::fs::rename(inputs / "b", inputs / "below/b");
  // Neither a name for content nor the end of one file for the beginning of the next.
  folder.write("inputs/a", "");
  folder.write("inputs/below/b", "12");
  CHECK(checksum() != before);
}

TEST_CASE("a file that is not there, or cannot be read, is not an empty one", "[session][resume]") {
  const Folder folder;
  const auto path = command::fs::path(folder.write("a", ""));
  // SHA-256 of nothing, as sha256sum prints it.
  CHECK(session::checksum_of(path) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(session::checksum_of(folder.path / "b") == "absent");
  // One whose content even root cannot read: the memory of this process, from its beginning.
  CHECK(session::checksum_of("/proc/self/mem") == "unreadable");
  const auto listed = [](const std::string &sum) {
    return R"({"files": {"a": ")" + sum + R"("}, "data": {}, "plugins": {}})";
  };
  CHECK(session::changed_input(listed("1"), listed("1")).empty());
  CHECK(session::changed_input(listed("1"), listed("2")) == "the file a has changed since");
  CHECK(session::changed_input(listed("1"), listed("absent")) == "the file a is gone");
  CHECK(session::changed_input(listed("1"), listed("unreadable")) == "the file a cannot be read");
}
