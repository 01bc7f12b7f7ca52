// Catch2 2 makes its own main here; Catch2 3 brings one in a library.
#ifndef ENGRAM_CATCH2_V3
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
