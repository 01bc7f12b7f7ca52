// These tests read NWB files that h5py wrote by hand (fixtures/make_foreign.py), that others recorded, and that engram
// writes.
#include "catch.hpp"
#include "command.hpp"
#include "data/describe_file.hpp"
#include "data/nwb.hpp"
#include "data/nwb_extent.hpp"
#include "fixtures.hpp"
#include "record/run_read.hpp"
#include "refusal.hpp"

#include <cmath>

using namespace engram::data;
using namespace engram::data::testing;

using Shape = std::vector<std::size_t>;
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

namespace {

Texts paths(const NwbFile &file) {
  Texts all;
  for (const NwbSeries &one : file.series()) all.push_back(one.path);
  return all;
}

} // namespace

TEST_CASE("a time series is read in its unit: stored, times conversion, times the channel's, plus offset", "[data]") {
  const NwbFile file(fixture("series.nwb"));
  const NwbSeries &lfp = file.find_series("processing/ecephys/LFP/lfp");
  CHECK(lfp.type == "ElectricalSeries");
  CHECK(lfp.unit == "volts");
  CHECK(lfp.stored == "int16");
  CHECK(lfp.shape == Shape{4, 2});
  CHECK(lfp.channel_conversion == Numbers{1, 10});
  const arma::mat expected = {{3, 8}, {4, 18}, {5, 28}, {6, 38}}; // stored 0 … 7, row by row, · 0.5 · {1, 10} + 3
  CHECK(arma::approx_equal(file.read_series("lfp"), expected, "absdiff", 0));
  CHECK(arma::approx_equal(file.read_series("lfp", 1, 2), expected.rows(1, 2), "absdiff", 0));
  CHECK(file.read_series("lfp", 4, 0).n_rows == 0);
  CHECK(file.read_times("lfp", 1, 3) == Numbers{0.75, 1, 2});
  CHECK_FALSE(refusal(file.path(), [&] { file.read_series("lfp", 3, 2); }).empty());
  CHECK_FALSE(refusal(file.path(), [&] { file.read_series("lfp", 5, std::size_t(-1)); }).empty());
}

TEST_CASE("links of an NWB file are followed, and circles end", "[data]") {
  const NwbFile file(fixture("series.nwb"));
  CHECK(paths(file) == Texts{"acquisition/bare", "acquisition/broken", "acquisition/notes", "acquisition/outside",
                             "acquisition/soft", "acquisition/whole", "processing/ecephys/LFP/lfp"});
  CHECK(file.find_series("soft").timestamps_link == "→ /processing/ecephys/LFP/lfp/timestamps");
  CHECK(file.read_times("soft", 0, 4) == Numbers{0.5, 0.75, 1, 2});
  const arma::vec ramp = {1, 2, 3, 4};
  CHECK(arma::approx_equal(file.read_series("whole"), ramp, "absdiff", 0)); // its data are a link to another series
  CHECK(file.read_times("whole", 2, 2) == Numbers{1.2, 1.3});
  CHECK(file.find_series("outside").type == "SpecialRecording");
  CHECK(file.read_series("outside", 1, 2)(0, 0) == 8); // in another file
  CHECK_THAT(refusal(file.path(), [&] { file.read_series("broken"); }), ContainsSubstring("no values in this file"));
}

TEST_CASE("what an NWB file leaves out is tolerated", "[data]") {
  const NwbFile file(fixture("series.nwb"));
  const NwbSeries &bare = file.find_series("bare");
  CHECK(bare.unit.empty());
  CHECK(std::isnan(bare.rate_hz));
  CHECK(bare.channels == 6);
  CHECK(file.read_series("bare")(0, 4) == 4);
  CHECK_THAT(refusal(file.path(), [&] { file.read_times("bare", 0, 1); }),
             ContainsSubstring("neither timestamps nor a rate"));
  CHECK_THAT(refusal(file.path(), [&] { file.read_series("notes"); }), ContainsSubstring("holds text"));
  CHECK_THAT(refusal(file.path(), [&] { file.find_series("sofd"); }), ContainsSubstring("there are: acquisition/bare"));
  const NwbSession session = file.session();
  CHECK(session.version == "2.6.0");
  CHECK(session.identifier == "id-1");
  CHECK(session.start_time == "2020-02-02T02:02:02Z");
}

TEST_CASE("units of an NWB file have ragged spike times and observation intervals", "[data]") {
  const NwbFile file(fixture("tables.nwb"));
  REQUIRE(file.has_units());
  const NwbUnits units = file.units();
  CHECK(units.ids == std::vector<std::int64_t>{5, 6, 9});
  CHECK(units.spike_times_s == std::vector<Numbers>{{0.1, 0.2, 0.9}, {}, {0.4, 1.4}});
  REQUIRE(units.obs_intervals_s.size() == 3);
  CHECK(units.obs_intervals_s[2] == std::vector<std::pair<double, double>>{{0, 0.5}, {1, 2}});
  const auto extent = extent_of(file, units);
  CHECK(units.rate_hz(0, extent) == Approx(3.0));
  CHECK(units.rate_hz(1, extent) == 0);
  CHECK(units.rate_hz(2, extent) == Approx(2 / 1.5));
}

TEST_CASE("columns of NWB tables are read whatever they hold", "[data]") {
  const NwbFile file(fixture("tables.nwb"));
  const NwbTable &units = file.find_table("units"), &trials = file.find_table("trials");
  CHECK(file.read_column(units, "quality").texts == Texts{"good", "mua", "good"}); // of fixed length, padded
  const NwbRows tags = file.read_column(units, "tags");
  CHECK(tags.row_texts(0).empty());
  CHECK(tags.row_texts(1) == Texts{"a", "b"});
  CHECK(file.read_column(units, "tags", 2, 1).row_texts(0) == Texts{"c"});
  const NwbRows deep = file.read_column(units, "deep"); // lists of lists: {0}, {1, 2} · · {3}, {4, 5}
  CHECK(deep.row_numbers(0) == Numbers{0, 1, 2});
  CHECK(deep.row_numbers(1).empty());
  CHECK(deep.row_numbers(2) == Numbers{3, 4, 5});
  CHECK(units.find("electrodes")->region == "general/extracellular_ephys/electrodes");
  CHECK(file.read_column(units, "electrodes").numbers == Numbers{1, 0, 1});
  const NwbTable &electrodes = file.find_table("electrodes");
  CHECK(file.read_column(electrodes, "location").texts == Texts{"CA1", "CA3"});
  CHECK(file.read_column(electrodes, "group").texts == Texts{"/general", "/units"});
  CHECK(trials.rows == 3);
  CHECK(file.read_column(trials, "side").texts == Texts{"left", "right", "left"});
  CHECK(file.read_column(trials, "hit").numbers == Numbers{1, 0, 1});
  CHECK(file.read_column(trials, "stop_time", 1, 2).numbers == Numbers{2, 2.25});
  CHECK_THAT(refusal(file.path(), [&] { file.read_column(trials, "odd"); }), ContainsSubstring("compound"));
  CHECK_THAT(refusal(file.path(), [&] { file.read_column(trials, "sight"); }),
             ContainsSubstring("there are: start_time"));
  REQUIRE(file.images().size() == 1);
  CHECK(file.images()[0].path == "stimulus/templates/pictures/one");
  const Array image = file.read_image(file.images()[0]);
  CHECK(image.shape == Shape{2, 3});
  CHECK(std::get<std::vector<std::uint8_t>>(image.values)[5] == 5);
}

TEST_CASE("two readers of one NWB file do not disturb each other", "[data]") {
  const NwbFile one(fixture("series.nwb")), other(fixture("series.nwb"));
  const auto first = one.read_series("lfp", 0, 1);
  const NwbFile third(fixture("series.nwb")); // its child process shares the open file
  CHECK(arma::approx_equal(one.read_series("lfp"), other.read_series("lfp"), "absdiff", 0));
  CHECK(arma::approx_equal(third.read_series("lfp").row(0), first, "absdiff", 0));
}

TEST_CASE("what is no NWB file is refused in one line", "[data]") {
  for (const char *name : {"plain.h5", "version5.mat", "le_i2.npy", "make.py", "nothing.nwb", ""}) {
    INFO(name);
    const auto path = fixture(name);
    CHECK_FALSE(refusal(path, [&] { NwbFile file(path); }).empty());
  }
}

TEST_CASE("a run file that engram wrote reads back to the same numbers", "[data]") {
  const command::Folder folder;
  const auto run =
      command::engram("run " + command::model("credit-assignment/xor.json") + " --quiet --out x.nwb", folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
  const auto path = (folder.path / "x.nwb").string();
  const NwbFile file(path);
  const engram::record::RunReader reader(path);
  REQUIRE_FALSE(reader.series().empty());
  for (const auto &series : reader.series()) {
    CHECK(arma::approx_equal(file.read_series(series.name).t(), reader.data(series), "absdiff", 0));
    CHECK(file.read_times(series.name, 0, series.samples) == reader.times(series));
  }
  const NwbTable &trials = file.find_table("intervals/trials");
  const auto rows = reader.trials();
  REQUIRE(trials.rows == rows.size());
  const Numbers losses = file.read_column(trials, "loss").numbers, labels = file.read_column(trials, "label").numbers;
  const Numbers curve = file.read_column(file.find_table("scratch/learning_curve"), "train_loss").numbers;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    CHECK(losses[r] == rows[r].loss);
    CHECK(labels[r] == double(rows[r].label));
  }
  REQUIRE(curve.size() == reader.curve().size());
  CHECK(curve.back() == reader.curve().back().train_loss);
}

TEST_CASE("every NWB file that others wrote opens and is described", "[data][recorded]") {
  const auto folder = recorded("nwb");
  if (!is_here(folder)) return;
  std::size_t files = 0;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".nwb") continue;
    INFO(entry.path());
    ++files;
    const NwbFile file(entry.path().string());
    const FileDescription described = describe_file(entry.path().string());
    CHECK(described.format == "NWB");
    CHECK(described.version == file.session().version);
    CHECK(described.title == file.session().description);
    for (const NwbSeries &series : file.series()) {
      INFO(series.path);
      const std::size_t some = std::min<std::size_t>(series.samples, 10);
      if (!series.stored.empty()) CHECK(file.read_series(series.path, series.samples - some, some).is_finite());
      if (series.samples > 0) CHECK(file.read_times(series.path, 0, some).size() == some);
    }
    for (const NwbTable &table : file.tables())
      for (const NwbColumn &column : table.columns)
        if (column.numbers || column.texts) CHECK(file.read_column(table, column.name).ends.size() == table.rows);
  }
  CHECK(files == 9);
}

TEST_CASE("recorded NWB files hold what their READMEs and h5py say", "[data][recorded]") {
  if (!is_here(recorded("nwb"))) return;
  {
    const NwbFile file(recorded("nwb/grasshopper_pynwb.nwb"));
    const NwbUnits units = file.units();
    REQUIRE(units.spike_times_s.size() == 1);
    CHECK(units.spike_times_s[0].size() == 929);
    CHECK(units.spike_times_s[0][0] == Approx(0.0067));
    CHECK(units.rate_hz(0, extent_of(file, units)) == Approx(92.9));
    CHECK(file.read_column(file.find_table("units"), "quality").texts == Texts{"good"});
    CHECK(file.read_column(file.find_table("trials"), "cutoff_Hz").numbers == Numbers{200});
    const NwbSeries &amplitude = file.find_series("stimulus/presentation/amplitude");
    CHECK(amplitude.samples == 200000);
    CHECK(amplitude.rate_hz == 20000);
    CHECK(amplitude.unit == "dB");
  }
  {
    const NwbFile file(recorded("nwb/FergusonEtAl2015_PYR2.nwb"));
    CHECK(file.series().size() == 26);
    const NwbSeries &sweep = file.find_series("acquisition/CurrentClampSeries_05");
    CHECK(sweep.type == "CurrentClampSeries");
    CHECK(sweep.unit == "volts");
    CHECK(sweep.rate_hz == 10000);
    CHECK(sweep.electrode == "/general/intracellular_ephys/icephys_electrode");
    CHECK(file.read_series(sweep.path, 12345, 1)(0, 0) == -0.0593872107565403);
    CHECK(file.read_series("CurrentClampStimulusSeries_05", 12345, 1)(0, 0) == -7.415771469121424e-11);
  }
  {
    const NwbFile file(recorded("nwb/LantyerEtAl2018_180817_ME_9_CC.nwb")); // chunked and compressed
    const arma::mat sweep = file.read_series("acquisition/CurrentClampSeries_05");
    CHECK(sweep.n_rows == 23200);
    CHECK(sweep(12345, 0) == -0.0689999982714653);
    CHECK(arma::approx_equal(file.read_series("acquisition/CurrentClampSeries_05", 1400, 100), sweep.rows(1400, 1499),
                             "absdiff", 0));
  }
  {
    const NwbFile file(recorded("nwb/datatypes.nwb"));
    const arma::mat plain = file.read_series("test_mvolt_s_sine"),
                    scaled = file.read_series("test_mvolt_s_conversion_sine");
    CHECK(file.find_series("test_mvolt_s_conversion_sine").conversion == 1000);
    CHECK(arma::approx_equal(plain, scaled, "absdiff", 1e-9)); // the same sine, stored in V and in mV
    CHECK(file.find_series("spatial_series_2D").shape == Shape{2001, 2});
  }
  CHECK(NwbFile(recorded("nwb/pynwb_1.5.1_timeseries_no_unit.nwb")).find_series("test_timeseries").unit.empty());
  CHECK(NwbFile(recorded("nwb/pynwb_2.1.0_nwbfile_with_extension.nwb")).find_series("test_ts").type ==
        "TimeSeriesWithID");
  CHECK(NwbFile(recorded("nwb/time_series_data_latest.nwb")).find_series("test_image_series").external_files.size() ==
        82);
}
