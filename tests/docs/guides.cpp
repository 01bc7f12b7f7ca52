// These tests keep the guides true: what they print, link to, show and claim must agree with the program and the
// sources.
#include "catch.hpp"
#include "command.hpp"
#include "spiking.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

using namespace command;

namespace {

const fs::path guides_root = ENGRAM_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

// Every .md of the tree, without what was built.
std::vector<fs::path> guides() {
  std::vector<fs::path> out{guides_root / "README.md"};
  for (const char *folder : {"examples", "findings", "models", "plugins", "simulator", "tests"})
    for (auto at = fs::recursive_directory_iterator(guides_root / folder); at != fs::recursive_directory_iterator();
         ++at) {
      if (at->is_directory() && at->path().filename().string().starts_with("build")) at.disable_recursion_pending();
      if (at->path().extension() == ".md") out.push_back(at->path());
    }
  return out;
}

// The text without its blocks of code.
std::string prose_of(const std::string &text) {
  std::string out;
  bool code = false;
  for (const auto &line : lines_of(text)) {
    if (line.starts_with("```"))
      code = !code;
    else if (!code && !line.starts_with("    "))
      out += line + "\n";
  }
  return out;
}

// Blocks of code in a language: "```json" and the like.
std::vector<std::string> blocks_of(const std::string &text, const std::string &language) {
  std::vector<std::string> out;
  bool inside = false;
  for (const auto &line : lines_of(text)) {
    if (!inside && line == "```" + language) {
      inside = true;
      out.emplace_back();
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      out.back() += line + "\n";
    }
  }
  return out;
}

// The names by which headings are linked to, as GitHub makes them of plain ones.
std::set<std::string> anchors_of(const std::string &text) {
  std::set<std::string> out;
  for (const auto &line : lines_of(prose_of(text))) {
    if (!line.starts_with("#")) continue;
    std::string name;
    for (const char c : line.substr(line.find_first_not_of("# "))) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ')
        name += '-';
      else if (std::isalnum(byte) || c == '-' || c == '_' || byte >= 128)
        name += static_cast<char>(std::tolower(byte));
    }
    out.insert(name);
  }
  return out;
}

} // namespace

TEST_CASE("every relative link of a guide leads somewhere", "[docs]") {
  static const std::regex link(R"(\]\(([^)\s]*)\))");
  for (const auto &guide : guides()) {
    const auto text = prose_of(slurp(guide));
    for (auto at = std::sregex_iterator(text.begin(), text.end(), link); at != std::sregex_iterator(); ++at) {
      const std::string to = (*at)[1];
      if (to.starts_with("http")) continue;
      const auto hash = to.find('#');
      const auto file = hash == 0 ? guide : guide.parent_path() / to.substr(0, hash);
      INFO(guide.string() << ": " << to);
      CHECK(fs::exists(file));
      if (hash != std::string::npos) CHECK(anchors_of(slurp(file)).contains(to.substr(hash + 1)));
    }
  }
}

TEST_CASE("every file that a guide names with its folder is there", "[docs]") {
  static const std::regex path(R"(((?:[a-z0-9_-]+/)+)[a-z0-9_-]+\.(?:cpp|hpp|json|py|sh))");
  std::size_t named = 0;
  for (const auto &guide : guides()) {
    const auto text = slurp(guide);
    const fs::path from[] = {guides_root, guides_root / "simulator", guide.parent_path()};
    const auto is_there = [&](const std::string &name) {
      return std::any_of(std::begin(from), std::end(from), [&](const auto &base) { return fs::exists(base / name); });
    };
    for (auto at = std::sregex_iterator(text.begin(), text.end(), path); at != std::sregex_iterator(); ++at) {
      const std::string folder = (*at)[1];
      if (!is_there(folder.substr(0, folder.find('/') + 1))) continue; // another program's, or #include <engram/…>
      ++named;
      INFO(guide.string() << ": " << at->str());
      CHECK(is_there(at->str()));
    }
  }
  CHECK(named > 150);
}

TEST_CASE("README is short", "[docs]") { CHECK(lines_of(slurp(guides_root / "README.md")).size() <= 150); }

// recordings/README.md is a guide for people with recordings.
TEST_CASE("each folder of the simulator has a README of four to ten lines", "[docs]") {
  for (const auto &entry : fs::recursive_directory_iterator(guides_root / "simulator")) {
    const auto file = entry.path();
    if (file.filename() != "README.md" || file.parent_path() == guides_root / "simulator" ||
        file.parent_path() == guides_root / "simulator/recordings")
      continue;
    CAPTURE(file.string());
    const auto lines = lines_of(slurp(file));
    CHECK(lines.size() >= 4);
    CHECK(lines.size() <= 10);
    CHECK(std::all_of(lines.begin(), lines.end(), [](const auto &line) { return line.size() <= 128; }));
  }
  for (const auto &entry : fs::directory_iterator(guides_root / "simulator"))
    if (entry.is_directory()) {
      CAPTURE(entry.path().string());
      CHECK(fs::exists(entry.path() / "README.md"));
    }
}

// The C++ face of rules is one header, so that a rule includes one.
TEST_CASE("no source file is longer than 400 lines but rule.hpp", "[docs]") {
  const std::set<std::string> endings{".cpp", ".hpp", ".h", ".py", ".sh", ".cmake", ".txt"};
  std::size_t files = 0;
  for (const char *folder : {"simulator", "tests", "plugins", "examples", "findings", "models"})
    for (auto at = fs::recursive_directory_iterator(guides_root / folder); at != fs::recursive_directory_iterator();
         ++at) {
      const auto name = at->path().filename().string();
      if (at->is_directory() && name.starts_with("build")) at.disable_recursion_pending();
      const auto ending = at->path().extension().string();
      if (at->is_directory() || !endings.contains(ending) || (ending == ".txt" && name != "CMakeLists.txt")) continue;
      if (at->path() == guides_root / "simulator/plugin/engram/rule.hpp") continue;
      ++files;
      CAPTURE(at->path().string());
      CHECK(lines_of(slurp(at->path())).size() <= 400);
    }
  CHECK(files > 900);
}

TEST_CASE("blocks of engram help in the guides are what the program prints", "[docs]") {
  static const std::regex topic(R"(<!-- engram help (\w+) -->\n```text\n)");
  const std::string reference = slurp(guides_root / "models/reference.md");
  for (const auto &text :
       {slurp(guides_root / "models/README.md"), slurp(guides_root / "simulator/recordings/README.md"), reference})
    for (auto at = std::sregex_iterator(text.begin(), text.end(), topic); at != std::sregex_iterator(); ++at) {
      const auto begin = static_cast<std::size_t>(at->position() + at->length());
      INFO("stale: run tests/docs/update.py");
      CAPTURE((*at)[1].str());
      CHECK(text.substr(begin, text.find("```\n", begin) - begin) ==
            command::engram("help " + (*at)[1].str(), guides_root).out);
    }
  CHECK(contains(slurp(guides_root / "simulator/recordings/README.md"), "<!-- engram help methods -->\n```text\n"));
  // Every entry has its block.
  const auto &words = spiking::vocabulary();
  std::vector<std::string> names;
  for (const auto &one : words.dynamics) names.push_back(one.name);
  for (const auto *list :
       {&words.activations, &words.noises, &words.receptors, &words.patterns, &words.short_term, &words.integrators,
        &words.objectives, &words.environments, &words.optimizers, &words.schedules})
    for (const auto &one : *list)
      if (one.name != "none") names.push_back(one.name);
  for (const auto &name : names) {
    CAPTURE(name);
    CHECK(contains(reference, "<!-- engram help " + name + " -->\n```text\n"));
  }
}

TEST_CASE("circuits of the guide run from its text alone", "[docs]") {
  Folder folder;
  std::vector<std::string> files;
  for (const auto &block : blocks_of(slurp(guides_root / "models/README.md"), "json")) {
    REQUIRE(block.starts_with("// "));
    files.push_back(block.substr(3, block.find('\n') - 3));
    folder.write(files.back(), block);
  }
  CHECK(files.size() >= 4);
  for (const auto &file : files) {
    const auto run = command::engram("run --quiet " + file, folder.path);
    INFO(file << ": " << run.err);
    CHECK(run.exit == 0);
  }
}

TEST_CASE("circuits that come with engram stand in the guide, each under a file name of its own", "[docs]") {
  const auto models = guides_root / "models";
  const std::string guide = slurp(models / "README.md");
  std::set<std::string> names;
  for (const auto &file : fs::recursive_directory_iterator(models)) {
    if (file.path().extension() != ".json") continue;
    const auto listed = fs::relative(file.path(), models).replace_extension().string();
    CAPTURE(listed);
    CHECK(contains(guide, "`" + listed + "`"));
    CHECK(names.insert(file.path().stem().string()).second); // run files are named by it
  }
  CHECK(names.size() > 80);
}

TEST_CASE("the guide's rules pass check-rule, and do what their circuits say", "[docs]") {
  const auto forms = guides_root / "examples/rule-forms";
  const auto blocks = blocks_of(slurp(guides_root / "plugins/README.md"), "cpp");
  // Its circuit, and the weights that it ends with, as inspect prints them.
  const auto [rule, weights] = GENERATE(table<std::string, std::string>({
      {"my_hebb", "1.1, 1.05"},
      {"my_trace", "1.2823"},
      {"my_stdp", "0, 0, 1.0061"},
      {"my_gradient", "0.2, 0.1"},
  }));
  CAPTURE(rule);
  CHECK(std::count(blocks.begin(), blocks.end(), slurp(forms / (rule + ".cpp"))) == 1);
  const std::string plugin = ENGRAM_BUILD_DIR "/tests/plugins/" + rule + ".so";
  const auto checked = command::engram("check-rule --seconds 300 '" + plugin + "'", guides_root);
  INFO(checked.out);
  CHECK(checked.exit == 0);
  Folder folder;
  fs::create_directories(folder.path / "build/plugins");
  fs::create_symlink(plugin, folder.path / "build/plugins" / (rule + ".so"));
  fs::copy_file(forms / (rule + ".json"), folder.path / "model.json");
  REQUIRE(command::engram("run --quiet model.json", folder.path).exit == 0);
  CHECK(contains(command::engram("inspect model.nwb", folder.path).out, ": " + weights + "  ("));
}

TEST_CASE("the guide's term of the objective is the plugin's, and its circuit ends where it says", "[docs]") {
  const auto blocks = blocks_of(slurp(guides_root / "plugins/README.md"), "cpp");
  CHECK(std::count(blocks.begin(), blocks.end(), slurp(guides_root / "plugins/huber/objective.cpp")) == 1);
  Folder folder;
  const auto model = (guides_root / "models/credit-assignment/huber.json").string();
  REQUIRE(command::engram("run --quiet --out out.nwb '" + model + "'", folder.path).exit == 0);
  CHECK(contains(command::engram("inspect out.nwb", folder.path).out, ": 0.5  (")); // 2 w = 1
}

TEST_CASE("each folder of the simulator has its tests, and other tests stand where their README says", "[docs]") {
  const auto folders_in = [](const fs::path &path) {
    std::set<std::string> out;
    for (const auto &entry : fs::directory_iterator(path))
      if (entry.is_directory()) out.insert(entry.path().filename().string());
    return out;
  };
  auto simulated = folders_in(guides_root / "simulator");
  const auto tested = folders_in(guides_root / "tests");
  const std::string guide = slurp(guides_root / "tests/README.md");
  for (const auto &folder : tested) {
    CAPTURE(folder);
    CHECK((simulated.contains(folder) || contains(guide, "`" + folder + "`")));
  }
  simulated.erase("plugin"); // headers alone: learning and rules test them
  simulated.erase("error");  // one header: tests of the commands see its kinds as exit codes
  for (const auto &folder : simulated) {
    CAPTURE(folder);
    CHECK(tested.contains(folder));
  }
}

TEST_CASE("folders of the simulator include what its README and their own say, and only folders above them", "[docs]") {
  using Names = std::set<std::string>;
  std::map<std::string, Names> table, sources;
  std::vector<std::string> order;
  const auto named_in = [](const std::string &text) {
    static const std::regex name("`([a-z]+)`");
    Names out;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), name); at != std::sregex_iterator(); ++at)
      out.insert((*at)[1]);
    return out;
  };
  for (const auto &line : lines_of(slurp(guides_root / "simulator/README.md"))) {
    static const std::regex row(R"(\| `([a-z]+)` \|[^|]*\|([^|]*)\|)");
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    order.push_back(found[1]);
    table[order.back()] = named_in(found[2]);
    for (const auto &name : table[order.back()]) {
      CAPTURE(order.back(), name);
      CHECK(std::count(order.begin(), order.end() - 1, name) == 1); // above it
    }
    const std::string own = slurp(guides_root / "simulator" / order.back() / "README.md");
    const auto begin = own.find("may include ");
    CAPTURE(order.back());
    REQUIRE(begin != std::string::npos);
    CHECK(named_in(own.substr(begin, own.find('.', begin) - begin)) == table[order.back()]);
  }
  static const std::regex include(R"re(^#include (?:"([a-z]+)/|<(engram)/))re");
  for (const auto &file : fs::recursive_directory_iterator(guides_root / "simulator")) {
    const auto ending = file.path().extension();
    if (ending != ".cpp" && ending != ".hpp" && ending != ".h") continue;
    const auto folder = fs::relative(file.path(), guides_root / "simulator").begin()->string();
    auto &names = sources[folder];
    for (const auto &line : lines_of(slurp(file.path()))) {
      if (line.starts_with("namespace")) break; // what stands below may be the text of a file
      std::smatch found;
      if (!std::regex_search(line, found, include)) continue;
      const std::string to = found[2].matched ? "plugin" : found[1].str();
      if (to != folder) names.insert(to);
    }
  }
  for (const auto &[folder, names] : sources) {
    CAPTURE(folder);
    CHECK(table[folder] == names);
  }
  CHECK(table.size() == sources.size());
}
