// A TableMaker fills a table of a comparison row by row.
#pragma once

#include "recordings/comparison.hpp"

#include <armadillo>
#include <string>
#include <utility>
#include <vector>

namespace engram::recordings {

class TableMaker {
public:
  /// `of`: what a row is.
  TableMaker(std::string method, const Area &area, std::string of, std::vector<std::string> columns)
      : table_{std::move(method), area.name, std::move(of), {}, std::move(columns), {}} {}

  void row(const std::string &name, const std::vector<double> &values) {
    table_.rows.push_back(name);
    rows_.push_back(values);
  }
  /// std::logic_error where a row has not a value for each column.
  Table made() const;

private:
  Table table_;
  std::vector<std::vector<double>> rows_;
};

/// "recording V1", "circuit V1": both sides may have an area of this name.
std::string side_name(bool of_recording, const std::string &area);

/// Of pairs of `names`, each a row and a column: a table for Comparison::matrices.
Table pair_table(const std::string &method, const Area &area, const std::string &of,
                 const std::vector<std::string> &names, const arma::mat &values);

/// A row for each of `names`, and a column for each vector. It is not shown on a terminal: what sums it up is.
Table table_of_each(const std::string &method, const Area &area, const std::string &of,
                    const std::vector<std::string> &names,
                    const std::vector<std::pair<std::string, arma::vec>> &columns);

/// One number of a described area; compare() names the area.
Result result_of(const std::string &method, double value, std::size_t neurons = 0);

/// The name of neuron n of an area's responses.
std::string neuron_name(const Responses &responses, std::size_t n);
/// Of all of them.
std::vector<std::string> neuron_names(const Responses &responses);

} // namespace engram::recordings
