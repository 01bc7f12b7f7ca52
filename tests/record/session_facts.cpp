// The model's "session" and description go to /general of the run file, where archives of NWB files look for them.
#include "catch.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"

#include <fstream>

namespace {

constexpr const char *small_model = R"({ "name": "small", "description": "a circuit for a test", "architecture": {
    "regions": { "r": { "size": 1, "dynamics": "leaky_rate" } } },
  "task": { "trial": [ { "phase": "run", "duration": 2 } ] } })";

command::Result run_small(const command::Folder &folder, const std::string &session) {
  std::ofstream(folder.path / "m.json") << small_model;
  return command::engram("run --quiet --force --out r.nwb m.json --set '/session=" + session + "'", folder.path);
}

} // namespace

TEST_CASE("the run file says who ran the model and where", "[record]") {
  const command::Folder folder;
  const auto run = run_small(folder, R"({ "experimenter": ["Hebb, Donald", "Milner, Peter"], "institution": "McGill",
      "lab": "Hebb", "keywords": "learning", "publications": "doi:10.1038/s41593-019-0520-2" })");
  INFO(run.err);
  REQUIRE(run.exit == 0);
  namespace hdf5 = engram::data::hdf5;
  const auto file = hdf5::open_read((folder.path / "r.nwb").string()),
             general = hdf5::open_group(file.get(), "general");
  using Texts = std::vector<std::string>;
  const auto texts = [&](const char *name) { return hdf5::read_texts(hdf5::open_dataset(general.get(), name).get()); };
  CHECK(texts("experimenter") == Texts{"Hebb, Donald", "Milner, Peter"});
  CHECK(texts("institution") == Texts{"McGill"});
  CHECK(texts("lab") == Texts{"Hebb"});
  CHECK(texts("keywords") == Texts{"simulation", "engram", "learning"});
  CHECK(texts("related_publications") == Texts{"doi:10.1038/s41593-019-0520-2"});
  CHECK(texts("experiment_description") == Texts{"a circuit for a test"});
  CHECK(hdf5::read_texts(hdf5::open_dataset(file.get(), "session_description").get()) == Texts{"simulation of small"});
}

TEST_CASE("a session that cannot be taken as meant is refused", "[record]") {
  const command::Folder folder;
  for (const auto &[session, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({ "experimenters": "Hebb, Donald" })", "did you mean 'experimenter'"},
           {R"({ "experimenter": 7 })", "/session/experimenter"},
           {R"({ "institution": ["McGill", "MNI"] })", "/session/institution"},
           {R"({ "lab": "" })", "/session/lab"}}) {
    const auto run = run_small(folder, session);
    INFO(session << ": " << run.err);
    CHECK(run.exit == 2);
    CHECK(command::contains(run.err, words));
  }
  CHECK_FALSE(std::filesystem::exists(folder.path / "r.nwb"));
}
