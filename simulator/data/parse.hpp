// These functions parse the formats of read.hpp from bytes in memory. `name` begins the messages of errors, which are
// DataError.
#pragma once

#include "data/array.hpp"
#include "data/table.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace engram::data {

Array parse_npy(std::span<const std::byte> bytes, const std::string &name);
Array parse_npz(std::span<const std::byte> bytes, const std::string &name, const std::string &key);
/// Plain or gzip.
Array parse_csv(std::span<const std::byte> bytes, const std::string &name, const std::string &key);
/// With the names of the columns and with notes.
Table parse_csv_table(std::span<const std::byte> bytes, const std::string &name, const std::string &key);
/// The one column that `key` picks, where all that is not missing in it are words; nothing where all are numbers. ""
/// where a word is missing. Errors also: numbers and words, of which the first of the rarer kind is named.
std::vector<std::string> parse_csv_words(std::span<const std::byte> bytes, const std::string &name,
                                         const std::string &key);
/// Plain or gzip.
Array parse_idx(std::span<const std::byte> bytes, const std::string &name);

} // namespace engram::data
