#include "learning/table_check.hpp"

#include "data/printable.hpp"

#include <cmath>
#include <cstring>

namespace engram::learning {

void TableCheck::text(const char *value, const std::string &what, std::size_t longest) const {
  require(value != nullptr, "{} is NULL", what);
  const std::size_t size = strnlen(value, longest + 1);
  require(size <= longest, "{} is longer than {} bytes", what, longest);
  require(data::printable({value, size}, size) == std::string_view(value, size),
          "{} holds characters that cannot be shown in one line", what);
}

bool TableCheck::is_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                              std::string_view::npos;
}

void TableCheck::array(const void *data, std::size_t count, std::size_t most, const char *what) const {
  require(count <= most, "{} {} are more than {}", count, what, most);
  require(data != nullptr || count == 0, "{} {} are announced, and the array is NULL", count, what);
}

void TableCheck::entry_name(const char *name, const char *what, std::size_t at, std::set<std::string> &known,
                            const std::string &side) const {
  require(name != nullptr && *name != '\0', "{} {} has no name", what, at);
  text(name, fmt::format("the name of {} {}", what, at), ENGRAM_MAX_NAME);
  require(known.insert(side + ' ' + name).second, "{} '{}' is declared twice", what, name);
}

void TableCheck::parameters(const engram_parameter *all, std::size_t size) const {
  array(all, size, ENGRAM_MAX_PARAMETERS, "parameters");
  std::set<std::string> known;
  for (std::size_t k = 0; k < size; ++k) {
    const auto &parameter = all[k];
    entry_name(parameter.name, "parameter", k, known);
    const std::string name = parameter.name;
    text(parameter.unit, "the unit of parameter '" + name + "'");
    text(parameter.help, "the help of parameter '" + name + "'");
    double low = parameter.minimum, high = parameter.maximum;
    if (parameter.choices != nullptr) {
      std::set<std::string> words;
      std::size_t count = 0;
      for (; parameter.choices[count] != nullptr; ++count) {
        require(count < ENGRAM_MAX_CHOICES,
                "parameter '{}' has more than {} choices, or their list does not end with NULL", name,
                ENGRAM_MAX_CHOICES);
        entry_name(parameter.choices[count], "choice", count, words);
      }
      require(count > 0, "parameter '{}' has an empty list of choices", name);
      low = 0;
      high = static_cast<double>(count - 1);
      require(parameter.initial == std::floor(parameter.initial), "the default of parameter '{}', {}, is no choice",
              name, parameter.initial);
    }
    require(low <= high, "the range of parameter '{}', [{}, {}], is empty", name, low, high);
    require(std::isfinite(parameter.initial) && parameter.initial >= low && parameter.initial <= high,
            "the default of parameter '{}', {}, is outside its range [{}, {}]", name, parameter.initial, low, high);
  }
}

void check_version(std::uint32_t version, std::uint32_t size, std::uint32_t own_version, std::size_t own_size,
                   const char *header, const std::string &file) {
  if (version != own_version)
    throw PluginError(fmt::format("{}: made for version {} of the plugin interface; this engram has version {}", file,
                                  version, own_version));
  if (size != own_size)
    throw PluginError(fmt::format("{}: its table has {} bytes; this engram's has {}: compile it with the "
                                  "engram/{} of this engram",
                                  file, size, own_size, header));
}

} // namespace engram::learning
