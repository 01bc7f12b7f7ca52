#include "data/pictures/decode_picture.hpp"

#include <png.h>

namespace engram::data {

Picture decode_png(std::span<const std::byte> bytes, const std::string &name) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto fail = [&]() -> DataError {
    const std::string why = image.message;
    png_image_free(&image);
    return DataError(name + ": damaged PNG (" + why + ")");
  };
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) throw fail();
  if (image.format & PNG_FORMAT_FLAG_LINEAR) {
    png_image_free(&image);
    throw DataError(name + ": a PNG of 16 bits a value is not read: save it with 8, or as TIFF");
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
