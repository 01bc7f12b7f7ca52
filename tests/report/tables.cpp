// These tests read the tables of a comparison back from its text, its JSON and its csv.
#include "catch.hpp"
#include "report/comparison_report.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace engram;

namespace {

recordings::Comparison with_table(std::size_t rows) {
  recordings::Comparison c;
  c.name = "one";
  recordings::Table table;
  table.method = "grid";
  table.area = "MEC, \"left\"";
  table.of = "unit";
  table.columns = {"score", "rank"};
  table.values.set_size(rows, 2);
  for (std::size_t r = 0; r < rows; ++r) {
    table.rows.push_back("u" + std::to_string(r));
    table.values(r, 0) = 0.5 + static_cast<double>(r);
    table.values(r, 1) = arma::datum::nan;
  }
  c.tables = {table};
  return c;
}

} // namespace

TEST_CASE("a table of a comparison is in its JSON and its csv, number by number", "[report]") {
  const auto c = with_table(2);
  const auto json = nlohmann::json::parse(report::comparison_json(c));
  REQUIRE(json.at("tables").size() == 1);
  const auto &table = json.at("tables")[0];
  CHECK(table.at("method") == "grid");
  CHECK(table.at("area") == "MEC, \"left\"");
  CHECK(table.at("of") == "unit");
  CHECK(table.at("columns") == nlohmann::json{"score", "rank"});
  CHECK(table.at("rows")[1].at("name") == "u1");
  CHECK(table.at("rows")[1].at("values")[0] == 1.5);
  CHECK(table.at("rows")[1].at("values")[1].is_null());
  CHECK(report::tables_csv(c) == "method,area,of,row,column,value\n"
                                 "grid,\"MEC, \"\"left\"\"\",unit,u0,score,0.5\n"
                                 "grid,\"MEC, \"\"left\"\"\",unit,u0,rank,\n"
                                 "grid,\"MEC, \"\"left\"\"\",unit,u1,score,1.5\n"
                                 "grid,\"MEC, \"\"left\"\"\",unit,u1,rank,\n");
  CHECK_FALSE(nlohmann::json::parse(report::comparison_json({})).contains("tables"));
}

TEST_CASE("a terminal shows the first rows of a long table, and says how many there are", "[report]") {
  const auto few = report::comparison_table(with_table(2));
  CHECK_THAT(few, ContainsSubstring("grid of MEC") && ContainsSubstring("score") && ContainsSubstring("u1"));
  CHECK_THAT(few, !ContainsSubstring("more"));
  const auto many = report::comparison_table(with_table(100));
  CHECK_THAT(many, ContainsSubstring("u39") && ContainsSubstring("60 more"));
  CHECK_THAT(many, !ContainsSubstring("u40"));
}

TEST_CASE("a terminal shows the first columns of a wide table, and no table that a line sums up", "[report]") {
  recordings::Comparison c;
  recordings::Table wide{
      "spectrum.coherence", "V1", "frequency", {"1 Hz"}, {}, arma::mat(1, 30, arma::fill::value(0.5))};
  for (int k = 0; k < 30; ++k) wide.columns.push_back("pair" + std::to_string(k));
  c.tables = {wide};
  const auto text = report::comparison_table(c);
  CHECK_THAT(text, ContainsSubstring("pair15") && ContainsSubstring("14 more columns"));
  CHECK_THAT(text, !ContainsSubstring("pair16"));
  c.tables[0].shown = false;
  CHECK_THAT(report::comparison_table(c), !ContainsSubstring("pair"));
  CHECK_THAT(report::tables_csv(c), ContainsSubstring("pair29"));
}
