#include "record/partial_file.hpp"
#include "error/error.hpp"

#include "data/hdf5_object.hpp"
#include "data/isolated.hpp"
#include "input/input_error.hpp"
#include "record/is_run_file.hpp"
#include "record/rename.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <tuple>
#include <unistd.h>

namespace engram::record {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_writing(const std::string &path, const std::string &why) {
  throw Failed(path + ": cannot be written: " + why);
}

// A name that nobody else uses: a writer that is killed before its file has a better one leaves an empty file.
std::string own_name(const std::string &target) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return target + ".partial-" + std::to_string(::getpid()) + "-" + std::to_string(now % 1000000007);
}

hid_t create_crash_safe(const std::string &path) {
  const hdf5::Quiet quiet;
  const hdf5::Handle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_file_space_strategy(creation.get(), H5F_FSPACE_STRATEGY_NONE, false, 1);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_EXCL, creation.get(), H5P_DEFAULT); // follows no link
  if (file < 0) return file;
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  bool good = H5Fget_mdc_config(file, &cache) >= 0;
  cache.evictions_enabled = false;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  good = good && H5Fset_mdc_config(file, &cache) >= 0;
  if (!good) hdf5::fail(file, "cannot be set up");
  return file;
}

// HDF5 1.10 never comes to an end over a file that it could not even begin. So this tries without HDF5 whether there is
// room for a beginning. Returns 0, or errno's number.
int try_to_begin(const std::string &path) {
  const int tried = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (tried < 0) return errno;
  const std::array<char, 16384> zeros{};
  int error = 0;
  for (std::size_t done = 0; error == 0 && done < zeros.size();) { // what is left of a short write tells its reason
    const ssize_t written = ::write(tried, zeros.data() + done, zeros.size() - done);
    if (written > 0) done += static_cast<std::size_t>(written);
    if (written == 0) error = ENOSPC;
    if (written < 0 && errno != EINTR) error = errno;
  }
  ::close(tried);
  ::unlink(path.c_str());
  return error;
}

// HDF5's own descriptor.
int descriptor_of(hid_t file) {
  void *descriptor = nullptr;
  const hdf5::Quiet quiet;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) < 0 || !descriptor) return -1;
  return *static_cast<int *>(descriptor);
}

// Space freed at the end of a file would be given back and used again. An object without a name that lies there, for
// as long as its handle lives, keeps the chunks of the last flush from that.
hdf5::Handle occupy_end(hid_t file) {
  const hdf5::Quiet quiet;
  const hdf5::Handle space(H5Screate(H5S_SCALAR)), creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  hdf5::Handle end(H5Dcreate_anon(file, H5T_STD_U8LE, space.get(), creation.get(), H5P_DEFAULT));
  if (!end) hdf5::fail(file, "cannot be extended");
  return end;
}

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  const int number;
};

// At the end of a run, which is not to fail for want of a process.
bool is_surely_run_file(const std::string &path) {
  try {
    return is_run_file(path);
  } catch (const std::system_error &) {
    return false;
  }
}

bool is_at(int descriptor, const std::string &path) {
  struct stat open {
  }, there{};
  return ::fstat(descriptor, &open) == 0 && ::lstat(path.c_str(), &there) == 0 && open.st_dev == there.st_dev &&
         open.st_ino == there.st_ino;
}

} // namespace

PartialFile::PartialFile(std::string target, FileKind kind)
    : target_(std::move(target)), created_as_(kind == FileKind::checkpoint ? target_ + ".new" : own_name(target_)),
      location_(created_as_), kind_(kind) {
  if (kind == FileKind::checkpoint) ::unlink(created_as_.c_str());
  if (const int error = try_to_begin(location_); error != 0) refuse_writing(target_, std::strerror(error));
  errno = 0;
  try {
    file_ = create_crash_safe(location_);
    if (file_ < 0) refuse_writing(target_, errno ? std::strerror(errno) : hdf5::reason());
    own_ = descriptor_of(file_);
    held_ = ::fcntl(own_, F_DUPFD_CLOEXEC, 0);
    struct stat created {};
    if (held_ < 0 || ::fstat(own_, &created) != 0) refuse_writing(target_, std::strerror(errno));
    device_ = created.st_dev;
    inode_ = created.st_ino;
    ::flock(held_, LOCK_EX | LOCK_NB); // HDF5 has it already, unless its locks are turned off
    if (kind != FileKind::checkpoint) take_name();
    if (kind == FileKind::result) move_checkpoint_aside();
  } catch (...) { // the file is removed, and the error passes on
    const hdf5::Quiet quiet;
    if (file_ >= 0) H5Fclose(file_); // nothing failed to be written: it closes as it should
    file_ = H5I_INVALID_HID;
    ::unlink(created_as_.c_str());
    release();
    throw;
  }
}

PartialFile::~PartialFile() {
  abandon();
  release();
}

void PartialFile::release() {
  if (held_ >= 0) ::close(held_);
  held_ = -1;
}

// From the name of its own to TARGET.partial. The file is locked before it has that name, so whoever finds it unlocked
// finds what a killed writer left.
void PartialFile::take_name() {
  const std::string partial = target_ + ".partial";
  for (int tries = 0; tries < 1000; ++tries) {
    const int error = rename_to_free(location_, partial);
    if (error == 0) {
      location_ = partial;
      return;
    }
    if (error != EEXIST) refuse_writing(target_, std::strerror(error));
    const Descriptor leftover(::open(partial.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (leftover.number < 0 && errno == ENOENT) continue;
    if (leftover.number < 0 && errno == ELOOP)
      throw input::InputError(target_ + ": cannot be written: " + partial + " is a symbolic link");
    if (leftover.number < 0) refuse_writing(target_, partial + ": " + std::strerror(errno));
    struct stat there {};
    if (::fstat(leftover.number, &there) != 0 || !S_ISREG(there.st_mode))
      throw input::InputError(target_ + ": cannot be written: " + partial + " is no regular file");
    if (::flock(leftover.number, LOCK_EX | LOCK_NB) != 0)
      refuse_writing(target_, errno == EWOULDBLOCK ? "another program has " + partial + " open"
                                                   : partial + " is there, and may be in use: " + std::strerror(errno));
    if (is_at(leftover.number, partial)) move_aside(leftover.number); // else it has just been given its last name
  }
  refuse_writing(target_, partial + " is always in use");
}

// The content of a killed run is kept under a name that no run writes.
void PartialFile::move_aside(int leftover) {
  const std::string partial = target_ + ".partial";
  struct stat there {};
  if (kind_ == FileKind::resumed) ::unlink((partial + ".spikes").c_str()); // what was recorded is computed again
  if (kind_ == FileKind::resumed || (::fstat(leftover, &there) == 0 && there.st_size == 0)) {
    ::unlink(partial.c_str());
    return;
  }
  const bool readable = is_run_file(partial);
  const auto [error, name] = readable ? rename_beside(partial, target_, name_of(Ending::interrupted))
                                      : rename_beside(partial, partial, "unreadable");
  if (error != 0) refuse_writing(target_, partial + ": " + std::strerror(error));
  note_ = partial +
          (readable ? " was left by a run that was killed, and is now " : " is no readable run file, and is now ") +
          name;
  rename_to_free(partial + ".spikes", name + ".spikes"); // where spikes were recorded
  if (readable) rename_to_free(target_ + ".checkpoint", name + ".checkpoint");
}

// One without what was recorded beside it: a run file by itself.
void PartialFile::move_checkpoint_aside() {
  const std::string checkpoint = target_ + ".checkpoint";
  struct stat there {};
  if (::lstat(checkpoint.c_str(), &there) != 0) return;
  const auto [error, name] = rename_beside(checkpoint, target_, name_of(Ending::interrupted));
  if (error == ENOENT) return;
  if (error != 0) refuse_writing(target_, checkpoint + ": " + std::strerror(error));
  if (note_.empty()) note_ = checkpoint + " was left by a run that was killed, and is now " + name;
}

void PartialFile::reserve(std::uint64_t more) {
  haddr_t end = 0;
  if (H5Fget_eoa(file_, &end) < 0) return;
  rlimit most{};
  if (::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && end + more > most.rlim_cur)
    refuse_writing(location_, std::string(std::strerror(EFBIG)) + " (ulimit -f allows " +
                                  std::to_string(most.rlim_cur) + " bytes)");
  const auto size = static_cast<off_t>(end + more);
  if (::fallocate(held_, FALLOC_FL_KEEP_SIZE, 0, size) != 0 && (errno == ENOSPC || errno == EDQUOT))
    refuse_writing(location_, std::strerror(errno));
}

void PartialFile::flush() {
  const hdf5::Quiet quiet;
  if (H5Fflush(file_, H5F_SCOPE_GLOBAL) < 0) {
    const std::string why = hdf5::reason(); // before the next call clears it
    refuse_writing(location_, why);
  }
  guard_ = occupy_end(file_);
}

void PartialFile::close() {
  guard_.reset();
  own_ = -1; // also where closing fails
  const hdf5::Quiet quiet;
  if (H5Fclose(file_) < 0) refuse_writing(location_, hdf5::reason());
  file_ = H5I_INVALID_HID;
}

bool PartialFile::has_its_descriptor() const {
  struct stat open {};
  return own_ < 0 || (::fstat(own_, &open) == 0 && open.st_dev == device_ && open.st_ino == inode_);
}

bool PartialFile::is_in_place() const { return is_at(held_, location_); }

// The name was taken away while the file was written, or the whole folder was: the content is still there to be copied.
void PartialFile::rescue() {
  std::error_code ignored;
  const auto name = fs::path(target_).filename().string();
  const std::array<std::string, 2> places{own_name(target_), own_name(fs::temp_directory_path(ignored) / name)};
  for (const auto &place : places) {
    if (copy_to_new(held_, place) != 0) continue;
    if (&place != &places[0]) {
      note_ = fs::path(target_).parent_path().string() + " cannot be written to any more";
      target_ = fs::temp_directory_path(ignored) / name;
    }
    location_ = place;
    return;
  }
  refuse_writing(target_, location_ + " was taken away, and there is no room for another");
}

void PartialFile::sync() {
  if (::fsync(held_) != 0)
    refuse_writing(target_, std::string(std::strerror(errno)) + "; the results are in " + location_);
  if (!is_in_place()) rescue();
}

void PartialFile::replace() {
  sync();
  if (const int error = rename_over(location_, target_); error != 0) refuse_writing(target_, std::strerror(error));
  location_ = target_;
  sync_folder_of(location_);
  release();
}

void PartialFile::publish(Ending ending, bool force, bool supersedes) {
  sync();
  struct stat there {};
  const bool is_there = ::stat(target_.c_str(), &there) == 0;
  const bool replaces =
      (supersedes && ending == Ending::interrupted) ||
      (ending == Ending::complete && (!is_there || force || there.st_size == 0 || is_surely_run_file(target_)));
  std::string name = target_;
  int error = replaces && is_there ? rename_over(location_, target_) : rename_to_free(location_, target_);
  if (error == EEXIST)
    std::tie(error, name) = rename_beside(location_, target_, ending == Ending::complete ? "new" : name_of(ending));
  if (error != 0) refuse_writing(target_, std::string(std::strerror(error)) + "; the results are in " + location_);
  location_ = name;
  sync_folder_of(name);
  release();
}

void PartialFile::abandon() {
  if (file_ < 0) return;
  const hdf5::Quiet quiet;
  // HDF5 1.10 crashes at the end of the program over a file that it could not write, or could not bring to its length.
  // So its descriptor is replaced by a file in memory, which it can write. Where files may not grow, it is replaced by
  // /dev/null, which has no length.
  rlimit most{};
  const bool may_grow = ::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur == RLIM_INFINITY;
  const int own = descriptor_of(file_);
  int nothing = may_grow ? ::memfd_create("engram-abandoned", MFD_CLOEXEC) : -1;
  if (nothing < 0) nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  // A descriptor that other code has closed is free, and may be the one that was just given.
  if (nothing >= 0 && nothing != own) {
    if (own >= 0) ::dup2(nothing, own);
    ::close(nothing);
  }
  guard_.reset();
  H5Fclose(file_);
  file_ = H5I_INVALID_HID;
}

bool PartialFile::keep_if_readable() {
  ::flock(held_, LOCK_UN); // whoever reads it locks it too
  bool readable = true;
  try {
    data::isolated(location_, location_, [this]() -> data::Bytes {
      hdf5::probe(location_);
      return {std::byte{1}};
    });
  } catch (const std::system_error &) { // it could not be looked at, and stays
  } catch (const Error &) {
    readable = false;
    if (is_in_place()) ::unlink(location_.c_str()); // else another writer's file has that name by now
  }
  release();
  return readable;
}

std::string PartialFile::with_its_name(std::string text) const {
  if (const auto at = text.find(created_as_); at != std::string::npos) text.replace(at, created_as_.size(), location_);
  return text;
}

} // namespace engram::record
