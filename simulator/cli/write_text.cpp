#include "cli/write_text.hpp"

#include "model/input_error.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace engram::cli {
namespace fs = std::filesystem;

void prepare_folder(const std::string &folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder) || access(folder.c_str(), W_OK) != 0)
    throw model::InputError("engram: --out: cannot write into the folder " + folder);
}

void write_text(const std::string &path, const std::string &text) {
  const std::string partial = path + ".partial";
  {
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) throw std::runtime_error("cannot write " + partial);
  }
  std::error_code error;
  fs::rename(partial, path, error);
  if (error) throw std::runtime_error("cannot write " + path + ": " + error.message());
}

} // namespace engram::cli
