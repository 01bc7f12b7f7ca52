#include "record/partial_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>

namespace engram::record {

namespace {
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  const int number;
};

[[noreturn]] void refuse(const std::string &path, const std::string &why) {
  throw std::runtime_error(path + ": cannot be written: " + why);
}
} // namespace

void check_writable(const std::string &path, const std::string &partial) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) refuse(path, "it is a folder");
  const Descriptor file(::open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.number < 0) refuse(path, std::strerror(errno));
  // Asked here, for HDF5 empties a file before it finds it locked.
  if (::flock(file.number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    refuse(path, "another program has " + partial + " open");
}

hdf5::Handle create_crash_safe(const std::string &path) {
  const hdf5::Quiet quiet;
  const hdf5::Handle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_file_space_strategy(creation.get(), H5F_FSPACE_STRATEGY_NONE, false, 1);
  hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT));
  if (!file) refuse(path, hdf5::reason());
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  bool good = H5Fget_mdc_config(file.get(), &cache) >= 0;
  cache.evictions_enabled = false;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  good = good && H5Fset_mdc_config(file.get(), &cache) >= 0;
  if (!good) refuse(path, hdf5::reason());
  return file;
}

hdf5::Handle occupy_end(hid_t file) {
  const hdf5::Quiet quiet;
  const hdf5::Handle space(H5Screate(H5S_SCALAR)), creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  hdf5::Handle guard(H5Dcreate_anon(file, H5T_STD_U8LE, space.get(), creation.get(), H5P_DEFAULT));
  if (!guard) hdf5::fail(file, "cannot be extended");
  return guard;
}

void sync_and_rename(const std::string &partial, const std::string &path) {
  const Descriptor file(::open(partial.c_str(), O_RDWR | O_CLOEXEC));
  if (file.number < 0 || ::fsync(file.number) != 0) refuse(path, std::strerror(errno));
  if (std::rename(partial.c_str(), path.c_str()) != 0) refuse(path, std::strerror(errno));
  const auto folder = std::filesystem::path(path).parent_path();
  const Descriptor parent(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.number >= 0) ::fsync(parent.number); // not every file system can; the file itself is safe
}

} // namespace engram::record
