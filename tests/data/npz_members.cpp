// An npz archive of many arrays is described in one pass.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/parse.hpp"
#include "fixtures.hpp"
#include "stored_zip.hpp"

using namespace engram::data;
using namespace engram::data::testing;

TEST_CASE("an npz archive of 2000 arrays is described", "[data]") {
  const auto one = bytes_of(fixture("le_f8.npy"));
  const std::string npy(reinterpret_cast<const char *>(one.data()), one.size());
  std::vector<std::pair<std::string, std::string>> files;
  for (int k = 0; k < 2000; ++k) files.emplace_back("array_" + std::to_string(k) + ".npy", k == 7 ? "no array" : npy);
  files.emplace_back("note.txt", "is passed over");
  const auto bytes = stored_zip(files);
  const TemporaryFolder folder;
  const auto path = (folder.path / "many.npz").string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const auto file = describe_file(path);
  REQUIRE(file.children.size() == 2000);
  const Array alone = parse_npy(one, "");
  for (const std::size_t k : {0, 6, 8, 1999}) {
    CHECK(file.children[k].name == "array_" + std::to_string(k));
    CHECK(file.children[k].shape == alone.shape);
    CHECK(file.children[k].values.front() == alone.at(0));
  }
  CHECK(file.children[7].facts.size() == 1); // why it cannot be read; the others still are
  CHECK(file.children[7].values.empty());
  CHECK(parse_npz(bytes, "many", "array_1999").shape == alone.shape);
}
