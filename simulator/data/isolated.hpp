// isolated() runs a part of the work in a process of its own.
//
// matio and HDF5 are made for sound files: on damaged ones they may read beyond their memory, allocate without bound or
// never return. What they do in a child process cannot take the program down. What asks one file many things opens an
// hdf5::ForeignFile (hdf5_foreign.hpp) instead.
#pragma once

#include "data/bytes.hpp"
#include "data/reading_child.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

namespace engram::data {

/// Runs `work` in a child of this process, and `receive` here: it takes what `work` puts. `name`, `file`, `most_memory`
/// and errors: as of Child. Errors also: whatever `receive` throws.
void isolated(const std::string &name, const std::string &file, const std::function<void(ChildStream &)> &work,
              const std::function<void(ChildStream &)> &receive,
              std::uint64_t most_memory = std::numeric_limits<std::uint64_t>::max());

/// Returns the bytes that `work` returned there.
Bytes isolated(const std::string &name, const std::string &file, const std::function<Bytes()> &work);

} // namespace engram::data
