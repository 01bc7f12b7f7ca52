// This turns HDF5's stack of errors into one line.
#include "data/hdf5.hpp"

#include <array>
#include <string_view>

namespace engram::data::hdf5 {

Quiet::Quiet() {
  H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

Handle &Handle::operator=(Handle &&other) noexcept {
  if (this != &other) {
    reset();
    id_ = std::exchange(other.id_, H5I_INVALID_HID);
  }
  return *this;
}

void Handle::reset() {
  if (id_ < 0) return;
  const Quiet quiet;
  H5Idec_ref(id_);
  id_ = H5I_INVALID_HID;
}

namespace {
// "file write failed: time = …, errno = 28, error message = 'No space left on device', buf = …": what counts of it.
std::string system_reason(const std::string &text) {
  constexpr std::string_view before = "error message = '";
  const auto begin = text.find(before);
  const auto end = begin == std::string::npos ? begin : text.find('\'', begin + before.size());
  return end == std::string::npos ? text : text.substr(begin + before.size(), end - begin - before.size());
}
} // namespace

std::string reason() {
  std::string text;
  // Upward: the first entry is where it went wrong, the last the function that was called.
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t *error, void *out) -> herr_t {
        if (depth == 0 && error->desc != nullptr) *static_cast<std::string *>(out) = error->desc;
        return 0;
      },
      &text);
  for (auto &letter : text)
    if (letter == '\n') letter = ' ';
  return system_reason(text);
}

namespace {
using NameOf = ssize_t (*)(hid_t, char *, size_t);
std::string name_of(NameOf ask, hid_t object) {
  std::array<char, 4096> name{};
  return ask(object, name.data(), name.size()) > 0 ? std::string(name.data()) : std::string();
}
} // namespace

void fail(hid_t object, const std::string &what) {
  const Quiet quiet;
  const std::string why = reason(); // before the next call clears it
  std::string text = name_of(H5Fget_name, object);
  const std::string path = H5Iget_type(object) == H5I_FILE ? "" : name_of(H5Iget_name, object);
  if (!path.empty() && path != "/") text += (text.empty() ? "" : ": ") + path;
  text += (text.empty() ? "" : ": ") + what;
  throw Failure(why.empty() ? text : text + ": " + why);
}

} // namespace engram::data::hdf5
