#include "data/pictures/decode_picture.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

namespace engram::data {

namespace {

// 16 bits a value need libpng's older interface: the newer one takes such files as linear light, and so changes values
// where a file says how they were coded. It leaves a failed call by longjmp, over functions in C alone: the steps below
// hold no object of C++.
struct PngBytes {
  std::span<const std::byte> rest;
  std::array<char, 256> message{};
};

[[noreturn]] void leave_png(png_structp png, png_const_charp why) {
  auto *bytes = static_cast<PngBytes *>(png_get_error_ptr(png));
  std::snprintf(bytes->message.data(), bytes->message.size(), "%s", why);
  png_longjmp(png, 1);
}

void ignore_warning(png_structp /*png*/, png_const_charp /*why*/) {}

void give_bytes(png_structp png, png_bytep to, png_size_t count) {
  auto *bytes = static_cast<PngBytes *>(png_get_io_ptr(png));
  if (count > bytes->rest.size()) png_error(png, "it ends early");
  std::memcpy(to, bytes->rest.data(), count);
  bytes->rest = bytes->rest.subspan(count);
}

bool read_png_head(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_info(png, info);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool read_png_rows(png_structp png, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_image(png, rows);
  png_read_end(png, nullptr);
  return true;
}

struct PngReading {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ~PngReading() { png_destroy_read_struct(&png, &info, nullptr); }
};

Picture decode_wide_png(std::span<const std::byte> file, const std::string &name) {
  PngBytes bytes{file};
  PngReading reading;
  reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &bytes, leave_png, ignore_warning);
  reading.info = reading.png ? png_create_info_struct(reading.png) : nullptr;
  if (!reading.info) throw DataError(name + ": libpng could not begin to read it");
  const auto damaged = [&] { return DataError(name + ": damaged PNG (" + bytes.message.data() + ")"); };
  png_set_read_fn(reading.png, &bytes, give_bytes);
  if (!read_png_head(reading.png, reading.info)) throw damaged();
  Picture out;
  out.wide = true;
  out.height = png_get_image_height(reading.png, reading.info);
  out.width = png_get_image_width(reading.png, reading.info);
  const std::size_t stored = png_get_channels(reading.png, reading.info); // an alpha channel is the last of 2 or 4
  out.channels = stored < 3 ? 1 : 3;
  const std::size_t values = values_of_picture(out.height, out.width, out.channels, name),
                    row_bytes = 2 * stored * out.width;
  if (png_get_bit_depth(reading.png, reading.info) != 16 || png_get_rowbytes(reading.png, reading.info) != row_bytes)
    throw DataError(name + ": a PNG whose values are of neither 8 nor 16 bits");
  std::vector<png_byte> all(out.height * row_bytes);
  std::vector<png_bytep> rows(out.height);
  for (std::size_t r = 0; r < out.height; ++r) rows[r] = all.data() + r * row_bytes;
  if (!read_png_rows(reading.png, rows.data())) throw damaged();
  out.values.reserve(values);
  for (std::size_t p = 0; p < out.height * out.width; ++p)
    for (std::size_t c = 0; c < out.channels; ++c) {
      const png_byte *two = all.data() + 2 * (p * stored + c); // the greater half first
      out.values.push_back(static_cast<std::uint16_t>(two[0] << 8 | two[1]));
    }
  return out;
}

} // namespace

Picture decode_png(std::span<const std::byte> bytes, const std::string &name) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto fail = [&]() -> DataError {
    const std::string why = image.message;
    png_image_free(&image);
    return DataError(name + ": damaged PNG (" + why + ")");
  };
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) throw fail();
  if (image.format & PNG_FORMAT_FLAG_LINEAR) { // 16 bits a value
    png_image_free(&image);
    return decode_wide_png(bytes, name);
  }
  const bool alpha = image.format & PNG_FORMAT_FLAG_ALPHA, colour = image.format & PNG_FORMAT_FLAG_COLOR;
  // Asked for with its alpha, a value is not mixed with a background.
  image.format = colour ? (alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB) : (alpha ? PNG_FORMAT_GA : PNG_FORMAT_GRAY);
  Picture out;
  out.height = image.height;
  out.width = image.width;
  out.channels = colour ? 3 : 1;
  std::vector<png_byte> stored;
  try {
    values_of_picture(out.height, out.width, out.channels, name);
    stored.resize(PNG_IMAGE_SIZE(image));
    out.values.reserve(out.height * out.width * out.channels);
  } catch (...) {
    png_image_free(&image);
    throw;
  }
  // A warning is no failure: it is of colour profiles, mostly.
  if (!png_image_finish_read(&image, nullptr, stored.data(), 0, nullptr)) throw fail();
  const std::size_t each = out.channels + (alpha ? 1 : 0);
  for (std::size_t p = 0; p < out.height * out.width; ++p)
    for (std::size_t c = 0; c < out.channels; ++c) out.values.push_back(stored[p * each + c]);
  return out;
}

} // namespace engram::data
