#include "data/bytes.hpp"

#include "data/array.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <zlib.h>

namespace engram::data {

void require_file(const std::string &path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw DataError(path + ": no such file");
  if (error) throw DataError(path + ": " + error.message());
  if (std::filesystem::is_directory(status)) throw DataError(path + ": is a folder, not a file");
  if (!std::filesystem::is_regular_file(status)) throw DataError(path + ": is not a regular file");
}

Bytes read_bytes(const std::string &path) {
  require_file(path);
  std::error_code error;
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw DataError(path + ": " + std::strerror(errno));
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw DataError(path + ": " + error.message());
  Bytes bytes(static_cast<std::size_t>(size));
  const std::size_t got = bytes.empty() ? 0 : std::fread(bytes.data(), 1, bytes.size(), file.get());
  if (std::ferror(file.get())) throw DataError(path + ": " + std::strerror(errno));
  bytes.resize(got);
  return bytes;
}

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Bytes inflate_gzip(std::span<const std::byte> bytes, const std::string &name, std::size_t limit) {
  z_stream stream{};
  constexpr int gzip_only = 15 + 16; // largest window, gzip header
  if (inflateInit2(&stream, gzip_only) != Z_OK) throw DataError(name + ": no memory to decompress");
  const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&stream, &inflateEnd);

  Bytes out;
  std::size_t taken = 0, made = 0;
  while (made < limit) {
    if (made >= always_unpacked && made / largest_growth >= taken)
      throw DataError(name + ": unpacks to more than " + std::to_string(largest_growth) +
                      " times its size: not read (if it is meant so, unpack it first, with gunzip)");
    if (made == out.size()) out.resize(std::min(limit, std::max<std::size_t>(2 * made, std::size_t{1} << 16)));
    const auto in = static_cast<uInt>(std::min<std::size_t>(bytes.size() - taken, UINT_MAX));
    const auto room = static_cast<uInt>(std::min<std::size_t>(out.size() - made, UINT_MAX));
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(bytes.data() + taken));
    stream.avail_in = in;
    stream.next_out = reinterpret_cast<Bytef *>(out.data() + made);
    stream.avail_out = room;
    const int status = inflate(&stream, Z_NO_FLUSH);
    taken += in - stream.avail_in;
    made += room - stream.avail_out;
    if (status == Z_STREAM_END) {
      const auto rest = bytes.subspan(taken);
      if (is_gzip(rest)) { // another member; the contents are joined
        inflateReset(&stream);
        continue;
      }
      // Tapes pad with zeros. Anything else may be a damaged member, and its loss would go unseen.
      if (std::any_of(rest.begin(), rest.end(), [](std::byte b) { return b != std::byte{0}; }))
        throw DataError(name + ": bytes that are not gzip follow the gzip stream");
      break;
    }
    if (status == Z_BUF_ERROR) throw DataError(name + ": the gzip stream ends early");
    if (status != Z_OK)
      throw DataError(name + ": damaged gzip stream" + (stream.msg ? std::string(" (") + stream.msg + ")" : ""));
  }
  out.resize(made);
  return out;
}

} // namespace engram::data
