// Any bytes are read as a study's file. Nothing but InputError may come out.
#include "studies/study.hpp"
#include "input/input_error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  try {
    engram::studies::read_study_text(std::string(reinterpret_cast<const char *>(data), size), "fuzz.json");
  } catch (const engram::input::InputError &) {
  }
  return 0;
}
