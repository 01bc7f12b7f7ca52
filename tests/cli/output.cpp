// Every write to stdout is checked, and no text of a file can command the terminal.
#include "catch.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"

#include <nlohmann/json.hpp>

using namespace command;

namespace {

// The exit code of engram when `arguments` are followed by a redirection.
Result redirected(const std::string &arguments, const std::string &to, const fs::path &folder) {
  const auto err = folder / "stderr";
  const std::string line = "cd '" + folder.string() + "' && ( '" + ENGRAM_BUILD_DIR + "/engram' " + arguments + " " +
                           to + " ) 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, "", slurp(err)};
}

const std::string hostile = "gpj.\xe2\x80\xae"
                            "exe\x1b[2J\xc2\x9b"
                            "5m\xff";

bool harmless(const std::string &text) {
  for (const char *part : {"\x1b", "\xe2\x80\xae", "\xc2\x9b", "\xff"})
    if (contains(text, part)) return false;
  return true;
}

} // namespace

TEST_CASE("results that cannot be written to stdout are told, with exit code 1", "[cli]") {
  if (!fs::exists("/dev/full")) {
    WARN("there is no /dev/full here: skipped");
    return;
  }
  const Folder folder;
  const std::string xor_model = command::model("credit-assignment/xor.json"),
                    table = std::string(ENGRAM_SOURCE_DIR) + "/tests/data/fixtures/table.csv";
  for (const std::string &arguments :
       {std::string("--help"), std::string("--version"), std::string("schema"), "show " + xor_model,
        "validate " + xor_model, std::string("rules"), std::string("rules --json"), std::string("rules hebb"),
        "rules --for " + xor_model, "inspect " + table, "inspect --json " + table,
        "compare " + table + " --method dimensionality --bootstrap 0", std::string("compare --schema"),
        std::string("new-rule mine"), "run --quiet --json --out x.nwb " + xor_model, std::string("check-rule hebb")}) {
    INFO(arguments);
    const auto r = redirected(arguments, ">/dev/full", folder.path);
    INFO(r.err);
    CHECK(r.exit == 1);
    CHECK(contains(r.err, "could not be written to stdout: No space left on device"));
  }
  CHECK(fs::exists(folder.path / "x.nwb")); // what was computed is kept
  const auto closed = redirected("schema", ">&-", folder.path);
  CHECK(closed.exit == 1);
  CHECK(contains(closed.err, "could not be written to stdout"));
}

TEST_CASE("a reader that has seen enough ends a command quietly, and a lost stderr ends none", "[cli]") {
  const Folder folder;
  CHECK(redirected("schema", "| head -c 10 >head", folder.path).err.empty());
  CHECK(fs::file_size(folder.path / "head") == 10);
  if (!fs::exists("/dev/full")) return;
  const std::string line = "cd '" + folder.path.string() + "' && '" ENGRAM_BUILD_DIR "/engram' run --out x.nwb " +
                           command::model("credit-assignment/xor.json") + " 2>/dev/full >out";
  CHECK(std::system(line.c_str()) == 0);
  CHECK(fs::file_size(folder.path / "out") > 0);
}

TEST_CASE("names from files are printed harmlessly, as text and as JSON", "[cli]") {
  using namespace engram::data;
  const Folder folder;
  {
    const hdf5::Handle file(H5Fcreate((folder.path / "f.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    const auto group = hdf5::create_group(file.get(), hostile);
    hdf5::set_attribute(group.get(), "description", hostile);
    hdf5::write_text(group.get(), "text", hostile);
  }
  folder.write("t.csv", hostile + ",b\n1,2\n");
  folder.write("m.json", "{ \"name\": \"gpj.\\u202eexe\\u001b[2J\\u009b5m\" }");
  for (const std::string arguments :
       {"inspect f.h5", "inspect --json f.h5", "inspect t.csv", "inspect --json t.csv", "validate m.json", "run m.json",
        "compare t.csv:\x1b[2J", "inspect '\x1b[2J'", "run '\xe2\x80\xae.json'", "\x1b[2J",
        "run --\xc2\x9b"
        "5m",
        "run m.json --seed '\x1b[2J'", "run m.json --set '/\x1b[2J=1'", "rules '\x1b[2J'", "validate \xff.json"}) {
    INFO(arguments);
    const auto r = command::engram(arguments, folder.path);
    CHECK(r.exit == (contains(arguments, "inspect") && !contains(arguments, "'") ? 0 : 2));
    CHECK(harmless(r.out));
    CHECK(harmless(r.err));
    if (contains(arguments, "--json")) CHECK(nlohmann::json::accept(r.out));
  }
  // A name is not lost in JSON: what is no UTF-8 alone is replaced.
  const auto json = nlohmann::json::parse(command::engram("inspect --json f.h5", folder.path).out);
  CHECK(json["children"][0]["name"] == hostile.substr(0, hostile.size() - 1) + "\xef\xbf\xbd");
}
