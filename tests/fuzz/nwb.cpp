// Any bytes are read as an NWB file, or refused with a DataError. HDF5 runs in a child process, as it does for a user.
#include "../data/read_everything.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const std::string path =
      (std::filesystem::temp_directory_path() / ("engram-fuzz-" + std::to_string(::getpid()) + ".nwb")).string();
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
  engram::data::testing::read_all_of_nwb(path);
  return 0;
}
