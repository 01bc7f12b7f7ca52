#include "data/hdf5_child.hpp"

#include "data/hdf5_object.hpp"

namespace engram::data::hdf5 {

namespace {

enum class Question : std::uint8_t { about, children, attribute, attribute_number, texts, doubles, int64s, uint64s };

template <class T> void put_numbers(ForeignSource &source, const std::string &path, ChildStream &stream) {
  const auto first = taken<std::size_t>(stream), count = taken<std::size_t>(stream);
  bool begun = false;
  source.numbers(path, first, count, TakeRows<T>([&](const T *values, std::size_t rows, std::size_t width) {
                   if (!std::exchange(begun, true)) put(stream, width);
                   put(stream, rows);
                   stream.put_bytes(values, rows * width * sizeof(T));
                 }));
  if (!begun) put(stream, std::size_t{0});
  put(stream, std::size_t{0});
}

/// The child's blocks may be larger than it is good to hold twice.
template <class T>
void take_numbers(ChildStream &stream, std::size_t count, std::vector<T> &room, const TakeRows<T> &give) {
  const auto require = [&](bool sense) {
    if (!sense) throw DataError(stream.name() + ": is damaged (the library that reads it failed)");
  };
  const auto width = taken<std::size_t>(stream);
  std::size_t bytes = 0;
  require(!__builtin_mul_overflow(width, count, &bytes) && !__builtin_mul_overflow(bytes, sizeof(T), &bytes));
  const std::size_t most = block_rows(width);
  for (;;) {
    auto rows = taken<std::size_t>(stream);
    require(rows <= count && (rows > 0 || count == 0 || width == 0));
    if (rows == 0) return;
    count -= rows;
    while (rows > 0) {
      const std::size_t part = std::min(rows, most);
      if (room.size() < part * width) room.resize(part * width);
      stream.take_bytes(room.data(), part * width * sizeof(T));
      give(room.data(), part, width);
      rows -= part;
    }
  }
}

} // namespace

void answer_question(ForeignSource &source, ChildStream &stream) {
  const auto question = taken<Question>(stream);
  const auto path = taken<std::string>(stream);
  switch (question) {
  case Question::about:
    return put(stream, source.about(path));
  case Question::children:
    return put(stream, source.children(path));
  case Question::attribute:
    return put(stream, source.attribute(path, taken<std::string>(stream)));
  case Question::attribute_number: {
    const auto name = taken<std::string>(stream);
    return put(stream, source.attribute_number(path, name, taken<double>(stream)));
  }
  case Question::texts: {
    const auto first = taken<std::size_t>(stream), count = taken<std::size_t>(stream);
    return put(stream, source.texts(path, first, count));
  }
  case Question::doubles:
    return put_numbers<double>(source, path, stream);
  case Question::int64s:
    return put_numbers<std::int64_t>(source, path, stream);
  case Question::uint64s:
    return put_numbers<std::uint64_t>(source, path, stream);
  }
}

void ChildSource::pause() {
  if (child_ && !child_->is_lost()) child_.reset();
}

Child &ChildSource::child() {
  if (child_) return *child_;
  auto child = std::make_unique<Child>(path_, path_, [&](ChildStream &out) -> Answer {
    const auto source = std::make_shared<LocalSource>(path_);
    put(out, source->state());
    return [source](ChildStream &stream) { answer_question(*source, stream); };
  });
  const auto state = taken<FileState>(*child);
  child->take_end();
  if (state != state_) throw DataError(path_ + ": was changed while it was read");
  child_ = std::move(child);
  return *child_;
}

template <class T, class... Values> T ChildSource::answer(const Values &...question) {
  Child &asked = child();
  asked.ask(question...);
  T value = taken<T>(asked);
  asked.take_end();
  return value;
}

About ChildSource::about(const std::string &object) { return answer<About>(Question::about, object); }

std::vector<std::string> ChildSource::children(const std::string &group) {
  return answer<std::vector<std::string>>(Question::children, group);
}

std::vector<std::string> ChildSource::attribute(const std::string &object, const std::string &name) {
  return answer<std::vector<std::string>>(Question::attribute, object, name);
}

double ChildSource::attribute_number(const std::string &object, const std::string &name, double fallback) {
  return answer<double>(Question::attribute_number, object, name, fallback);
}

std::vector<std::string> ChildSource::texts(const std::string &dataset, std::size_t first, std::size_t count) {
  return answer<std::vector<std::string>>(Question::texts, dataset, first, count);
}

void ChildSource::numbers(const std::string &dataset, std::size_t first, std::size_t count, const TakeNumbers &take) {
  Child &asked = child();
  std::visit(
      [&]<class T>(const TakeRows<T> &give) {
        const Question question = std::is_same_v<T, double>         ? Question::doubles
                                  : std::is_same_v<T, std::int64_t> ? Question::int64s
                                                                    : Question::uint64s;
        asked.ask(question, dataset, first, count);
        take_numbers(asked, count, std::get<std::vector<T>>(room_), give);
      },
      take);
  asked.take_end();
}

} // namespace engram::data::hdf5
