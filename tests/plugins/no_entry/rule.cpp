// A shared library that is no rule.
extern "C" __attribute__((visibility("default"))) int engram_nothing(void) { return 0; }
