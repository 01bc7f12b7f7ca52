// TableCheck holds what the checks of all tables of plugins share: text, names, arrays, parameters.
#pragma once

#include "learning/plugin_error.hpp"

#include <engram/plugin.h>

#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <set>
#include <string>
#include <string_view>
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

} // namespace engram::learning
