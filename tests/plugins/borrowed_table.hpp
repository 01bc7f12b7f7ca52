// borrowed_table(): a table in data that the dynamic linker keeps once for the whole process (STB_GNU_UNIQUE): the
// first library that defines it lends it to all. GCC marks visible static data of C++ so, clang does not; here it is
// marked by hand.
#pragma once

#include "sound_table.hpp"

#include <new>

asm(R"(
  .pushsection .data
  .balign 16
  .type borrowed_storage, "gnu_unique_object"
  .size borrowed_storage, 4096
borrowed_storage:
  .zero 4096
  .popsection
)");
extern "C" unsigned char borrowed_storage[4096];
static_assert(sizeof(SoundTable) <= 4096);

inline const engram_rule *borrowed_table(const char *name) {
  auto *table = reinterpret_cast<SoundTable *>(borrowed_storage);
  if (table->rule.name == nullptr) new (borrowed_storage) SoundTable(name); // as yet all zeros
  return &table->rule;
}
