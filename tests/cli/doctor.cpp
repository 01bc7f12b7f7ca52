// These tests call `engram doctor`, and check that a run refuses a BLAS that computes wrong.
#include "catch.hpp"
#include "command.hpp"
#include "numeric/blas_kernel.hpp"
#include "numeric/processor.hpp"

#include <nlohmann/json.hpp>

namespace {

const std::string own_choice = "env -u OPENBLAS_CORETYPE";

std::string with_wrong(const std::string &kernel) {
  return own_choice + " LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/wrong_sgemm.so' WRONG_KERNEL=" + kernel;
}

nlohmann::json this_kernel(const std::string &before) {
  const command::Folder folder;
  const auto result = command::engram("doctor --this-kernel", folder.path, before);
  INFO(result.err);
  REQUIRE(result.exit == 0);
  return nlohmann::json::parse(result.out);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool can_preload = false; // the sanitizer's library has to come first
#else
constexpr bool can_preload = true;
#endif

} // namespace

TEST_CASE("doctor tells kernels, their speed and that their products are right", "[cli][slow]") {
  const command::Folder folder;
  const auto result = command::engram("doctor --json", folder.path, own_choice);
  INFO(result.err);
  REQUIRE(result.exit == 0);
  const auto found = nlohmann::json::parse(result.out);
  CHECK(found["products_right"] == true);
  CHECK(found["blas"]["kernel"] == found["kernels"][0]["kernel"]);
  CHECK(found["kernels"].size() >= 1);
  for (const auto &kernel : found["kernels"]) {
    CHECK(kernel["wrong_product"].is_null());
    CHECK(kernel["single_gflops"].get<double>() > 0);
  }
  CHECK(found["plugins"]["rules"].get<int>() > 30);
  CHECK(found["plugins"]["dynamics"].get<int>() >= 9);
  CHECK(found["plugins"]["objectives"].get<int>() >= 1);
  CHECK(found["plugins"]["environments"].get<int>() >= 1);
  CHECK(found["plugins"]["left_out"].empty());
  CHECK(found["data"][0]["name"] == "digits");
  CHECK(found["data"][0]["found"] == true);
}

TEST_CASE("a kernel that the environment asks for is the one in use", "[cli]") {
  CHECK(this_kernel("OPENBLAS_CORETYPE=Prescott")["kernel"] == "Prescott");
  const auto vectors = engram::numeric::vectors_of_kernel(this_kernel(own_choice)["kernel"].get<std::string>());
  if (vectors) CHECK(*vectors == engram::numeric::vectors_of_processor());
}

TEST_CASE("a run is told when its kernel is far below the processor", "[cli]") {
  const command::Folder folder;
  const std::string run = "run '" + command::model("credit-assignment/xor.json") + "' --set /task/epochs=1 --out x.nwb";
  const auto slow = command::engram(run, folder.path, "OPENBLAS_CORETYPE=Prescott");
  CHECK(slow.exit == 0);
  const bool far = engram::numeric::vectors_of_processor() > engram::numeric::Vectors::sse;
  CHECK(command::contains(slow.err, "OPENBLAS_CORETYPE asks for it") == far);
  CHECK_FALSE(command::contains(command::engram(run, folder.path, own_choice).err, "kernel"));
  const auto mistaken = command::engram("run nofile.json", folder.path, "OPENBLAS_CORETYPE=Prescott");
  CHECK(mistaken.exit == 2);
  CHECK_FALSE(command::contains(mistaken.err, "kernel")); // of wrong input one line says all
}

TEST_CASE("a run does not go on with wrong products", "[cli]") {
  if (!can_preload) return;
  CHECK(this_kernel(with_wrong("none"))["wrong_product"].is_null());
  CHECK(this_kernel(with_wrong("all"))["wrong_product"].get<std::string>().find("sgemm of 1 × 1 × 1") == 0);
  const command::Folder folder;
  const std::string run = "run '" + command::model("credit-assignment/xor.json") + "' --set /task/epochs=1 --out x.nwb";
  const auto wrong = command::engram(run, folder.path, with_wrong("all"));
  CHECK(wrong.exit == 1);
  CHECK(command::contains(wrong.err, "computes wrong products with its kernel"));
  CHECK(folder.files() == 0);

  // The next best is right.
  const auto in_use = this_kernel(own_choice)["kernel"].get<std::string>();
  const auto vectors = engram::numeric::vectors_of_kernel(in_use);
  if (!vectors || *vectors == engram::numeric::Vectors::sse) return; // there is none
  const auto mended = command::engram(run, folder.path, with_wrong(in_use));
  CHECK(mended.exit == 0);
  CHECK(command::contains(mended.err, "computes wrong products with its kernel " + in_use));
  CHECK(command::contains(mended.err, "is used instead"));

  // One that the user asked for is not exchanged.
  const auto asked = command::engram(run, folder.path, with_wrong("Prescott") + " OPENBLAS_CORETYPE=Prescott");
  CHECK(asked.exit == 1);
  CHECK(command::contains(asked.err, "kernel Prescott"));
}
