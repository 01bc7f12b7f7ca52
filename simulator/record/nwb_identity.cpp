// These functions give NWB objects their identifiers and valid names.
#include "record/nwb_write.hpp"

#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <regex>

namespace engram::record::nwb {

namespace {
std::string uuid5(const boost::uuids::uuid &space, const std::string &name) {
  return boost::uuids::to_string(boost::uuids::name_generator_sha1(space)(name));
}
} // namespace

Identity::Identity(const std::string &run) : run_(uuid5(boost::uuids::ns::oid(), run)) {}

std::string Identity::of(const std::string &object_path) const {
  return uuid5(boost::uuids::string_generator()(run_), object_path);
}

std::string safe_name(const std::string &name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const auto letter = static_cast<unsigned char>(name[at]);
    if (name.compare(at, 2, "->") == 0) {
      result += "_to_";
      ++at;
    } else if (letter <= ' ' || letter == 0x7F || letter == '/' || letter == ':' || letter == '.') {
      result += '_';
    } else {
      result += name[at];
    }
  }
  return result.empty() ? "unnamed" : result;
}

std::string free_name(hid_t parent, const std::string &name) {
  std::string result = name;
  for (int number = 2; hdf5::exists(parent, result); ++number) result = name + "_" + std::to_string(number);
  return result;
}

bool is_date_with_zone(const std::string &text) {
  static const std::regex form(R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d)"
                               R"((\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))");
  return text.size() < 64 && std::regex_match(text, form);
}

} // namespace engram::record::nwb
