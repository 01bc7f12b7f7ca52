// each_block() runs a program for all neurons of a population, block by block.
#pragma once

#include "dynamics/equations/program.hpp"

#include <boost/align/aligned_allocator.hpp>

#include <algorithm>
#include <vector>

namespace engram::dynamics::equations {

/// Memory of a thread for one running program: it grows to what the largest needs, and stays. Blocks begin where the
/// widest vectors do: one that lies across two lines of the cache costs twice.
template <class T> struct Scratch {
  std::vector<T, boost::alignment::aligned_allocator<T, 64>> values;
  std::vector<T *> slots;
  std::vector<const T *> results;
};
/// Neurons of a block: few enough that a program's numbers stay in the nearest cache, and as many as make up for
/// finding what to do.
template <class T> inline constexpr std::size_t block = 1024 / sizeof(T);
static_assert(ENGRAM_BLOCK % block<float> == 0 && ENGRAM_BLOCK % block<double> == 0 && block<double> % lanes == 0);
/// From slot to slot in the scratch: a line of the cache more than a block has. Numbers of two slots at one place would
/// else wait for each other, as their addresses end in the same bits.
template <class T> inline constexpr std::size_t slot_stride = block<T> + 64 / sizeof(T);

/// Two programs may be in use at once.
template <class T> Scratch<T> &scratch(std::size_t which) {
  thread_local Scratch<T> all[2];
  return all[which];
}

/// Runs a program for the neurons from `first` on, at most a block, in trial b.
/// at(leaf, b, first): where its numbers begin, or null: they are 0. Constants that are the same for all neurons stand
/// there ENGRAM_BLOCK times. direct(k, b, first): where output k may be written at once, or null.
/// Returns the outputs; valid until the next program runs with this scratch.
template <class T, class At, class Direct>
const T *const *run_block(const Program &program, Scratch<T> &own, At at, Direct direct, std::size_t b,
                          std::size_t first, std::size_t count) {
  static const std::vector<T> zeros(ENGRAM_BLOCK, T(0));
  const std::size_t padded = (count + lanes - 1) / lanes * lanes, loads = program.loads.size();
  own.values.resize(std::max(own.values.size(), (loads + program.registers) * slot_stride<T>));
  own.slots.resize(std::max(own.slots.size(), program.slots() + 1));
  own.results.resize(std::max(own.results.size(), program.outputs.size()));
  T *next = own.values.data();
  for (std::size_t k = 0; k < loads; ++k, next += slot_stride<T>) {
    const T *from = at(program.loads[k], b, first);
    if (from == nullptr) from = zeros.data();
    own.slots[k] = const_cast<T *>(from); // loads are read alone
    if (padded == count || from == zeros.data()) continue;
    std::copy_n(from, count, next);
    std::fill(next + count, next + padded, from[count - 1]);
    own.slots[k] = next;
  }
  for (std::size_t k = 0; k < program.literals; ++k)
    own.slots[loads + k] = const_cast<T *>(program.literal<T>(k)); // as of loads
  for (std::size_t k = 0; k < program.registers; ++k, next += slot_stride<T>)
    own.slots[program.first_register() + k] = next;
  if (padded == count)
    for (std::size_t k = 0; k < program.outputs.size(); ++k)
      if (program.direct[k])
        if (T *to = direct(k, b, first)) own.slots[program.outputs[k]] = to;
  execute(program, own.slots.data(), padded);
  for (std::size_t k = 0; k < program.outputs.size(); ++k) own.results[k] = own.slots[program.outputs[k]];
  return own.results.data();
}

/// f(b, first, count) for all neurons and trials.
template <class T, class F> void each_block(const engram_population &all, F f) {
  for (std::size_t b = 0; b < all.trials; ++b)
    for (std::size_t first = 0; first < all.neurons; first += block<T>)
      f(b, first, std::min<std::size_t>(all.neurons - first, block<T>));
}

/// Of no output: all are left in the scratch.
template <class T> T *nowhere(std::size_t, std::size_t, std::size_t) { return nullptr; }

/// Writes output k of the neurons from `first` on in trial b to place(k, b, first); null: nowhere. `direct` as of
/// run_block(): what stands there may be overwritten before it is read.
template <class T, class At, class Place, class Direct>
void write_all(const Program &program, const engram_population &all, At at, Place place, Direct direct) {
  auto &own = scratch<T>(0);
  each_block<T>(all, [&](std::size_t b, std::size_t first, std::size_t count) {
    const T *const *out = run_block<T>(program, own, at, direct, b, first, count);
    for (std::size_t k = 0; k < program.outputs.size(); ++k)
      if (T *to = place(k, b, first); to != nullptr && to != out[k]) std::copy_n(out[k], count, to);
  });
}

/// The same where the program reads nothing that it writes to.
template <class T, class At, class Place>
void write_all(const Program &program, const engram_population &all, At at, Place place) {
  write_all<T>(program, all, at, place, place);
}

/// Adds them to what stands there.
template <class T, class At, class Place>
void add_all(const Program &program, const engram_population &all, At at, Place place) {
  auto &own = scratch<T>(0);
  each_block<T>(all, [&](std::size_t b, std::size_t first, std::size_t count) {
    const T *const *out = run_block<T>(program, own, at, nowhere<T>, b, first, count);
    for (std::size_t k = 0; k < program.outputs.size(); ++k)
      if (T *to = place(k, b, first))
        for (std::size_t i = 0; i < count; ++i) to[i] += out[k][i];
  });
}

} // namespace engram::dynamics::equations
