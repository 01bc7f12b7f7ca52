// TableCheck holds what the checks of all tables of plugins share: text, names, arrays, parameters.
#pragma once

#include "learning/plugin_error.hpp"

#include <engram/plugin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace engram::learning {

/// Each function throws PluginError, a line that begins with the file, for the first thing that is wrong.
class TableCheck {
protected:
  explicit TableCheck(const std::string &file) : file_(file) {}

  template <class... Words> void require(bool good, fmt::format_string<Words...> message, Words &&...words) const {
    if (!good) throw PluginError(file_ + ": " + fmt::format(message, std::forward<Words>(words)...));
  }
  /// A text of one line.
  void text(const char *value, const std::string &what, std::size_t longest = ENGRAM_MAX_TEXT) const;
  static bool is_name(std::string_view name);
  void array(const void *data, std::size_t count, std::size_t most, const char *what) const;
  /// `known` receives it: no two of a kind have one name.
  void entry_name(const char *name, const char *what, std::size_t at, std::set<std::string> &known,
                  const std::string &side = "") const;
  void parameters(const engram_parameter *all, std::size_t size) const;

private:
  const std::string &file_;
};

/// Errors: PluginError unless the table has this version and size. They are compared before anything else is read.
void check_version(std::uint32_t version, std::uint32_t size, std::uint32_t own_version, std::size_t own_size,
                   const char *header, const std::string &file);

/// A version of an interface whose structs only grow, and the bytes that its table had.
struct TableVersion {
  std::uint32_t version;
  std::size_t size;
};

/// A table of one of the versions as one of the newest: what an older one lacks is 0. The last of `known` is engram's
/// own. Errors: PluginError where the table is of no known version, or has not the size of its version.
template <class Table>
Table whole_table(const Table &table, std::initializer_list<TableVersion> known, const char *header,
                  const std::string &file) {
  static_assert(std::is_trivially_copyable_v<Table>);
  TableVersion own = *(known.end() - 1);
  for (const auto &one : known)
    if (one.version == table.abi_version) own = one;
  check_version(table.abi_version, table.table_size, own.version, own.size, header, file);
  Table out{};
  std::memcpy(&out, &table, own.size);
  return out;
}

} // namespace engram::learning
