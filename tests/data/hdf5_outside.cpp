// HDF5 follows external links, external storage and virtual datasets wherever they lead, and gives zeros or the fill
// value where nothing is there (HDF5 User Guide, "Datasets" 5.4.5, "Virtual Dataset" and "External links"). engram
// follows each kind only below the file's own folder, and names it.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/mat.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"

#include <fstream>

using namespace engram::data;
using namespace engram::data::testing;

using Texts = std::vector<std::string>;

namespace {

namespace fs = std::filesystem;

/// A folder with a file outside of what may be read, and room for one that points there.
struct Place {
  TemporaryFolder top;
  fs::path inner = top.path / "inner", file = inner / "f.h5", secret = top.path / "secret";
  Place() {
    fs::create_directory(inner);
    std::ofstream(secret, std::ios::binary) << "0123456789abcdef";
    numbers(top.path / "secret.h5");
  }
  /// A file with three numbers, 7, 8, 9, called "far".
  static void numbers(const fs::path &path) {
    const hdf5::Handle made(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    hdf5::Layout layout;
    layout.shape = {3};
    const hdf5::Handle data = hdf5::create_dataset(made.get(), "far", H5T_NATIVE_DOUBLE, layout);
    const double values[3] = {7, 8, 9};
    hdf5::write_block(data.get(), H5T_NATIVE_DOUBLE, {0}, {3}, values);
  }
  hdf5::Handle create() const { return hdf5::Handle(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)); }

  void link(const std::string &target, const std::string &object = "/far") const {
    const auto made = create();
    H5Lcreate_external(target.c_str(), object.c_str(), made.get(), "x", H5P_DEFAULT, H5P_DEFAULT);
  }
  void storage(const std::string &target, hsize_t bytes) const {
    const auto made = create();
    const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE)), space(H5Screate_simple(1, &bytes, nullptr));
    H5Pset_external(creation.get(), target.c_str(), 0, bytes);
    const hdf5::Handle data(
        H5Dcreate2(made.get(), "x", H5T_NATIVE_UINT8, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
    REQUIRE(data);
  }
  void virtual_dataset(const std::string &target, const std::string &object = "far") const {
    const auto made = create();
    const hsize_t count = 3;
    const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE)), space(H5Screate_simple(1, &count, nullptr));
    H5Pset_virtual(creation.get(), space.get(), target.c_str(), object.c_str(), space.get());
    const hdf5::Handle data(
        H5Dcreate2(made.get(), "x", H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
    REQUIRE(data);
  }
  /// Block k of three values is in the file whose name holds k.
  void counted_dataset(const std::string &target) const {
    const auto made = create();
    const hsize_t count = 3, most = H5S_UNLIMITED, first = 0, blocks = H5S_UNLIMITED;
    const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE)), space(H5Screate_simple(1, &count, &most)),
        source(H5Screate_simple(1, &count, nullptr));
    REQUIRE(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &first, &count, &blocks, &count) >= 0);
    REQUIRE(H5Pset_virtual(creation.get(), space.get(), target.c_str(), "far", source.get()) >= 0);
    const hdf5::Handle data(
        H5Dcreate2(made.get(), "x", H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
    REQUIRE(data);
  }
  std::string refused() const {
    const auto opening = refusal(file.string(), [&] { hdf5::ForeignFile{file.string()}; });
    CHECK(refusal(file.string(), [&] { describe_file(file.string()); }) == opening);
    return opening;
  }
  std::vector<double> values() const { return hdf5::ForeignFile(file.string()).numbers<double>("/x"); }
  Texts outside() const { return hdf5::ForeignFile(file.string()).outside(); }
};

/// External storage is found from the folder that a program runs in.
struct WorkIn {
  fs::path before = fs::current_path();
  explicit WorkIn(const fs::path &folder) { fs::current_path(folder); }
  ~WorkIn() { fs::current_path(before); }
  WorkIn(const WorkIn &) = delete;
  WorkIn &operator=(const WorkIn &) = delete;
};

} // namespace

TEST_CASE("an external link is followed below the file's folder alone", "[data]") {
  const Place place;
  fs::create_directory(place.inner / "below");
  for (const char *name : {"beside.h5", "below/deep.h5"}) {
    Place::numbers(place.inner / name);
    place.link(name);
    CHECK(place.values() == std::vector<double>{7, 8, 9});
    CHECK(place.outside() == Texts{name});
    CHECK(describe_file(place.file.string()).facts.front().second == name);
  }
  for (const std::string &name : {std::string("../secret.h5"), (place.top.path / "secret.h5").string()}) {
    place.link(name);
    CHECK_THAT(place.refused(), ContainsSubstring("/x lies in ") && ContainsSubstring("secret.h5"));
  }
  // A symbolic link leads out as well as ".." does; and so does a file beside, by a link of its own.
  fs::create_symlink(place.top.path / "secret.h5", place.inner / "innocent.h5");
  place.link("innocent.h5");
  CHECK_THAT(place.refused(), ContainsSubstring("innocent.h5"));
  place.link("../secret.h5");
  fs::rename(place.file, place.inner / "beside.h5");
  place.link("beside.h5", "/x");
  CHECK_THAT(place.refused(), ContainsSubstring("secret.h5"));
  // One that leads nowhere is no harm; but HDF5 then looks in the folder that it runs in.
  place.link("nowhere.h5");
  CHECK(place.outside().empty());
  const WorkIn there(place.top.path);
  place.link("secret.h5");
  CHECK_THAT(place.refused(), ContainsSubstring("secret.h5"));
}

TEST_CASE("values in other files are read below the file's folder alone, and where all of them are there", "[data]") {
  const Place place;
  const WorkIn there(place.inner);
  for (const std::string &name : {std::string("../secret"), place.secret.string(), std::string("/etc/hostname")}) {
    place.storage(name, 4);
    CHECK_THAT(place.refused(), ContainsSubstring("/x lies in "));
  }
  fs::copy(place.secret, place.inner / "raw");
  place.storage("raw", 16);
  CHECK(place.values()[9] == '9');
  CHECK(place.outside() == Texts{"raw"});
  place.storage("raw", 17); // HDF5 would read a zero for the last
  CHECK_THAT(place.refused(), ContainsSubstring("raw, which is too short"));
  place.storage("absent", 4);
  CHECK_THAT(place.refused(), ContainsSubstring("absent, and there is no such file"));
}

TEST_CASE("a virtual dataset is read below the file's folder alone, and where its sources are there", "[data]") {
  const Place place;
  Place::numbers(place.inner / "beside.h5");
  place.virtual_dataset("beside.h5");
  CHECK(place.values() == std::vector<double>{7, 8, 9});
  CHECK(place.outside() == Texts{"beside.h5"});
  place.virtual_dataset("../secret.h5");
  CHECK_THAT(place.refused(), ContainsSubstring("secret.h5"));
  // HDF5 would read zeros for all of these.
  place.virtual_dataset("absent.h5");
  CHECK_THAT(place.refused(), ContainsSubstring("absent.h5, and there is no such HDF5 file"));
  place.virtual_dataset("beside.h5", "near");
  CHECK_THAT(place.refused(), ContainsSubstring("beside.h5:near, which is not there"));
  place.counted_dataset("beside-%b.h5");
  CHECK_THAT(place.refused(), ContainsSubstring("pattern"));
}

TEST_CASE("a MATLAB file takes no values from other files", "[data]") {
  const TemporaryFolder folder;
  const auto path = folder.path / "version73.mat";
  fs::copy(fixture("version73.mat"), path);
  Place::numbers(folder.path / "beside.h5");
  {
    const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
    REQUIRE(file);
    H5Lcreate_external("beside.h5", "/far", file.get(), "x", H5P_DEFAULT, H5P_DEFAULT);
  }
  CHECK_THAT(refusal(path.string(), [&] { read_mat(path.string(), "cube"); }), ContainsSubstring("beside.h5"));
}
