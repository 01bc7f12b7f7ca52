// read_hdf5_variable() reads variables of MATLAB 7.3 files, which are HDF5, into matio's structs.
//
// MATLAB writes an array with its axes reversed, and what it is into the attribute MATLAB_class. The elements of cells
// and struct arrays are references to objects in the group #refs#. matio reads this too, but goes by a class that ends
// with a zero byte, which HDF5 does not ask for and h5py does not write.
#include "data/hdf5_array.hpp"
#include "data/hdf5_filter.hpp"
#include "data/hdf5_object.hpp"
#include "data/mat_file.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

namespace engram::data {

namespace {

constexpr std::size_t deepest_variable = 32, most_variables = 10'000'000;

using Extents = std::vector<std::size_t>;

struct NumberClass {
  matio_classes in_matlab;
  matio_types in_memory;
  std::size_t size; ///< bytes
};

NumberClass class_of(const std::string &name) {
  static const std::map<std::string, NumberClass> all = {
      {"double", {MAT_C_DOUBLE, MAT_T_DOUBLE, 8}}, {"single", {MAT_C_SINGLE, MAT_T_SINGLE, 4}},
      {"int8", {MAT_C_INT8, MAT_T_INT8, 1}},       {"uint8", {MAT_C_UINT8, MAT_T_UINT8, 1}},
      {"int16", {MAT_C_INT16, MAT_T_INT16, 2}},    {"uint16", {MAT_C_UINT16, MAT_T_UINT16, 2}},
      {"int32", {MAT_C_INT32, MAT_T_INT32, 4}},    {"uint32", {MAT_C_UINT32, MAT_T_UINT32, 4}},
      {"int64", {MAT_C_INT64, MAT_T_INT64, 8}},    {"uint64", {MAT_C_UINT64, MAT_T_UINT64, 8}},
      {"logical", {MAT_C_UINT8, MAT_T_UINT8, 1}}};
  const auto found = all.find(name);
  return found == all.end() ? NumberClass{MAT_C_EMPTY, MAT_T_UNKNOWN, 0} : found->second;
}

hid_t memory_type_of(matio_types type) {
  switch (type) {
  case MAT_T_SINGLE:
    return H5T_NATIVE_FLOAT;
  case MAT_T_INT8:
    return H5T_NATIVE_INT8;
  case MAT_T_UINT8:
    return H5T_NATIVE_UINT8;
  case MAT_T_INT16:
    return H5T_NATIVE_INT16;
  case MAT_T_UINT16:
    return H5T_NATIVE_UINT16;
  case MAT_T_INT32:
    return H5T_NATIVE_INT32;
  case MAT_T_UINT32:
    return H5T_NATIVE_UINT32;
  case MAT_T_INT64:
    return H5T_NATIVE_INT64;
  case MAT_T_UINT64:
    return H5T_NATIVE_UINT64;
  default:
    return H5T_NATIVE_DOUBLE;
  }
}

/// MATLAB's name of an HDF5 type of numbers; "" where it is none.
std::string class_of_type(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
  case H5T_ENUM:
    return hdf5::type_name(type) == "bool" ? "logical" : "";
  case H5T_FLOAT:
    return size <= 4 ? "single" : "double";
  case H5T_INTEGER:
    return size == 1 || size == 2 || size == 4 || size == 8 ? hdf5::type_name(type) : "";
  default:
    return "";
  }
}

/// Places in row-major order become places in column-major order: `move(from, to)` for each of `count`.
template <class Move> void to_column_major(const Extents &shape, std::size_t count, Move move) {
  Extents stride(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t a = 1; a < shape.size(); ++a) stride[a] = stride[a - 1] * shape[a - 1];
  for (std::size_t from = 0, to = 0; from < count; ++from) {
    move(from, to);
    for (std::size_t a = shape.size(); a-- > 0;) {
      to += stride[a];
      if (++index[a] < shape[a]) break;
      to -= stride[a] * shape[a];
      index[a] = 0;
    }
  }
}

class Reader73 {
public:
  explicit Reader73(const std::string &where) : where_(where) {}

  MatVariable variable(hid_t object, const std::string &name, std::size_t depth) {
    if (depth > deepest_variable) throw DataError(where_ + ": is nested too deep, or holds itself");
    if (++made_ > most_variables) throw DataError(where_ + ": holds too many cells and fields");
    const std::string kind = hdf5::attribute_text(object, "MATLAB_class");
    if (hdf5::is_group(object)) return group(object, name, kind, depth);
    if (!hdf5::is_dataset(object)) return opaque(name, {1, 1});
    if (hdf5::attribute_number(object, "MATLAB_empty", 0) != 0) return empty(object, name, kind);
    if (hdf5::is_null(object)) return numbers("double", name, {0, 0});
    const hdf5::Handle type(H5Dget_type(object));
    const auto stored = H5Tget_class(type.get());
    if (stored == H5T_REFERENCE) return cell(object, name, kind, depth);
    if (stored == H5T_STRING) return texts(object, name);
    if (hdf5::holds_lists(object)) return lists(object, name);
    if (kind == "char") return characters(object, name, H5Tget_size(type.get()));
    if (stored == H5T_COMPOUND && H5Tget_member_index(type.get(), "real") >= 0) return complex(object, name, kind);
    const std::string own = class_of_type(type.get());
    const bool foreign = !kind.empty() && (class_of(kind).size == 0 || (own == "logical" && kind != "logical"));
    if (own.empty() || foreign) return opaque(name, shape(object, kind));
    return read_numbers(object, name, kind, own);
  }

private:
  /// MATLAB's, or HDF5's own where MATLAB has not written the array.
  static Extents shape(hid_t dataset, const std::string &kind) {
    const auto extents = hdf5::shape(dataset);
    Extents shape(extents.begin(), extents.end());
    if (!kind.empty()) std::reverse(shape.begin(), shape.end());
    if (shape.empty()) shape = {1, 1};
    return shape;
  }

  MatVariable made(matvar_t *variable) const {
    if (variable == nullptr) throw DataError(where_ + ": cannot be held in memory");
    return {variable, &Mat_VarFree};
  }

  MatVariable create(const std::string &name, matio_classes in_matlab, matio_types in_memory, Extents shape,
                     int options = 0) const {
    return made(Mat_VarCreate(name.c_str(), in_matlab, in_memory, static_cast<int>(shape.size()), shape.data(), nullptr,
                              options));
  }

  MatVariable opaque(const std::string &name, const Extents &shape) const {
    MatVariable variable = create(name, MAT_C_UINT8, MAT_T_UINT8, shape);
    variable->class_type = MAT_C_OPAQUE;
    return variable;
  }

  MatVariable numbers(const std::string &kind, const std::string &name, const Extents &shape) const {
    const NumberClass number = class_of(kind);
    return create(name, number.in_matlab, number.in_memory, shape, kind == "logical" ? MAT_F_LOGICAL : 0);
  }

  /// MATLAB writes the extents of an empty array in place of its values.
  MatVariable empty(hid_t dataset, const std::string &name, const std::string &kind) const {
    Extents shape;
    const auto rows = hdf5::row_count(dataset);
    if (rows <= 32)
      for (const double extent : hdf5::read_rows(dataset, 0, rows))
        shape.push_back(extent >= 0 && extent < 9e15 ? static_cast<std::size_t>(extent) : 0);
    if (shape.size() < 2 || std::find(shape.begin(), shape.end(), std::size_t{0}) == shape.end()) shape = {0, 0};
    if (kind == "cell") return create(name, MAT_C_CELL, MAT_T_CELL, shape);
    if (kind == "char") return create(name, MAT_C_CHAR, MAT_T_UINT16, shape);
    if (kind == "struct")
      return made(Mat_VarCreateStruct(name.c_str(), static_cast<int>(shape.size()), shape.data(), nullptr, 0));
    return numbers(class_of(kind).size == 0 ? "double" : kind, name, shape);
  }

  /// Memory for all values, which matio frees. Errors: DataError where there is none.
  static void *allocate(const MatVariable &variable, std::size_t bytes, const std::string &where) {
    variable->data = std::malloc(std::max<std::size_t>(bytes, 1));
    if (variable->data == nullptr) throw DataError(where + ": does not fit into memory");
    variable->nbytes = bytes;
    return variable->data;
  }

  static void read(hid_t dataset, hid_t type, void *values) {
    const hdf5::Quiet quiet;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) hdf5::fail_to_read(dataset);
  }

  /// `kind` may differ from `own`, what HDF5 has: MATLAB keeps logical as uint8.
  MatVariable read_numbers(hid_t dataset, const std::string &name, const std::string &kind, const std::string &own) {
    MatVariable variable = numbers(kind.empty() ? own : kind, name, shape(dataset, kind));
    const auto each = static_cast<std::size_t>(variable->data_size);
    const std::size_t count = hdf5::checked_size(dataset, hdf5::shape(dataset), each);
    void *values = allocate(variable, count * each, where_);
    if (count == 0) return variable;
    const hdf5::Handle type(H5Dget_type(dataset));
    read(dataset, own == "logical" ? type.get() : memory_type_of(variable->data_type), values);
    if (kind.empty() && variable->rank > 1) reorder(variable, each, count);
    return variable;
  }

  /// From HDF5's row-major order to MATLAB's.
  void reorder(const MatVariable &variable, std::size_t each, std::size_t count) const {
    auto *ordered = static_cast<char *>(std::malloc(count * each));
    if (ordered == nullptr) throw DataError(where_ + ": does not fit into memory");
    const auto *stored = static_cast<const char *>(variable->data);
    to_column_major(shape_of(variable.get()), count, [&](std::size_t from, std::size_t to) {
      std::memcpy(ordered + to * each, stored + from * each, each);
    });
    std::free(variable->data);
    variable->data = ordered;
  }

  MatVariable characters(hid_t dataset, const std::string &name, std::size_t size) const {
    const auto type = size == 1 ? MAT_T_UINT8 : size == 2 ? MAT_T_UINT16 : MAT_T_UINT32;
    MatVariable variable = create(name, MAT_C_CHAR, type, shape(dataset, "char"));
    const auto each = static_cast<std::size_t>(std::max(variable->data_size, 1));
    const std::size_t count = hdf5::checked_size(dataset, hdf5::shape(dataset), each);
    void *units = allocate(variable, count * each, where_);
    if (count != 0) read(dataset, memory_type_of(type), units);
    return variable;
  }

  /// The values are not read: complex numbers are refused where they are asked for.
  MatVariable complex(hid_t dataset, const std::string &name, const std::string &kind) const {
    MatVariable variable = numbers(class_of(kind).size == 0 ? "double" : kind, name, shape(dataset, kind));
    variable->isComplex = 1;
    return variable;
  }

  MatVariable text(const std::string &name, const std::string &utf8) const {
    MatVariable variable = create(name, MAT_C_CHAR, MAT_T_UTF8, {1, utf8.size()});
    variable->data_size = 1;
    std::memcpy(allocate(variable, utf8.size(), where_), utf8.data(), utf8.size());
    return variable;
  }

  void put(const MatVariable &cell, std::size_t at, MatVariable content) const {
    if (cell->data == nullptr || at >= cell->nbytes / sizeof(matvar_t *)) return;
    static_cast<matvar_t **>(cell->data)[at] = content.release();
  }

  /// HDF5's own texts: of one a char array, of several a cell array.
  MatVariable texts(hid_t dataset, const std::string &name) {
    const auto all = hdf5::read_text_rows(dataset, 0, hdf5::row_count(dataset));
    if (hdf5::shape(dataset).empty()) return text(name, all.empty() ? "" : all.front());
    const Extents extents = shape(dataset, "");
    MatVariable variable = create(name, MAT_C_CELL, MAT_T_CELL, extents);
    to_column_major(extents, all.size(),
                    [&](std::size_t from, std::size_t to) { put(variable, to, text("", all[from])); });
    return variable;
  }

  MatVariable lists(hid_t dataset, const std::string &name) {
    const auto all = hdf5::read_lists(dataset);
    const Extents extents = shape(dataset, "");
    MatVariable variable = create(name, MAT_C_CELL, MAT_T_CELL, extents);
    to_column_major(extents, all.size(), [&](std::size_t from, std::size_t to) {
      MatVariable list = numbers("double", "", {1, all[from].size()});
      std::memcpy(allocate(list, all[from].size() * sizeof(double), where_), all[from].data(),
                  all[from].size() * sizeof(double));
      put(variable, to, std::move(list));
    });
    return variable;
  }

  /// The objects that a dataset of references names, in the order of the dataset; empty handles for null ones.
  static std::vector<hdf5::Handle> referenced(hid_t dataset, const std::string &where) {
    const hdf5::Quiet quiet;
    const hdf5::Handle type(H5Dget_type(dataset));
    if (H5Tequal(type.get(), H5T_STD_REF_OBJ) <= 0) throw DataError(where + ": holds references to regions");
    std::vector<hobj_ref_t> references(hdf5::checked_size(dataset, hdf5::shape(dataset), sizeof(hobj_ref_t)));
    if (!references.empty()) read(dataset, H5T_STD_REF_OBJ, references.data());
    std::vector<hdf5::Handle> objects;
    for (const hobj_ref_t &one : references) {
      objects.emplace_back(one == 0 ? H5I_INVALID_HID : H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, &one));
      if (one != 0 && !objects.back()) throw DataError(where + ": is damaged: an element is not there");
    }
    return objects;
  }

  MatVariable cell(hid_t dataset, const std::string &name, const std::string &kind, std::size_t depth) {
    if (!kind.empty() && kind != "cell") return opaque(name, shape(dataset, kind));
    const Extents extents = shape(dataset, kind);
    const auto objects = referenced(dataset, where_);
    MatVariable variable = create(name, MAT_C_CELL, MAT_T_CELL, extents);
    const auto place = [&](std::size_t from, std::size_t to) {
      if (objects[from]) put(variable, to, this->variable(objects[from].get(), "", depth + 1));
    };
    if (kind.empty())
      to_column_major(extents, objects.size(), place);
    else
      for (std::size_t at = 0; at < objects.size(); ++at) place(at, at);
    return variable;
  }

  /// In MATLAB's order, which the attribute MATLAB_fields gives as lists of single characters.
  static std::vector<std::string> fields_of(hid_t group) {
    auto names = hdf5::children(group);
    const hdf5::Quiet quiet;
    const hdf5::Handle attribute(H5Aexists(group, "MATLAB_fields") > 0 ? H5Aopen(group, "MATLAB_fields", H5P_DEFAULT)
                                                                       : H5I_INVALID_HID);
    if (!attribute) return names;
    const hdf5::Handle type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
    const hssize_t count = H5Sget_simple_extent_npoints(space.get());
    if (H5Tget_class(type.get()) != H5T_VLEN || count < 0 || static_cast<std::size_t>(count) > names.size())
      return names;
    if (const hdf5::Handle each(H5Tget_super(type.get())); H5Tget_size(each.get()) != 1) return names;
    std::vector<hvl_t> lists(static_cast<std::size_t>(count));
    if (H5Aread(attribute.get(), type.get(), lists.data()) < 0) return names;
    std::vector<std::string> ordered;
    for (const hvl_t &one : lists)
      ordered.emplace_back(static_cast<const char *>(one.p), one.p == nullptr ? 0 : one.len);
    H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, lists.data());
    const bool all_there = std::is_permutation(ordered.begin(), ordered.end(), names.begin(), names.end());
    return all_there ? ordered : names;
  }

  MatVariable group(hid_t group, const std::string &name, const std::string &kind, std::size_t depth) {
    if (hdf5::has_attribute(group, "MATLAB_sparse")) {
      const double rows = hdf5::attribute_number(group, "MATLAB_sparse", 0);
      MatVariable variable =
          numbers("double", name, {rows >= 0 && rows < 9e15 ? static_cast<std::size_t>(rows) : 0, 1});
      variable->class_type = MAT_C_SPARSE;
      return variable;
    }
    if (!kind.empty() && kind != "struct") return opaque(name, {1, 1});
    const auto names = fields_of(group);
    std::vector<hdf5::Handle> members;
    Extents extents{1, 1};
    bool elements = false;
    for (const std::string &field : names) {
      members.push_back(hdf5::open_object(group, field));
      if (!members.back()) throw DataError(where_ + ": its field " + data::quoted(field) + " cannot be opened");
      if (elements || kind.empty() || !hdf5::is_dataset(members.back().get())) continue;
      elements = is_field_of_array(members.back().get());
      if (elements) extents = shape(members.back().get(), kind);
    }
    std::vector<const char *> pointers;
    for (const std::string &field : names) pointers.push_back(field.c_str());
    MatVariable variable = made(Mat_VarCreateStruct(name.c_str(), static_cast<int>(extents.size()), extents.data(),
                                                    pointers.data(), static_cast<unsigned>(pointers.size())));
    for (std::size_t f = 0; f < names.size(); ++f) set_field(variable, names[f], members[f].get(), elements, depth);
    return variable;
  }

  /// A field of a struct array lists its elements by reference, and has no class; a cell array has one.
  static bool is_field_of_array(hid_t dataset) {
    const hdf5::Handle type(H5Dget_type(dataset));
    return H5Tget_class(type.get()) == H5T_REFERENCE && !hdf5::has_attribute(dataset, "MATLAB_class");
  }

  void set_field(const MatVariable &structure, const std::string &field, hid_t member, bool elements,
                 std::size_t depth) {
    const auto set = [&](std::size_t at, hid_t object) {
      MatVariable value = variable(object, field, depth + 1);
      if (matvar_t *before = Mat_VarSetStructFieldByName(structure.get(), field.c_str(), at, value.get()))
        Mat_VarFree(before);
      static_cast<void>(value.release());
    };
    if (!elements) {
      set(0, member);
      return;
    }
    const bool whole = hdf5::is_dataset(member) && is_field_of_array(member);
    const auto objects = whole ? referenced(member, where_) : std::vector<hdf5::Handle>();
    if (objects.size() != count_of(structure.get()))
      throw DataError(where_ + ": is damaged: the fields of a struct array have different sizes");
    for (std::size_t at = 0; at < objects.size(); ++at)
      if (objects[at]) set(at, objects[at].get());
  }

  const std::string &where_;
  std::size_t made_ = 0;
};

} // namespace

MatVariable read_hdf5_variable(hid_t object, const std::string &name, const std::string &where) {
  return Reader73(where).variable(object, name, 0);
}

} // namespace engram::data
