// A Table is an array from a file, together with the names of its columns and with notes on how it was read.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

struct Table {
  Array array;
  std::vector<std::string> columns;     ///< names of the array's columns; empty where the file does not name them
  std::vector<std::string> notes;       ///< what was assumed, a sentence each that begins with the file's name
  std::size_t missing_line = 0;         ///< of the first missing value, which is NaN in the array; 0: none is missing
  std::vector<std::string> commented{}; ///< names that a comment before the first line may give to the columns
};

/// As read_array(). Of text with columns (csv, tsv, txt) a first column without a name, which pandas and R write for
/// the rows' index, is left out, with a note, unless `key` picks columns. Errors: DataError.
Table read_table(const std::string &path, const std::string &key);

/// Class labels: numbers, or words where the file holds words.
struct LabelColumn {
  Table numbers;                  ///< where `words` is empty
  std::vector<std::string> words; ///< K
};

/// From an array file as read_table() reads it, from one column of words of a text with columns, or from a cell array
/// of texts (mat). Errors: DataError, also for a missing word.
LabelColumn read_labels(const std::string &path, const std::string &key);

/// Is `name` one of `names`, without regard to case?
bool is_among(const std::string &name, const std::vector<std::string> &names);

/// Puts the columns into the order of `wanted`. Each entry of `wanted` lists the names that a column may have, the one
/// to tell the user first; the last `optional` entries may be absent. Without names the order is that of the file, and
/// any number of columns is let through; a comment names them where all its words are names that are wanted. Names are
/// compared by is_among(). Errors: DataError that names an unknown, a repeated or a missing column.
Table in_order(Table table, const std::string &file, const std::vector<std::vector<std::string>> &wanted,
               std::size_t optional);

} // namespace engram::data
