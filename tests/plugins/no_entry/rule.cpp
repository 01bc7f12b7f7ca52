// This shared library is no rule: it has no entry point.
extern "C" __attribute__((visibility("default"))) int engram_nothing(void) { return 0; }
