#include "recordings/tables.hpp"

#include <stdexcept>

namespace engram::recordings {

Table TableMaker::made() const {
  Table out = table_;
  out.values.set_size(rows_.size(), out.columns.size());
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (rows_[r].size() != out.columns.size()) throw std::logic_error("a row of a table is of another length");
    for (std::size_t k = 0; k < out.columns.size(); ++k) out.values(r, k) = rows_[r][k];
  }
  return out;
}

std::string side_name(bool of_recording, const std::string &area) {
  return (of_recording ? "recording " : "circuit ") + area;
}

Table pair_table(const std::string &method, const Area &area, const std::string &of,
                 const std::vector<std::string> &names, const arma::mat &values) {
  if (values.n_rows != names.size() || values.n_cols != names.size())
    throw std::logic_error("a matrix of pairs is of another size");
  return {method, area.name, of, names, names, values};
}

Table table_of_each(const std::string &method, const Area &area, const std::string &of,
                    const std::vector<std::string> &names,
                    const std::vector<std::pair<std::string, arma::vec>> &columns) {
  Table out{method, area.name, of, names, {}, arma::mat(names.size(), columns.size())};
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (columns[k].second.n_elem != names.size()) throw std::logic_error("a column of a table is of another length");
    out.columns.push_back(columns[k].first);
    out.values.col(k) = columns[k].second;
  }
  out.shown = false;
  return out;
}

Result result_of(const std::string &method, double value, std::size_t neurons) {
  Result out;
  out.method = method;
  out.value = value;
  out.neurons = neurons;
  return out;
}

std::string neuron_name(const Responses &responses, std::size_t n) {
  return n < responses.neurons.size() ? responses.neurons[n] : std::to_string(n + 1);
}

std::vector<std::string> neuron_names(const Responses &responses) {
  std::vector<std::string> out;
  for (std::size_t n = 0; n < responses.neuron_count(); ++n) out.push_back(neuron_name(responses, n));
  return out;
}

} // namespace engram::recordings
