// Columns of references, as a unit's electrode group, name areas by their last part.
#include "recordings/plain_names.hpp"
#include "catch.hpp"
#include "data/hdf5.hpp"
#include "fixtures.hpp"
#include "recordings/comparison.hpp"
#include "report/comparison_report.hpp"

#include <nlohmann/json.hpp>

using namespace engram;
using recordings::plain_names;
using Texts = std::vector<std::string>;

TEST_CASE("paths become names, where these tell them apart", "[recordings]") {
  CHECK(plain_names({"/general/ephys/VISp", "/general/ephys/LGd", "/general/ephys/VISp"}) ==
        Texts{"VISp", "LGd", "VISp"});
  CHECK(plain_names({"/a/probe", "/b/probe", "/b/x"}) == Texts{"/a/probe", "/b/probe", "x"});
  CHECK(plain_names({"V1", "", "/", "km/h"}) == Texts{"V1", "", "/", "km/h"});
}

TEST_CASE("areas by the group of electrodes have its name", "[recordings]") {
  const data::testing::TemporaryFolder folder;
  const auto path = (folder.path / "tables.nwb").string();
  std::filesystem::copy(data::testing::fixture("tables.nwb"), path);
  namespace hdf5 = data::hdf5;
  {
    const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
    const auto units = hdf5::open_group(file.get(), "units"),
               ephys = hdf5::open_group(file.get(), "general/extracellular_ephys");
    hdf5::create_group(ephys.get(), "VISp");
    hdf5::create_group(ephys.get(), "CA1");
    hdf5::Layout layout;
    layout.shape = {3};
    const auto column = hdf5::create_dataset(units.get(), "electrode_group", H5T_STD_REF_OBJ, layout);
    hdf5::set_attribute(column.get(), "neurodata_type", "VectorData");
    std::vector<hobj_ref_t> references(3);
    for (std::size_t u = 0; u < 3; ++u)
      REQUIRE(H5Rcreate(&references[u], ephys.get(), u == 1 ? "CA1" : "VISp", H5R_OBJECT, H5I_INVALID_HID) >= 0);
    hdf5::write_block(column.get(), H5T_STD_REF_OBJ, {0}, {3}, references.data());
  }
  recordings::Source source;
  source.file = path;
  source.areas = "electrode_group";
  std::vector<std::string> notes;
  const auto areas = recordings::gather(source, notes);
  REQUIRE(areas.size() == 2);
  CHECK(areas[0].name == "VISp");
  CHECK(areas[0].units.size() == 2);
  CHECK(areas[1].name == "CA1");
  source.areas = "";
  source.unit_column = "electrode_group";
  for (const char *is : {"CA1", "/general/extracellular_ephys/CA1"}) { // the path too, as it stands in the file
    source.unit_is = is;
    CHECK(recordings::gather(source, notes).at(0).units.size() == 1);
  }
}

TEST_CASE("what a method does not count is null in JSON and empty in CSV", "[recordings]") {
  recordings::Comparison found;
  recordings::Result result;
  result.method = "rsa";
  result.value = 0.5;
  result.conditions = 92;
  found.results = {result};
  const auto json = nlohmann::json::parse(report::comparison_json(found));
  CHECK(json["results"][0]["neurons"].is_null());
  CHECK(json["results"][0]["conditions"] == 92);
  CHECK_THAT(report::comparison_csv(found), ContainsSubstring(",92,,\n"));
}
