#include "report/comparison_arrays.hpp"

#include "data/npz_write.hpp"

#include <map>

namespace engram::report {

namespace {

using data::NamedArray;
using recordings::Area;
using recordings::Comparison;

class Arrays {
public:
  // The prefix of an object's keys. Names of areas may hold paths.
  std::string object(std::string name) {
    for (char &c : name)
      if (c == '/') c = '_';
    const std::size_t count = ++seen_[name];
    return (count == 1 ? name : name + " (" + std::to_string(count) + ")") + "/";
  }
  void add(const std::string &key, std::vector<std::size_t> shape, std::vector<double> values) {
    list.push_back({key, std::move(shape), std::move(values)});
  }
  void add(const std::string &key, const std::vector<std::string> &texts) {
    if (!texts.empty()) list.push_back({key, {texts.size()}, texts});
  }
  void add(const std::string &key, const arma::mat &values) {
    add(key, {values.n_rows, values.n_cols}, row_major(values));
  }

  static std::vector<double> row_major(const arma::mat &values) {
    const arma::mat rows = values.t();
    return {rows.begin(), rows.end()};
  }

  std::vector<NamedArray> list;

private:
  std::map<std::string, std::size_t> seen_;
};

void add_area(Arrays &out, const std::string &side, const Area &area) {
  if (!area.responses && area.rdms.is_empty()) return;
  const std::string at = out.object(side + " " + area.name);
  if (area.responses) {
    const auto &responses = *area.responses;
    out.add(at + "response", recordings::mean_response(responses));
    out.add(at + "neurons", responses.neurons);
    out.add(at + "conditions", responses.conditions);
    if (responses.values.size() > 1) {
      std::vector<double> course;
      for (const auto &bin : responses.values) {
        const auto values = Arrays::row_major(recordings::over_repeats(bin));
        course.insert(course.end(), values.begin(), values.end());
      }
      out.add(at + "time_course",
              {responses.values.size(), responses.values.front().n_rows, responses.values.front().n_cols},
              std::move(course));
      if (responses.times.size() == responses.values.size())
        out.add(at + "times_ms", {responses.times.size()}, responses.times);
    }
  } else {
    out.add(at + "conditions", area.conditions);
  }
  if (area.rdms.is_empty()) return;
  out.add(at + "dissimilarities", {area.rdms.n_slices, area.rdms.n_rows, area.rdms.n_cols},
          std::vector<double>(area.rdms.begin(), area.rdms.end())); // each is symmetric
}

// Matrices of one size, one after another.
template <class Units, class Of>
void add_stack(Arrays &out, const std::string &at, const std::string &key, const Units &units, const Of &of) {
  std::vector<double> all;
  std::vector<std::string> names;
  std::size_t rows = 0, columns = 0;
  for (const auto &unit : units) {
    const arma::mat &values = of(unit);
    if (values.is_empty()) continue;
    if (names.empty()) {
      rows = values.n_rows;
      columns = values.n_cols;
    }
    if (values.n_rows != rows || values.n_cols != columns) continue;
    const auto some = Arrays::row_major(values);
    all.insert(all.end(), some.begin(), some.end());
    names.push_back(unit.unit);
  }
  if (names.empty()) return;
  out.add(at + key, {names.size(), rows, columns}, std::move(all));
  out.add(at + "units", names);
}

} // namespace

std::string comparison_npz(const Comparison &c) {
  Arrays out;
  for (const auto &area : c.circuits) add_area(out, "circuit", area);
  for (const auto &area : c.recordings) add_area(out, "recording", area);
  for (const auto &table : c.tables) {
    const std::string at = out.object("table " + table.method + " " + table.area);
    out.add(at + "values", table.values);
    out.add(at + "rows", table.rows);
    out.add(at + "columns", table.columns);
  }
  for (const auto &matrix : c.matrices) {
    const std::string at = out.object("matrix " + matrix.method + " " + matrix.area);
    out.add(at + "values", matrix.values);
    out.add(at + (matrix.of == "condition" ? "conditions" : matrix.of == "neuron" ? "neurons" : "units"), matrix.rows);
  }
  for (const auto &maps : c.maps) {
    const std::string at = out.object("rate_maps " + maps.area);
    add_stack(out, at, "rate", maps.units, [](const auto &unit) -> const arma::mat & { return unit.rate; });
    out.add(at + "arena", {5},
            {maps.arena.x_min, maps.arena.x_max, maps.arena.y_min, maps.arena.y_max, maps.arena.bin});
  }
  for (const auto &fields : c.fields)
    add_stack(out, out.object("receptive_fields " + fields.area), "field", fields.units,
              [](const auto &unit) -> const arma::mat & { return unit.field; });
  return out.list.empty() ? "" : data::npz_of(out.list);
}

} // namespace engram::report
