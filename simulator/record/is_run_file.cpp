#include "record/is_run_file.hpp"

#include "data/array.hpp"
#include "data/hdf5.hpp"
#include "data/isolated.hpp"

#include <filesystem>
#include <system_error>

namespace engram::record {
namespace hdf5 = data::hdf5;

bool is_run_file(const std::string &path) try {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const auto answer = data::isolated(path, path, [&]() -> data::Bytes {
    const hdf5::Quiet quiet;
    const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_file_locking(access.get(), false, true);
    const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()));
    const bool ours = file && H5Lexists(file.get(), "scratch", H5P_DEFAULT) > 0 &&
                      H5Lexists(file.get(), "scratch/engram_version", H5P_DEFAULT) > 0;
    return {std::byte{ours}};
  });
  return answer.size() == 1 && answer[0] == std::byte{1};
} catch (const data::DataError &) { // damaged, or gone; that it could not be looked at passes on
  return false;
}

} // namespace engram::record
