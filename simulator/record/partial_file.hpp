// A PartialFile is written under another name until it is whole. It survives a crash of its writer, and no two writers
// can have it.
#pragma once

#include "data/hdf5.hpp"
#include "record/ending.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace engram::record {

namespace hdf5 = data::hdf5;

/// TARGET.partial is an HDF5 file. Its writer locks it before it gets that name, and until it has its last name.
///
/// Its content on the disk changes at a flush only: metadata stay in memory until then, and space that was freed is not
/// used again, so that no compressed chunk of the last flush is overwritten.
/// Errors: Failed, one line that begins with the path.
class PartialFile {
public:
  /// `target`: absolute. What a killed writer left as TARGET.partial is moved aside first, with its TARGET.checkpoint;
  /// note() says where to. A result that is resumed takes its place, and leaves the checkpoint alone. A checkpoint is
  /// written as TARGET.new, whatever is there, by who holds the lock of the run. Errors also: input::InputError when
  /// TARGET.partial is no regular file.
  explicit PartialFile(std::string target, FileKind kind = FileKind::result);
  ~PartialFile();
  PartialFile(const PartialFile &) = delete;
  PartialFile &operator=(const PartialFile &) = delete;

  hid_t id() const { return file_; }
  explicit operator bool() const { return file_ >= 0; }
  const std::string &target() const { return target_; }
  /// Where the content lies now.
  const std::string &location() const { return location_; }
  /// Says what became of an earlier file under the name of this one; "" when there was none.
  const std::string &note() const { return note_; }

  /// Is HDF5's descriptor still that of this file? Other code in this process may have closed it, and another file may
  /// have its number by now, over which HDF5 would write.
  bool has_its_descriptor() const;

  /// Takes room on the disk for all that is allocated in the file and `more` bytes, so that a flush after it does not
  /// end half way. Does nothing where the file system cannot. Errors: there is no room.
  void reserve(std::uint64_t more);
  void flush();
  /// Closes the HDF5 file; all other handles of it must be closed before.
  void close();
  /// After close(): brings the content to the disk and gives it its last name: TARGET where nothing is there, or where
  /// this is complete and an empty file or a run file is there (`force`: any file); else a free name beside it:
  /// NAME.interrupted.nwb, NAME.failed.nwb, or NAME.new.nwb of a complete one.
  /// `supersedes`: what is there is an earlier state of this, which may also take its place when it was interrupted.
  void publish(Ending ending, bool force, bool supersedes = false);
  /// The same, over whatever has the name TARGET.
  void replace();

  /// After a failed write: HDF5 can close what it holds, but nothing reaches the disk any more. TARGET.partial stays
  /// as it was at the last flush.
  void abandon();
  /// After abandon(): gives up the lock, and removes TARGET.partial when what is there cannot be read. Was it kept?
  bool keep_if_readable();
  /// HDF5 knows the file by the name that it was created with: `text` with location() in its place.
  std::string with_its_name(std::string text) const;

private:
  void take_name();
  void move_aside(int leftover);
  void move_checkpoint_aside();
  void sync();
  void rescue();
  bool is_in_place() const;

  void release();

  std::string target_, created_as_, location_, note_;
  FileKind kind_ = FileKind::result;
  hid_t file_ = H5I_INVALID_HID;
  hdf5::Handle guard_;
  int own_ = -1;  // HDF5's descriptor, until close()
  int held_ = -1; // shares HDF5's open file, and with it the lock
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

} // namespace engram::record
