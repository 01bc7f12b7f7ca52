// title_of() is what a model is called in results.
#pragma once

#include "model/model.hpp"

#include <filesystem>
#include <string>

namespace engram::model {

/// Its name; without one, that of its file without the ending.
inline std::string title_of(const Model &model) {
  return model.name.empty() ? std::filesystem::path(model.file).stem().string() : model.name;
}

} // namespace engram::model
