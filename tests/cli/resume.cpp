// run --resume, --until and --checkpoint as a user calls them.
#include "catch.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"
#include "run_and_signal.hpp"
#include "run_numbers.hpp"

#include <nlohmann/json.hpp>

#include <string>

using command::contains;
using command::Folder;

namespace {

const std::string resumed_model = " " + command::model("credit-assignment/xor.json") + " ";

// `change` on an open run file.
template <class F> void change_file(const command::fs::path &path, F change) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  REQUIRE(file >= 0);
  change(file);
  H5Fclose(file);
}

} // namespace

TEST_CASE("a run that is complete goes on to more epochs, as if it had had them", "[cli][resume]") {
  const Folder folder;
  REQUIRE(command::engram("run" + resumed_model + "--quiet --out whole.nwb --set /task/epochs=9", folder.path).exit ==
          0);
  REQUIRE(command::engram("run" + resumed_model + "--quiet --out run.nwb --set /task/epochs=4", folder.path).exit == 0);
  const auto complete = command::engram("run --resume run.nwb", folder.path);
  CHECK(complete.exit == 2);
  CHECK(complete.err == "engram: run.nwb: is complete, with 4 epochs; --until epochs=N goes on\n");
  const auto fewer = command::engram("run --resume run.nwb --until epochs=4", folder.path);
  CHECK(fewer.exit == 2);
  CHECK(fewer.err == "engram: run.nwb: has done 4 epochs already: --until must name more\n");

  const auto on =
      command::engram("run --resume run.nwb --until epochs=9 --threads 2 --json --checkpoint epoch", folder.path);
  INFO(on.err);
  REQUIRE(on.exit == 0);
  CHECK(contains(on.err, "goes on after epoch 4 of 9"));
  const auto j = nlohmann::json::parse(command::last_line(on.out));
  CHECK(j.at("epochs") == 9);
  CHECK(j.at("trials") == 36);
  CHECK(j.at("resumed_after_epoch") == 4);
  CHECK(run_numbers::differences((folder.path / "whole.nwb").string(), (folder.path / "run.nwb").string()).empty());
  CHECK(folder.files() == 2); // no checkpoint is left
}

TEST_CASE("a run that was killed goes on in its own file, once", "[cli][resume]") {
  const Folder folder;
  folder.write("model.json", R"({ "extends": ")" + command::model("credit-assignment/xor.json") +
                                 R"(", "seed": 4, "task": { "epochs": 3000 } })");
  REQUIRE(command::engram("run model.json --quiet --out whole.nwb --set /seed=5", folder.path).exit == 0);
  const auto killed = command::run_and_signal(
      folder, "model.json --quiet --seed 5 --checkpoint epoch",
      "while [ -e run.nwb.partial -a ! -e run.nwb.checkpoint ]; do sleep 0.02; done; kill -KILL $run");
  CHECK(killed.exit == 137);
  REQUIRE(command::fs::exists(folder.path / "run.nwb.partial"));
  REQUIRE(command::fs::exists(folder.path / "run.nwb.checkpoint"));
  command::fs::remove(folder.path / "model.json"); // the run file has it
  const auto on = command::engram("run --resume run.nwb --quiet --checkpoint none", folder.path);
  INFO(on.err);
  REQUIRE(on.exit == 0);
  CHECK(run_numbers::differences((folder.path / "whole.nwb").string(), (folder.path / "run.nwb").string()).empty());
  CHECK(!command::fs::exists(folder.path / "run.nwb.partial"));
  CHECK(!command::fs::exists(folder.path / "run.nwb.checkpoint"));
  CHECK(command::engram("run --resume run.nwb --quiet", folder.path).exit == 2);
}

TEST_CASE("a new run moves what a killed one has left aside, with its checkpoint", "[cli][resume]") {
  const Folder folder;
  REQUIRE(command::engram("run" + resumed_model + "--quiet --out run.nwb --set /task/epochs=2", folder.path).exit == 0);
  command::fs::copy_file(folder.path / "run.nwb", folder.path / "run.nwb.partial");
  command::fs::rename(folder.path / "run.nwb", folder.path / "run.nwb.checkpoint");
  const auto again = command::engram("run" + resumed_model + "--out run.nwb --set /task/epochs=2", folder.path);
  CHECK(again.exit == 0);
  CHECK(contains(again.err, "run.nwb.partial was left by a run that was killed, and is now "));
  CHECK(command::fs::exists(folder.path / "run.interrupted.nwb"));
  CHECK(command::fs::exists(folder.path / "run.interrupted.nwb.checkpoint"));
  CHECK(folder.files() == 3);

  command::fs::rename(folder.path / "run.interrupted.nwb.checkpoint", folder.path / "run.nwb.checkpoint");
  const auto alone = command::engram("run" + resumed_model + "--out run.nwb --set /task/epochs=2", folder.path);
  CHECK(alone.exit == 0);
  CHECK(contains(alone.err, "run.nwb.checkpoint was left by a run that was killed, and is now "));
  CHECK(command::fs::exists(folder.path / "run.interrupted-2.nwb"));
}

TEST_CASE("a run does not go on with other files, another engram, or a state that does not fit", "[cli][resume]") {
  const Folder folder;
  folder.write("inputs.csv", "-1,-1\n-1,1\n1,-1\n1,1\n");
  folder.write("model.json", R"({ "extends": ")" + command::model("credit-assignment/xor.json") + R"(",
    "learning": { "rules": { "local": { "optimizer": "momentum" } } },
    "task": { "epochs": 3, "stimuli": { "inputs": { "file": "inputs.csv" } } } })");
  REQUIRE(command::engram("run model.json --quiet --out first.nwb", folder.path).exit == 0);
  const auto refused = [&](const std::string &says) {
    const auto r = command::engram("run --resume run.nwb --until epochs=5 --quiet", folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, "engram: run.nwb: "));
    CHECK(contains(r.err, says));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    command::fs::copy_file(folder.path / "first.nwb", folder.path / "run.nwb",
                           command::fs::copy_options::overwrite_existing);
  };
  namespace hdf5 = engram::data::hdf5;
  command::fs::copy_file(folder.path / "first.nwb", folder.path / "run.nwb");
  folder.write("inputs.csv", "-1,-1\n-1,1\n1,-1\n1,2\n");
  refused("cannot go on: the file " + (folder.path / "inputs.csv").string() + " has changed since");
  folder.write("inputs.csv", "-1,-1\n-1,1\n1,-1\n1,1\n");

  change_file(folder.path / "run.nwb", [](hid_t file) {
    hdf5::remove(file, "/scratch/engram_version");
    hdf5::write_text(file, "/scratch/engram_version", "0.0.9");
  });
  refused("is a run of engram 0.0.9, and this is ");
  change_file(folder.path / "run.nwb", [](hid_t file) {
    hdf5::remove(file, "/scratch/precision");
    hdf5::write_text(file, "/scratch/precision", "single");
  });
  refused("was computed in single precision, and its model says double");
  const std::string velocity = "/scratch/state_in_to_hidden_local_optimizer_velocity";
  change_file(folder.path / "run.nwb", [&](hid_t file) { hdf5::remove(file, velocity); });
  refused("does not hold the state 'in->hidden/local/optimizer/velocity' of the model");
  change_file(folder.path / "run.nwb", [&](hid_t file) {
    hdf5::remove(file, velocity);
    hdf5::Layout layout;
    layout.shape = {3, 2};
    const auto other = hdf5::create_dataset(file, velocity, H5T_IEEE_F64LE, layout);
    hdf5::set_attribute(other.get(), "state", std::string("in->hidden/local/optimizer/velocity"));
  });
  refused("the state 'in->hidden/local/optimizer/velocity' is 3 x 2, the model's is 8 x 2");
  change_file(folder.path / "run.nwb", [&](hid_t file) { hdf5::remove(file, "/scratch/files_read"); });
  refused("holds no state to go on from");
  CHECK(command::engram("run --resume run.nwb --until epochs=5 --quiet", folder.path).exit == 0); // as it was
}

TEST_CASE("what evaluate left is no run to go on with", "[cli][resume][evaluate]") {
  const Folder folder;
  REQUIRE(command::engram("run" + resumed_model + "--quiet --out w.nwb --set /task/epochs=2", folder.path).exit == 0);
  REQUIRE(command::engram("evaluate" + resumed_model + "--weights w.nwb --trials all --quiet --out e.nwb", folder.path)
              .exit == 0);
  // As one that was killed leaves it.
  change_file(folder.path / "e.nwb", [](hid_t file) { engram::data::hdf5::remove(file, "/scratch/status"); });
  const auto before = command::slurp(folder.path / "e.nwb");
  for (const char *name : {"e.nwb", "f.nwb.partial"}) {
    if (std::string(name) != "e.nwb") command::fs::copy_file(folder.path / "e.nwb", folder.path / name);
    const auto r = command::engram(std::string("run --quiet --resume ") + name, folder.path);
    CHECK(r.exit == 2);
    CHECK(
        contains(r.err, std::string(name) + ": holds no state to go on from; --weights begins a run with its weights"));
    CHECK(command::slurp(folder.path / name) == before);
  }
  CHECK(folder.files() == 3);
}

TEST_CASE("a schedule by the share of the epochs is not run on", "[cli][resume]") {
  const Folder folder;
  REQUIRE(command::engram("run" + resumed_model +
                              "--quiet --out run.nwb --set /task/epochs=2 "
                              "--set /learning/rules/local/schedule=cosine",
                          folder.path)
              .exit == 0);
  const auto r = command::engram("run --resume run.nwb --until epochs=4", folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "--until cannot change the number of epochs, 2: the learning rate of rule 'local' follows its "
                        "share (schedule 'cosine')"));
}

TEST_CASE("what does not go with --resume is refused in one line", "[cli][resume]") {
  const Folder folder;
  const auto refused = [&](const std::string &arguments, const std::string &says) {
    const auto r = command::engram("run " + arguments, folder.path);
    INFO(arguments << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, says));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  };
  refused("--resume run.nwb" + resumed_model, "MODEL does not go with it");
  refused("--resume run.nwb --set /seed=1", "--set does not go with it");
  refused("--resume run.nwb --seed 1", "--seed does not go with it");
  refused("--resume run.nwb --weights b.nwb", "--weights does not go with it");
  refused("--resume run.nwb", "run.nwb: there is no such run file, and none that was left of it as run.nwb.partial or "
                              "run.nwb.checkpoint");
  refused("--until epochs=3" + resumed_model, "--until goes with --resume");
  refused("--resume run.nwb --until 3", "--until: must be epochs=N, not '3'");
  refused("--resume run.nwb --until epochs=0", "--until epochs: must be a whole number from 1");
  refused("--checkpoint sometimes" + resumed_model, "--checkpoint: must be every=TIME");
  refused("--checkpoint every=0s" + resumed_model, "--checkpoint: must be a number above 0");
  CHECK(folder.files() == 0);
}
