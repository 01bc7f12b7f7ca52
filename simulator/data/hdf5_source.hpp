// A ForeignSource answers what a ForeignFile is asked: from HDF5 in this process (LocalSource), or
// through a child that does so (hdf5_child.hpp).
#pragma once

#include "data/hdf5_foreign.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace engram::data::hdf5 {

/// Rows of numbers as they come: values in row-major order, their number of rows, and how many values a row has.
template <class T> using TakeRows = std::function<void(const T *values, std::size_t rows, std::size_t width)>;
/// Where values lie between a read and whoever takes them; kept, so that small reads need no new memory.
using Room = std::tuple<std::vector<double>, std::vector<std::int64_t>, std::vector<std::uint64_t>>;
using TakeNumbers = std::variant<TakeRows<double>, TakeRows<std::int64_t>, TakeRows<std::uint64_t>>;

class ForeignSource {
public:
  virtual ~ForeignSource() = default;
  virtual About about(const std::string &object) = 0;
  virtual std::vector<std::string> children(const std::string &group) = 0;
  virtual std::vector<std::string> attribute(const std::string &object, const std::string &name) = 0;
  virtual double attribute_number(const std::string &object, const std::string &name, double fallback) = 0;
  virtual std::vector<std::string> texts(const std::string &dataset, std::size_t first, std::size_t count) = 0;
  /// Takes none where there are no values.
  virtual void numbers(const std::string &dataset, std::size_t first, std::size_t count, const TakeNumbers &take) = 0;
  virtual void pause() {}
};

/// Of a file as it is now: where it lies, its size and when it was last changed.
struct FileState {
  std::uint64_t device = 0, inode = 0, size = 0, seconds = 0, nanoseconds = 0;
  bool operator==(const FileState &) const = default;
};
inline auto members(FileState &s) { return std::tie(s.device, s.inode, s.size, s.seconds, s.nanoseconds); }

/// Of an open file, in this process.
class LocalSource final : public ForeignSource {
public:
  explicit LocalSource(const std::string &path);
  hid_t file() const { return file_.get(); }
  const FileState &state() const { return state_; } ///< as it was opened
  About about(const std::string &object) override;
  std::vector<std::string> children(const std::string &group) override;
  std::vector<std::string> attribute(const std::string &object, const std::string &name) override;
  double attribute_number(const std::string &object, const std::string &name, double fallback) override;
  std::vector<std::string> texts(const std::string &dataset, std::size_t first, std::size_t count) override;
  void numbers(const std::string &dataset, std::size_t first, std::size_t count, const TakeNumbers &take) override;

private:
  hid_t find(const std::string &object); ///< negative where nothing is there
  hid_t open(const std::string &object); ///< fails where nothing is there

  /// HDF5 gives zeros for what lies beyond a file's end. It looks for the end as it opens a file, and not again.
  void require_whole() const;

  Handle file_;
  FileState state_;
  std::string last_path_;
  Handle last_; ///< stays open, for its cache of chunks and for whoever reads piece by piece
  Room room_;
};

} // namespace engram::data::hdf5
