// These functions give files their names. None replaces a file that is there, except rename_over().
#pragma once

#include <string>
#include <utility>

namespace engram::record {

// Each returns 0, or errno's number.

int rename_over(const std::string &from, const std::string &to);
/// EEXIST when `to` is there.
int rename_to_free(const std::string &from, const std::string &to);
/// To the first of NAME.WORD.EXT, NAME.WORD-2.EXT, … that is free, beside `target`, NAME.EXT. Returns the name too.
std::pair<int, std::string> rename_beside(const std::string &from, const std::string &target, const std::string &word);
/// Copies all of an open file into a new one; removes that again when it fails.
int copy_to_new(int from, const std::string &to);
/// Brings the names in the folder of `path` to the disk. Not every file system can; then nothing happens.
void sync_folder_of(const std::string &path);

} // namespace engram::record
