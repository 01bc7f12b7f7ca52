#include "data/hdf5_outside.hpp"

#include "data/hdf5_object.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>

namespace engram::data::hdf5 {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 1000;

/// The folder of a file with no link and no ".." in its name; empty where there is none.
fs::path true_folder(const fs::path &file) {
  std::error_code failed;
  const fs::path folder = fs::canonical(fs::absolute(file, failed).parent_path(), failed);
  return failed ? fs::path() : folder;
}

bool is_below(const fs::path &file, const fs::path &folder) {
  if (folder.empty()) return false;
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

/// In the order in which HDF5 1.10 to 1.14 try them (H5F_prefix_open_file).
std::vector<fs::path> candidates(const std::string &name, const fs::path &from, const char *variable) {
  std::vector<fs::path> all;
  fs::path rest(name);
  if (rest.is_absolute()) {
    all.push_back(rest);
    rest = rest.filename();
  }
  if (const char *prefixes = std::getenv(variable)) {
    std::string text = prefixes;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(':'), text.size());
      if (end > 0) all.push_back(fs::path(text.substr(0, end)) / rest);
      text.erase(0, std::min(end + 1, text.size()));
    }
  }
  std::error_code failed;
  all.push_back(fs::absolute(from, failed).parent_path() / rest);
  all.push_back(rest);
  const fs::path real = fs::canonical(from, failed);
  if (!failed) all.push_back(real.parent_path() / rest);
  return all;
}

/// A chunk is unpacked whole, however little of it is read. So it must not claim or hold more than data of its dataset
/// can. Other damage is found where it is read. `visits`: of chunks that may still be made, for HDF5 finds each chunk
/// by a walk over those before it.
void check_chunks(hid_t dataset, hid_t creation, hsize_t &visits) {
  constexpr hsize_t always_allowed = hsize_t{256} << 20, largest_ratio = 1100; // deflate shrinks 1032-fold at most
  const Handle type(H5Dget_type(dataset)), space(H5Dget_space(dataset));
  hsize_t chunks = 0;
  if (!type || !space || H5Dget_num_chunks(dataset, space.get(), &chunks) < 0) return;
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, extents.data());
  hsize_t bytes = H5Tget_size(type.get());
  for (int axis = 0; axis < rank; ++axis)
    if (__builtin_mul_overflow(bytes, extents[static_cast<std::size_t>(axis)], &bytes)) fail(dataset, "is too large");
  const hsize_t stored = H5Dget_storage_size(dataset);
  if (stored > 0 && bytes > always_allowed && bytes / largest_ratio > stored)
    fail(dataset, "has chunks of " + std::to_string(bytes) + " bytes, and the file holds " + std::to_string(stored));
  // Packing makes data larger by some bytes at most. A larger chunk would unpack to more than its place.
  const hsize_t room = bytes + bytes / 16 + 65536;
  const bool overflow = __builtin_mul_overflow(chunks, room, &bytes);
  if (!overflow && stored > bytes) fail(dataset, "holds more bytes than its chunks have room for");
  if (stored <= room || chunks > 1'000'000 || chunks * (chunks + 1) / 2 > visits) return;
  visits -= chunks * (chunks + 1) / 2;
  for (hsize_t k = 0; k < chunks; ++k) {
    unsigned filters = 0;
    haddr_t address = 0;
    hsize_t size = 0;
    if (H5Dget_chunk_info(dataset, space.get(), k, extents.data(), &filters, &address, &size) < 0) return;
    if (size > room) fail(dataset, "has a chunk with more bytes than it has room for");
  }
}

class OutsideWalk {
public:
  explicit OutsideWalk(const std::string &path) : path_(path) {
    std::error_code failed;
    const fs::path real = fs::canonical(path, failed);
    folders_ = {true_folder(path), failed ? fs::path() : real.parent_path()};
    walk_file(path, real);
  }
  std::vector<std::string> take() { return {found_.begin(), found_.end()}; }

private:
  [[noreturn]] void refuse(const std::string &place, const std::string &what) const {
    throw Failure(path_ + ": " + printable(place, 200) + " " + what);
  }

  /// Notes a file that may be used; refuses one that may not.
  fs::path allow(const fs::path &file, const std::string &place) {
    std::error_code failed;
    const fs::path real = fs::canonical(file, failed);
    const auto folder =
        std::find_if(folders_.begin(), folders_.end(), [&](const auto &f) { return is_below(real, f); });
    if (failed || folder == folders_.end() || !fs::is_regular_file(real, failed))
      refuse(place, "lies in " + printable(file.string(), 200) +
                        ": values are taken from other files only where they are in the folder of this one, or below "
                        "it");
    found_.insert(real.lexically_relative(*folder).string());
    if (found_.size() > most_files) refuse(place, "is in one of more than 1000 files");
    return real;
  }

  /// Where HDF5 will find a file of that name; nothing where it will find none. What it finds is walked.
  std::optional<fs::path> follow(const std::string &name, const fs::path &from, const char *variable,
                                 const std::string &place) {
    for (const fs::path &candidate : candidates(name, from, variable)) {
      std::error_code failed;
      if (!fs::exists(candidate, failed)) continue;
      const fs::path real = allow(candidate, place);
      if (walk_file(candidate, real)) return candidate;
    }
    return std::nullopt;
  }

  /// False when it is no HDF5 file. `real` is empty or its true name.
  bool walk_file(const fs::path &file, const fs::path &real) {
    const Quiet quiet;
    if (!real.empty() && walked_.contains(real)) return true;
    const Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
    if (!opened) return false; // open_read says why of the first
    walked_.insert(real);
    const Handle root(H5Gopen2(opened.get(), "/", H5P_DEFAULT));
    if (root) walk_group(root.get(), file);
    return true;
  }

  void walk_group(hid_t top, const fs::path &file) {
    struct Level {
      Handle group;
      std::string place;
    };
    std::set<std::pair<unsigned long, haddr_t>> seen{identity(top)};
    std::vector<Level> waiting; // a list of our own: a file may nest its groups without end
    waiting.push_back({Handle(H5Gopen2(top, ".", H5P_DEFAULT)), ""});
    while (!waiting.empty()) {
      const Level level = std::move(waiting.back());
      waiting.pop_back();
      for (const std::string &name : children(level.group.get())) {
        const std::string place = level.place + "/" + name;
        H5L_info_t link{};
        if (H5Lget_info(level.group.get(), name.c_str(), &link, H5P_DEFAULT) < 0) continue;
        if (link.type == H5L_TYPE_EXTERNAL) check_link(level.group.get(), name, link.u.val_size, file, place);
        if (link.type != H5L_TYPE_HARD) continue; // what a soft link leads to is met at its own place
        Handle object(H5Oopen(level.group.get(), name.c_str(), H5P_DEFAULT));
        if (!object || !seen.insert(identity(object.get())).second) continue;
        if (is_dataset(object.get())) check_dataset(object.get(), file, place);
        if (is_group(object.get())) waiting.push_back({std::move(object), place});
      }
    }
  }

  void check_link(hid_t group, const std::string &name, std::size_t size, const fs::path &from,
                  const std::string &place) {
    std::vector<char> value(size + 1, '\0');
    const char *file = nullptr, *object = nullptr;
    unsigned flags = 0;
    if (size > 65536 || H5Lget_val(group, name.c_str(), value.data(), size, H5P_DEFAULT) < 0 ||
        H5Lunpack_elink_val(value.data(), size, &flags, &file, &object) < 0)
      refuse(place, "is a damaged link");
    follow(file, from, "HDF5_EXT_PREFIX", place);
  }

  void check_dataset(hid_t dataset, const fs::path &from, const std::string &place) {
    const Handle creation(H5Dget_create_plist(dataset));
    if (!creation) refuse(place, "is damaged");
    const int parts = H5Pget_external_count(creation.get());
    for (int k = 0; k < parts; ++k) check_storage(creation.get(), static_cast<unsigned>(k), dataset, from, place);
    if (H5Pget_layout(creation.get()) == H5D_CHUNKED) check_chunks(dataset, creation.get(), visits_);
    if (H5Pget_layout(creation.get()) == H5D_VIRTUAL) check_virtual(creation.get(), from, place);
  }

  /// HDF5 reads what is missing at the end of such a file as zeros.
  void check_storage(hid_t creation, unsigned part, hid_t dataset, const fs::path &from, const std::string &place) {
    std::array<char, 4096> text{};
    off_t offset = 0;
    hsize_t size = 0;
    if (H5Pget_external(creation, part, text.size() - 1, text.data(), &offset, &size) < 0)
      refuse(place, "has a damaged list of files");
    fs::path file(text.data());
    const char *prefix = std::getenv("HDF5_EXTFILE_PREFIX");
    if (file.is_relative() && prefix != nullptr && *prefix != '\0')
      file = std::string(prefix) == "${ORIGIN}" ? fs::absolute(from).parent_path() / file : fs::path(prefix) / file;
    std::error_code failed;
    if (!fs::exists(file, failed))
      refuse(place, "lies in " + printable(file.string(), 200) + ", and there is no such file");
    const fs::path real = allow(file, place);
    const hsize_t wanted = size == H5F_UNLIMITED ? H5Dget_storage_size(dataset) : size;
    const auto there = fs::file_size(real, failed);
    if (failed || offset < 0 || there < static_cast<std::uintmax_t>(offset) ||
        there - static_cast<std::uintmax_t>(offset) < wanted)
      refuse(place, "lies in " + printable(file.string(), 200) + ", which is too short");
  }

  /// HDF5 reads what it cannot find of a virtual dataset as its fill value.
  void check_virtual(hid_t creation, const fs::path &from, const std::string &place) {
    std::size_t sources = 0;
    if (H5Pget_virtual_count(creation, &sources) < 0) refuse(place, "has a damaged list of sources");
    for (std::size_t k = 0; k < sources; ++k) {
      const std::string file = virtual_text(H5Pget_virtual_filename, creation, k, place),
                        object = virtual_text(H5Pget_virtual_dsetname, creation, k, place);
      if (file.find('%') != std::string::npos || object.find('%') != std::string::npos)
        refuse(place, "is put together from files or datasets that are counted by a pattern, which is not read");
      fs::path source = from;
      if (file != ".") {
        const auto found = follow(file, from, "HDF5_VDS_PREFIX", place);
        if (!found) refuse(place, "takes values from " + printable(file, 200) + ", and there is no such HDF5 file");
        source = *found;
      }
      const Handle opened(H5Fopen(source.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
      const Handle dataset(opened ? H5Dopen2(opened.get(), object.c_str(), H5P_DEFAULT) : H5I_INVALID_HID);
      if (!dataset)
        refuse(place, "takes values from " + printable(source.string(), 200) + ":" + printable(object, 200) +
                          ", which is not there");
    }
  }

  template <class Ask>
  std::string virtual_text(Ask ask, hid_t creation, std::size_t source, const std::string &place) const {
    const ssize_t length = ask(creation, source, nullptr, 0);
    if (length < 0 || length > 65536) refuse(place, "has a damaged list of sources");
    std::string text(static_cast<std::size_t>(length) + 1, '\0');
    ask(creation, source, text.data(), text.size());
    text.pop_back();
    return text;
  }

  const std::string path_;
  std::array<fs::path, 2> folders_;
  std::set<fs::path> walked_;
  std::set<std::string> found_;
  hsize_t visits_ = 4'000'000; // a tenth of a second
};

} // namespace

std::vector<std::string> outside_files(const std::string &path) { return OutsideWalk(path).take(); }

} // namespace engram::data::hdf5
