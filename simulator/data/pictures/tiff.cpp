// This reads TIFF (Adobe, TIFF revision 6.0, 1992): what its part 1 calls baseline, without bilevel pictures, palettes
// and CCITT, but with 16 bits a value, LZW and deflate.
#include "data/pictures/decode_picture.hpp"
#include "data/pictures/tiff_packing.hpp"

#include <algorithm>
#include <map>

namespace engram::data {

namespace {

constexpr std::size_t most_pages = 10'000, most_entries = 4096;

// The tags that are read.
enum Tag : std::uint32_t {
  image_width = 256,
  image_length = 257,
  bits_per_sample = 258,
  compression = 259,
  photometric = 262,
  fill_order = 266,
  strip_offsets = 273,
  orientation = 274,
  samples_per_pixel = 277,
  rows_per_strip = 278,
  strip_byte_counts = 279,
  planar_configuration = 284,
  predictor = 317,
  tile_width = 322,
  sample_format = 339
};

class TiffBytes {
public:
  TiffBytes(std::span<const std::byte> bytes, const std::string &name) : bytes_(bytes), name_(name) {
    if (bytes.size() < 8 || (at(0) != 'I' && at(0) != 'M') || at(1) != at(0)) fail("is no TIFF");
    little_ = at(0) == 'I';
    if (number(2, 2) != 42) fail("is no TIFF"); // 43 is BigTIFF
  }

  [[noreturn]] void fail(const std::string &what) const { throw DataError(name_ + ": " + what); }
  const std::string &name() const { return name_; }

  // Of `size` bytes (1, 2, 4) at a place, in the file's order.
  std::uint32_t number(std::size_t place, std::size_t size) const {
    std::uint32_t out = 0;
    for (std::size_t k = 0; k < size; ++k) out = out << 8 | at(place + (little_ ? size - 1 - k : k));
    return out;
  }

  std::span<const std::byte> part(std::size_t place, std::size_t count) const {
    if (place > bytes_.size() || count > bytes_.size() - place) fail("damaged TIFF (it ends early)");
    return bytes_.subspan(place, count);
  }

private:
  std::uint32_t at(std::size_t place) const {
    if (place >= bytes_.size()) fail("damaged TIFF (it ends early)");
    return std::to_integer<std::uint32_t>(bytes_[place]);
  }

  std::span<const std::byte> bytes_;
  std::string name_;
  bool little_ = true;
};

// The fields of a page: whole numbers by tag.
struct Page {
  std::map<std::uint32_t, std::vector<std::uint32_t>> fields;
  std::size_t next = 0; // place of the next page; 0: none

  std::uint32_t one(const TiffBytes &file, Tag tag, std::uint32_t unless_given) const {
    const auto found = fields.find(tag);
    if (found == fields.end()) return unless_given;
    if (found->second.empty()) file.fail("damaged TIFF (an empty field)");
    return found->second.front();
  }
};

Page read_page(const TiffBytes &file, std::size_t place) {
  Page out;
  const std::size_t entries = file.number(place, 2);
  if (entries > most_entries) file.fail("damaged TIFF (too many fields)");
  for (std::size_t e = 0; e < entries; ++e) {
    const std::size_t at = place + 2 + 12 * e;
    const std::uint32_t tag = file.number(at, 2), type = file.number(at + 2, 2), count = file.number(at + 4, 4);
    const std::size_t size = type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : 0; // BYTE, SHORT, LONG
    if (size == 0) continue;
    const std::size_t from = count * size <= 4 ? at + 8 : file.number(at + 8, 4);
    file.part(from, count * size);
    auto &values = out.fields[tag];
    values.clear();
    for (std::size_t k = 0; k < count; ++k) values.push_back(file.number(from + k * size, size));
  }
  out.next = file.number(place + 2 + 12 * entries, 4);
  return out;
}

// What is not read, in words; "" for what is.
std::string unread(const TiffBytes &file, const Page &page) {
  const auto one = [&](Tag tag, std::uint32_t unless_given) { return page.one(file, tag, unless_given); };
  const auto packing = one(compression, 1);
  if (strip_unpacker(packing) == nullptr)
    return "a TIFF that is packed as with compression " + std::to_string(packing) + ": save it without, or as PNG";
  if (one(predictor, 1) > 2) return "a TIFF of differences of parts of numbers (predictor): save it as PNG";
  if (one(fill_order, 1) != 1) return "a TIFF with the lowest bit first (fill order): save it as PNG";
  if (one(orientation, 1) != 1)
    return "a TIFF that is turned (orientation " + std::to_string(one(orientation, 1)) +
           "): save it upright, or as PNG";
  if (page.fields.contains(tile_width)) return "a TIFF in tiles: save it in strips, or as PNG";
  if (one(planar_configuration, 1) != 1) return "a TIFF with its colours apart: save it as PNG";
  const auto kind = one(photometric, 1);
  if (kind > 2) return "a TIFF of neither grey values nor RGB (photometric " + std::to_string(kind) + ")";
  const auto bits = one(bits_per_sample, 1);
  const auto of_all = [&](Tag tag, std::uint32_t value) { // of all colours
    const auto found = page.fields.find(tag);
    return found == page.fields.end() || std::ranges::count(found->second, value) == std::ssize(found->second);
  };
  if ((bits != 8 && bits != 16) || !of_all(bits_per_sample, bits) || !of_all(sample_format, 1))
    return "a TIFF whose values are no whole numbers of 8 or 16 bits: save it as npy";
  return "";
}

Picture read_picture(const TiffBytes &file, const Page &page) {
  if (const auto what = unread(file, page); !what.empty()) file.fail("not read is " + what);
  const auto one = [&](Tag tag, std::uint32_t unless_given) { return page.one(file, tag, unless_given); };
  Picture out;
  out.height = one(image_length, 0);
  out.width = one(image_width, 0);
  const auto kind = one(photometric, 1);
  out.channels = kind == 2 ? 3 : 1;
  out.wide = one(bits_per_sample, 1) == 16;
  const std::size_t samples = one(samples_per_pixel, 1), size = out.wide ? 2 : 1;
  if (samples < out.channels || samples > 16) file.fail("damaged TIFF (samples of a pixel)");
  values_of_picture(out.height, out.width, samples, file.name());
  const auto places = page.fields.find(strip_offsets), counts = page.fields.find(strip_byte_counts);
  if (places == page.fields.end() || counts == page.fields.end() || places->second.size() != counts->second.size())
    file.fail("damaged TIFF (strips)");
  const std::size_t row = out.width * samples * size, all = out.height * row;
  const std::size_t rows = std::min<std::size_t>(out.height, one(rows_per_strip, 0xffffffff));
  const auto packing = one(compression, 1);
  const auto unpack = strip_unpacker(packing);
  std::vector<std::uint8_t> stored;
  for (std::size_t s = 0; s < places->second.size() && stored.size() < all; ++s) {
    const auto strip = file.part(places->second[s], counts->second[s]);
    const std::size_t most = std::min(rows * row, all - stored.size()), before = stored.size();
    unpack(strip, most, stored);
    if (stored.size() - before < most) file.fail("damaged TIFF (a strip ends early)");
  }
  if (stored.size() < all) file.fail("damaged TIFF (rows are missing)");
  const bool little = file.number(0, 1) == 'I',
             differences = packing != 1 && packing != 32773 && one(predictor, 1) == 2;
  if (differences) add_differences(stored, row, samples, out.wide, little);
  out.values.reserve(out.height * out.width * out.channels);
  for (std::size_t p = 0; p < out.height * out.width; ++p)
    for (std::size_t c = 0; c < out.channels; ++c) {
      const std::size_t at = (p * samples + c) * size;
      unsigned value = stored[at];
      if (out.wide) value = little ? value | unsigned{stored[at + 1]} << 8 : value << 8 | stored[at + 1];
      if (kind == 0) value = (out.wide ? 65535u : 255u) - value; // white is 0
      out.values.push_back(static_cast<std::uint16_t>(value));
    }
  return out;
}

} // namespace

std::vector<Picture> decode_tiff(std::span<const std::byte> bytes, const std::string &name) {
  const TiffBytes file(bytes, name);
  std::vector<Picture> out;
  std::size_t total = 0;
  for (std::size_t place = file.number(4, 4); place != 0;) {
    if (out.size() == most_pages) file.fail("has more than " + std::to_string(most_pages) + " pages");
    const Page page = read_page(file, place);
    out.push_back(read_picture(file, page));
    total += out.back().values.size();
    if (total > std::size_t{1} << 29) file.fail("has more than 2^29 values");
    place = page.next;
  }
  if (out.empty()) file.fail("has no picture");
  return out;
}

} // namespace engram::data
