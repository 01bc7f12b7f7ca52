// prepare_folder() makes the folder of --out ready. A command replaces only files of its own kind there.
#pragma once

#include <string>
#include <vector>

namespace engram::cli {

/// A text file that a command writes. By its beginning it is told from a file that engram did not write.
struct TextFile {
  std::string name; ///< within its folder
  std::string begins;
};

/// Beginnings of the files that commands write.
inline constexpr const char *svg_begins = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"";

/// The folder of --out: made, with those above it. Errors: input::InputError when it cannot be written to, or when one
/// of the files would replace one of `inputs`, something that is no file, or (unless `force`) a file that engram did
/// not write.
void prepare_folder(const std::string &folder, const std::vector<TextFile> &files,
                    const std::vector<std::string> &inputs, bool force);

} // namespace engram::cli
