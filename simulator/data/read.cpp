#include "data/read.hpp"

#include "data/bytes.hpp"
#include "data/mat.hpp"
#include "data/parse.hpp"
#include "data/pictures/pictures.hpp"

#include <new>

namespace engram::data {

namespace {

/// A file larger than memory is an error of the file, not of the program.
template <class Parse> auto parsed(const std::string &path, Parse parse) {
  try {
    return parse(read_bytes(path));
  } catch (const std::bad_alloc &) {
    throw DataError(path + ": does not fit into memory");
  } catch (const std::length_error &) {
    throw DataError(path + ": does not fit into memory");
  }
}

} // namespace

Array read_npy(const std::string &path) {
  return parsed(path, [&](const Bytes &bytes) { return parse_npy(bytes, path); });
}

Array read_npz(const std::string &path, const std::string &key) {
  return parsed(path, [&](const Bytes &bytes) { return parse_npz(bytes, path, key); });
}

Array read_csv(const std::string &path, const std::string &key) {
  return parsed(path, [&](const Bytes &bytes) { return parse_csv(bytes, path, key); });
}

Array read_idx(const std::string &path) {
  return parsed(path, [&](const Bytes &bytes) { return parse_idx(bytes, path); });
}

bool is_text_table(const std::string &path) {
  const auto is = [&](const char *ending) { return path.ends_with(ending); };
  return is(".csv") || is(".csv.gz") || is(".txt") || is(".txt.gz") || is(".tsv") || is(".tsv.gz");
}

Table read_table(const std::string &path, const std::string &key) {
  if (is_text_table(path)) return parsed(path, [&](const Bytes &bytes) { return parse_csv_table(bytes, path, key); });
  const auto is = [&](const char *ending) { return path.ends_with(ending); };
  if (is(".npz")) return {read_npz(path, key), {}, {}, 0};
  if (is(".mat")) return {read_mat(path, key), {}, {}, 0};
  if (is(".h5") || is(".hdf5") || is(".nwb")) return {read_hdf5(path, key), {}, {}, 0};
  if (is_pictures(path)) return {read_pictures(path, key).array, {}, {}, 0};
  const bool npy = is(".npy"), idx = is("-ubyte") || is("-ubyte.gz") || is(".idx") || is(".idx.gz");
  require_file(path);
  if (!npy && !idx)
    throw DataError(path +
                    ": unknown kind of file; read are .npy, .npz, .mat, .h5, .hdf5, .nwb, .csv, .tsv, .txt, .idx, "
                    "*-ubyte, .png, .jpg, .tif, .zip of pictures");
  if (!key.empty()) throw DataError(path + ": holds one array, so that '" + key + "' cannot be picked from it");
  return {npy ? read_npy(path) : read_idx(path), {}, {}, 0};
}

Array read_array(const std::string &path, const std::string &key) { return read_table(path, key).array; }

} // namespace engram::data
