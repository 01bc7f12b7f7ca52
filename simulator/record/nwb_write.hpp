// An NWB 2.7 file is written with these pieces: typed objects with their identifiers, tables, and the bare file.
#pragma once

#include "data/hdf5.hpp"

#include <string>
#include <vector>

namespace engram::record::nwb {

namespace hdf5 = data::hdf5;

/// Gives every object its identifier: a UUID (version 5) made of what identifies the run and the object's path, so
/// that the same run writes the same identifiers.
class Identity {
public:
  explicit Identity(const std::string &run);
  std::string of(const std::string &object_path) const;

private:
  std::string run_; ///< UUID of the run
};

/// `name` as NWB takes it: "->" becomes "_to_", and '/', ':', '.', blanks and control characters become '_'.
std::string safe_name(const std::string &name);
/// Of `name`, `name_2`, `name_3` …, the first that `parent` does not hold yet.
std::string free_name(hid_t parent, const std::string &name);
/// "2026-01-31T12:00:00+01:00", with or without a fraction of a second; a zone ("Z" or an offset) is required.
bool is_date_with_zone(const std::string &text);

/// Writes neurodata_type, namespace ("core" or "hdmf-common") and object_id.
void set_type(hid_t object, const std::string &type, const std::string &name_space, const Identity &identity);

/// Every NWB file has these: the root's attributes, the required datasets, the required groups, and /scratch.
struct FileFacts {
  std::string identifier, session_description;
  std::string start; ///< ISO 8601 with zone: start of session, reference of all times, and creation of the file
};
void write_skeleton(hid_t file, const FileFacts &facts, const Identity &identity);

/// One dataset under /scratch, text or number. The number is signed, for hdmf takes no single unsigned one.
void add_scratch(hid_t scratch, const std::string &name, const std::string &value, const std::string &notes,
                 const Identity &identity);
void add_scratch(hid_t scratch, const std::string &name, double value, const std::string &notes,
                 const Identity &identity);
void add_scratch(hid_t scratch, const std::string &name, std::int64_t value, const std::string &notes,
                 const Identity &identity);

enum class ColumnType { number, integer, boolean, text };
struct Column {
  std::string name;
  ColumnType type = ColumnType::number;
  std::string description;
};

/// A DynamicTable (or TimeIntervals): a group with one dataset for each column, that grows by rows.
class DynamicTable {
public:
  /// `type` is "DynamicTable", "TimeIntervals" or "Units"; `ragged`: columns that the caller adds to the group.
  DynamicTable(hid_t parent, const std::string &name, const std::string &type, const std::string &description,
               const std::vector<Column> &columns, const Identity &identity,
               const std::vector<std::string> &ragged = {});
  /// Sets the number of rows; new ones read as 0 (NaN, "") until written.
  void resize(std::size_t rows);
  std::size_t rows() const { return rows_; }
  /// Its group, to which the caller adds columns.
  hid_t group() const { return group_.get(); }
  /// Writes values from row `first` on; the table must be long enough, and the column of that type (boolean: int8).
  void write(std::size_t column, std::size_t first, const std::vector<double> &values);
  void write(std::size_t column, std::size_t first, const std::vector<std::int64_t> &values);
  void write(std::size_t column, std::size_t first, const std::vector<std::int8_t> &values);
  void write(std::size_t column, std::size_t first, const std::vector<std::string> &values);

private:
  hdf5::Handle group_, id_;
  std::vector<hdf5::Handle> columns_;
  std::size_t rows_ = 0;
};

} // namespace engram::record::nwb
