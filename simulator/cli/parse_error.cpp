#include "cli/parse_error.hpp"

#include "input/nearest.hpp"

#include <CLI/CLI.hpp>

#include <vector>

namespace engram::cli {

namespace {

std::vector<std::string> option_words(const CLI::App &command) {
  std::vector<std::string> words;
  for (const CLI::Option *option : command.get_options()) {
    for (const std::string &name : option->get_lnames()) words.push_back("--" + name);
    for (const std::string &name : option->get_snames()) words.push_back("-" + name);
  }
  return words;
}

std::vector<std::string> command_words(const CLI::App &command) {
  std::vector<std::string> words;
  for (const CLI::App *one : command.get_subcommands([](const CLI::App *) { return true; }))
    words.push_back(one->get_name());
  return words;
}

/// "MODEL", "[FILE…]": what a command takes by its place.
std::string places(const CLI::App &command) {
  std::string text;
  for (const CLI::Option *option : command.get_options([](const CLI::Option *o) { return o->get_positional(); }))
    text += (text.empty() ? "" : " ") + option->get_name(true);
  return text;
}

} // namespace

std::string parse_message(const CLI::App &app, const CLI::ParseError &error) {
  const CLI::App *command = &app;
  std::string words = "engram";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
  }
  const std::string help = " (" + words + " --help says more)";
  const auto known = command_words(*command);
  for (const std::string &rest : app.remaining(true)) {
    if (rest == "--") continue;
    if (rest.size() > 1 && rest.front() == '-')
      return words + ": " + input::unknown("option", rest.substr(0, rest.find('=')), option_words(*command));
    if (!known.empty()) return words + ": " + input::unknown("command", rest, known);
    const std::string taken = places(*command);
    return words + ": '" + rest + "' is one argument too many; it takes " + (taken.empty() ? "none" : taken) + help;
  }
  if (dynamic_cast<const CLI::RequiredError *>(&error) != nullptr && !known.empty())
    return words + ": say which command: " + [&] {
      std::string all;
      for (const std::string &one : known) all += (all.empty() ? "" : ", ") + one;
      return all;
    }();
  return words + ": " + error.what() + help;
}

} // namespace engram::cli
