#include "data/byte_source.hpp"

#include "data/array.hpp"
#include "data/extent.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <memory>
#include <zlib.h>

namespace engram::data {

namespace {

constexpr std::size_t block_size = std::size_t{1} << 18;

class Gunzip {
public:
  Gunzip(ByteSource packed, const std::string &name) : packed_(std::move(packed)), name_(name), block_(block_size) {
    constexpr int gzip_only = 15 + 16; // largest window, gzip header
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw DataError(name_ + ": no memory to decompress");
  }
  Gunzip(const Gunzip &) = delete;
  Gunzip &operator=(const Gunzip &) = delete;
  ~Gunzip() { inflateEnd(&stream_); }

  std::size_t read(std::span<std::byte> to) {
    std::size_t filled = 0;
    while (filled < to.size() && !done_) {
      if (made_ >= always_unpacked && made_ / largest_growth >= taken_)
        throw DataError(name_ + ": unpacks to more than " + std::to_string(largest_growth) +
                        " times its size: not read (if it is meant so, unpack it first, with gunzip)");
      if (waiting_.empty()) refill();
      filled += step(to.subspan(filled));
    }
    return filled;
  }

private:
  /// What waits comes to the front of the block, and new bytes behind it.
  void refill() {
    std::copy(waiting_.begin(), waiting_.end(), block_.begin());
    const std::size_t kept = waiting_.size(), got = packed_(std::span(block_).subspan(kept));
    waiting_ = std::span(block_).first(kept + got);
  }

  std::size_t step(std::span<std::byte> to) {
    const auto room = static_cast<uInt>(std::min<std::size_t>(to.size(), UINT_MAX));
    stream_.next_in = reinterpret_cast<Bytef *>(waiting_.data());
    stream_.avail_in = static_cast<uInt>(waiting_.size());
    stream_.next_out = reinterpret_cast<Bytef *>(to.data());
    stream_.avail_out = room;
    const bool none = waiting_.empty();
    const int status = inflate(&stream_, Z_NO_FLUSH);
    taken_ += waiting_.size() - stream_.avail_in;
    waiting_ = waiting_.last(stream_.avail_in);
    const std::size_t got = room - stream_.avail_out;
    made_ += got;
    if (status == Z_STREAM_END)
      end_member();
    else if (status == Z_BUF_ERROR && none)
      throw DataError(name_ + ": the gzip stream ends early");
    else if (status != Z_OK && status != Z_BUF_ERROR)
      throw DataError(name_ + ": damaged gzip stream" + (stream_.msg ? std::string(" (") + stream_.msg + ")" : ""));
    return got;
  }

  void end_member() {
    if (waiting_.size() < 2) refill();
    if (is_gzip(waiting_)) { // another member; the contents are joined
      inflateReset(&stream_);
      return;
    }
    // Tapes pad with zeros. Anything else may be a damaged member, and its loss would go unseen.
    for (; !waiting_.empty(); waiting_ = {}, refill())
      if (std::any_of(waiting_.begin(), waiting_.end(), [](std::byte b) { return b != std::byte{0}; }))
        throw DataError(name_ + ": bytes that are not gzip follow the gzip stream");
    done_ = true;
  }

  ByteSource packed_;
  std::string name_;
  Bytes block_;
  std::span<std::byte> waiting_; ///< bytes of the block that are not unpacked yet
  z_stream stream_{};
  std::size_t taken_ = 0, made_ = 0;
  bool done_ = false;
};

} // namespace

ByteSource file_source(const std::string &path) {
  require_file(path);
  errno = 0;
  const std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "rb"),
                                        [](std::FILE *f) { return f == nullptr ? 0 : std::fclose(f); });
  if (!file) throw DataError(path + ": cannot be opened: " + std::strerror(errno == 0 ? EIO : errno));
  return [file, path](std::span<std::byte> to) {
    const std::size_t got = to.empty() ? 0 : std::fread(to.data(), 1, to.size(), file.get());
    if (std::ferror(file.get())) throw DataError(path + ": " + std::strerror(errno));
    return got;
  };
}

ByteSource memory_source(std::span<const std::byte> bytes) {
  const auto rest = std::make_shared<std::span<const std::byte>>(bytes);
  return [rest](std::span<std::byte> to) {
    const std::size_t got = std::min(to.size(), rest->size());
    if (got != 0) std::memcpy(to.data(), rest->data(), got);
    *rest = rest->subspan(got);
    return got;
  };
}

ByteSource gunzip_source(ByteSource packed, const std::string &name) {
  const auto gunzip = std::make_shared<Gunzip>(std::move(packed), name);
  return [gunzip](std::span<std::byte> to) { return gunzip->read(to); };
}

ByteSource content_source(const std::string &path) {
  std::array<std::byte, 2> first{};
  const std::size_t got = file_source(path)(first);
  if (is_gzip(std::span(first).first(got))) return gunzip_source(file_source(path), path);
  return file_source(path);
}

Bytes values_at(const std::vector<std::size_t> &places, const ByteSource &source, std::size_t bytes_each,
                std::size_t count, const std::string &name) {
  Bytes kept(places.size() * bytes_each), block(block_size / bytes_each * bytes_each);
  const std::size_t claimed = count * bytes_each;
  std::size_t at = 0; // of the block's first byte
  for (std::size_t got = 0; (got = source(block)) != 0; at += got) {
    for (std::size_t k = 0; k < places.size(); ++k) {
      const std::size_t from = places[k] * bytes_each;
      if (from >= at && from + bytes_each <= at + got)
        std::memcpy(kept.data() + k * bytes_each, block.data() + (from - at), bytes_each);
    }
    if (at + got > claimed) throw DataError(name + ": holds more bytes than its header claims");
  }
  expect_bytes(claimed, at, name);
  return kept;
}

} // namespace engram::data
