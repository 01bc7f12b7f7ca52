// These tests call `engram inspect`: its text for a person, its JSON for a program, and the files that it refuses.
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <regex>

using namespace command;

namespace {

std::string fixture(const std::string &name) { return std::string(ENGRAM_SOURCE_DIR) + "/tests/data/fixtures/" + name; }

std::string inspect(const std::string &arguments) {
  const Folder folder;
  const auto r = command::engram("inspect " + arguments, folder.path);
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK(r.err.empty());
  return r.out;
}

std::string data_folder() {
  const char *shared = std::getenv("ENGRAM_SHARED");
  return (shared ? std::string(shared) : std::string(ENGRAM_SOURCE_DIR "/../shared")) + "/data";
}

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

/// The node at the end of names that begin at the file's root.
nlohmann::json find(nlohmann::json node, const std::vector<std::string> &names) {
  for (const auto &name : names) {
    nlohmann::json found;
    for (const auto &child : node.value("children", nlohmann::json::array()))
      if (child["name"] == name) found = child;
    INFO(name);
    REQUIRE_FALSE(found.is_null());
    node = found;
  }
  return node;
}

} // namespace

TEST_CASE("inspect says what an NWB file is, and shows its series and tables", "[cli]") {
  const auto text = inspect(fixture("tables.nwb"));
  CHECK(first_line(text) == "tables.nwb: NWB 2.6.0, made by hand [id-1]");
  for (const char *part :
       {"3 units, 5 spikes, 0 to 3 Hz, median 1.333", "3 trials, lasting 0.25 to 1 s", "3 text: \"left\", \"right\"",
        "rows of general/extracellular_ephys/electrodes", "GrayscaleImage, 2 × 3 uint8: 0, 1, 2, 3, 4, 5"}) {
    INFO(part);
    CHECK(contains(text, part));
  }
  const auto series = inspect(fixture("series.nwb"));
  CHECK(contains(series, "ElectricalSeries, 4 × 2 int16, volts, 1.5 s from 500 ms, 4 timestamps (mean 2 Hz), "
                         "conversion 0.5, offset 3, a conversion for each channel: 3, 8, 4, …"));
  CHECK(contains(series, "data → /acquisition/soft"));
}

TEST_CASE("inspect --json holds the same as the text", "[cli]") {
  const auto json = nlohmann::json::parse(inspect("--json " + fixture("series.nwb")));
  CHECK(json["format"] == "NWB");
  CHECK(json["identifier"] == "id-1");
  const auto whole = find(json, {"acquisition", "whole"});
  CHECK(whole["object"] == "TimeSeries");
  CHECK(whole["rate_hz"] == 10);
  CHECK(whole["shape"] == nlohmann::json{4});
  CHECK(whole["values"] == nlohmann::json{1, 2, 3, 4});
}

TEST_CASE("inspect --depth cuts the tree and counts what is left out", "[cli]") {
  const auto text = inspect("--depth 1 " + fixture("series.nwb"));
  CHECK(contains(text, "acquisition  6 inside\n"));
  CHECK_FALSE(contains(text, "whole"));
  const auto json = nlohmann::json::parse(inspect("--json --depth 1 " + fixture("series.nwb")));
  for (const auto &child : json["children"]) CHECK_FALSE(child.contains("children"));
}

TEST_CASE("inspect shows MATLAB, NumPy, IDX, text and other HDF5 files", "[cli]") {
  CHECK(contains(inspect(fixture("version5.mat")), "Models   1 × 3 struct\n  name  3 text: \"V1\", \"IT\", \"größe\"\n"
                                                   "  RDM   2 × 2 double, in each of 3: 0, 1.5, 2.5, 0\n"));
  CHECK(contains(inspect(fixture("version73.mat")), "cube    2 × 3 × 4 double: 0, 1, 2, 3, 10, 11, …\n"));
  CHECK(contains(inspect(fixture("deflated.npz")), "labels  3 uint8: 3, 1, 4\n"));
  CHECK(contains(inspect(fixture("be_i2.npy")), "2 × 3 int16: 0, 1, -1, 100, -100, -32768\n"));
  CHECK(contains(inspect(fixture("bytes-ubyte.gz")), "3 × 2 × 2 uint8: 0, 20, 40, 60, 80, 100, …\n"));
  CHECK(contains(inspect(fixture("table.csv")), "label  number: "));
  CHECK(contains(inspect(fixture("plain.h5")), "  numbers  3 × 4 float64, mV: 0, 1, 2, 3, 4, 5, …\n"));
  const Folder folder;
  folder.write("t.csv", "when,side\n1,left\n2,right\n3,left\n");
  CHECK(contains(inspect((folder.path / "t.csv").string()), "side  text: \"left\", \"right\"\n"));
  fs::copy(fixture("version5.mat"), folder.path / "no-ending");
  CHECK(contains(inspect((folder.path / "no-ending").string()), ": MATLAB 5, "));
}

TEST_CASE("inspect refuses what it cannot read with one line", "[cli]") {
  const Folder folder;
  folder.write("empty.nwb", "");
  folder.write("words.mat", "these are no numbers");
  folder.write("strange", "neither this nor that");
  for (const char *file : {"nothing.nwb", "empty.nwb", "words.mat", "strange", "."}) {
    INFO(file);
    const auto r = command::engram(std::string("inspect ") + file, folder.path);
    CHECK(r.exit == 2);
    CHECK(r.out.empty());
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    CHECK(contains(r.err, std::string("engram: ") + file + ": "));
  }
}

TEST_CASE("inspect describes every recorded file", "[cli][recorded]") {
  if (!fs::exists(data_folder() + "/nwb")) {
    WARN("the recorded files are not here: skipped");
    return;
  }
  std::size_t files = 0;
  for (const auto &entry : fs::recursive_directory_iterator(data_folder())) {
    // Of the kinds that are read: others may lie there, sounds and pictures.
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || !std::regex_search(name, std::regex(R"(\.(nwb|npy|npz|mat|csv)$|-ubyte(\.gz)?$)")))
      continue;
    if (entry.file_size() > 8'000'000) continue; // the training images of MNIST
    INFO(entry.path());
    ++files;
    CHECK(inspect("'" + entry.path().string() + "'").size() > 20);
  }
  CHECK(files >= 20); // the folder grows
  const auto text = inspect(data_folder() + "/nwb/grasshopper_pynwb.nwb");
  CHECK(contains(text, "NWB 2.7.0, Grasshopper auditory receptor, Rokem et al. 2006 [grasshopper-1]"));
  CHECK(contains(text, "200000 float32, dB, 20 kHz, 10 s: 0.24"));
  CHECK(contains(text, "1 unit, 929 spikes, 92.9 Hz"));
  CHECK(contains(inspect(data_folder() + "/it-92images/92_modelRDMs.mat"), "RDM    92 × 92 double, in each of 8"));
}
