// These functions split a line of text into fields, and find the columns that a key picks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace engram::data {

/// Walks over the fields of one line: without the blanks around them, and without quotes.
class Fields {
public:
  /// Separator ' ' stands for any run of blanks and tabs.
  Fields(std::string_view line, char separator);
  /// False when there are no more.
  bool next(std::string_view &field);
  bool quote_open() const { return quote_open_; } ///< a field began with a quote that is not closed

private:
  std::string_view rest_;
  char separator_;
  bool more_ = true, quote_open_ = false;
};

/// All fields of a line.
std::vector<std::string_view> fields_of(std::string_view line, char separator);

/// The separator of a line: the first of ; tab , that it holds outside quotes, or ' '.
char find_separator(std::string_view line);

/// The kind of value in a field. A number is a plain decimal one or "inf", with nothing after it. An empty field is
/// missing, and so are the words that pandas, R and NumPy write and read as such: NA, N/A, null, None, nan, …
enum class Cell { number, missing, too_large, word };
/// Errors: none; `value` is NaN unless the cell is a number.
Cell read_cell(std::string_view field, double &value);

/// The first line of a text with columns.
struct Header {
  std::vector<std::string> names; ///< of the columns, as many as a line of values has; empty: it is a line of values
  bool index = false;             ///< column 0 has no name: pandas and R write the rows' index or names there
};
/// `line` against the number of fields in the line after it (0: there is none). A header is a line without a number and
/// with a word, or an unnamed column before the numbers 0, 1, 2, …, which pandas writes where columns have no names.
Header read_header(const std::vector<std::string_view> &line, std::size_t next);

/// May the first field of a line be the name of its row, as R's write.table gives one: in quotes, or a number?
bool begins_with_row_name(std::string_view line, char separator);
/// The names that a comment before the first line gives to so many columns, as numpy.savetxt writes its header; empty
/// where it is something else.
std::vector<std::string> names_in_comment(std::string_view comment, char separator, std::size_t width);

struct Columns {
  std::vector<std::size_t> picked; ///< column numbers from 0, in the order of the key
  bool one = false;                ///< the key is one name or number, not a list or a range
};

/// `names` is empty when the file does not name its columns; `width` is the number of columns.
/// Errors: DataError that begins with `file`.
Columns pick_columns(const std::string &key, const std::vector<std::string> &names, std::size_t width,
                     const std::string &file);

/// True when the key has only numbers and ranges.
bool picks_by_number(const std::string &key);

} // namespace engram::data
