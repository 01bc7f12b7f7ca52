#include "data/npz.hpp"

#include "data/bytes.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace engram::data {

namespace {

using Archive = std::unique_ptr<archive, int (*)(archive *)>;

[[noreturn]] void fail(archive *zip, const std::string &name) {
  const char *reason = archive_error_string(zip);
  throw DataError(name + ": damaged npz archive" + (reason ? std::string(" (") + reason + ")" : ""));
}

/// `open` gives it the bytes.
template <class Open> Archive open_zip(const std::string &name, Open open) {
  Archive zip(archive_read_new(), &archive_read_free);
  if (!zip) throw DataError(name + ": no memory to read the archive");
  if (archive_read_support_format_zip_seekable(zip.get()) != ARCHIVE_OK || open(zip.get()) != ARCHIVE_OK)
    throw DataError(name + ": not an npz archive");
  return zip;
}

Archive open_zip(std::span<const std::byte> bytes, const std::string &name) {
  return open_zip(name, [&](archive *zip) { return archive_read_open_memory(zip, bytes.data(), bytes.size()); });
}

/// Moves to the next entry and gives its name without ".npy"; false at the end. Other entries are passed over, and
/// counted in `others`.
bool next_array(archive *zip, const std::string &name, std::string &key, std::size_t &others) {
  archive_entry *entry = nullptr;
  for (;;) {
    const int status = archive_read_next_header(zip, &entry);
    if (status == ARCHIVE_EOF) return false;
    // A warning is about names that the locale cannot write.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail(zip, name);
    const char *path = archive_entry_pathname_utf8(entry);
    if (!path) path = archive_entry_pathname(entry);
    key = path ? path : "";
    others += key.ends_with(".npy") || key.ends_with("/") ? 0 : 1;
    if (!key.ends_with(".npy")) continue;
    key.resize(key.size() - 4);
    return true;
  }
}

/// The bytes of the entry that the archive, of `packed` bytes, stands at. Memory grows with what is there, up to what
/// the npy header claims, which is to be no more than the archive can hold, and no more than gzip may unpack to.
Bytes read_entry(archive *zip, std::size_t packed, const std::string &name) {
  constexpr std::size_t largest_ratio = 1100; // deflate shrinks 1032-fold at most
  Bytes bytes;
  std::size_t limit = npy_header_limit, filled = 0;
  bool header_known = false;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(std::min(limit, std::max(2 * filled, npy_header_limit)));
    const la_ssize_t got = archive_read_data(zip, bytes.data() + filled, bytes.size() - filled);
    if (got < 0) fail(zip, name); // also for a wrong checksum
    filled += static_cast<std::size_t>(got);
    if (got == 0) break;
    if (!header_known && filled == npy_header_limit) {
      const NpyHeader header = parse_npy_header(bytes, name);
      const std::size_t claimed = header.count * header.bytes_each;
      if (claimed / largest_ratio > packed)
        throw DataError(name + ": the header claims more values than the archive can hold");
      if (claimed > always_unpacked && claimed / largest_growth > packed)
        throw DataError(name + ": unpacks to more than " + std::to_string(largest_growth) +
                        " times the archive's size: not read (if it is meant so, save it without compression, with "
                        "numpy.savez)");
      limit = std::max(limit, header.data_begins + header.count * header.bytes_each + 1);
      header_known = true;
    }
    if (filled == limit) throw DataError(name + ": holds more bytes than its header claims");
  }
  bytes.resize(filled);
  return bytes;
}

} // namespace

Array parse_npz(std::span<const std::byte> bytes, const std::string &name, const std::string &key) {
  std::string wanted = key;
  std::size_t others = 0;
  if (key.empty()) {
    std::vector<std::string> keys;
    const Archive zip = open_zip(bytes, name);
    for (std::string found; next_array(zip.get(), name, found, others);) keys.push_back(found);
    if (keys.empty()) throw DataError(name + ": holds no arrays");
    if (keys.size() > 1) throw DataError(name + ": holds several arrays, name one of: " + printable_list(keys));
    wanted = keys.front();
  }
  std::vector<std::string> keys;
  const Archive zip = open_zip(bytes, name);
  for (std::string found; next_array(zip.get(), name, found, others);) {
    if (found == wanted) {
      const std::string shown = name + ": " + printable(found);
      return parse_npy(read_entry(zip.get(), bytes.size(), shown), shown);
    }
    keys.push_back(found);
  }
  throw DataError(name + ": no array " + data::quoted(wanted) + ", there are: " + printable_list(keys));
}

std::size_t each_npz(const std::string &path,
                     const std::function<void(const std::string &key, const ByteSource &npy)> &use) {
  require_file(path);
  constexpr std::size_t block = std::size_t{1} << 16;
  const Archive zip =
      open_zip(path, [&](archive *opened) { return archive_read_open_filename(opened, path.c_str(), block); });
  const ByteSource entry = [&](std::span<std::byte> to) {
    std::size_t filled = 0;
    while (filled < to.size()) {
      const la_ssize_t got = archive_read_data(zip.get(), to.data() + filled, to.size() - filled);
      if (got < 0) fail(zip.get(), path); // also for a wrong checksum
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  };
  std::size_t others = 0;
  for (std::string key; next_array(zip.get(), path, key, others);) use(key, entry);
  return others;
}

} // namespace engram::data
