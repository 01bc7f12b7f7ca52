// These options take a number. A text that is no number of the range is refused, and the message quotes it as it was
// typed.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace engram::cli {

/// Digits alone. Errors: input::InputError with the option, the range and `text`.
std::uint64_t whole_number(const std::string &option, const std::string &text, std::uint64_t low, std::uint64_t high);
/// A finite number above 0. Errors as above.
double positive_number(const std::string &option, const std::string &text);

/// "--name N": a whole number from `low` to `high`. T: an integer type, or an optional of one.
template <class T>
CLI::Option *add_whole_number(CLI::App &command, const std::string &name, T &value, std::uint64_t low,
                              std::uint64_t high, const std::string &help) {
  const auto take = [name, &value, low, high](const std::string &text) {
    const auto number = whole_number(name, text, low, high);
    if constexpr (std::is_integral_v<T>)
      value = static_cast<T>(number);
    else
      value = static_cast<typename T::value_type>(number);
  };
  return command.add_option_function<std::string>(name, take, help)->type_name("N");
}

/// "--name X": a number above 0.
inline CLI::Option *add_positive_number(CLI::App &command, const std::string &name, double &value,
                                        const std::string &help) {
  const auto take = [name, &value](const std::string &text) { value = positive_number(name, text); };
  return command.add_option_function<std::string>(name, take, help)->type_name("X");
}

inline constexpr std::uint64_t largest_seed = 9'000'000'000'000'000'000; // as in a model file

} // namespace engram::cli
