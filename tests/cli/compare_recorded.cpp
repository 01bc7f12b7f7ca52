// These tests call `engram compare` on recordings whose published numbers are known.
#include "cli/compared.hpp"
#include "fixtures.hpp"

using engram::data::testing::recorded;

TEST_CASE("monkey and human IT agree as Kriegeskorte et al. 2008 found", "[cli][recordings][recorded]") {
  const auto file = recorded("it-92images") + "/Kriegeskorte_Neuron2008_supplementalData.mat";
  if (!fs::exists(file)) {
    WARN("skipped: no recorded data");
    return;
  }
  const Folder folder;
  const auto config = folder.write("it.json", R"({
    "circuits": [ { "file": ")" + file + R"(", "rdm": "RDMs_mIT_hIT_fig1(1).RDM", "name": "monkey" } ],
    "recordings": [ { "file": ")" + file + R"(", "rdm": "RDMs_mIT_hIT_fig1(2).RDM", "name": "human" } ],
    "bootstrap": 0 })");
  // SciPy, by the data's README; the paper says r = 0.49.
  for (const auto &[how, value] : std::map<std::string, double>{{"pearson", 0.4912}, {"spearman", 0.4389}}) {
    const auto found = compared("--config " + config + " --method rsa:correlation:" + how, folder.path);
    CHECK(by_pair(found, "rsa").at("monkey/human").at("value").get<double>() == Approx(value).margin(5e-5));
  }
}

TEST_CASE("published models reach what they do against four human subjects", "[cli][recordings][recorded]") {
  const auto data = recorded("it-92images");
  if (!fs::exists(data)) {
    WARN("skipped: no recorded data");
    return;
  }
  const Folder folder;
  fs::copy(fs::path(ENGRAM_SOURCE_DIR) / "examples/compare-with-recordings/published.json",
           folder.path / "published.json");
  fs::create_directory_symlink(data, folder.path / "data");
  const auto found = compared("--config published.json --bootstrap 0", folder.path);
  const auto rsa = by_pair(found, "rsa");
  // Mean Spearman correlation over the subjects, and the noise ceiling: the data's README.
  for (const auto &[name, value] : std::map<std::string, double>{{"animacy", 0.3862},
                                                                 {"category", 0.2766},
                                                                 {"monkey IT", 0.2963},
                                                                 {"EVA", 0.2454},
                                                                 {"HMAX", 0.1599},
                                                                 {"V1", 0.0265},
                                                                 {"silhouette", 0.0966},
                                                                 {"Radon", 0.0381}}) {
    INFO(name);
    CHECK(rsa.at(name + "/human IT").at("value").get<double>() == Approx(value).margin(5e-5));
    CHECK(rsa.at(name + "/human IT").at("ceiling")[0].get<double>() == Approx(0.3723).margin(5e-5));
    CHECK(rsa.at(name + "/human IT").at("ceiling")[1].get<double>() == Approx(0.6657).margin(5e-5));
  }
}

TEST_CASE("a grasshopper's receptor is described by its intervals", "[cli][recordings][recorded]") {
  const auto file = recorded("nwb") + "/grasshopper_pynwb.nwb";
  if (!fs::exists(file)) {
    WARN("skipped: no recorded data");
    return;
  }
  const Folder folder;
  const auto found = compared(file + " --method spikes", folder.path);
  // NumPy, by the data's README.
  for (const auto &[what, value] : std::map<std::string, double>{
           {"rate_hz", 92.9}, {"isi_ms", 10.7679}, {"cv", 0.5331}, {"cv2", 0.4951}, {"lv", 0.2702}}) {
    INFO(what);
    const auto described = by_pair(found, "spikes." + what);
    REQUIRE(described.size() == 1);
    CHECK(described.begin()->second.at("value").get<double>() == Approx(value).epsilon(1e-4));
  }
}
