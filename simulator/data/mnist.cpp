#include "data/mnist.hpp"

#include "data/read.hpp"

#include <algorithm>
#include <filesystem>

namespace engram::data {

namespace {

/// The path of a file of MNIST in `folder`, plain rather than gzip; empty when there is neither.
std::string find_file(const std::string &folder, const char *name) {
  for (const char *ending : {"", ".gz"}) {
    const auto path = std::filesystem::path(folder) / (std::string(name) + ending);
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path.string();
  }
  return {};
}

struct Part {
  std::vector<std::uint8_t> images, labels;
};

std::vector<std::uint8_t> take_bytes(Array &array, const std::string &path) {
  auto *bytes = std::get_if<std::vector<std::uint8_t>>(&array.values);
  if (!bytes) throw DataError(path + ": the values of MNIST are bytes");
  return std::move(*bytes);
}

Part load_part(const std::string &images_path, const std::string &labels_path) {
  Array images = read_idx(images_path), labels = read_idx(labels_path);
  if (images.shape.size() != 3 || images.shape[1] != 28 || images.shape[2] != 28)
    throw DataError(images_path + ": not images of 28 × 28");
  if (labels.shape.size() != 1) throw DataError(labels_path + ": not a list of labels");
  if (labels.rows() != images.rows())
    throw DataError(labels_path + ": " + std::to_string(labels.rows()) + " labels for " +
                    std::to_string(images.rows()) + " images");
  Part part{take_bytes(images, images_path), take_bytes(labels, labels_path)};
  if (std::any_of(part.labels.begin(), part.labels.end(), [](std::uint8_t label) { return label > 9; }))
    throw DataError(labels_path + ": a label is above 9");
  return part;
}

} // namespace

bool has_mnist(const std::string &folder) {
  return std::all_of(mnist_files.begin(), mnist_files.end(),
                     [&](const MnistFile &file) { return !find_file(folder, file.name).empty(); });
}

Dataset load_mnist(const std::string &folder) {
  const auto path = [&](std::size_t i) { return find_file(folder, mnist_files[i].name); };
  Part all = load_part(path(0), path(1));
  const Part test = load_part(path(2), path(3));
  all.images.insert(all.images.end(), test.images.begin(), test.images.end());
  all.labels.insert(all.labels.end(), test.labels.begin(), test.labels.end());

  Dataset set;
  const std::size_t count = all.labels.size();
  set.inputs = Array{{count, 28 * 28}, std::move(all.images)};
  set.labels = Array{{count}, std::move(all.labels)};
  set.classes = 10;
  set.test = test.labels.size();
  set.scale = 1.0 / 255.0;
  return set;
}

} // namespace engram::data
