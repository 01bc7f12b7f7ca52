#include "data/npy_header.hpp"

#include "data/array.hpp"
#include "data/extent.hpp"

#include <bit>
#include <charconv>
#include <string_view>

namespace engram::data {

namespace {

/// Reads the dictionary from left to right; anything but the three known keys is refused.
class Dictionary {
public:
  Dictionary(std::string_view text, const std::string &name) : text_(text), name_(name) {}

  void read(NpyHeader &header) {
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        read_type(header);
      } else if (key == "fortran_order" && !order) {
        order = true;
        header.fortran_order = read_bool();
      } else if (key == "shape" && !shape) {
        shape = true;
        read_shape(header.shape);
      } else {
        fail("a key that is unknown or there twice");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (!text_.empty()) fail("text after the dictionary");
    if (!descr || !order || !shape) fail("'descr', 'fortran_order' or 'shape' is missing");
  }

private:
  [[noreturn]] void fail(const std::string &what) const { throw DataError(name_ + ": npy header: " + what); }

  void skip_blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t' || text_[0] == '\r'))
      text_.remove_prefix(1);
  }

  bool accept(char c) {
    skip_blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(std::string("'") + c + "' expected");
  }

  std::string_view quoted() {
    skip_blanks();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) fail("a quoted word expected");
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) fail("a quote is not closed");
    const std::string_view word = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return word;
  }

  bool read_bool() {
    skip_blanks();
    for (const auto &[word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}})
      if (text_.starts_with(word)) {
        text_.remove_prefix(word.size());
        return value;
      }
    fail("True or False expected");
  }

  void read_type(NpyHeader &header) {
    skip_blanks();
    if (!text_.empty() && text_[0] == '[') fail("records (structured types) are not read, only plain numbers");
    const std::string_view type = quoted();
    const bool known = type.size() == 3 && std::string_view("<>|=").find(type[0]) != std::string_view::npos;
    const std::string_view what = known ? type.substr(1) : std::string_view();
    for (const std::string_view offered : {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"})
      if (what == offered) {
        header.kind = what[0];
        header.bytes_each = static_cast<std::size_t>(what[1] - '0');
        header.big_endian = type[0] == '>' || (type[0] != '<' && std::endian::native == std::endian::big);
        return;
      }
    fail("values of this type are not read, only bool, integers and floats of up to 8 bytes");
  }

  void read_shape(std::vector<std::size_t> &shape) {
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      std::size_t axis = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), axis);
      if (error != std::errc()) fail("the shape is not a list of sizes");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      if (!text_.empty() && text_[0] == 'L') text_.remove_prefix(1); // written by Python 2
      if (shape.size() == maximum_axes) fail("more than " + std::to_string(maximum_axes) + " axes");
      shape.push_back(axis);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view text_;
  const std::string &name_;
};

} // namespace

NpyHeader parse_npy_header(std::span<const std::byte> bytes, const std::string &name) {
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  constexpr std::string_view magic = "\x93NUMPY";
  if (!text.starts_with(magic)) throw DataError(name + ": not a NumPy file");
  if (text.size() < 8) throw DataError(name + ": ends within the npy header");
  const int version = std::to_integer<int>(bytes[6]);
  if (version < 1 || version > 3)
    throw DataError(name + ": npy format version " + std::to_string(version) + ", 1 to 3 are read");

  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t text_begins = 8 + length_bytes;
  if (text.size() < text_begins) throw DataError(name + ": ends within the npy header");
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= std::to_integer<std::size_t>(bytes[8 + i]) << (8 * i);
  if (length > npy_header_limit - text_begins) throw DataError(name + ": the npy header is too long");
  if (length > text.size() - text_begins) throw DataError(name + ": ends within the npy header");

  NpyHeader header;
  Dictionary(text.substr(text_begins, length), name).read(header);
  header.count = count_values(header.shape, header.bytes_each, name);
  header.data_begins = text_begins + length;
  return header;
}

NpyHeader read_npy_header(const ByteSource &source, const std::string &name) {
  Bytes bytes;
  const auto take = [&](std::size_t count) {
    const std::size_t before = bytes.size();
    bytes.resize(before + count);
    const std::size_t got = source(std::span(bytes).subspan(before));
    bytes.resize(before + got);
    return got == count;
  };
  // The magic word, the version, the length of the text, the text; parse_npy_header() says what is wrong with them.
  if (!take(8)) return parse_npy_header(bytes, name);
  const std::size_t length_bytes = bytes[6] == std::byte{1} ? 2 : 4;
  if (!take(length_bytes)) return parse_npy_header(bytes, name);
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= std::to_integer<std::size_t>(bytes[8 + i]) << (8 * i);
  if (length <= npy_header_limit) take(length);
  return parse_npy_header(bytes, name);
}

} // namespace engram::data
