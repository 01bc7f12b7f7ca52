// This includes Catch2 2 or 3, whichever the system has.
#pragma once
#ifdef ENGRAM_CATCH2_V3
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string &part) { return Catch::Matchers::Contains(part); }
#endif
