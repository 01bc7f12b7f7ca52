#include "record/weight_table.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace engram::record {

namespace {

constexpr hsize_t weights_chunk_bytes = 1 << 20;

std::string table_name(hid_t parent, const WeightsInfo &info) {
  return nwb::free_name(parent, "recorded_weights_" + nwb::safe_name(info.projection));
}

std::vector<nwb::Column> columns_of_weights(const WeightsInfo &info) {
  std::vector<nwb::Column> columns{{"epoch", nwb::ColumnType::integer, "whole epochs by then; 0: before the first"}};
  for (const auto &name : info.statistics)
    columns.push_back({name, nwb::ColumnType::number, name + " of the weights of the synapses that there are"});
  return columns;
}

std::string axes_of(const WeightsInfo &info) {
  if (!info.chosen.empty()) return "epoch x synapse, those of recorded_synapses";
  return info.shape.size() == 2 ? "epoch x postsynaptic x presynaptic neuron" : "epoch x synapse";
}

void write_pairs(hid_t parent, const WeightsInfo &info, const nwb::Identity &identity) {
  const std::string name = nwb::free_name(parent, "recorded_synapses_" + nwb::safe_name(info.projection));
  std::vector<std::int64_t> values;
  for (const auto &[post, pre] : info.chosen)
    values.insert(values.end(), {static_cast<std::int64_t>(post), static_cast<std::int64_t>(pre)});
  hdf5::Layout layout;
  layout.shape = {info.chosen.size(), 2};
  const auto dataset = hdf5::create_dataset(parent, name, H5T_STD_I64LE, layout);
  nwb::set_type(dataset.get(), "ScratchData", "core", identity);
  hdf5::set_attribute(dataset.get(), "notes",
                      "synapses of " + info.projection + " that are recorded: postsynaptic, presynaptic neuron");
  hdf5::write_block(dataset.get(), H5T_NATIVE_INT64, {0, 0}, {info.chosen.size(), 2}, values.data());
}

} // namespace

WeightTable::WeightTable(hid_t scratch, const WeightsInfo &info, const nwb::Identity &identity)
    : shape_(info.shape.begin(), info.shape.end()), statistics_(info.statistics.size()),
      table_(scratch, table_name(scratch, info), "DynamicTable", "weights of " + info.projection + " as it learned",
             columns_of_weights(info), identity,
             shape_.empty() ? std::vector<std::string>{} : std::vector<std::string>{"weights"}) {
  hdf5::set_attribute(table_.group(), "projection", info.projection);
  if (!info.chosen.empty()) write_pairs(scratch, info, identity);
  if (shape_.empty()) return;
  const hsize_t bytes = info.single ? 4 : 8;
  hdf5::Layout layout;
  layout.shape = layout.limit = layout.chunk = {0};
  layout.limit[0] = H5S_UNLIMITED;
  layout.chunk[0] = 1;
  hsize_t row = bytes;
  for (auto extent = shape_.rbegin(); extent != shape_.rend(); ++extent) {
    const hsize_t fit = std::clamp<hsize_t>(weights_chunk_bytes / row, 1, std::max<hsize_t>(*extent, 1));
    layout.chunk.insert(layout.chunk.begin() + 1, fit);
    row *= fit;
  }
  layout.chunk[0] = std::clamp<hsize_t>((weights_chunk_bytes / 16) / row, 1, 1024);
  layout.shape.insert(layout.shape.end(), shape_.begin(), shape_.end());
  layout.limit.insert(layout.limit.end(), shape_.begin(), shape_.end());
  weights_ = hdf5::create_dataset(table_.group(), "weights", info.single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, layout);
  nwb::set_type(weights_.get(), "VectorData", "hdmf-common", identity);
  hdf5::set_attribute(weights_.get(), "description", "weights after the epoch: " + axes_of(info));
}

template <class T>
void WeightTable::add(std::size_t epoch, const arma::Mat<T> &weights, const std::vector<double> &statistics) {
  const hsize_t values = std::accumulate(shape_.begin(), shape_.end(), hsize_t{1}, std::multiplies<>());
  if ((!shape_.empty() && weights.n_elem != values) || statistics.size() != statistics_)
    throw std::invalid_argument("the weights have changed their shape");
  const std::size_t row = table_.rows();
  table_.resize(row + 1);
  table_.write(0, row, std::vector<std::int64_t>{static_cast<std::int64_t>(epoch)});
  for (std::size_t k = 0; k < statistics.size(); ++k) table_.write(k + 1, row, std::vector<double>{statistics[k]});
  unflushed_ += 64 * (2 + statistics.size());
  if (shape_.empty()) return;
  std::vector<hsize_t> extent{row + 1};
  extent.insert(extent.end(), shape_.begin(), shape_.end());
  hdf5::set_shape(weights_.get(), extent);
  unflushed_ += weights.n_elem * sizeof(T);
  if (weights.n_elem == 0) return;
  if (shape_.size() == 1) {
    hdf5::write_block(weights_.get(), hdf5::memory_type<T>(), {row, 0}, {1, shape_[0]}, weights.memptr());
    return;
  }
  // Turned in bands of rows, so that no second copy of a large matrix is made.
  const arma::uword band = std::max<arma::uword>(1, (arma::uword{1} << 20) / weights.n_cols);
  for (arma::uword first = 0; first < weights.n_rows; first += band) {
    const arma::Mat<T> turned = weights.rows(first, std::min(first + band, weights.n_rows) - 1).t();
    hdf5::write_block(weights_.get(), hdf5::memory_type<T>(), {row, first, 0}, {1, turned.n_cols, turned.n_rows},
                      turned.memptr());
  }
}

void write_chosen(hid_t scratch, const std::string &series, const SeriesInfo &info, const nwb::Identity &identity) {
  hdf5::Layout layout;
  layout.shape = {info.chosen.size()};
  const auto dataset = hdf5::create_dataset(scratch, "recorded_neurons_" + series, H5T_STD_I64LE, layout);
  nwb::set_type(dataset.get(), "ScratchData", "core", identity);
  hdf5::set_attribute(dataset.get(), "notes", "numbers in " + info.region + " of the neurons of " + series);
  const std::vector<std::int64_t> numbers(info.chosen.begin(), info.chosen.end());
  hdf5::write_block(dataset.get(), H5T_NATIVE_INT64, {0}, {numbers.size()}, numbers.data());
}

void copy_recorded(hid_t from, hid_t to) {
  const auto copy = [&](const std::string &group, const std::function<bool(const std::string &)> &wanted) {
    const auto source = hdf5::open_group(from, group), target = hdf5::open_group(to, group);
    for (const auto &name : hdf5::children(source.get()))
      if (wanted(name) && H5Ocopy(source.get(), name.c_str(), target.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0)
        hdf5::fail(target.get(), "cannot be given " + name);
  };
  copy("/acquisition", [](const std::string &) { return true; });
  copy("/intervals", [](const std::string &name) { return name == "trials"; });
  copy("/scratch", [](const std::string &name) { return name.starts_with("recorded_"); });
}

template void WeightTable::add(std::size_t, const arma::Mat<float> &, const std::vector<double> &);
template void WeightTable::add(std::size_t, const arma::Mat<double> &, const std::vector<double> &);

} // namespace engram::record
