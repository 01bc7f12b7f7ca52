// A wrong command line is answered by one line with what was typed, and exit code 2.
#include "catch.hpp"
#include "command.hpp"

#include <algorithm>
#include <map>

using namespace command;

TEST_CASE("a wrong command line is answered with what was typed and what there is", "[cli]") {
  const Folder folder;
  const std::string xor_model = " " + command::model("credit-assignment/xor.json");
  folder.write("few.csv", "1,2\n3,4\n5,6\n");
  const std::map<std::string, std::string> told{
      {"rn", "unknown command 'rn'; did you mean 'run'?"},
      {"run" + xor_model + " --sett x", "engram run: unknown option '--sett'; did you mean '--set'?"},
      {"run" + xor_model + " --thread=2", "engram run: unknown option '--thread'; did you mean '--threads'?"},
      {"run --quite", "engram run: unknown option '--quite'; did you mean '--quiet'?"},
      {"--verson", "engram: unknown option '--verson'; did you mean '--version'?"},
      {"run", "engram run: MODEL is required"},
      {"inspect few.csv more.csv", "engram inspect: 'more.csv' is one argument too many; it takes FILE"},
      {"data mnst", "engram data: unknown command 'mnst'; did you mean 'mnist'?"},
      {"data", "engram data: say which command: mnist"},
      {"", "engram: say which command: run"},
      {"run --out", "--out"},
      {"run" + xor_model + " --seed -1", "--seed: must be a whole number from 0 to 9000000000000000000, not '-1'"},
      {"run" + xor_model + " --seed 1.5", "--seed: must be a whole number from 0 to 9000000000000000000, not '1.5'"},
      {"run" + xor_model + " --seed 18446744073709551616", "not '18446744073709551616'"},
      {"run" + xor_model + " --seed ''", "--seed: must be a whole number from 0 to 9000000000000000000, not empty"},
      {"run" + xor_model + " --seed 0x10", "not '0x10'"},
      {"run" + xor_model + " --set /seed=9100000000000000000",
       "must be at most 9000000000000000000, not 9100000000000000000"},
      {"run" + xor_model + " --threads 0", "--threads: must be a whole number from 1 to 1024, not '0'"},
      {"run" + xor_model + " --threads nan", "--threads: must be a whole number from 1 to 1024, not 'nan'"},
      {"fidelity" + xor_model + " --samples 3", "--samples: must be a whole number from 16 to 100000000, not '3'"},
      {"fidelity" + xor_model + " --samples 1e9", "not '1e9'"},
      {"fidelity" + xor_model + " --precision 0", "--precision: must be a number above 0, not '0'"},
      {"fidelity" + xor_model + " --precision inf", "--precision: must be a number above 0, not 'inf'"},
      {"fidelity" + xor_model + " --trials -3", "--trials: must be a whole number from 1 to 1000000000, not '-3'"},
      {"fidelity" + xor_model + " --minibatch 2.5", "--minibatch: must be a whole number"},
      {"compare few.csv --bootstrap -1", "--bootstrap: must be a whole number from 0 to 10000000, not '-1'"},
      {"compare few.csv --permutations x", "--permutations: must be a whole number from 0 to 10000000, not 'x'"},
      {"compare few.csv --threads 99999999999999999999", "not '99999999999999999999'"},
      {"compare few.csv --seed -2", "--seed: must be a whole number from 0 to 1000000000000000000, not '-2'"},
      {"inspect few.csv --depth 0", "--depth: must be a whole number from 1 to 1000, not '0'"},
      {"compare nofile", "nofile: no such file"},
      {"compare few.csv nofile.npy", "nofile.npy: no such file"},
      {"compare --config none.json", "none.json: no such file"},
      {"inspect nofile", "nofile: no such file"},
  };
  for (const auto &[arguments, words] : told) {
    INFO(arguments);
    const auto r = command::engram(arguments, folder.path);
    CHECK(r.exit == 2);
    CHECK(r.out.empty());
    CHECK_THAT(r.err, ContainsSubstring(words));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  }
}

TEST_CASE("a comparison's file that does not fit its schema is told by pointer and in words", "[cli][recordings]") {
  const Folder folder;
  folder.write("few.csv", "1,2\n3,4\n5,6\n");
  const std::map<std::string, std::string> told{
      {R"("window": [1])", "c.json:1: /circuits/0/window: must have 2 values, not 1"},
      {R"("window": [1, 2, 3])", "/circuits/0/window: must have 2 values, not 3"},
      {R"("axes": ["condition"])", "few.csv: has 2 axes, not the 1 that are named"},
      {R"("axes": [])", "/circuits/0/axes: must"},
      {R"("axes": [1, 2])", "/circuits/0/axes/0: expected a string, not 1"},
      {R"("axes": ["conditon", "neuron"])", "did you mean 'condition'?"},
      {R"("position": { "arena": [0, 1, 2] })", "/circuits/0/position/arena: must have 4 values, not 3"},
      {R"("bin": 0)", "/circuits/0/bin: must be above 0, not 0"},
      {R"("rdms": [])", "/circuits/0/rdms: must not be empty"},
      {R"("units": {})", "/circuits/0/units: the key 'column' is missing"},
      {R"("bin": "a")", "/circuits/0/bin: expected a number, not the text 'a'"}};
  for (const auto &[part, words] : told) {
    INFO(part);
    folder.write("c.json", R"({ "circuits": [ { "file": "few.csv", )" + part + " } ] }");
    const auto r = command::engram("compare --config c.json", folder.path);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(words));
    CHECK_FALSE(contains(r.err, "<root>"));
    CHECK_FALSE(contains(r.err, "json.exception"));
  }
}

TEST_CASE("a missing value is no observation and no name of a condition", "[cli][recordings]") {
  const Folder folder;
  folder.write("few.csv", "1,2\n3,4\n5,6\n");
  folder.write("gap.csv", "1,2\n3,NA\n5,6\n");
  folder.write("names.csv", "name,x\n1,1\n2,1\n,1\n");
  folder.write("gap.json", R"({ "circuits": [ { "file": "gap.csv" } ] })");
  folder.write("names.json",
               R"({ "circuits": [ { "file": "few.csv", "conditions": { "file": "names.csv", "key": "name" } } ] })");
  const std::map<std::string, std::string> told{{"gap.json", "gap.csv: line 2: a value is missing"},
                                                {"names.json", "names.csv: line 4: a value is missing"}};
  for (const auto &[config, words] : told) {
    const auto r = command::engram("compare --config " + config, folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(words));
  }
}

TEST_CASE("where nothing can be compared, each method says why", "[cli][recordings]") {
  const Folder folder;
  folder.write("one.csv", "1,2\n");
  const auto r = command::engram("compare one.csv one.csv --bootstrap 10", folder.path);
  INFO(r.err);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, "engram: nothing could be compared\n"));
  CHECK(contains(r.err, "\nengram: rsa: "));
  CHECK(contains(r.err, "\nengram: cka: "));
}

TEST_CASE("folders, pipes, devices and files that cannot be read are refused in one line, and none is waited for",
          "[cli]") {
  const Folder folder;
  folder.write("empty", "");
  fs::create_directory(folder.path / "folder");
  REQUIRE(std::system(("mkfifo '" + (folder.path / "pipe").string() + "'").c_str()) == 0);
  const auto refused = [&](const std::string &before, const std::string &ending, const std::string &kind) {
    const std::string file = "x" + ending;
    fs::remove(folder.path / file);
    if (kind != "absent") fs::create_symlink(kind, folder.path / file);
    INFO(before << file << " of " << kind);
    const auto r = command::engram(before + file, folder.path, "timeout 60");
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(contains(r.err, file + ":"));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  };
  for (const char *ending : {"", ".nwb", ".npy", ".npz", ".csv", ".csv.gz", ".mat", ".idx"})
    for (const char *kind : {"empty", "pipe"}) refused("inspect ", ending, kind);
  for (const char *kind : {"folder", "/dev/zero", "absent"}) refused("inspect ", "", kind);
  for (const char *ending : {".nwb", ".csv"})
    for (const char *kind : {"pipe", "absent"}) refused("compare ", ending, kind);
  for (const char *kind : {"empty", "folder", "pipe", "/dev/zero", "absent"}) {
    refused("validate ", ".json", kind);
    refused("run --quiet " + command::model("credit-assignment/xor.json") + " --weights ", ".nwb", kind);
  }
}
