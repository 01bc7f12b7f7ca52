// This carries the questions to a ForeignSource into a child process, and its answers back.
#pragma once

#include "data/hdf5_source.hpp"
#include "data/reading_child.hpp"

namespace engram::data::hdf5 {

/// Asks a child that runs answer_question().
class ChildSource final : public ForeignSource {
public:
  /// `child` has `path` open, in the state that is given.
  ChildSource(std::string path, std::unique_ptr<Child> child, const FileState &state)
      : path_(std::move(path)), child_(std::move(child)), state_(state) {}
  About about(const std::string &object) override;
  std::vector<std::string> children(const std::string &group) override;
  std::vector<std::string> attribute(const std::string &object, const std::string &name) override;
  double attribute_number(const std::string &object, const std::string &name, double fallback) override;
  std::vector<std::string> texts(const std::string &dataset, std::size_t first, std::size_t count) override;
  void numbers(const std::string &dataset, std::size_t first, std::size_t count, const TakeNumbers &take) override;
  void pause() override;

private:
  template <class T, class... Values> T answer(const Values &...question);
  Child &child(); ///< starts one after a pause

  std::string path_;
  std::unique_ptr<Child> child_;
  FileState state_;
  Room room_;
};

/// In the child: takes one question from the stream, and puts the answer of `source`.
void answer_question(ForeignSource &source, ChildStream &stream);

} // namespace engram::data::hdf5
