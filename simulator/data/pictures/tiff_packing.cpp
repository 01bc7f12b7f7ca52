// The section numbers are those of TIFF revision 6.0.
#include "data/pictures/tiff_packing.hpp"

#include <algorithm>
#include <zlib.h>

namespace engram::data {

namespace {

using Packed = std::span<const std::byte>;

std::uint8_t byte_at(Packed packed, std::size_t place) { return std::to_integer<std::uint8_t>(packed[place]); }

void copy_strip(Packed packed, std::size_t most, std::vector<std::uint8_t> &out) {
  for (std::size_t k = 0; k < std::min(packed.size(), most); ++k) out.push_back(byte_at(packed, k));
}

// Section 9: n in 0 … 127 is followed by n + 1 bytes as they are, −n in −127 … −1 by one byte that stands n + 1 times;
// −128 is nothing.
void unpack_bits(Packed packed, std::size_t most, std::vector<std::uint8_t> &out) {
  const std::size_t end = out.size() + most;
  for (std::size_t k = 0; k < packed.size() && out.size() < end;) {
    const auto head = byte_at(packed, k++);
    if (head == 128) continue;
    const std::size_t count = std::min<std::size_t>(head < 128 ? head + 1u : 257u - head, end - out.size());
    if (head > 128) {
      if (k < packed.size()) out.insert(out.end(), count, byte_at(packed, k++));
      continue;
    }
    for (std::size_t i = 0; i < count && k < packed.size(); ++i) out.push_back(byte_at(packed, k++));
  }
}

// Codes of 9 to 12 bits, the highest bit first.
class Codes {
public:
  explicit Codes(Packed packed) : packed_(packed) {}

  bool next(unsigned width, std::uint32_t &code) {
    for (; bits_ < width; bits_ += 8) {
      if (place_ == packed_.size()) return false;
      held_ = held_ << 8 | byte_at(packed_, place_++);
    }
    bits_ -= width;
    code = held_ >> bits_;
    held_ &= (1u << bits_) - 1;
    return true;
  }

private:
  Packed packed_;
  std::size_t place_ = 0;
  std::uint32_t held_ = 0;
  unsigned bits_ = 0;
};

// Section 13. A string of the table is one that came out with the byte behind it, so a place in `out` and a length tell
// it: also that of the last code, whose byte behind it is the first of the next one.
void unpack_lzw(Packed packed, std::size_t most, std::vector<std::uint8_t> &out) {
  struct String {
    std::size_t begin = 0, length = 0;
  };
  constexpr std::uint32_t clear = 256, end_of_strip = 257, first_string = 258, most_strings = 4096 - first_string;
  const std::size_t end = out.size() + most;
  std::vector<String> table;
  String last; // what the last code gave; of length 0 behind a clear
  Codes codes(packed);
  for (std::uint32_t code = 0; out.size() < end;) {
    // One code earlier than the table asks for.
    const std::size_t next = first_string + table.size();
    if (!codes.next(next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12, code) || code == end_of_strip) return;
    if (code == clear) {
      table.clear();
      last = {};
      continue;
    }
    if (last.length > 0) {
      if (table.size() == most_strings) return;
      table.push_back({last.begin, last.length + 1});
    }
    const std::size_t begin = out.size();
    if (code < clear) {
      out.push_back(static_cast<std::uint8_t>(code));
    } else {
      if (code - first_string >= table.size()) return;
      const String string = table[code - first_string];
      for (std::size_t k = 0; k < string.length && out.size() < end; ++k) out.push_back(out[string.begin + k]);
    }
    last = {begin, out.size() - begin};
  }
}

// A strip that zlib finds damaged, also by the check value at its end, gives no bytes.
void unpack_deflate(Packed packed, std::size_t most, std::vector<std::uint8_t> &out) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return;
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(packed.data())); // zlib does not write there
  stream.avail_in = static_cast<uInt>(packed.size());                                 // a TIFF has less than 2^32 bytes
  std::uint8_t block[1 << 14];
  const std::size_t begin = out.size(), end = begin + most;
  int status = Z_OK;
  while (status == Z_OK && out.size() < end) {
    stream.next_out = block;
    stream.avail_out = static_cast<uInt>(std::min(sizeof block, end - out.size()));
    const auto asked = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), block, block + (asked - stream.avail_out));
  }
  if (status == Z_OK) { // the check value may be still to come, behind rows that are no part of the picture
    stream.next_out = block;
    stream.avail_out = static_cast<uInt>(std::min(sizeof block, most));
    status = inflate(&stream, Z_NO_FLUSH); // Z_BUF_ERROR of a strip without its end
  }
  inflateEnd(&stream);
  if (status == Z_DATA_ERROR || status == Z_NEED_DICT) out.resize(begin);
}

} // namespace

UnpackStrip strip_unpacker(std::uint32_t compression) {
  switch (compression) {
  case 1:
    return copy_strip;
  case 5:
    return unpack_lzw;
  case 8:
  case 32946:
    return unpack_deflate;
  case 32773:
    return unpack_bits;
  default:
    return nullptr;
  }
}

void add_differences(std::vector<std::uint8_t> &stored, std::size_t row, std::size_t samples, bool wide, bool little) {
  const std::size_t size = wide ? 2 : 1, pixel = samples * size;
  for (std::size_t begin = 0; begin + row <= stored.size(); begin += row)
    for (std::size_t k = pixel; k < row; k += size) {
      std::uint8_t *value = stored.data() + begin + k;
      const std::uint8_t *before = value - pixel;
      if (!wide) {
        *value = static_cast<std::uint8_t>(*value + *before);
        continue;
      }
      const unsigned low = little ? 0 : 1, high = 1 - low;
      const unsigned sum = (value[high] << 8 | value[low]) + (before[high] << 8 | before[low]);
      value[low] = static_cast<std::uint8_t>(sum);
      value[high] = static_cast<std::uint8_t>(sum >> 8);
    }
}

} // namespace engram::data
