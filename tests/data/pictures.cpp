// These tests read small pictures that Pillow wrote (fixtures/make_pictures.py) as Pillow reads them.
#include "data/pictures/pictures.hpp"

#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/pictures/decode_picture.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

const nlohmann::json &as_pillow_reads() {
  static const auto all = nlohmann::json::parse(std::ifstream(fixture("pictures.json")));
  return all;
}

// Without an axis of one picture.
void check_values(const Array &array, const std::string &name) {
  INFO(name);
  const auto &expected = as_pillow_reads().at(name);
  auto shape = expected.at("shape").get<std::vector<std::size_t>>();
  if (array.shape.at(0) == 1) shape.insert(shape.begin(), 1);
  CHECK(array.shape == shape);
  const auto values = expected.at("values").get<std::vector<double>>();
  REQUIRE(array.size() == values.size());
  std::size_t wrong = 0;
  for (std::size_t k = 0; k < values.size(); ++k) wrong += array.at(k) != values[k];
  CHECK(wrong == 0);
}

// Of the first page of a little-endian TIFF: places of the numbers that say where strips are, and how long.
struct Strips {
  std::vector<std::size_t> offset_fields, count_fields;
  std::size_t offset_size = 0, count_size = 0; // bytes of such a number
};

std::size_t number_at(const std::vector<std::byte> &bytes, std::size_t place, std::size_t size) {
  std::size_t out = 0;
  for (std::size_t k = size; k-- > 0;) out = out << 8 | std::to_integer<std::size_t>(bytes.at(place + k));
  return out;
}

Strips strips_of(const std::vector<std::byte> &bytes) {
  Strips out;
  const std::size_t page = number_at(bytes, 4, 4);
  for (std::size_t e = 0; e < number_at(bytes, page, 2); ++e) {
    const std::size_t at = page + 2 + 12 * e, tag = number_at(bytes, at, 2), count = number_at(bytes, at + 4, 4);
    if (tag != 273 && tag != 279) continue;
    const std::size_t size = number_at(bytes, at + 2, 2) == 3 ? 2 : 4, // SHORT or LONG
        from = count * size <= 4 ? at + 8 : number_at(bytes, at + 8, 4);
    for (std::size_t k = 0; k < count; ++k)
      (tag == 273 ? out.offset_fields : out.count_fields).push_back(from + k * size);
    (tag == 273 ? out.offset_size : out.count_size) = size;
  }
  return out;
}

} // namespace

TEST_CASE("pictures have the values that Pillow reads", "[data]") {
  for (const char *name :
       {"grey.png", "colour.png", "palette.png", "alpha.png", "colour.jpg", "grey.jpg", "packbits.tif", "colour.tif",
        "pages.tif", "deflated.tif", "lzw.tif", "lzw_noise.tif", "wide.tif", "wide_deflated.tif",
        "wide_differences.tif", "wide.png", "wide_colour.png", "pictures.zip"})
    check_values(read_pictures(fixture(name)).array, name);
  check_values(grey_values(read_pictures(fixture("colour.png")).array), "luma of colour.png");
  check_values(read_array(fixture("packbits.tif"), ""), "packbits.tif");
}

TEST_CASE("an archive of pictures has them in the order of their names", "[data]") {
  CHECK(read_pictures(fixture("pictures.zip")).names == std::vector<std::string>{"set/a.png", "set/b.png"});
  check_values(read_pictures(fixture("pictures.zip"), "set/a.png").array, "colour.png");
  CHECK_THAT(refusal(fixture("pictures.zip"), [] { read_pictures(fixture("pictures.zip"), "set/c.png"); }),
             ContainsSubstring("has no picture 'set/c.png'"));
  CHECK_THAT(refusal(fixture("grey.png"), [] { read_pictures(fixture("grey.png"), "a"); }),
             ContainsSubstring("is one file of pictures"));
  const TemporaryFolder folder;
  const auto arrays = (folder.path / "arrays.zip").string();
  std::filesystem::copy_file(fixture("one.npz"), arrays);
  CHECK_THAT(refusal(arrays, [&] { read_pictures(arrays); }), ContainsSubstring("holds no pictures"));
}

TEST_CASE("pictures that are not read are refused with what to do", "[data]") {
  const auto why = [](const char *name) { return refusal(fixture(name), [&] { read_pictures(fixture(name)); }); };
  CHECK_THAT(why("cmyk.jpg"), ContainsSubstring("CMYK"));
  CHECK_THAT(why("jpeg.tif"), ContainsSubstring("packed as with compression 7: save it without, or as PNG"));
  CHECK_THAT(why("turned.tif"), ContainsSubstring("turned (orientation 6)"));
}

// Each file cut at every place, and with each of its bytes changed, is read or refused: a cut one is refused.
TEST_CASE("damaged pictures are refused", "[data]") {
  for (const char *name : {"grey.png", "wide.png", "grey.jpg", "packbits.tif", "wide.tif", "deflated.tif", "lzw.tif",
                           "wide_differences.tif"}) {
    INFO(name);
    const auto bytes = bytes_of(fixture(name));
    const auto decode = [&](std::span<const std::byte> part) {
      if (std::string(name).ends_with("png")) return decode_png(part, "it").values.size();
      if (std::string(name).ends_with("jpg")) return decode_jpeg(part, "it").values.size();
      return decode_tiff(part, "it").front().values.size();
    };
    const std::size_t whole = decode(bytes);
    // A TIFF may hold more behind its picture; of a PNG and a JPEG the mark of the end may be missing.
    for (std::size_t length = 0; length + 30 < bytes.size(); ++length) {
      std::size_t read = 0;
      try {
        read = decode(std::span(bytes).first(length));
      } catch (const DataError &) {
        continue;
      }
      CHECK((read == whole && std::string(name).ends_with("tif")));
    }
    for (std::size_t place = 0; place < bytes.size(); ++place)
      for (const unsigned flip : {1u, 0x80u, 0xffu}) {
        auto other = bytes;
        other[place] ^= static_cast<std::byte>(flip);
        try {
          decode(other);
        } catch (const DataError &error) {
          CHECK(std::string(error.what()).starts_with("it: "));
        }
      }
  }
}

// RFC 1950: the Adler-32 of what was packed stands in the last four bytes of a zlib stream.
TEST_CASE("a strip of deflate whose check value is another is refused, and one without is read", "[data]") {
  for (const char *name : {"deflated.tif", "wide_deflated.tif"}) {
    INFO(name);
    const auto bytes = bytes_of(fixture(name));
    const auto whole = decode_tiff(bytes, "it").front().values;
    const Strips strips = strips_of(bytes);
    REQUIRE(!strips.offset_fields.empty());
    REQUIRE(strips.offset_fields.size() == strips.count_fields.size());
    for (std::size_t s = 0; s < strips.offset_fields.size(); ++s) {
      const std::size_t count = number_at(bytes, strips.count_fields[s], strips.count_size),
                        end = number_at(bytes, strips.offset_fields[s], strips.offset_size) + count;
      for (std::size_t back = 1; back <= 4; ++back) {
        auto other = bytes;
        other.at(end - back) ^= std::byte{1};
        CHECK_THROWS_WITH(decode_tiff(other, "it"), ContainsSubstring("damaged TIFF (a strip ends early)"));
      }
      auto shorter = bytes;
      for (std::size_t k = 0; k < strips.count_size; ++k)
        shorter.at(strips.count_fields[s] + k) = static_cast<std::byte>((count - 4) >> 8 * k);
      CHECK(decode_tiff(shorter, "it").front().values == whole);
    }
  }
}

TEST_CASE("inspect says what pictures are", "[data]") {
  const auto archive = describe_file(fixture("pictures.zip"));
  CHECK(archive.format == "archive of pictures");
  REQUIRE(archive.children.size() == 2);
  CHECK(archive.children[1].name == "set/b.png");
  CHECK(archive.children[1].shape == std::vector<std::size_t>{5, 7, 3});
  for (const char *name : {"wide.tif", "wide.png"}) CHECK(describe_file(fixture(name)).children.at(0).type == "uint16");
}
