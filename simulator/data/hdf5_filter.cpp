#include "data/hdf5_filter.hpp"

#include "data/printable.hpp"

#include <algorithm>
#include <array>

namespace engram::data::hdf5 {

namespace {

constexpr H5Z_filter_t lzf = 32000;

/// HDF5's interface of a filter: takes `used` bytes at *block, leaves the unpacked ones there. 0 says that it failed.
std::size_t lzf_filter(unsigned flags, std::size_t settings, const unsigned *setting, std::size_t used,
                       std::size_t *room, void **block) {
  if ((flags & H5Z_FLAG_REVERSE) == 0) return 0; // it packs nothing
  const std::span packed(static_cast<const unsigned char *>(*block), used);
  const std::size_t size = unpack_lzf(packed, {});
  // h5py's third setting is the size of a chunk. HDF5 reads that much of the block, whatever was unpacked.
  const std::size_t chunk = settings > 2 ? setting[2] : 0;
  constexpr std::size_t largest_ratio = 88; // 3 bytes stand for 264 at most
  if (size == 0 || chunk / largest_ratio > used) return 0;
  const std::size_t wanted = std::max(size, chunk);
  auto *out = static_cast<unsigned char *>(H5allocate_memory(wanted, true));
  if (out == nullptr) return 0;
  unpack_lzf(packed, {out, size});
  H5free_memory(*block);
  *block = out;
  *room = wanted;
  return wanted;
}

/// Filters that recordings are packed with, by the numbers that The HDF Group registers.
std::string known_filter(H5Z_filter_t number) {
  switch (number) {
  case H5Z_FILTER_SZIP:
    return "szip";
  case 307:
    return "bzip2";
  case lzf:
    return "lzf";
  case 32001:
    return "blosc";
  case 32004:
    return "lz4";
  case 32008:
    return "bitshuffle";
  case 32013:
    return "zfp";
  case 32015:
    return "zstd";
  case 32017:
    return "sz";
  case 32026:
    return "blosc2";
  default:
    return "";
  }
}

} // namespace

std::size_t unpack_lzf(std::span<const unsigned char> block, std::span<unsigned char> to) {
  std::size_t at = 0, made = 0;
  while (at < block.size()) {
    const unsigned control = block[at++];
    std::size_t length = control + 1u, back = 0;
    if (control >= 32) {
      length = control >> 5;
      if (length == 7) {
        if (at == block.size()) return 0;
        length += block[at++];
      }
      if (at == block.size()) return 0;
      back = ((control & 31u) << 8) + block[at++] + 1;
      length += 2;
      if (back > made) return 0;
    } else if (length > block.size() - at) {
      return 0;
    }
    if (!to.empty()) {
      if (length > to.size() - made) return 0;
      for (std::size_t k = 0; k < length; ++k) // one by one: what is copied may have just been made
        to[made + k] = back == 0 ? block[at + k] : to[made + k - back];
    }
    if (back == 0) at += length;
    made += length;
  }
  return made;
}

void register_lzf() {
  static const bool known = [] {
    const Quiet quiet;
    if (H5Zfilter_avail(lzf) > 0) return true;
    const H5Z_class2_t filter{H5Z_CLASS_T_VERS, lzf, 0, 1, "lzf", nullptr, nullptr, lzf_filter};
    return H5Zregister(&filter) >= 0;
  }();
  static_cast<void>(known); // a dataset that needs it says so when it is read
}

std::string missing_filter(hid_t dataset) {
  const Quiet quiet;
  const Handle layout(H5Dget_create_plist(dataset));
  const int filters = layout ? H5Pget_nfilters(layout.get()) : 0;
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    std::array<char, 64> name{};
    const auto filter = H5Pget_filter2(layout.get(), static_cast<unsigned>(i), &flags, &values, nullptr,
                                       name.size() - 1, name.data(), &config);
    if (filter < 0 || H5Zfilter_avail(filter) > 0) continue;
    const std::string known = known_filter(filter), own = printable(name.data());
    return "filter " + std::to_string(filter) +
           (known.empty() && own.empty() ? "" : " (" + (known.empty() ? own : known) + ")");
  }
  return "";
}

void fail_to_read(hid_t dataset) {
  const std::string why = reason(), filter = missing_filter(dataset); // the second clears the first
  H5Eclear2(H5E_DEFAULT);
  if (filter.empty()) fail(dataset, why.empty() ? "cannot be read" : "cannot be read: " + why);
  fail(dataset,
       "is packed with " + filter + ", which HDF5 does not have here (it looks for plugins in HDF5_PLUGIN_PATH)");
}

} // namespace engram::data::hdf5
