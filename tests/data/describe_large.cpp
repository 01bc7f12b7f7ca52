// These tests describe files that are larger than the memory that they are given, and check the types that are told.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/isolated.hpp"
#include "data/line_source.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"
#include "stored_zip.hpp"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

constexpr std::uint64_t megabyte = std::uint64_t{1} << 20;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool addresses_can_be_limited = false; // the sanitizers reserve terabytes of them
#else
constexpr bool addresses_can_be_limited = true;
#endif

/// This process, a child, gets no more than so many megabytes beyond what it has.
void limit_memory(std::uint64_t megabytes) {
  if (!addresses_can_be_limited) return;
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  in >> pages;
  rlimit now{};
  ::getrlimit(RLIMIT_AS, &now);
  now.rlim_cur = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + megabytes * megabyte;
  ::setrlimit(RLIMIT_AS, &now);
}

/// A file described with no more memory than that.
FileDescription described_within(std::uint64_t megabytes, const std::string &path) {
  isolated(path, path, [&] {
    limit_memory(megabytes);
    describe_file(path);
    return Bytes(1);
  });
  return describe_file(path);
}

/// An npy header for so many zeros of a type. Padded to 128 bytes, as NumPy writes it.
std::string npy_of(const std::string &type, std::size_t count) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + std::to_string(count) + ",), }";
  text.resize(117, ' ');
  return std::string("\x93NUMPY\x01\0\x76\0", 10) + text + '\n';
}

/// A file of `beginning`, then zeros, which take no room on the disk.
void write_sparse(const std::string &path, const std::string &beginning, std::uint64_t size) {
  std::ofstream(path, std::ios::binary) << beginning;
  std::filesystem::resize_file(path, size);
}

/// A zip archive with one stored file of `beginning` and zeros up to `size`.
void write_sparse_zip(const std::string &path, const std::string &beginning, std::uint32_t size) {
  const std::string zeros(megabyte, '\0');
  const auto crc_of = [](const std::string &text, std::size_t length) {
    return ::crc32(0, reinterpret_cast<const Bytef *>(text.data()), static_cast<uInt>(length));
  };
  uLong sum = crc_of(beginning, beginning.size());
  for (std::size_t left = size - beginning.size(); left > 0;) {
    const std::size_t part = std::min(left, zeros.size());
    sum = ::crc32_combine(sum, crc_of(zeros, part), static_cast<z_off_t>(part));
    left -= part;
  }
  // The parts of a zip with an empty file, with size and checksum put in (APPNOTE 4.3.7, 4.3.12, 4.3.16).
  const auto bytes = stored_zip({{"x.npy", ""}});
  std::string zip(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  const auto put = [&](std::size_t at, std::uint64_t value) {
    for (std::size_t k = 0; k < 4; ++k) zip[at + k] = static_cast<char>(value >> (8 * k) & 0xffu);
  };
  const std::size_t local = 30 + 5, directory = local, end = directory + 46 + 5;
  for (const std::size_t at : {std::size_t{14}, directory + 16}) put(at, sum);
  for (const std::size_t at : {std::size_t{18}, std::size_t{22}, directory + 20, directory + 24}) put(at, size);
  put(end + 16, local + size);
  write_sparse(path, zip.substr(0, local) + beginning, local + size);
  std::ofstream(path, std::ios::binary | std::ios::app) << zip.substr(local);
}

} // namespace

TEST_CASE("arrays larger than the memory that is given are described", "[data]") {
  const TemporaryFolder folder;
  const auto in = [&](const char *name) { return (folder.path / name).string(); };
  const std::size_t count = 50'000'000; // 400 MB of doubles
  write_sparse(in("x.npy"), npy_of("<f8", count), 128 + 8 * count);
  CHECK(described_within(150, in("x.npy")).children.at(0).of_values == count);
  write_sparse_zip(in("x.npz"), npy_of("<f8", count), static_cast<std::uint32_t>(128 + 8 * count));
  const Node member = described_within(150, in("x.npz")).children.at(0);
  CHECK(member.facts.empty());
  CHECK(member.type == "float64");
  CHECK(member.of_values == count);
  CHECK(member.values == std::vector<double>(6, 0));
  write_sparse(in("x.idx"), std::string("\0\0\x0c\x01\x0b\xeb\xc2\0", 8), 8 + 4 * 200'000'000ull); // 0x0bebc200 values
  const Node idx = described_within(150, in("x.idx")).children.at(0);
  CHECK(idx.type == "int32");
  CHECK(idx.of_values == 200'000'000);
}

TEST_CASE("a text larger than the memory that is given is described", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "x.csv").string();
  {
    std::ofstream out(path);
    out << "unit,time,side\n";
    for (int k = 0; k < 1'000'000; ++k) out << k % 7 << ',' << k << ".125," << (k % 2 == 0 ? "left\n" : "right\n");
  }
  REQUIRE(std::filesystem::file_size(path) > 17'000'000);
  const auto file = described_within(16, path);
  CHECK(file.title == "1000000 lines, 3 columns");
  CHECK(file.children.at(1).values.at(1) == 1.125);
  CHECK(file.children.at(2).texts == std::vector<std::string>{"left", "right"});
  CHECK(file.children.at(2).of_values == 2);
}

TEST_CASE("lines are the same wherever the blocks of a file end", "[data]") {
  const std::string text = "\xef\xbb\xbf"
                           "a,b\r\n1,2\r\r\n3\n\n4,5,6\r";
  const auto bytes = as_bytes(text);
  for (std::size_t block = 3; block <= text.size() + 1; ++block) {
    LineSource lines(memory_source(bytes), block);
    std::vector<std::string> found;
    for (std::string_view line; lines.next(line);) found.emplace_back(line);
    INFO(block);
    CHECK(found == std::vector<std::string>{"a,b", "1,2", "", "3", "", "4,5,6"});
    CHECK(lines.number() == 6);
  }
}

TEST_CASE("the members of an npz archive have the types that NumPy stored", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "x.npz").string();
  const auto write = [&](const std::vector<std::pair<std::string, std::string>> &files) {
    const auto zip = stored_zip(files);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(zip.data()), static_cast<std::streamsize>(zip.size()));
  };
  write({{"half.npy", npy_of("<f2", 3) + std::string(6, '\0')},
         {"flags.npy", npy_of("|b1", 2) + std::string("\1\0", 2)},
         {"small.npy", npy_of("<i4", 1) + std::string("\7\0\0\0", 4)},
         {"short.npy", npy_of("<i4", 2) + std::string("\7\0\0\0", 4)},
         {"notes.txt", "not an array"}});
  const auto file = describe_file(path);
  REQUIRE(file.children.size() == 4);
  CHECK(file.children[0].type == "float16");
  CHECK(file.children[1].type == "bool");
  CHECK(file.children[1].values == std::vector<double>{1, 0});
  CHECK(file.children[2].type == "int32");
  CHECK(file.children[2].values == std::vector<double>{7});
  CHECK_THAT(file.children[3].facts.at(0), ContainsSubstring("claims 8 bytes of values, the file holds only 4"));
  // Pictures in a zip are no arrays.
  write({{"1.jpg", "\xff\xd8\xff"}, {"2.jpg", "\xff\xd8\xff"}});
  CHECK_THAT(refusal(path, [&] { describe_file(path); }), ContainsSubstring("is a zip archive, but no NumPy archive"));
}

TEST_CASE("IDX arrays have the types that are stored", "[data]") {
  for (const auto &[name, type] : {std::pair{"i1.idx", "int8"},
                                   {"i2.idx", "int16"},
                                   {"i4.idx", "int32"},
                                   {"f4.idx", "float32"},
                                   {"f8.idx", "float64"},
                                   {"bytes-ubyte.gz", "uint8"}})
    CHECK(describe_file(fixture(name)).children.at(0).type == type);
}
