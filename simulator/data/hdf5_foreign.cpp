#include "data/hdf5_foreign.hpp"

#include "data/bytes.hpp"
#include "data/hdf5_child.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"

namespace engram::data::hdf5 {

namespace {

/// The most memory that the walk needs: it reads a megabyte at a time, and unpacks a chunk to do so.
constexpr std::size_t most_memory = std::size_t{2} << 30;

/// Walks all of the file. Returns its other files.
std::vector<std::string> checked(const std::string &path) {
  open_read(path).reset(); // its words for what is no HDF5 file
  auto outside = outside_files(path);
  probe(path);
  return outside;
}

/// Row-major `values` into the rows of a column-major matrix, from row `first` on.
void turn_rows(const double *values, std::size_t rows, std::size_t first, arma::mat &matrix) {
  constexpr std::size_t tile = 32; // rows whose values lie in the cache while they are taken column by column
  const std::size_t width = matrix.n_cols;
  for (std::size_t top = 0; top < rows; top += tile)
    for (std::size_t column = 0; column < width; ++column) {
      double *to = matrix.colptr(column) + first;
      for (std::size_t row = top; row < std::min(rows, top + tile); ++row) to[row] = values[row * width + column];
    }
}

} // namespace

ForeignFile::ForeignFile(const std::string &path, const std::function<void(hid_t, ChildStream &)> &look,
                         const std::function<void(ChildStream &)> &receive)
    : path_(path) {
  require_file(path);
  auto child = std::make_unique<Child>(
      path, path,
      [&](ChildStream &out) -> Answer {
        put(out, checked(path));
        const auto source = std::make_shared<LocalSource>(path);
        put(out, source->state());
        if (look) look(source->file(), out);
        return [source](ChildStream &stream) { answer_question(*source, stream); };
      },
      most_memory);
  take(*child, outside_);
  const auto state = taken<FileState>(*child);
  if (receive) receive(*child);
  child->take_end();
  source_ = std::make_unique<ChildSource>(path, std::move(child), state);
}

ForeignFile ForeignFile::here(const std::string &path, const std::function<void(hid_t)> &look) {
  require_file(path);
  return as_data_error(path, [&] {
    ForeignFile file;
    file.path_ = path;
    file.outside_ = checked(path);
    auto source = std::make_unique<LocalSource>(path);
    if (look) look(source->file());
    file.source_ = std::move(source);
    return file;
  });
}

ForeignFile::~ForeignFile() = default;
ForeignFile::ForeignFile(ForeignFile &&) noexcept = default;
ForeignFile &ForeignFile::operator=(ForeignFile &&) noexcept = default;

template <class F> auto ForeignFile::ask(F question) const {
  return as_data_error(path_, [&] { return question(*source_); });
}

void ForeignFile::pause() const { source_->pause(); }

About ForeignFile::about(const std::string &object) const {
  return ask([&](ForeignSource &source) { return source.about(object); });
}

std::vector<std::string> ForeignFile::children(const std::string &group) const {
  return ask([&](ForeignSource &source) { return source.children(group); });
}

std::vector<std::string> ForeignFile::attribute(const std::string &object, const std::string &name) const {
  return ask([&](ForeignSource &source) { return source.attribute(object, name); });
}

double ForeignFile::attribute_number(const std::string &object, const std::string &name, double fallback) const {
  return ask([&](ForeignSource &source) { return source.attribute_number(object, name, fallback); });
}

std::vector<std::string> ForeignFile::texts(const std::string &dataset, std::size_t first, std::size_t count) const {
  return ask([&](ForeignSource &source) { return source.texts(dataset, first, count); });
}

template <class T>
std::vector<T> ForeignFile::numbers(const std::string &dataset, std::size_t first, std::size_t count) const {
  return ask([&](ForeignSource &source) {
    std::vector<T> all; // takes its memory when the first values come: the source has then checked what there is
    source.numbers(dataset, first, count, TakeRows<T>([&](const T *values, std::size_t rows, std::size_t width) {
                     if (all.empty()) all.reserve(count * width);
                     all.insert(all.end(), values, values + rows * width);
                   }));
    return all;
  });
}

template <class T> std::vector<T> ForeignFile::numbers(const std::string &dataset) const {
  return numbers<T>(dataset, 0, about(dataset).rows());
}

arma::mat ForeignFile::matrix(const std::string &dataset, std::size_t first, std::size_t count) const {
  return ask([&](ForeignSource &source) {
    arma::mat all;
    std::size_t done = 0;
    source.numbers(dataset, first, count,
                   TakeRows<double>([&](const double *values, std::size_t rows, std::size_t width) {
                     if (done == 0) all.set_size(count, width);
                     turn_rows(values, rows, done, all);
                     done += rows;
                   }));
    return all;
  });
}

arma::mat ForeignFile::transposed_matrix(const std::string &dataset, std::size_t first, std::size_t count) const {
  return ask([&](ForeignSource &source) {
    arma::mat all;
    std::size_t done = 0;
    source.numbers(dataset, first, count,
                   TakeRows<double>([&](const double *values, std::size_t rows, std::size_t width) {
                     if (done == 0) all.set_size(width, count);
                     std::copy(values, values + rows * width, all.colptr(done));
                     done += rows;
                   }));
    return all;
  });
}

template std::vector<double> ForeignFile::numbers(const std::string &, std::size_t, std::size_t) const;
template std::vector<std::int64_t> ForeignFile::numbers(const std::string &, std::size_t, std::size_t) const;
template std::vector<std::uint64_t> ForeignFile::numbers(const std::string &, std::size_t, std::size_t) const;
template std::vector<double> ForeignFile::numbers(const std::string &) const;
template std::vector<std::int64_t> ForeignFile::numbers(const std::string &) const;
template std::vector<std::uint64_t> ForeignFile::numbers(const std::string &) const;

} // namespace engram::data::hdf5
