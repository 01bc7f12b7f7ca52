// These tests check the schema that editors receive with a validator that is not ours.
#include "catch.hpp"
#include "command.hpp"
#include "input/diagnose.hpp"
#include "input/document.hpp"

#include <set>

using namespace command;
using engram::input::Json;

namespace {

Json published_schema() {
  const Folder folder;
  const auto r = command::engram("schema", folder.path);
  REQUIRE(r.exit == 0);
  return Json::parse(r.out);
}

Json parsed_file(const std::string &path) { return engram::input::parse(engram::input::read_text(path), path).value; }

// Pointers of the properties that no description explains.
void undescribed_keys(const Json &schema, const std::string &pointer, std::size_t &properties,
                      std::vector<std::string> &out) {
  if (schema.is_array())
    for (std::size_t k = 0; k < schema.size(); ++k)
      undescribed_keys(schema[k], pointer + "/" + std::to_string(k), properties, out);
  if (!schema.is_object()) return;
  for (const auto &[key, value] : schema.items()) {
    const std::string at = pointer + "/" + key;
    if (key == "properties" && value.is_object())
      for (const auto &[name, property] : value.items()) {
        ++properties;
        if (!property.contains("description") || property.at("description").get<std::string>().empty())
          out.push_back(at + "/" + name);
      }
    if (key != "default" && key != "enum" && key != "const") undescribed_keys(value, at, properties, out);
  }
}

} // namespace

TEST_CASE("every key of the schema is explained", "[cli][schema]") {
  std::vector<std::string> bare;
  std::size_t properties = 0;
  undescribed_keys(published_schema(), "", properties, bare);
  CHECK(properties > 800);
  for (const auto &pointer : bare) UNSCOPED_INFO(pointer);
  CHECK(bare.empty());
}

TEST_CASE("the schema takes every shipped model, those that extend another included", "[cli][schema]") {
  const Json rules = published_schema();
  std::size_t extending = 0, all = 0;
  for (const std::string root : {"/models", "/examples"})
    for (const auto &entry : fs::recursive_directory_iterator(std::string(ENGRAM_SOURCE_DIR) + root)) {
      if (entry.path().extension() != ".json") continue;
      const auto model = parsed_file(entry.path().string());
      if (!model.contains("architecture") && !model.contains("extends")) continue; // of compare, say
      // The examples' rules are built there, and no installed rule has their names.
      if (root == "/examples" && model.dump().find(".so\"") != std::string::npos) continue;
      INFO(entry.path().string());
      CHECK(engram::input::validate(rules, model) == "");
      extending += model.contains("extends");
      ++all;
    }
  CHECK(all > 60);
  CHECK(extending >= 19);
}

TEST_CASE("whole numbers may be written with a point", "[cli][schema]") {
  const Json rules = published_schema();
  const Folder folder;
  auto model = parsed_file(command::model("credit-assignment/xor.json"));
  model["task"]["batch"] = 4.0;
  model["task"]["epochs"] = 2.0;
  model["seed"] = 3.0;
  model["task"]["held_out"] = 1.0;
  CHECK(engram::input::validate(rules, model) == "");
  folder.write("m.json", model.dump());
  const auto r = command::engram("run m.json --quiet --json", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto printed = Json::parse(last_line(r.out));
  CHECK(printed.at("seed") == 3);
  CHECK(printed.at("epochs") == 2);
  CHECK(printed.at("trials") == 2 * 4); // three to learn from and one that is tested, twice
  model["task"]["batch"] = 4.5;
  CHECK(engram::input::validate(rules, model) != "");
}

TEST_CASE("the schema and engram refuse the same models", "[cli][schema]") {
  const Json rules = published_schema();
  const Folder folder;
  const auto refused = [&](const Json &model) {
    INFO(model.dump());
    CHECK(engram::input::validate(rules, model) != "");
    folder.write("m.json", model.dump());
    CHECK(command::engram("validate m.json", folder.path).exit == 2);
  };
  const Json xor_model = parsed_file(command::model("credit-assignment/xor.json"));
  const auto changed = [&](const std::string &pointer, const Json &value) {
    Json model = xor_model;
    model[Json::json_pointer(pointer)] = value;
    return model;
  };
  Json bare = xor_model;
  bare.erase("architecture");
  refused(bare);
  refused(changed("/sede", 1));
  refused(changed("/seed", -1));
  refused(changed("/seed", 1.5));
  refused(changed("/time", Json{{"step", 0}}));
  refused(changed("/task/batch", "4"));
  refused(changed("/task/trial", Json::array()));
  refused(changed("/task/stimuli/labels", Json::array({0, "a"})));
  refused(changed("/objective", "mse"));
  refused(changed("/architecture/regions/hidden/dynamics", "laeky_rate"));
  // A patch takes null and parts, but no unknown key and no wrong value either.
  const std::string base = command::model("credit-assignment/xor.json");
  refused({{"extends", base}, {"sede", 1}});
  refused({{"extends", base}, {"time", {{"step", -1}}}});
  refused({{"extends", base}, {"task", {{"batch", "4"}}}});
  refused({{"extends", base}, {"architecture", {{"regions", {{"hidden", {{"siez", 3}}}}}}}});
  refused({{"extends", 3}});
  const Json patch = {{"extends", base}, {"description", nullptr}, {"task", {{"epochs", 1}, {"held_out", nullptr}}}};
  CHECK(engram::input::validate(rules, patch) == "");
  folder.write("m.json", patch.dump());
  CHECK(command::engram("validate m.json", folder.path).exit == 0);
}
