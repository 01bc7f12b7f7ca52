// open_library() opens the shared library of a plugin, whatever it holds.
#pragma once

#include "learning/shared_object.hpp"
#include "model/plugin_kind.hpp"

#include <string>
#include <vector>

namespace engram::learning {

/// Undoes, at the end of the scope, what a library does to rounding and flush-to-zero as it is opened or called: one
/// that was linked with -ffast-math flushes, in GCC before 13.
class SameArithmetic {
public:
  SameArithmetic();
  ~SameArithmetic();
  SameArithmetic(const SameArithmetic &) = delete;
  SameArithmetic &operator=(const SameArithmetic &) = delete;

private:
  std::vector<unsigned char> before_; // a std::fenv_t
};

/// Runs what the library does as it is opened. Errors: PluginError.
SharedObject open_library(const std::string &file);

/// What it exports. Nothing that engram knows is told as a rule, which open_rule then refuses.
model::PluginKind kind_of(const SharedObject &object);

/// Calls the function that returns the table, and returns that. `kind`, `macro`: what the plugin is to hold, and the
/// macro that exports it. Errors: PluginError when it is not exported, or throws.
const void *table_of_library(const SharedObject &object, const char *symbol, model::PluginKind kind, const char *macro,
                             const std::string &file);

/// Static data of C++ that is visible, of a struct of one name in two libraries, is the first one's in both, whatever
/// dlopen() is told (STB_GNU_UNIQUE): the second plugin would do what the first does. Errors: PluginError unless all
/// `data` lie in the library that exports `symbol`, or on the heap. Null is passed over.
void check_own(const SharedObject &object, const char *symbol, const std::vector<const void *> &data,
               const std::string &file);

} // namespace engram::learning
