#include "data/pictures/pictures.hpp"

#include "data/bytes.hpp"
#include "data/describe_parts.hpp"
#include "data/isolated.hpp"
#include "data/pictures/decode_picture.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>

namespace engram::data {

namespace {

constexpr std::size_t most_values = std::size_t{1} << 29, most_of_one = std::size_t{1} << 28;

std::string ending_of(const std::string &path) {
  std::string out = std::filesystem::path(path).extension().string();
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool is_picture(const std::string &path) {
  const std::string ending = ending_of(path);
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg" || ending == ".tif" || ending == ".tiff";
}

// By what the bytes are, whatever the name says.
std::vector<Picture> decode_any(std::span<const std::byte> bytes, const std::string &name) {
  const auto at = [&](std::size_t k) { return k < bytes.size() ? std::to_integer<int>(bytes[k]) : -1; };
  if (at(0) == 0x89 && at(1) == 'P') return {decode_png(bytes, name)};
  if (at(0) == 0xff && at(1) == 0xd8) return {decode_jpeg(bytes, name)};
  if ((at(0) == 'I' || at(0) == 'M') && at(1) == at(0)) return decode_tiff(bytes, name);
  throw DataError(name + ": is neither PNG, JPEG nor TIFF");
}

using OpenArchive = std::unique_ptr<archive, int (*)(archive *)>;

// The pictures of an archive by name: their bytes.
std::map<std::string, Bytes> entries_of(const std::string &path) {
  const OpenArchive zip(archive_read_new(), &archive_read_free);
  const auto fail = [&](const std::string &what) {
    const char *reason = zip ? archive_error_string(zip.get()) : nullptr;
    throw DataError(path + ": " + what + (reason ? std::string(" (") + reason + ")" : ""));
  };
  if (!zip || archive_read_support_format_zip_seekable(zip.get()) != ARCHIVE_OK ||
      archive_read_open_filename(zip.get(), path.c_str(), std::size_t{1} << 16) != ARCHIVE_OK)
    fail("is no zip archive");
  std::map<std::string, Bytes> out;
  std::size_t total = 0;
  archive_entry *entry = nullptr;
  for (;;) {
    const int status = archive_read_next_header(zip.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail("damaged zip archive");
    const char *utf8 = archive_entry_pathname_utf8(entry), *plain = utf8 ? utf8 : archive_entry_pathname(entry);
    const std::string name = plain ? plain : "";
    const bool hidden = std::filesystem::path(name).filename().string().starts_with("."); // as macOS adds
    if (!is_picture(name) || hidden) continue;
    Bytes &bytes = out[name];
    bytes.clear();
    std::vector<std::byte> block(std::size_t{1} << 16);
    for (;;) {
      const la_ssize_t got = archive_read_data(zip.get(), block.data(), block.size());
      if (got < 0) fail("damaged zip archive");
      if (got == 0) break;
      total += static_cast<std::size_t>(got);
      if (total > most_values) throw DataError(path + ": unpacks to more than 2^29 bytes");
      bytes.insert(bytes.end(), block.begin(), block.begin() + got);
    }
  }
  return out;
}

// With the name of each.
std::vector<std::pair<std::string, Picture>> pictures_of(const std::string &path, const std::string &key) {
  std::vector<std::pair<std::string, Picture>> out;
  if (ending_of(path) != ".zip") {
    for (auto &page : decode_any(read_bytes(path), path))
      out.emplace_back(std::to_string(out.size() + 1), std::move(page));
    return out;
  }
  const auto entries = entries_of(path);
  if (entries.empty()) throw DataError(path + ": holds no pictures (.png, .jpg, .tif)");
  std::size_t total = 0;
  for (const auto &[name, bytes] : entries) {
    if (!key.empty() && name != key) continue;
    auto pages = decode_any(bytes, path + ": " + printable(name));
    if (pages.size() > 1) throw DataError(path + ": " + printable(name) + " has several pages");
    total += pages.front().values.size();
    if (total > most_values) throw DataError(path + ": has more than 2^29 values");
    out.emplace_back(name, std::move(pages.front()));
  }
  if (out.empty()) throw DataError(path + ": has no picture '" + printable(key) + "'");
  return out;
}

template <class T> void put(Bytes &to, const T &value) {
  const auto *begin = reinterpret_cast<const std::byte *>(&value);
  to.insert(to.end(), begin, begin + sizeof(T));
}

template <class T> T take(std::span<const std::byte> &from, const std::string &path) {
  if (from.size() < sizeof(T)) throw DataError(path + ": is damaged (the library that reads it failed)");
  T out;
  std::memcpy(&out, from.data(), sizeof(T));
  from = from.subspan(sizeof(T));
  return out;
}

// What a child hands over: how many, their shape, and of each the name and the values.
Bytes packed_pictures(const std::string &path, const std::string &key) {
  const auto all = pictures_of(path, key);
  const Picture &first = all.front().second;
  Bytes out;
  for (const std::size_t n : {all.size(), first.height, first.width, first.channels, std::size_t{first.wide}})
    put(out, std::uint64_t{n});
  for (const auto &[name, picture] : all) {
    if (picture.height != first.height || picture.width != first.width || picture.channels != first.channels ||
        picture.wide != first.wide)
      throw DataError(path + ": pictures are of different kinds: " + printable(all.front().first) + " is " +
                      std::to_string(first.height) + " x " + std::to_string(first.width) + " x " +
                      std::to_string(first.channels) + ", " + printable(name) + " " + std::to_string(picture.height) +
                      " x " + std::to_string(picture.width) + " x " + std::to_string(picture.channels));
    put(out, std::uint64_t{name.size()});
    for (const char c : name) out.push_back(static_cast<std::byte>(c));
    for (const std::uint16_t value : picture.values) {
      out.push_back(static_cast<std::byte>(value & 0xff));
      if (first.wide) out.push_back(static_cast<std::byte>(value >> 8));
    }
  }
  return out;
}

} // namespace

std::size_t values_of_picture(std::size_t height, std::size_t width, std::size_t channels, const std::string &name) {
  if (height == 0 || width == 0 || channels == 0) throw DataError(name + ": has no pixels");
  if (height > most_of_one / width / channels) throw DataError(name + ": has more than 2^28 values");
  return height * width * channels;
}

bool is_pictures(const std::string &path) { return is_picture(path) || ending_of(path) == ".zip"; }

Pictures read_pictures(const std::string &path, const std::string &key) {
  require_file(path);
  if (!key.empty() && ending_of(path) != ".zip")
    throw DataError(path + ": is one file of pictures, so that '" + printable(key) + "' cannot be picked from it");
  const Bytes bytes = isolated(path, path, [&] { return packed_pictures(path, key); });
  std::span<const std::byte> rest(bytes);
  std::vector<std::size_t> shape;
  for (int k = 0; k < 4; ++k) shape.push_back(take<std::uint64_t>(rest, path));
  const bool wide = take<std::uint64_t>(rest, path) != 0;
  const std::size_t each = values_of_picture(shape[1], shape[2], shape[3], path);
  Pictures out;
  std::vector<std::uint8_t> narrow;
  std::vector<std::int64_t> broad;
  for (std::size_t k = 0; k < shape[0]; ++k) {
    const auto length = take<std::uint64_t>(rest, path);
    std::string name;
    for (std::size_t i = 0; i < length; ++i) name += static_cast<char>(take<std::uint8_t>(rest, path));
    out.names.push_back(name);
    for (std::size_t i = 0; i < each; ++i) {
      if (wide)
        broad.push_back(take<std::uint16_t>(rest, path));
      else
        narrow.push_back(take<std::uint8_t>(rest, path));
    }
  }
  if (shape[3] == 1) shape.pop_back();
  out.array.shape = std::move(shape);
  if (wide)
    out.array.values = std::move(broad);
  else
    out.array.values = std::move(narrow);
  return out;
}

FileDescription describe_pictures(const std::string &path) {
  FileDescription out;
  out.path = path;
  out.format = ending_of(path) == ".zip" ? "archive of pictures" : "picture";
  const auto all = pictures_of(path, "");
  for (const auto &[name, picture] : all) {
    Node node;
    node.name = all.size() == 1 && name == "1" ? "" : name;
    node.kind = "array";
    node.type = picture.wide ? "uint16" : "uint8";
    node.shape = {picture.height, picture.width};
    if (picture.channels > 1) node.shape.push_back(picture.channels);
    node.of_values = picture.values.size();
    for (std::size_t k = 0; k < std::min(picture.values.size(), shown_values); ++k)
      node.values.push_back(picture.values[k]);
    out.children.push_back(std::move(node));
  }
  return out;
}

Array grey_values(const Array &pictures) {
  const auto &shape = pictures.shape;
  if (shape.size() == 3) return pictures;
  if (shape.size() != 4 || shape[3] != 3) throw DataError("pictures must be of shape K x rows x columns (x 3)");
  std::vector<std::int64_t> out(pictures.size() / 3);
  for (std::size_t p = 0; p < out.size(); ++p) {
    std::int64_t sum = 0x8000; // weights are of 2^16
    for (const auto &[channel, weight] : {std::pair{0u, 19595}, {1u, 38470}, {2u, 7471}})
      sum += weight * static_cast<std::int64_t>(pictures.at(3 * p + channel));
    out[p] = sum >> 16;
  }
  return {{shape[0], shape[1], shape[2]}, std::move(out)};
}

} // namespace engram::data
