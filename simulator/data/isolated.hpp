// isolated() runs a part of the work in a process of its own.
//
// matio and HDF5 are made for sound files: on damaged ones they may read beyond their memory, allocate without bound or
// never return. What they do in a child process cannot take the program down.
#pragma once

#include "data/bytes.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

namespace engram::data {

/// Runs `work` in a child of this process and returns the bytes that it returned. `name` begins the messages; `file` is
/// what the child reads, and its size bounds the child's memory and time. `most_memory`: bytes beyond those that this
/// process has, where the work needs no more however large the file is.
/// Errors: DataError for an Error or an error of the system that `work` threw, for too little memory, and for how the
/// child died; Broken for any other exception of `work`. std::system_error where no child could be started, which says
/// nothing of the file.
Bytes isolated(const std::string &name, const std::string &file, const std::function<Bytes()> &work,
               std::uint64_t most_memory = std::numeric_limits<std::uint64_t>::max());

/// Why no process could be started, by errno's number; names the limits that EAGAIN stands for.
std::string no_process(int error);

} // namespace engram::data
