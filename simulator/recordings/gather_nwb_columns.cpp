// gather_nwb_columns() reads the table of trials of an NWB file: the stimulus, the choice, the reaction time of each.
#include "data/nwb.hpp"
#include "input/nearest.hpp"
#include "recordings/array_values.hpp"
#include "recordings/gather.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace engram::recordings {

namespace {

const data::NwbTable &trials_of(const data::NwbFile &file, const Source &source) {
  std::vector<std::string> known;
  for (const auto &table : file.tables()) {
    if (table.path == source.events || table.path == "intervals/" + source.events) return table;
    known.push_back(table.path);
  }
  refuse(source, "columns", known.empty() ? "holds no table" : input::unknown("table", source.events, known));
}

// By the name of a column, with which a filter may name it too; else refuses.
const data::NwbColumn &table_column(const data::NwbTable &table, const Source &source, const std::string &key,
                                    const std::string &place) {
  const auto *column = table.find(key);
  if (column && !column->ragged && (column->numbers || column->texts)) return *column;
  std::vector<std::string> known;
  for (const auto &one : table.columns)
    if (!one.ragged && (one.numbers || one.texts)) known.push_back(one.name);
  refuse(source, place, input::unknown("column of " + table.path, key, known));
}

TrialColumn column_of(const data::NwbFile &file, const data::NwbTable &table, const data::NwbColumn &column,
                      const std::string &name) {
  const auto rows = file.read_column(table, column.name);
  return column.texts ? word_column(name, rows.texts) : TrialColumn{name, arma::vec(rows.numbers), {}};
}

} // namespace

std::vector<bool> rows_looked_at(const data::NwbFile &file, const data::NwbTable &table, const Source &source) {
  return trials_looked_at(source, table.rows, [&](const std::string &key, bool) {
    return column_of(file, table, table_column(table, source, key, "where"), key);
  });
}

Area gather_nwb_columns(const Source &source) {
  const data::NwbFile file(source.file);
  const auto &trials = trials_of(file, source);
  auto table = std::make_shared<TrialTable>();
  for (const auto &[name, key] : source.arrays.columns) {
    const auto &column = table_column(trials, source, key, input::below("columns", name));
    table->columns.push_back(column_of(file, trials, column, name));
    require_count(source, key, table->columns.back().values.n_elem, trials.rows);
  }
  const auto looked_at = rows_looked_at(file, trials, source);
  std::vector<arma::uword> kept;
  for (std::size_t k = 0; k < looked_at.size(); ++k)
    if (looked_at[k]) kept.push_back(k);
  for (auto &column : table->columns) column.values = arma::vec(column.values(arma::uvec(kept)));
  Area out;
  out.name = source.name.empty() ? std::filesystem::path(source.file).stem().string() : source.name;
  out.file = source.file;
  out.table = std::move(table);
  return out;
}

} // namespace engram::recordings
