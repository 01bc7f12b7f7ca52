// These tests give labels in the forms in which users have them.
#include "task/labels.hpp"
#include "catch.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

using namespace engram;
using namespace command;

namespace {

// Four trials; three classes; nothing learns. `labels` as they stand in the model file.
std::string label_model(const std::string &labels) {
  return R"({ "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" },
      "out": { "size": 3, "dynamics": "static" } }, "projections": [ { "from": "in", "to": "out" } ] },
    "objective": { "type": "cross_entropy", "region": "out" },
    "task": { "stimuli": { "inputs": [[1, 0], [0, 1], [1, 1], [0, 0]], "labels": )" +
         labels + R"( }, "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true } ] } })";
}

struct LabelRun {
  Result result;
  std::vector<std::int64_t> labels; // by row of the data
};

LabelRun run_labels(const Folder &folder, const std::string &text) {
  folder.write("m.json", text);
  LabelRun out{command::engram("run m.json --quiet --out r.nwb", folder.path), {}};
  if (out.result.exit != 0) return out;
  out.labels.resize(4);
  for (const auto &trial : record::RunReader((folder.path / "r.nwb").string()).trials())
    out.labels[static_cast<std::size_t>(trial.trial)] = trial.label;
  return out;
}

std::string from_file(const std::string &name, const std::string &key = "") {
  return R"({ "file": ")" + name + "\"" + (key.empty() ? "" : R"(, "key": ")" + key + "\"") + " }";
}

const std::vector<std::int64_t> four_labels{2, 0, 1, 0};

} // namespace

TEST_CASE("labels are taken as classes in each form that says them plainly", "[cli][labels]") {
  const Folder folder;
  folder.write("column.csv", "label\n2\n0\n1\n0\n");
  folder.write("index.csv", ",label\n0,2\n1,0\n2,1\n3,0\n");
  folder.write("one_hot.csv", "0,0,1\n1,0,0\n0,1,0\n1,0,0\n");
  folder.write("words.csv", "species\nmouse\ncat\ndog\ncat\n");
  folder.write("table.csv", "id,species,age\n7,mouse,1\n8,cat,2\n9,dog,3\n10,cat,4\n");
  const std::string one_hot = "[[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]";
  struct Case {
    std::string labels, note;
  };
  for (const auto &one :
       {Case{"[2, 0, 1, 0]", ""}, Case{"[[2], [0], [1], [0]]", ""}, Case{from_file("column.csv"), ""},
        Case{from_file("index.csv"), "the first column has no name"}, Case{one_hot, "one-hot"},
        Case{from_file("one_hot.csv"), "one-hot"}, Case{from_file("words.csv"), "0 is 'cat', 2 is 'mouse'"},
        Case{from_file("table.csv", "species"), "alphabetic"}}) {
    INFO(one.labels);
    const auto r = run_labels(folder, label_model(one.labels));
    INFO(r.result.err);
    REQUIRE(r.result.exit == 0);
    CHECK(r.labels == four_labels);
    CHECK_THAT(r.result.err, ContainsSubstring(one.note));
  }
}

TEST_CASE("labels that are no classes are refused with their row", "[cli][labels]") {
  const Folder folder;
  folder.write("two.csv", "id,label\n0,2\n1,0\n2,1\n3,0\n");
  folder.write("missing.csv", "label\n2\nNA\n1\n0\n");
  folder.write("missing_word.csv", "label,x\ncat,1\n,2\ndog,3\ncat,4\n");
  folder.write("stray.csv", "2\n0\nx\n0\n");
  for (const auto &[labels, because] : std::vector<std::pair<std::string, std::string>>{
           {"[2, 0, 1.5, 0]", "row 3: the label 1.5 is not a whole number"},
           {"[[0, 0, 1], [1, 0, 0], [0, 1, 1], [1, 0, 0]]", "labels are 4 × 3 numbers"},
           {"[[0, 0, 1], [1, 0, 0], [0, 0.9, 0.1], [1, 0, 0]]", "labels are 4 × 3 numbers"},
           {from_file("two.csv"), R"("key" picks one of the columns id, label)"},
           {from_file("missing.csv"), "row 2: the label is missing"},
           {from_file("missing_word.csv", "label"), "row 2: the label is missing"},
           {from_file("stray.csv"), "stray.csv: row 3 (line 3): the label"},
           {"[2, 0, 9223372036854775807, 0]", "row 3: the label 9.2233720368547758e+18 is too large"},
           {"[2, 0, 3, 0]", "label 3 has no neuron"},
           {"[2, 0, -1, 0]", "label -1 has no neuron"},
           {R"(["cat", "dog", "dog", "cat"])", "/task/stimuli/labels/0: expected a number"}}) {
    INFO(labels);
    for (const std::string command : {"run m.json --quiet --out r.nwb", "validate m.json"}) {
      folder.write("m.json", label_model(labels));
      const auto r = command::engram(command, folder.path);
      INFO(r.err);
      CHECK(r.exit == 2);
      CHECK_THAT(r.err, ContainsSubstring(because));
      CHECK_THAT(r.err, ContainsSubstring("m.json:"));
    }
  }
}

TEST_CASE("whole labels are told apart as far as their type does", "[labels]") {
  const std::int64_t large = 9223372036854775807;
  const auto kept = task::labels_of(data::Array{{2}, std::vector<std::int64_t>{large, large - 1}}, "x");
  CHECK(kept.classes == std::vector<std::int64_t>{large, large - 1});
  CHECK_THROWS_AS(task::labels_of(data::Array{{1}, std::vector<double>{9007199254740992.0}}, "x"), data::DataError);
  CHECK_THROWS_AS(task::labels_of(data::Array{{1}, std::vector<float>{16777216.0f}}, "x"), data::DataError);
  CHECK(task::labels_of(data::Array{{1}, std::vector<double>{9007199254740991.0}}, "x").classes[0] == 9007199254740991);
  const auto row = task::labels_of(data::Array{{1, 3}, std::vector<double>{2, 0, 1}}, "x"); // a MATLAB vector
  CHECK(row.classes == std::vector<std::int64_t>{2, 0, 1});
  CHECK(row.notes.size() == 1);
}
