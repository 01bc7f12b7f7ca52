// Any bytes are loaded as a model file. Nothing but InputError may come out.
#include "../model/small_vocabulary.hpp"
#include "model/load.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const auto vocabulary = engram::model::small_vocabulary();
  try {
    engram::model::load_text(std::string(reinterpret_cast<const char *>(data), size), "fuzz.json", vocabulary);
  } catch (const engram::input::InputError &) {
  }
  return 0;
}
