#include "studies/result_tables.hpp"

#include "data/hdf5.hpp"
#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <set>

namespace engram::studies {

namespace {

namespace hdf5 = data::hdf5;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

// What is varied, of these runs. Numbers where all values are numbers.
void add_varied(Table &table, const Study &study, const std::vector<PlannedRun> &plan,
                const std::vector<std::size_t> &rows) {
  for (std::size_t k = 0; k < study.axes.size(); ++k) {
    const auto &axis = study.axes[k];
    const bool numbers =
        std::all_of(axis.values.begin(), axis.values.end(), [](const auto &value) { return value.is_number(); });
    Numbers as_numbers;
    Texts as_texts;
    for (const auto row : rows) {
      const auto which = plan[row].values[k];
      if (numbers)
        as_numbers.push_back(axis.values[which].template get<double>());
      else
        as_texts.push_back(axis.text(which));
    }
    if (numbers)
      table.push_back({axis.name, std::move(as_numbers)});
    else
      table.push_back({axis.name, std::move(as_texts)});
  }
}

template <class F> Numbers column_of(std::size_t rows, F value) {
  Numbers out;
  for (std::size_t k = 0; k < rows; ++k) out.push_back(static_cast<double>(value(k)));
  return out;
}

template <class F> Texts texts_of(std::size_t rows, F value) {
  Texts out;
  for (std::size_t k = 0; k < rows; ++k) out.emplace_back(value(k));
  return out;
}

void add_statistics(Table &table, const std::string &name, std::size_t rows,
                    const std::function<const measures::StudentMean &(std::size_t)> &of) {
  table.push_back({name + "_mean", column_of(rows, [&](std::size_t c) { return of(c).mean.value; })});
  table.push_back({name + "_sd", column_of(rows, [&](std::size_t c) { return of(c).deviation; })});
  table.push_back({name + "_low", column_of(rows, [&](std::size_t c) { return of(c).mean.ci.low; })});
  table.push_back({name + "_high", column_of(rows, [&](std::size_t c) { return of(c).mean.ci.high; })});
}

constexpr const char *test_names[] = {"test_loss", "test_accuracy", "test_reward"}; // as in RunOutcome::test

std::string number_cell(double value) {
  if (std::isnan(value)) return "";
  return std::floor(value) == value && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
}

std::size_t rows_in(const Table &table) {
  return table.empty() ? 0 : std::visit([](const auto &values) { return values.size(); }, table.front().values);
}

// A name within a group of HDF5: a '/' would lead into another.
std::string dataset_name(const std::string &column, std::set<std::string> &taken) {
  std::string name = column.starts_with('/') ? column.substr(1) : column;
  std::replace(name.begin(), name.end(), '/', '.');
  if (name.empty() || name == ".") name = "column";
  const std::string plain = name;
  for (int k = 2; !taken.insert(name).second; ++k) name = fmt::format("{}_{}", plain, k);
  return name;
}

void write_column(hid_t group, const TableColumn &column, std::set<std::string> &taken) {
  const auto name = dataset_name(column.name, taken);
  if (const auto *texts = std::get_if<Texts>(&column.values)) {
    hdf5::write_texts(group, name, *texts);
  } else {
    const auto &numbers = std::get<Numbers>(column.values);
    hdf5::Layout layout;
    layout.shape = {numbers.size()};
    const auto dataset = hdf5::create_dataset(group, name, H5T_IEEE_F64LE, layout);
    hdf5::write_block(dataset.get(), H5T_NATIVE_DOUBLE, {0}, {numbers.size()}, numbers.data());
  }
  const hdf5::Handle dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT));
  if (!dataset) hdf5::fail(group, "cannot open " + name);
  hdf5::set_attribute(dataset.get(), "column", column.name);
}

} // namespace

Table results_table(const Study &study, const std::vector<PlannedRun> &plan, const std::vector<std::uint64_t> &seeds,
                    const std::vector<RunOutcome> &outcomes, const std::vector<std::string> &files) {
  const std::size_t rows = plan.size();
  std::vector<std::size_t> all(rows);
  for (std::size_t k = 0; k < rows; ++k) all[k] = k;
  const auto by = compared_by(study.best, outcomes);
  const auto best = [&](std::size_t k) { return by ? outcomes[k].best[static_cast<std::size_t>(*by)] : Point(); };
  Table out;
  out.push_back({"run", column_of(rows, [&](std::size_t k) { return plan[k].number; })});
  out.push_back({"status", texts_of(rows, [&](std::size_t k) { return name_of(outcomes[k].status); })});
  add_varied(out, study, plan, all);
  constexpr auto largest_in_double = std::uint64_t{1} << 53;
  if (std::all_of(seeds.begin(), seeds.end(), [](std::uint64_t seed) { return seed <= largest_in_double; }))
    out.push_back({"seed", column_of(rows, [&](std::size_t k) { return seeds[k]; })});
  else
    out.push_back({"seed", texts_of(rows, [&](std::size_t k) { return std::to_string(seeds[k]); })});
  out.push_back({"epochs", column_of(rows, [&](std::size_t k) { return outcomes[k].end.epoch; })});
  for (std::size_t m = 0; m < measure_count; ++m)
    out.push_back(
        {name_of(static_cast<Measure>(m)), column_of(rows, [&](std::size_t k) { return outcomes[k].end.values[m]; })});
  out.push_back({"best_epoch", column_of(rows, [&](std::size_t k) {
                   return best(k).epoch == 0 ? Point::unknown : static_cast<double>(best(k).epoch);
                 })});
  for (std::size_t m = 0; m < measure_count; ++m)
    out.push_back({"best_" + name_of(static_cast<Measure>(m)),
                   column_of(rows, [&](std::size_t k) { return best(k).values[m]; })});
  const auto complete = [&](std::size_t k) { return outcomes[k].status == Status::complete; };
  out.push_back({"kept_epoch", column_of(rows, [&](std::size_t k) {
                   return outcomes[k].kept_epoch == 0 ? Point::unknown : static_cast<double>(outcomes[k].kept_epoch);
                 })});
  for (std::size_t t = 0; t < std::size(test_names); ++t)
    out.push_back({test_names[t], column_of(rows, [&](std::size_t k) { return outcomes[k].test[t]; })});
  out.push_back({"stopped", column_of(rows, [&](std::size_t k) {
                   return !complete(k) ? Point::unknown : outcomes[k].stopped ? 1.0 : 0.0;
                 })});
  out.push_back({"seconds", column_of(rows, [&](std::size_t k) { return outcomes[k].seconds; })});
  out.push_back({"reason", texts_of(rows, [&](std::size_t k) { return outcomes[k].reason; })});
  out.push_back({"file", files});
  return out;
}

Table summary_table(const Study &study, const std::vector<PlannedRun> &plan, const StudySummary &summary) {
  const auto &all = summary.combinations;
  std::vector<std::size_t> first;
  for (const auto &one : all) first.push_back(one.first);
  Table out;
  add_varied(out, study, plan, first);
  out.push_back({"runs", column_of(all.size(), [&](std::size_t c) { return all[c].runs; })});
  out.push_back({"complete", column_of(all.size(), [&](std::size_t c) { return all[c].complete; })});
  for (std::size_t m = 0; m < measure_count; ++m)
    add_statistics(out, name_of(static_cast<Measure>(m)), all.size(),
                   [&all, m](std::size_t c) -> const measures::StudentMean & { return all[c].end[m]; });
  for (std::size_t m = 0; m < measure_count; ++m)
    add_statistics(out, "best_" + name_of(static_cast<Measure>(m)), all.size(),
                   [&all, m](std::size_t c) -> const measures::StudentMean & { return all[c].best_epoch[m]; });
  for (std::size_t t = 0; t < std::size(test_names); ++t)
    add_statistics(out, test_names[t], all.size(),
                   [&all, t](std::size_t c) -> const measures::StudentMean & { return all[c].test[t]; });
  out.push_back({"best", column_of(all.size(), [&](std::size_t c) { return summary.best == c ? 1 : 0; })});
  return out;
}

std::string csv_of(const Table &table) {
  std::string out;
  for (std::size_t c = 0; c < table.size(); ++c) out += (c ? "," : "") + data::csv_cell(table[c].name);
  out += "\n";
  for (std::size_t row = 0; row < rows_in(table); ++row) {
    for (std::size_t c = 0; c < table.size(); ++c) {
      if (c) out += ",";
      if (const auto *texts = std::get_if<Texts>(&table[c].values))
        out += data::csv_cell((*texts)[row]);
      else
        out += number_cell(std::get<Numbers>(table[c].values)[row]);
    }
    out += "\n";
  }
  return out;
}

std::string hdf5_of(const std::vector<std::pair<std::string, Table>> &tables) {
  const hdf5::Quiet quiet;
  // In memory: what cannot be written to a disk is then no affair of HDF5.
  const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS));
  if (H5Pset_fapl_core(access.get(), std::size_t{1} << 16, false) < 0)
    throw hdf5::Failure("HDF5 has no files in memory");
  const hdf5::Handle file(H5Fcreate("results.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
  if (!file) throw hdf5::Failure("results.h5: cannot be made: " + hdf5::reason());
  for (const auto &[name, table] : tables) {
    const auto group = hdf5::create_group(file.get(), name);
    std::set<std::string> taken;
    for (const auto &column : table) write_column(group.get(), column, taken);
  }
  if (H5Fflush(file.get(), H5F_SCOPE_GLOBAL) < 0) hdf5::fail(file.get(), "cannot be written");
  const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
  std::string bytes(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  if (size <= 0 || H5Fget_file_image(file.get(), bytes.data(), bytes.size()) != size)
    hdf5::fail(file.get(), "cannot be written");
  return bytes;
}

} // namespace engram::studies
