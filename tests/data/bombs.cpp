// Small files that unpack into large ones are refused before they take much memory. Deflate shrinks at most 1032-fold
// (zlib's technical details), numbers written as text 3- to 20-fold.
#include "catch.hpp"
#include "data/bytes.hpp"
#include "data/describe_file.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/mat.hpp"
#include "data/parse.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"
#include "stored_zip.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <string_view>
#include <zlib.h>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

/// `megabytes` of zeros, or of what `text` repeats, as gzip.
std::vector<std::byte> packed(const std::string &text, std::size_t megabytes) {
  std::string block;
  while (block.size() < (std::size_t{1} << 20)) block += text;
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<std::byte> out;
  std::vector<std::byte> buffer(std::size_t{1} << 16);
  for (std::size_t k = 0; k < megabytes; ++k) {
    stream.next_in = reinterpret_cast<Bytef *>(block.data());
    stream.avail_in = static_cast<uInt>(block.size());
    const int flush = k + 1 == megabytes ? Z_FINISH : Z_NO_FLUSH;
    do {
      stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream, flush);
      out.insert(out.end(), buffer.begin(), buffer.end() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return out;
}

} // namespace

TEST_CASE("gzip that unpacks to far more than its size is refused", "[data]") {
  const auto bomb = packed("0,0,0,0\n", 260);
  REQUIRE(bomb.size() < 3 << 20);
  CHECK_THAT(refusal("bomb", [&] { inflate_gzip(bomb, "bomb"); }), ContainsSubstring("100 times its size"));
  CHECK_THAT(refusal("bomb", [&] { parse_csv(bomb, "bomb", ""); }), ContainsSubstring("100 times its size"));
  // The header of an IDX file says what there should be; a true one is bound all the same.
  auto start = packed(std::string(16, '\0'), 260);
  CHECK_THAT(refusal("idx",
                     [&] {
                       auto bytes = packed(
                           std::string("\0\0\x0e\x02\0\0\x80\0\0\0\x10\0", 12) + std::string((1 << 20) - 12, '\0'), 1);
                       bytes.insert(bytes.end(), start.begin(), start.end()); // gzip members are joined
                       parse_idx(bytes, "idx");
                     }),
             ContainsSubstring("100 times its size"));
  // What is small stays readable, however well it shrinks.
  const auto sparse = packed("0,0,0,0\n", 2);
  CHECK(parse_csv(sparse, "sparse", "").rows() == 2 * (1 << 20) / 8);
}

TEST_CASE("an npz archive whose header claims more than it can hold is refused before memory is taken", "[data]") {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }";
  header.resize(117, ' ');
  header += '\n';
  const auto zip =
      stored_zip({{"x.npy", std::string("\x93NUMPY\x01\0\x76\0", 10) + header + std::string(1 << 17, '\0')}});
  CHECK_THAT(refusal("bomb", [&] { parse_npz(zip, "bomb", "x"); }), ContainsSubstring("more values than the archive"));
}

// HDF5's deflate filter unpacks a chunk to its end, however much more than the chunk has room for that is.
TEST_CASE("an HDF5 chunk that unpacks to far more than its place is refused by every reader", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "chunk.h5").string();
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::Layout layout;
    layout.shape = layout.chunk = {1000};
    layout.compress = true;
    const auto dataset = hdf5::create_dataset(file.get(), "x", H5T_NATIVE_DOUBLE, layout);
    const std::vector<std::byte> stored(std::size_t{1} << 20); // 8000 bytes are its place
    const hsize_t first = 0;
    REQUIRE(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, &first, stored.size(), stored.data()) >= 0);
  }
  for (const auto &told :
       {refusal(path, [&] { describe_file(path); }), refusal(path, [&] { hdf5::ForeignFile{path}; })})
    CHECK_THAT(told, ContainsSubstring("holds more bytes than its chunks have room for"));
}

TEST_CASE("one HDF5 chunk among many that unpacks to far more than its place is refused", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "chunks.h5").string();
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::Layout layout;
    layout.shape = {40000};
    layout.chunk = {1000};
    layout.compress = true;
    const auto dataset = hdf5::create_dataset(file.get(), "x", H5T_NATIVE_DOUBLE, layout);
    const std::vector<double> ones(40000, 1.0);
    hdf5::write_block(dataset.get(), H5T_NATIVE_DOUBLE, {0}, {40000}, ones.data());
    const std::vector<std::byte> stored(std::size_t{1}
                                        << 20); // 8000 bytes are its place; 40 chunks have room for 2.8 MiB
    const hsize_t at = 17000;
    REQUIRE(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, &at, stored.size(), stored.data()) >= 0);
  }
  for (const auto &told :
       {refusal(path, [&] { describe_file(path); }), refusal(path, [&] { hdf5::ForeignFile{path}; })})
    CHECK_THAT(told, ContainsSubstring("has a chunk with more bytes than it has room for"));
}

// A chunk is found by a tree of nodes. HDF5 follows it wherever it leads; the process that does so has 2 s for a small
// file.
TEST_CASE("an HDF5 index of chunks that leads back to itself is refused, soon", "[data]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "loop.h5").string();
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::Layout layout;
    layout.shape = {4000};
    layout.chunk = {10}; // 400 chunks; a node has 64 children at most
    const auto dataset = hdf5::create_dataset(file.get(), "x", H5T_NATIVE_DOUBLE, layout);
    const std::vector<double> ones(4000, 1.0);
    hdf5::write_block(dataset.get(), H5T_NATIVE_DOUBLE, {0}, {4000}, ones.data());
  }
  // HDF5 file format 3.0, section III.A.1: a node is "TREE", its type (1: chunks), its level, the number of its
  // children in 2 bytes, two siblings, then keys and children by turns. A key of one axis has 24 bytes, an address 8.
  auto bytes = bytes_of(path);
  const std::string node{'T', 'R', 'E', 'E', 1, 1};
  const std::uint64_t itself = std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()).find(node);
  REQUIRE(itself < bytes.size());
  const auto children = std::to_integer<std::size_t>(bytes[itself + 6]);
  REQUIRE(children > 1);
  for (std::size_t k = 0; k < children; ++k) std::memcpy(bytes.data() + itself + 24 + 32 * k + 24, &itself, 8);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(refusal(path, [&] { describe_file(path); }).empty());
  CHECK_FALSE(refusal(path, [&] { hdf5::ForeignFile{path}; }).empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::minutes(2)); // of a busy machine
}

TEST_CASE("an npz archive or a MATLAB file that unpacks to far more than its size is refused, as gzip is", "[data]") {
  // Both hold 2.5 MiB and claim 272 and 300 MB, which deflate could unpack from it.
  const std::size_t size = 5 * (std::size_t{1} << 19);
  std::string npy = "{'descr': '<f8', 'fortran_order': False, 'shape': (34000000,), }";
  npy.resize(117, ' ');
  npy = std::string("\x93NUMPY\x01\0\x76\0", 10) + npy + '\n' + std::string(size, '\0');
  const auto zip = stored_zip({{"x.npy", npy}});
  CHECK_THAT(refusal("bomb", [&] { parse_npz(zip, "bomb", "x"); }),
             ContainsSubstring("unpacks to more than 100 times the archive's size"));

  // MAT-File Format, version 5: a deflated element (15), in it a matrix (14) of flags (6), axes (5), name (1), and
  // doubles that are kept as bytes (2).
  const auto words = [](const std::vector<std::uint32_t> &numbers) {
    std::string out;
    for (const std::uint32_t number : numbers)
      for (int k = 0; k < 4; ++k) out += static_cast<char>(number >> (8 * k) & 0xffu);
    return out;
  };
  const std::string matrix =
      words({14, 300000056, 6, 8, 6, 0, 5, 8, 300000000, 1, 1, 1, 'x', 0, 2, 300000000}) + std::string(4096, '\0');
  std::string packed_matrix(2 * matrix.size(), '\0');
  auto length = static_cast<uLongf>(packed_matrix.size());
  REQUIRE(compress(reinterpret_cast<Bytef *>(packed_matrix.data()), &length,
                   reinterpret_cast<const Bytef *>(matrix.data()), static_cast<uLong>(matrix.size())) == Z_OK);
  packed_matrix.resize(size);
  std::string mat = "MATLAB 5.0 MAT-file";
  mat.resize(124, ' ');
  mat += std::string("\0\1IM", 4) + words({15, static_cast<std::uint32_t>(size)}) + packed_matrix;
  const TemporaryFolder folder;
  const auto path = (folder.path / "bomb.mat").string();
  std::ofstream(path, std::ios::binary).write(mat.data(), static_cast<std::streamsize>(mat.size()));
  CHECK_THAT(refusal(path, [&] { read_mat(path, "x"); }),
             ContainsSubstring("x claims to be 300000000×1, more than 100 times the file's size"));
}
