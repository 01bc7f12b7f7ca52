// This rule does the deed that the variable ENGRAM_TEST_DEED names, which no rule should do. Without the variable it is
// sound.
#include "../plain_table.hpp"

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace {

// Is it among the deeds, which commas part?
bool told(const char *deed) {
  const char *value = std::getenv("ENGRAM_TEST_DEED");
  return value != nullptr && ("," + std::string(value) + ",").find("," + std::string(deed) + ",") != std::string::npos;
}

struct Loading {
  Loading() {
    if (told("load-exit")) std::exit(0);
    if (told("load-quit")) _exit(0);
    if (told("load-throw")) throw std::runtime_error("a bad start");
    if (told("load-crash")) std::raise(SIGSEGV);
    if (told("load-print")) std::puts("here I am");
    if (told("load-handler")) std::signal(SIGUSR1, SIG_IGN);
    if (told("load-write")) std::fclose(std::fopen("made-by-a-rule", "w"));
    while (told("load-hang")) pause();
  }
} loading;

engram_status act(const engram_moment_info *, const engram_neurons *, const void **, void *, engram_message *message) {
  if (told("exit")) std::exit(0);
  if (told("quick-exit")) std::quick_exit(0);
  if (told("quit")) _exit(0);
  if (told("fork") || told("fork-exit")) {
    const pid_t child = fork();
    if (child == 0) told("fork") ? _exit(0) : std::exit(0);
    waitpid(child, nullptr, 0);
  }
  if (told("crash")) std::raise(SIGSEGV);
  if (told("abort")) std::abort();
  if (told("throw")) throw std::runtime_error("lost");
  if (told("throw-number")) throw 7;
  if (told("endless-message")) {
    std::memset(message->text, 'x', message->capacity);
    return ENGRAM_FAILED;
  }
  if (told("escape-message")) {
    std::strcpy(message->text, "\033[31mred\nand more");
    return ENGRAM_FAILED;
  }
  if (told("no-message")) return ENGRAM_FAILED;
  if (told("chdir") && chdir("/") != 0) return ENGRAM_FAILED;
  if (told("locale")) std::setlocale(LC_ALL, "C.UTF-8");
  if (told("handler")) std::signal(SIGUSR1, SIG_IGN);
  if (told("block")) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, nullptr);
  }
  if (told("print")) std::puts("here I am");
  if (told("print-error")) std::fputs("here I am\n", stderr);
  if (told("write")) std::fclose(std::fopen("made-by-a-rule", "w"));
  if (told("remove")) std::remove("victim");
  if (told("program") && std::system("true") != 0) return ENGRAM_FAILED;
  if (told("thread")) {
    static std::once_flag once;
    std::call_once(once, [] {
      std::thread([] {
        while (true) pause();
      }).detach();
    });
  }
  if (told("alarm")) alarm(1000);
  if (told("timer")) {
    sigevent silent{};
    silent.sigev_notify = SIGEV_NONE;
    timer_t timer{};
    const itimerspec once{{0, 0}, {1000, 0}};
    if (timer_create(CLOCK_MONOTONIC, &silent, &timer) != 0 || timer_settime(timer, 0, &once, nullptr) != 0)
      return ENGRAM_FAILED;
  }
  if (told("environment")) setenv("LANGUAGE", "tlh", 1);
  if (told("umask")) umask(0777);
  if (told("open") && open("/dev/null", O_RDONLY) < 0) return ENGRAM_FAILED;
  if (told("close-all")) syscall(SYS_close_range, 3u, ~0u, 0u);
  if (told("replace-all")) // each becomes another file's
    for (int k = 3; k < 64; ++k)
      if (fcntl(k, F_GETFD) >= 0) dup2(open("victim", O_RDWR), k);
  if (told("rounding")) std::fesetround(FE_UPWARD);
#if defined(__SSE__)
  if (told("flush")) _mm_setcsr(_mm_getcsr() ^ 0x8040u);
#endif
  while (told("hang")) {
  }
  return ENGRAM_OK;
}

} // namespace

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static const auto *plain = plain_table("unruly", act);
  static engram_rule table;
  table = *plain; // a test asks again, with another deed
  static std::string names[40];
  static engram_state states[40];
  static const char *modulators[40];
  static engram_parameter parameters[80];
  static std::string parameter_names[80], long_name(65, 'n');
  for (std::size_t k = 0; k < 40; ++k) {
    names[k] = "s" + std::to_string(k);
    states[k] = {ENGRAM_PRE, names[k].c_str(), "", 0, 0, "a state"};
    modulators[k] = names[k].c_str();
  }
  for (std::size_t k = 0; k < 80; ++k) {
    parameter_names[k] = "p" + std::to_string(k);
    parameters[k] = {parameter_names[k].c_str(), "", 0, 0, 1, "a parameter", nullptr};
  }
  static engram_signal signals[40];
  for (std::size_t k = 0; k < 40; ++k) signals[k] = {ENGRAM_PRE, names[k].c_str()};
  table.states = states;
  table.state_count = told("16-states") ? 16 : told("17-states") ? 17 : 0;
  if (told("16-factors")) table.factors = 16;
  if (told("17-factors")) table.factors = 17;
  if (told("9-modulators")) {
    table.modulators = modulators;
    table.modulator_count = 9;
  }
  if (told("65-parameters")) {
    table.parameters = parameters;
    table.parameter_count = 65;
  }
  if (told("17-signals")) {
    table.signals = signals;
    table.signal_count = 17;
  }
  if (told("long-name")) {
    table.states = states;
    table.state_count = 1;
    states[0].name = long_name.c_str();
  }
  if (told("escape")) table.summary = "\033]0;a title\a";
  if (told("spike-times")) table.spike_times = 1;
  if (told("newer-table")) table.table_size += 8;
  return &table;
}
