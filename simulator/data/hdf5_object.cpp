#include "data/hdf5_object.hpp"

#include <array>
#include <cstring>

namespace engram::data::hdf5 {

Handle open_object(hid_t parent, const std::string &name) {
  const Quiet quiet;
  return Handle(H5Oopen(parent, name.c_str(), H5P_DEFAULT));
}

bool is_group(hid_t object) { return H5Iget_type(object) == H5I_GROUP; }
bool is_dataset(hid_t object) { return H5Iget_type(object) == H5I_DATASET; }

std::pair<unsigned long, haddr_t> identity(hid_t object) {
  const Quiet quiet;
  H5O_info_t info{};
  if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0) fail(object, "cannot be looked at");
  return {info.fileno, info.addr};
}

std::string link_target(hid_t parent, const std::string &name) {
  const Quiet quiet;
  H5L_info_t info{};
  if (H5Lget_info(parent, name.c_str(), &info, H5P_DEFAULT) < 0) return "";
  if ((info.type != H5L_TYPE_SOFT && info.type != H5L_TYPE_EXTERNAL) || info.u.val_size > 65536) return "";
  std::vector<char> value(info.u.val_size + 1, '\0');
  if (H5Lget_val(parent, name.c_str(), value.data(), info.u.val_size, H5P_DEFAULT) < 0) return "";
  if (info.type == H5L_TYPE_SOFT) return std::string("→ ") + value.data();
  const char *file = nullptr, *object = nullptr;
  unsigned flags = 0;
  if (H5Lunpack_elink_val(value.data(), info.u.val_size, &flags, &file, &object) < 0) return "";
  return std::string("→ ") + file + ":" + object;
}

namespace {

bool is_boolean(hid_t type) {
  if (H5Tget_class(type) != H5T_ENUM || H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) return false;
  std::array<char, 8> name{};
  signed char value = 0;
  return H5Tenum_nameof(type, &value, name.data(), name.size()) >= 0 && std::strcmp(name.data(), "FALSE") == 0;
}

std::string number_name(hid_t type, const char *kind) { return kind + std::to_string(8 * H5Tget_size(type)); }

std::string compound_name(hid_t type) {
  std::string text = "compound (";
  const int members = H5Tget_nmembers(type);
  for (int i = 0; i < members && i < 8; ++i) {
    char *name = H5Tget_member_name(type, static_cast<unsigned>(i));
    text += (i ? ", " : "") + std::string(name == nullptr ? "?" : name);
    H5free_memory(name);
  }
  return text + (members > 8 ? ", …)" : ")");
}

} // namespace

std::string type_name(hid_t type) {
  const Quiet quiet;
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
    return number_name(type, H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int");
  case H5T_FLOAT:
    return number_name(type, "float");
  case H5T_STRING:
    return "text";
  case H5T_ENUM:
    return is_boolean(type) ? "bool" : "enumeration";
  case H5T_REFERENCE:
    return "reference";
  case H5T_COMPOUND:
    return compound_name(type);
  case H5T_VLEN:
    return "lists";
  case H5T_ARRAY:
    return "arrays";
  default:
    return "opaque";
  }
}

std::string dataset_type(hid_t dataset) {
  const Quiet quiet;
  const Handle type(H5Dget_type(dataset));
  return type ? type_name(type.get()) : "unknown";
}

bool holds_numbers(hid_t dataset) {
  const Quiet quiet;
  const Handle type(H5Dget_type(dataset));
  const auto kind = H5Tget_class(type.get());
  return kind == H5T_INTEGER || kind == H5T_FLOAT || is_boolean(type.get());
}

bool holds_texts(hid_t dataset) {
  const Quiet quiet;
  const Handle type(H5Dget_type(dataset));
  const auto kind = H5Tget_class(type.get());
  return kind == H5T_STRING || (kind == H5T_REFERENCE && H5Tequal(type.get(), H5T_STD_REF_OBJ) > 0);
}

bool is_null(hid_t dataset) {
  const Quiet quiet;
  const Handle space(H5Dget_space(dataset));
  return space && H5Sget_simple_extent_type(space.get()) == H5S_NULL;
}

std::size_t row_count(hid_t dataset) {
  const auto extents = shape(dataset);
  return extents.empty() ? (is_null(dataset) ? 0 : 1) : static_cast<std::size_t>(extents[0]);
}

std::size_t row_width(hid_t dataset) {
  auto extents = shape(dataset);
  if (!extents.empty()) extents.erase(extents.begin());
  hsize_t product = 1;
  for (const hsize_t extent : extents)
    if (__builtin_mul_overflow(product, extent, &product)) fail(dataset, "is too large");
  return static_cast<std::size_t>(product);
}

} // namespace engram::data::hdf5
