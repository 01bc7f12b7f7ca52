#include "cli/checkpoint_option.hpp"

#include "cli/number_option.hpp"
#include "data/printable.hpp"
#include "input/input_error.hpp"

#include <string_view>
#include <utility>

namespace engram::cli {

namespace {

constexpr std::uint64_t most_epochs = 1'000'000'000;

session::CheckpointPolicy policy_named(const std::string &text) {
  using When = session::CheckpointPolicy::When;
  const std::string what = text.starts_with("every=") ? text.substr(6) : text;
  if (what == "epoch") return {When::epoch, 0};
  if (text == "none") return {When::never, 0};
  if (text == "auto") return {When::automatic, 60};
  if (text.starts_with("every="))
    for (const auto &[unit, seconds] : {std::pair{"min", 60.0}, {"h", 3600.0}, {"s", 1.0}})
      if (what.ends_with(unit))
        return {When::interval,
                seconds * positive_number("--checkpoint", what.substr(0, what.size() - std::string_view(unit).size()))};
  throw input::InputError(
      "engram: --checkpoint: must be every=TIME (as every=60s, 5min or 2h), epoch, none or auto, not " +
      data::quoted(text));
}

} // namespace

void add_resume_options(CLI::App &command, ResumeOptions &options) {
  command
      .add_option_function<std::string>(
          "--checkpoint", [&options](const std::string &text) { options.checkpoints = policy_named(text); },
          "when the state of the run is saved, for --resume: every=60s (after the epoch in which they are over), "
          "epoch, "
          "none; auto, the default, takes 1 % of the time, and saves once a minute")
      ->type_name("WHEN");
  command.add_option("--resume", options.resume,
                     "goes on with a run that was killed, interrupted or failed, bit for bit as if it had not been; in "
                     "the place of MODEL, which comes from the run file");
  command
      .add_option_function<std::string>(
          "--until",
          [&options](const std::string &text) {
            if (!text.starts_with("epochs="))
              throw input::InputError("engram: --until: must be epochs=N, not " + data::quoted(text));
            options.until = whole_number("--until epochs", text.substr(7), 1, most_epochs);
          },
          "with --resume: the number of epochs in all, for a run that is complete too")
      ->type_name("epochs=N");
}

} // namespace engram::cli
