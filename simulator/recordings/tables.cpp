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

} // namespace engram::recordings
