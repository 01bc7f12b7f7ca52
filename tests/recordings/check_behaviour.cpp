// These tests compare the numbers of choices, paths and headings that the guides state, as check_numbers.cpp does.
#include "catch.hpp"
#include "recordings/checked.hpp"

#include <cmath>
#include <string>
#include <vector>

using engram::recordings::testing::Checked;

TEST_CASE("check numbers: two sounds across a delay (delayed-comparison-human)", "[recordings][recorded]") {
  const Checked found("delayed-comparison-human");
  if (!found.here()) return;
  DIGITS(found.value("psychometric.correct", "all"), "0.8051");
  struct Row {
    std::size_t table;
    const char *level, *trials, *correct;
  };
  for (const Row &row : {Row{0, "2", "525", "0.8229"},
                         {0, "4", "527", "0.8235"},
                         {0, "6", "518", "0.7683"},
                         {1, "19", "394", "0.8249"},
                         {1, "20", "390", "0.8564"},
                         {1, "21", "394", "0.7716"},
                         {1, "22", "392", "0.7679"},
                         {2, "0.2205999587, 0.2984587677", "339", "0.6608"},
                         {2, "0.2984587677, 0.2205999587", "341", "0.8328"},
                         {2, "0.2984587677, 0.4037971562", "48", "0.7292"},
                         {2, "0.4037971562, 0.2984587677", "47", "0.9149"},
                         {2, "0.4037971562, 0.5463137996", "11", "0.7273"},
                         {2, "0.5463137996, 0.4037971562", "12", "0.7500"},
                         {2, "0.5463137996, 0.7391304348", "48", "0.9375"},
                         {2, "0.7391304348, 0.5463137996", "46", "0.7826"},
                         {2, "0.7391304348, 1", "337", "0.9318"},
                         {2, "1, 0.7391304348", "341", "0.7801"}}) {
    DIGITS(found.cell("psychometric", "all", row.level, "trials", row.table), row.trials);
    DIGITS(found.cell("psychometric", "all", row.level, "correct", row.table), row.correct);
  }
}

TEST_CASE("check numbers: the fly's compass (fly-compass)", "[recordings][recorded]") {
  const Checked found("fly-compass");
  if (!found.here()) return;
  struct Trial {
    const char *name, *frames, *turns, *slope, *r, *length, *steps;
  };
  for (const Trial &t : {Trial{"1x_00001", "730", "4.4809", "0.4587", "0.9657", "0.4483", "0.4452"},
                         Trial{"1x_00002", "730", "1.3300", "0.7744", "0.9082", "0.4561", "0.3418"},
                         Trial{"1x_00005", "730", "1.0984", "0.9571", "0.9424", "0.4796", "0.5041"},
                         Trial{"2x_00004", "730", "1.6244", "0.9241", "0.9722", "0.3923", "0.1930"},
                         Trial{"Dark_00001", "728", "3.2003", "0.2140", "0.3369", "0.2746", "0.1010"},
                         Trial{"Dark_00002", "730", "2.2625", "0.5038", "0.7445", "0.3112", "0.1591"},
                         Trial{"Dark_00005", "730", "1.6701", "0.6553", "0.8249", "0.4092", "0.4270"}}) {
    DIGITS(found.value("ring.frames", t.name), t.frames);
    DIGITS(found.value("ring.turns", t.name), t.turns);
    DIGITS(found.value("ring.slope", t.name), t.slope);
    DIGITS(found.value("ring.r", t.name), t.r);
    DIGITS(found.value("ring.vector_length", t.name), t.length);
    DIGITS(found.value("ring.r_of_steps", t.name), t.steps);
    DIGITS(found.value("ring.interval_ms", t.name), "87.60");
  }
}

TEST_CASE("check numbers: grid cells and head direction (grid-cells)", "[recordings][recorded]") {
  const Checked found("grid-cells");
  if (!found.here()) return;
  struct Cell {
    const char *name, *spikes, *rate, *peak, *spacing, *score, *shuffled, *rank, *fields, *length, *direction, *bits;
  };
  for (const Cell &c : {Cell{"cell1662", "1198", "0.6652", "1.8073", "46.10", "0.8389", "0.0375", "100", "4", "0.0423",
                             "350.7", "1.0690"},
                        Cell{"tet1_cell1", "2168", "1.2038", "6.1701", "50.99", "0.7383", "0.1464", "100", "9",
                             "0.0960", "32.1", "1.6899"},
                        Cell{"cell1816", "2119", "1.1766", "4.7414", "52.20", "0.3607", "0.2166", "97", "8", "0.0143",
                             "295.8", "1.0034"},
                        Cell{"cell1912", "1513", "0.8401", "4.5064", "60.21", "0.1230", "0.1640", "93", "3", "0.4200",
                             "165.6", "1.0721"}}) {
    const auto grid = [&](const char *column) { return found.cell("grid", c.name, "", column); };
    DIGITS(grid("spikes"), c.spikes);
    DIGITS(grid("Hz"), c.rate);
    DIGITS(grid("peak Hz"), c.peak);
    DIGITS(grid("spacing of bins cm"), c.spacing);
    DIGITS(grid("score"), c.score);
    DIGITS(grid("95th of shuffles"), c.shuffled);
    DIGITS(grid("rank"), c.rank);
    DIGITS(grid("fields"), c.fields);
    DIGITS(grid("bits/spike"), c.bits);
    DIGITS(found.cell("head_direction", c.name, "", "vector length"), c.length);
    DIGITS(found.cell("head_direction", c.name, "", "direction"), c.direction);
  }
}

TEST_CASE("check numbers: a place cell on a track (kramer-eden)", "[recordings][recorded]") {
  const Checked found("kramer-eden-place-cell");
  if (!found.here()) return;
  const auto model = [&](const char *column) { return found.cell("track.model", "place cell", "", column); };
  DIGITS(model("constant"), "-26.279");
  DIGITS(model("x"), "0.69011");
  DIGITS(model("x squared"), "-0.0054630");
  DIGITS(model("centre"), "63.163");
  DIGITS(model("deviation"), "9.5669");
  DIGITS(model("peak Hz"), "11.285");
  const std::vector<std::string> rates{"0.105",  "0.021",  "0.066", "0.111", "0.140", "2.624",
                                       "10.629", "11.276", "1.694", "0.084", "0.109"};
  for (std::size_t b = 0; b < rates.size(); ++b)
    DIGITS(found.cell("track", "place cell", "", "Hz at " + std::to_string(10 * b) + " cm"), rates[b]);
}

TEST_CASE("check numbers: people watching moving dots (random-dots-human)", "[recordings][recorded]") {
  const Checked found("random-dots-human");
  if (!found.here()) return;
  struct Row {
    const char *subject, *level, *trials, *correct, *time;
  };
  for (const Row &row : {Row{"ah", "0", "93", "", "1.1476"},           Row{"ah", "0.032", "92", "0.7283", "0.9913"},
                         Row{"ah", "0.064", "92", "0.9239", "0.7773"}, Row{"ah", "0.128", "90", "1.0000", "0.6224"},
                         Row{"ah", "0.256", "93", "1.0000", "0.4420"}, Row{"ah", "0.512", "94", "1.0000", "0.3930"},
                         Row{"eh", "0", "92", "", "0.9010"},           Row{"eh", "0.032", "96", "0.5521", "0.9341"},
                         Row{"eh", "0.064", "92", "0.6304", "0.9333"}, Row{"eh", "0.128", "90", "0.8889", "0.8488"},
                         Row{"eh", "0.256", "95", "0.9895", "0.6187"}, Row{"eh", "0.512", "95", "1.0000", "0.4671"},
                         Row{"jd", "0", "95", "", "0.7395"},           Row{"jd", "0.032", "95", "0.7895", "0.6559"},
                         Row{"jd", "0.064", "96", "0.8542", "0.5450"}, Row{"jd", "0.128", "95", "1.0000", "0.4965"},
                         Row{"jd", "0.256", "93", "1.0000", "0.4258"}, Row{"jd", "0.512", "93", "1.0000", "0.3728"},
                         Row{"jp", "0", "92", "", "0.8394"},           Row{"jp", "0.032", "93", "0.7419", "0.8058"},
                         Row{"jp", "0.064", "92", "0.9239", "0.6934"}, Row{"jp", "0.128", "90", "0.9889", "0.6042"},
                         Row{"jp", "0.256", "95", "1.0000", "0.4754"}, Row{"jp", "0.512", "93", "1.0000", "0.4105"}}) {
    const auto cell = [&](const char *column) { return found.cell("psychometric", row.subject, row.level, column); };
    DIGITS(cell("trials"), row.trials);
    DIGITS(cell("mean rt"), row.time);
    if (row.correct[0] == '\0')
      CHECK(std::isnan(cell("correct")));
    else
      DIGITS(cell("correct"), row.correct);
  }
}

TEST_CASE("check numbers: monkeys watching moving dots (random-dots-monkey)", "[recordings][recorded]") {
  const Checked found("random-dots-monkey");
  if (!found.here()) return;
  struct Row {
    const char *monkey, *level, *trials, *correct, *time;
  };
  for (const Row &row :
       {Row{"monkey 1", "0", "432", "0.5046", "0.7876"}, Row{"monkey 1", "0.032", "437", "0.6156", "0.7769"},
        Row{"monkey 1", "0.064", "436", "0.7385", "0.7385"}, Row{"monkey 1", "0.128", "436", "0.9335", "0.6692"},
        Row{"monkey 1", "0.256", "436", "0.9954", "0.5600"}, Row{"monkey 1", "0.512", "438", "1.0000", "0.4644"},
        Row{"monkey 2", "0", "587", "0.4957", "0.8539"}, Row{"monkey 2", "0.032", "591", "0.6616", "0.8520"},
        Row{"monkey 2", "0.064", "589", "0.8048", "0.8015"}, Row{"monkey 2", "0.128", "587", "0.9472", "0.6949"},
        Row{"monkey 2", "0.256", "590", "0.9949", "0.5299"}, Row{"monkey 2", "0.512", "590", "1.0000", "0.3925"}}) {
    DIGITS(found.cell("psychometric", row.monkey, row.level, "trials"), row.trials);
    DIGITS(found.cell("psychometric", row.monkey, row.level, "correct"), row.correct);
    DIGITS(found.cell("psychometric", row.monkey, row.level, "mean rt"), row.time);
  }
  DIGITS(found.cell("psychometric", "monkey 2", "0.128, 0", "mean rt", 1), "0.8850"); // errors
  DIGITS(found.cell("psychometric", "monkey 2", "0.128, 1", "mean rt", 1), "0.6843");
}

TEST_CASE("check numbers: LIP while dots move (random-dots-monkey)", "[recordings][recorded]") {
  const Checked found("random-dots-monkey-lip");
  if (!found.here()) return;
  struct Row {
    const char *condition, *trials, *early, *late, *saccade;
  };
  for (const Row &row :
       {Row{"0, 1", "485", "44.392", "44.577", "57.320"}, Row{"0, 2", "504", "43.155", "39.306", "40.456"},
        Row{"32, 1", "324", "45.957", "46.821", "57.284"}, Row{"32, 2", "315", "43.206", "39.048", "36.921"},
        Row{"64, 1", "392", "46.301", "48.724", "58.265"}, Row{"64, 2", "373", "44.584", "39.088", "37.105"},
        Row{"128, 1", "452", "47.788", "51.460", "60.133"}, Row{"128, 2", "449", "40.468", "35.791", "33.207"},
        Row{"256, 1", "416", "50.168", "57.452", "59.062"}, Row{"256, 2", "437", "39.474", "31.167", "29.886"},
        Row{"512, 1", "248", "53.548", "62.823", "58.468"}, Row{"512, 2", "303", "38.185", "28.878", "32.013"}}) {
    DIGITS(found.cell("responses", "after dots on", row.condition, "trials"), row.trials);
    DIGITS(found.cell("responses", "after dots on", row.condition, "250 ms"), row.early);
    DIGITS(found.cell("responses", "after dots on", row.condition, "350 ms"), row.late);
    DIGITS(found.cell("responses", "before the saccade", row.condition, "mean"), row.saccade);
  }
}

TEST_CASE("check numbers: a rat's path (rat-trajectory)", "[recordings][recorded]") {
  const Checked found("rat-trajectory");
  if (!found.here()) return;
  const auto path = [&](const char *column) { return found.cell("path", "rat", "pos", column); };
  DIGITS(path("from s"), "0.10");
  DIGITS(path("to s"), "599.74");
  DIGITS(path("gaps"), "60");
  DIGITS(path("least x cm"), "1.088");
  DIGITS(path("greatest x cm"), "98.912");
  DIGITS(path("least y cm"), "0.946");
  DIGITS(path("greatest y cm"), "99.054");
  DIGITS(path("bins"), "400");
  DIGITS(path("visited"), "387");
  DIGITS(found.value("path.mean_speed_cm_s", "rat"), "12.237");
  DIGITS(found.value("path.median_speed_cm_s", "rat"), "10.513");
  DIGITS(found.value("path.share_at_wall", "rat"), "0.27174");
}
