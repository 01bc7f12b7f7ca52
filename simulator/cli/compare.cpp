// This is the command `engram compare`, which puts circuits beside recordings.
#include "cli/address_space.hpp"
#include "cli/comparing.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "cli/output_folder.hpp"
#include "cli/status_line.hpp"
#include "cli/thread_limit.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "record/whole_file.hpp"
#include "recordings/comparison.hpp"
#include "recordings/config_methods.hpp"
#include "recordings/gather.hpp"
#include "report/comparison_arrays.hpp"
#include "report/comparison_figures.hpp"
#include "report/comparison_report.hpp"
#include "session/session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

namespace engram::cli {

namespace {

struct CompareOptions {
  std::vector<std::string> files; ///< circuit, recording
  std::string config, folder;
  std::vector<std::string> methods, conditions;
  std::optional<std::size_t> bootstrap, permutations;
  std::optional<std::uint64_t> seed;
  double rate = 0; ///< Hz, of arrays; 0: not said
  int threads = 0;
  bool json = false, quiet = false, schema = false, force = false;
};

// FILE, or FILE:KEY where no file has the whole as its name.
recordings::Source source_of(const std::string &word) {
  recordings::Source source;
  source.file = word;
  const auto colon = word.find(':');
  if (colon == std::string::npos || std::filesystem::exists(word)) return source;
  source.file = word.substr(0, colon);
  source.key = word.substr(colon + 1);
  return source;
}

// One column for all sides, or one for each. Arrays have no columns.
void take_conditions(const std::vector<std::string> &columns, recordings::Config &config) {
  if (columns.empty()) return;
  std::vector<recordings::Source *> sources;
  for (auto *side : {&config.circuits, &config.recordings})
    for (auto &source : *side) sources.push_back(&source);
  if (columns.size() > sources.size())
    throw input::InputError(
        fmt::format("--condition: {} columns for {}", columns.size(), sources.size() == 1 ? "one file" : "two files"));
  bool taken = false;
  for (std::size_t k = 0; k < sources.size(); ++k) {
    const bool events = recordings::is_nwb(sources[k]->file);
    if (!events && columns.size() > 1)
      throw input::InputError("--condition: " + sources[k]->file + " is an array, which has no columns of events");
    if (events) sources[k]->condition = columns[columns.size() > 1 ? k : 0];
    taken = taken || events;
  }
  if (!taken) throw input::InputError("--condition: names a column of events, which arrays have not");
}

// Of arrays; NWB files know theirs.
void take_rate(double rate, recordings::Config &config) {
  if (rate == 0) return;
  bool taken = false;
  for (auto *side : {&config.circuits, &config.recordings})
    for (auto &source : *side)
      if (!recordings::is_nwb(source.file)) {
        source.series.rate = rate;
        taken = true;
      }
  if (!taken) throw input::InputError("--rate: is of an array, and an NWB file says when it was sampled");
}

recordings::Config config_of(const CompareOptions &options) {
  recordings::Config config;
  if (!options.config.empty()) {
    config = recordings::load_config(options.config);
    if (!options.files.empty())
      throw input::InputError("engram compare: with --config the files stand in it; leave " + options.files[0] +
                              " out");
    if (options.rate > 0) throw input::InputError("--rate: with --config the rates stand in it ('series' of a source)");
    if (!options.conditions.empty())
      throw input::InputError("--condition: with --config the columns stand in it ('condition' of a source)");
  } else {
    if (options.files.empty())
      throw input::InputError("engram compare: say what is compared: RUN RECORDING, or --config C.json");
    config.circuits.push_back(source_of(options.files[0]));
    if (options.files.size() > 1) config.recordings.push_back(source_of(options.files[1]));
    take_conditions(options.conditions, config);
    take_rate(options.rate, config);
    config.name = std::filesystem::path(options.files[0]).stem().string();
    if (options.files.size() > 1) config.name += " and " + std::filesystem::path(options.files[1]).stem().string();
  }
  if (!options.methods.empty()) config.methods.clear();
  for (const auto &method : options.methods) config.methods.push_back(recordings::method_of(method));
  config.bootstrap = options.bootstrap.value_or(config.bootstrap);
  config.permutations = options.permutations.value_or(config.permutations);
  config.seed = options.seed.value_or(config.seed);
  return config;
}

std::vector<recordings::Area> gather_all(const std::vector<recordings::Source> &sources,
                                         std::vector<std::string> &notes) {
  std::vector<recordings::Area> out;
  for (const auto &source : sources)
    for (auto &area : recordings::gather(source, notes)) out.push_back(std::move(area));
  return out;
}

// Prepares the folder of --out: the files that it will hold, and the inputs that they must not replace.
void prepare_comparison_folder(const CompareOptions &options, const recordings::Config &config) {
  std::vector<std::string> inputs{config.file};
  for (const auto *sources : {&config.circuits, &config.recordings})
    for (const auto &source : *sources)
      inputs.insert(inputs.end(), {source.file, source.stimulus.array.file, source.conditions.from.file,
                                   source.spikes.clusters.file, source.position.array.file});
  std::vector<TextFile> files{{"comparison.json", "{\"name\":\""},
                              {"comparison.csv", "method,region,area,value,"},
                              {"tables.csv", "method,area,of,row,column,value"},
                              {"arrays.npz", "PK\x03\x04"}};
  for (const char *name : {"rdms", "raster", "correlograms", "receptive-fields", "rate-maps", "tuning-fits", "courses",
                           "tuning", "head_direction", "track", "psychometric"})
    files.push_back({std::string(name) + ".svg", svg_begins});
  const std::vector<std::string> several{"head_direction", "track", "psychometric"};
  std::error_code none; // METHOD-bars.svg and the like: which ones is known at the end alone
  for (const auto &there : std::filesystem::directory_iterator(options.folder, none)) {
    const auto name = there.path().filename().string();
    const bool numbered = std::any_of(several.begin(), several.end(), [&](const std::string &method) {
      return name.starts_with(method + "-") && name.ends_with(".svg");
    });
    if (numbered || name.ends_with("-times.svg") || name.ends_with("-bars.svg") || name.ends_with("-matrix.svg"))
      files.push_back({name, svg_begins});
  }
  prepare_folder(options.folder, files, inputs, options.force);
}

void write_all(const recordings::Comparison &found, const CompareOptions &options) {
  const std::filesystem::path folder(options.folder);
  std::string names;
  const auto write = [&](const std::string &name, const std::string &text) {
    record::write_whole(folder / name, text);
    names += " " + (folder / name).string();
  };
  write("comparison.json", report::comparison_json(found) + "\n");
  write("comparison.csv", report::comparison_csv(found));
  if (!found.tables.empty()) write("tables.csv", report::tables_csv(found));
  if (const auto arrays = report::comparison_npz(found); !arrays.empty()) write("arrays.npz", arrays);
  for (const auto &[name, figure] : report::comparison_figures(found)) write(name, figure);
  if (!options.quiet) say("written:" + names);
}

// Prints and writes what was found; returns the exit code.
int tell(const recordings::Comparison &found, const CompareOptions &options) {
  if (!options.folder.empty()) write_all(found, options);
  print(report::comparison_table(found));
  if (options.json) print(report::comparison_json(found) + "\n");
  if (stop_was_asked()) {
    say("engram: interrupted; these are the comparisons that were done");
    return failed;
  }
  if (!found.results.empty()) return done;
  say("engram: nothing could be compared");
  for (const auto &reason : found.lacks) say("engram: " + data::printable_line(reason));
  return wrong_input;
}

void run_compare(const CompareOptions &options, Context &context) {
  if (options.schema) {
    print_json(recordings::config_schema(), 2);
    return;
  }
  const auto config = config_of(options);
  if (!options.folder.empty()) prepare_comparison_folder(options, config);
  end_on_signals();
  check_address_space(session::threads_or_all(options.threads));
  take_threads(options.threads, options.quiet);
  check_kernel();
  std::vector<std::string> notes;
  StatusLine line(options.quiet);
  const auto circuits = gather_all(config.circuits, notes), recordings = gather_all(config.recordings, notes);
  tell_kernel(options.quiet);
  remember_signals();
  const auto compared =
      compare_in_sight(config, circuits, recordings, notes, session::threads_or_all(options.threads), line);
  if (!compared.busy) {
    context.exit_code = tell(*compared.found, options);
    return;
  }
  try { // whatever cannot be told: a thread is at work, and must not see the process go down around it
    tell(*compared.found, options);
  } catch (const Error &error) {
    say(std::string("engram: ") + error.what());
  } catch (const std::exception &error) {
    say(std::string("engram: ") + error.what());
  }
  leave_at_once(failed);
}

} // namespace

void add_compare(CLI::App &app, Context &context) {
  auto options = std::make_shared<CompareOptions>();
  auto *command = app.add_subcommand("compare", "compares a circuit's regions with recorded neural data");
  const auto add_file = [&](const char *name, const char *help) {
    command->add_option_function<std::string>(
        name, [options](const std::string &file) { options->files.push_back(file); }, help);
  };
  add_file("RUN", "a run file, or what else is to be compared; alone it is described");
  add_file(
      "RECORDING",
      "an NWB file (FILE:SERIES names a time series, or units), an array (npy, npz, csv, mat, HDF5; FILE:KEY names "
      "one within a file), pictures, or spikes of a SONATA file or a folder of phy");
  command->add_option("--config", options->config,
                      "comparison file (JSON) that says what is compared, and how; in place of RUN and RECORDING");
  command
      ->add_option("--method", options->methods,
                   "names with a comma between (all that apply unless given; listed below)")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_option("--condition", options->conditions,
                   "column of the events that names the conditions, on both sides; as in label,digit one for each")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  add_positive_number(*command, "--rate", options->rate,
                      "Hz: an array is a time series of samples x channels, for spectrum");
  add_whole_number(*command, "--bootstrap", options->bootstrap, 0, 10'000'000,
                   "resamples for the intervals (1000 unless given; 0: none)");
  add_whole_number(*command, "--permutations", options->permutations, 0, 10'000'000,
                   "relabellings for p-values (none unless given)");
  add_whole_number(*command, "--seed", options->seed, 0, 1'000'000'000'000'000'000,
                   "of what is drawn (1 unless given)");
  add_whole_number(*command, "--threads", options->threads, 1, 1024, "all cores unless given");
  command->add_option("--out", options->folder,
                      "writes comparison.json, comparison.csv, tables.csv, arrays.npz and figures into this folder");
  command->add_flag("--force", options->force, "replaces files of these names even if engram did not write them");
  command->add_flag("--json", options->json, "prints one JSON object as the last line");
  command->add_flag("--quiet", options->quiet, "says nothing on stderr but errors");
  command->add_flag("--schema", options->schema, "prints the JSON Schema of a comparison file");
  command->footer(recordings::methods_help(recordings::method_entries()));
  command->callback([options, &context] { run_compare(*options, context); });
}

} // namespace engram::cli
