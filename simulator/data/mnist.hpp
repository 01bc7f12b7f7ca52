// This lists the four files of MNIST with their checksums, and reads them.
#pragma once

#include "data/dataset.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace engram::data {

struct MnistFile {
  const char *name;
  std::size_t size;   ///< bytes, uncompressed
  const char *sha256; ///< of the uncompressed file
};

/// Training images and labels, test images and labels. The sizes follow from the format: 16 + 60000 · 784 and so on.
/// The checksums are those of LeCun's original files (1998), uncompressed.
inline constexpr std::array<MnistFile, 4> mnist_files{{
    {"train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};

/// True when `folder` has all four files, plain or gzip.
bool has_mnist(const std::string &folder);

/// Errors: DataError that begins with the file that is wrong.
Dataset load_mnist(const std::string &folder);

} // namespace engram::data
