#include "data/hdf5_source.hpp"

#include "data/hdf5_object.hpp"
#include "data/printable.hpp"

#include <sys/stat.h>

namespace engram::data::hdf5 {

namespace {
constexpr std::size_t largest_room = std::size_t{32} << 20; // bytes that are kept for the next read

/// All 0 where that cannot be told.
FileState state_of(hid_t file) {
  const Quiet quiet;
  void *descriptor = nullptr;
  struct stat status {};
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) < 0 || descriptor == nullptr ||
      ::fstat(*static_cast<int *>(descriptor), &status) != 0)
    return {};
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  return {number(status.st_dev), number(status.st_ino), number(status.st_size), number(status.st_mtim.tv_sec),
          number(status.st_mtim.tv_nsec)};
}
} // namespace

LocalSource::LocalSource(const std::string &path) : file_(open_read(path)), state_(state_of(file_.get())) {}

void LocalSource::require_whole() const {
  if (state_of(file_.get()).size < state_.size) throw Failure("was cut short while it was read");
}

hid_t LocalSource::find(const std::string &object) {
  if (last_ && last_path_ == object) return last_.get();
  last_ = open_object(file_.get(), object);
  last_path_ = object;
  return last_.get();
}

hid_t LocalSource::open(const std::string &object) {
  const hid_t found = find(object);
  if (found < 0) fail(file_.get(), printable(object, 200) + " cannot be opened");
  return found;
}

About LocalSource::about(const std::string &path) {
  About about;
  const hid_t object = find(path);
  if (object < 0) return about;
  about.kind = is_group(object) ? About::Kind::group : is_dataset(object) ? About::Kind::dataset : About::Kind::other;
  if (!about.is_dataset()) return about;
  about.type = dataset_type(object);
  const auto extents = shape(object);
  about.shape.assign(extents.begin(), extents.end());
  about.numbers = holds_numbers(object);
  about.texts = holds_texts(object);
  return about;
}

std::vector<std::string> LocalSource::children(const std::string &group) { return hdf5::children(open(group)); }

std::vector<std::string> LocalSource::attribute(const std::string &object, const std::string &name) {
  return attribute_texts(open(object), name);
}

double LocalSource::attribute_number(const std::string &object, const std::string &name, double fallback) {
  return hdf5::attribute_number(open(object), name, fallback);
}

std::vector<std::string> LocalSource::texts(const std::string &dataset, std::size_t first, std::size_t count) {
  auto texts = read_text_rows(open(dataset), first, count);
  require_whole();
  return texts;
}

void LocalSource::numbers(const std::string &path, std::size_t first, std::size_t count, const TakeNumbers &take) {
  const hid_t dataset = open(path);
  if (!is_dataset(dataset)) fail(dataset, "holds no values");
  std::visit(
      [&]<class T>(const TakeRows<T> &rows_of) {
        auto &room = std::get<std::vector<T>>(room_);
        const std::size_t width = row_width(dataset);
        read_row_blocks<T>(dataset, first, count, room,
                           [&](const T *values, std::size_t rows) { rows_of(values, rows, width); });
        if (room.size() * sizeof(T) > largest_room) std::vector<T>().swap(room);
      },
      take);
  require_whole();
}

} // namespace engram::data::hdf5
