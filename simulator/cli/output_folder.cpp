#include "cli/output_folder.hpp"

#include "input/input_error.hpp"
#include "record/output_path.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace engram::cli {
namespace fs = std::filesystem;

namespace {
bool text_begins(const std::string &path, const std::string &beginning) {
  std::ifstream in(path, std::ios::binary);
  std::string text(beginning.size(), '\0');
  return in.read(text.data(), static_cast<std::streamsize>(text.size())) && text == beginning;
}
} // namespace

void prepare_folder(const std::string &folder, const std::vector<TextFile> &files,
                    const std::vector<std::string> &inputs, bool force) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder) || access(folder.c_str(), W_OK) != 0)
    throw input::InputError("engram: --out: cannot write into the folder " + folder);
  for (const auto &file : files)
    record::output_path((fs::path(folder) / file.name).string(),
                        {inputs, force, [&](const std::string &path) { return text_begins(path, file.begins); }});
}

} // namespace engram::cli
