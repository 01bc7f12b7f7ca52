#include "data/pictures/decode_picture.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

namespace engram::data {

namespace {

// libjpeg leaves a failed call by longjmp, over functions in C alone: each step below holds no object of C++.
struct JpegErrors {
  jpeg_error_mgr manager; // first, so that a pointer to it is one to this
  std::jmp_buf place;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void leave(j_common_ptr info) {
  auto *errors = reinterpret_cast<JpegErrors *>(info->err);
  info->err->format_message(info, errors->message.data());
  std::longjmp(errors->place, 1);
}

// A warning is of data that are damaged.
void count_warning(j_common_ptr info, int level) {
  if (level < 0) leave(info);
}

bool begin(jpeg_decompress_struct &info, JpegErrors &errors, std::span<const std::byte> bytes) {
  if (setjmp(errors.place)) return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&info, TRUE);
  return true;
}

bool read_rows(jpeg_decompress_struct &info, JpegErrors &errors, unsigned char *rows, std::size_t row_bytes) {
  if (setjmp(errors.place)) return false;
  jpeg_start_decompress(&info);
  while (info.output_scanline < info.output_height) {
    unsigned char *row = rows + info.output_scanline * row_bytes;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

struct Decompression {
  jpeg_decompress_struct info{};
  ~Decompression() { jpeg_destroy_decompress(&info); }
};

} // namespace

Picture decode_jpeg(std::span<const std::byte> bytes, const std::string &name) {
  JpegErrors errors{};
  Decompression decompression;
  auto &info = decompression.info;
  info.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = count_warning;
  const auto damaged = [&] { return DataError(name + ": damaged JPEG (" + errors.message.data() + ")"); };
  if (!begin(info, errors, bytes)) throw damaged();
  if (info.jpeg_color_space != JCS_GRAYSCALE && info.jpeg_color_space != JCS_YCbCr && info.jpeg_color_space != JCS_RGB)
    throw DataError(name +
                    ": a JPEG of neither grey values nor colours of three channels (CMYK, it may be) is not read");
  info.out_color_space = info.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  Picture out;
  out.height = info.image_height;
  out.width = info.image_width;
  out.channels = info.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
  std::vector<unsigned char> stored(values_of_picture(out.height, out.width, out.channels, name));
  if (!read_rows(info, errors, stored.data(), out.width * out.channels)) throw damaged();
  out.values.assign(stored.begin(), stored.end());
  return out;
}

} // namespace engram::data
