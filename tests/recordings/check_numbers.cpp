// The numbers that the READMEs of the recordings state come out of `engram compare`, by the configurations in checks/.
// README.md there lists which number is where, and what differs by definition.
#include "catch.hpp"
#include "recordings/checked.hpp"

#include <cmath>
#include <string>
#include <vector>

using engram::recordings::testing::Checked;

TEST_CASE("check numbers: auditory cortex of ferrets (a1-binaural)", "[recordings][recorded]") {
  const Checked found("a1-binaural");
  if (!found.here()) return;
  struct Unit {
    const char *name, *rate, *r, *longer, *explained, *contra, *ipsi;
  };
  for (const Unit &u : {Unit{"a1", "10.9286", "0.6446", "0.7839", "0.5047", "308.55", "12.17"},
                        Unit{"b1", "4.9714", "0.5691", "0.7254", "0.4666", "79.49", "26.81"},
                        Unit{"b2", "0.4214", "0.0844", "0.1556", "0.0886", "11.00", "-3.35"}}) {
    DIGITS(found.value("linear_filter.rate", u.name), u.rate);
    DIGITS(found.value("repeats.odd_even", u.name), u.r);
    DIGITS(found.value("repeats.spearman_brown", u.name), u.longer);
    DIGITS(found.value("linear_filter.r_squared", u.name), u.explained);
    DIGITS(found.cell("linear_filter", u.name, "1", "sum of value 1"), u.contra);
    DIGITS(found.cell("linear_filter", u.name, "1", "sum of value 2"), u.ipsi);
  }
}

TEST_CASE("check numbers: a grasshopper's receptor (grasshopper)", "[recordings][recorded]") {
  const Checked found("grasshopper");
  if (!found.here()) return;
  DIGITS(found.value("spikes.rate_hz", "units"), "92.9");
  DIGITS(found.value("spikes.isi_ms", "units"), "10.7679");
  DIGITS(found.value("spikes.cv", "units"), "0.5331");
  DIGITS(found.value("spikes.cv2", "units"), "0.4951");
  DIGITS(found.value("spikes.lv", "units"), "0.2702");
  DIGITS(found.value("receptive_field.peak", "units"), "0.126");
  DIGITS(found.value("receptive_field.lag_ms", "units"), "6.05");
}

TEST_CASE("check numbers: monkey and human IT (it-92images)", "[recordings][recorded]") {
  const Checked found("it-92images");
  if (!found.here()) return;
  DIGITS(found.value("rsa", "monkey/human", 0), "0.4912");
  DIGITS(found.value("rsa", "monkey/human", 1), "0.4389");
  // tau-a, which is SciPy's tau-b here, as no two dissimilarities of a side are equal: 0.304048 (SciPy 1.10), where the
  // README has 0.3041.
  DIGITS(found.value("rsa", "monkey/human", 2), "0.3040");
  const Checked models("it-92images-models");
  struct Model {
    const char *name, *value;
  };
  for (const Model &m :
       {Model{"animacy", "0.3862"}, Model{"category", "0.2766"}, Model{"monkey IT", "0.2963"}, Model{"EVA", "0.2454"},
        Model{"HMAX", "0.1599"}, Model{"V1", "0.0265"}, Model{"silhouette", "0.0966"}, Model{"Radon", "0.0381"}}) {
    const auto &result = models.result("rsa", std::string(m.name) + "/human IT");
    DIGITS(result.value, m.value);
    DIGITS(result.ceiling.low, "0.3723");
    DIGITS(result.ceiling.high, "0.6657");
  }
}

TEST_CASE("check numbers: a retinal neuron (kramer-eden)", "[recordings][recorded]") {
  const Checked found("kramer-eden-retina");
  if (!found.here()) return;
  struct Light {
    const char *name, *rate, *fano, *isi, *cv;
    double spikes;
  };
  for (const Light &l : {Light{"low", "25.0", "0.7165", "39.9884", "0.9649", 750},
                         Light{"high", "32.3", "1.7781", "30.9420", "2.0228", 969}}) {
    DIGITS(found.cell("counts", l.name, "", "Hz"), l.rate);
    DIGITS(found.cell("counts", l.name, "", "Fano factor"), l.fano);
    DIGITS(found.cell("counts", l.name, "", "ISI ms"), l.isi);
    // The README's deviation divides by one less than there are intervals, as ours does by their number.
    const double intervals = l.spikes - 1;
    DIGITS(found.cell("counts", l.name, "", "CV") * std::sqrt(intervals / (intervals - 1)), l.cv);
  }
}

TEST_CASE("check numbers: reaches in eight directions (m1-reaching)", "[recordings][recorded]") {
  const Checked found("m1-reaching");
  if (!found.here()) return;
  const std::vector<std::string> trials{"14", "12", "22", "20", "25", "24", "24", "17"};
  for (std::size_t d = 0; d < trials.size(); ++d)
    DIGITS(found.cell("responses", "M1", std::to_string(45 * d), "trials"), trials[d]);
  DIGITS(found.value("values.mean", "M1"), "7.6931");
  DIGITS(found.value("values.greatest", "M1"), "61.0765");
  DIGITS(found.value("nearest_mean", "M1"), "0.7911");
  DIGITS(found.cell("dimensionality", "M1", "2", "share up to it"), "0.8696");
  DIGITS(found.value("dimensionality", "M1"), "1.8615");
  DIGITS(found.value("tuning.direction", "M1"), "0.1206");
}

TEST_CASE("check numbers: natural pictures and a movie (natural-images, natural-movie)", "[recordings][recorded]") {
  const Checked found("natural-images");
  if (!found.here()) return;
  DIGITS(found.value("pictures.mean", "natural images"), "102.2426");
  const std::vector<std::string> slopes{"-1.9950", "-2.1696", "-1.4745", "-2.2431", "-2.4064",
                                        "-2.4111", "-1.7904", "-2.1002", "-2.1400"};
  for (std::size_t k = 0; k < slopes.size(); ++k)
    DIGITS(found.cell("pictures", "natural images", std::to_string(k + 1), "slope of power"), slopes[k]);
  DIGITS(found.value("pictures.slope", "natural images"), "-2.0811");

  const Checked whole("natural-images-whole");
  const std::vector<std::string> kurtosis{"2.8681", "12.5976", "1.8793", "2.4898", "3.8170",
                                          "3.7997", "3.7283",  "7.0713", "5.5096"};
  for (std::size_t k = 0; k < kurtosis.size(); ++k)
    DIGITS(whole.value("pictures.difference_kurtosis", std::to_string(k + 1)), kurtosis[k]);

  const Checked movie("natural-movie");
  DIGITS(movie.value("pictures.mean", "movie"), "55.7264");
  DIGITS(movie.value("pictures.deviation", "movie"), "46.9882");
  const std::vector<std::pair<std::string, std::string>> kept{
      {"1", "0.8511"}, {"2", "0.7257"}, {"5", "0.4972"}, {"10", "0.2976"}, {"20", "0.1108"}};
  for (const auto &[lag, r] : kept) DIGITS(movie.cell("pictures.autocorrelation", "movie", "mov", lag + " frames"), r);
  DIGITS(movie.value("pictures.cuts", "movie"), "1627");
  DIGITS(movie.value("pictures.difference_kurtosis", "movie"), "11.1975");
}

TEST_CASE("check numbers: pictures of Debian's python3-skimage (natural-images)", "[recordings][recorded]") {
  const Checked found("debian-pictures");
  if (!found.here()) return;
  const std::vector<std::pair<std::string, std::string>> kurtosis{
      {"grass", "2.8681"},   {"gravel", "3.3629"},           {"brick", "5.1424"},
      {"camera", "21.1251"}, {"coffee", "19.0176"},          {"chelsea", "7.5810"},
      {"rocket", "30.3649"}, {"motorcycle_left", "15.7529"}, {"astronaut", "25.8107"}};
  for (const auto &[name, value] : kurtosis) DIGITS(found.value("pictures.difference_kurtosis", name), value);
}

TEST_CASE("check numbers: three units of a Neuropixels probe (neuropixels-units)", "[recordings][recorded]") {
  const Checked found("neuropixels-units");
  if (!found.here()) return;
  struct Unit {
    const char *name, *spikes, *isi, *cv, *lv;
  };
  for (const Unit &u :
       {Unit{"6", "11020", "98.677", "1.1640", "0.7923"}, Unit{"191", "4690", "231.688", "2.4950", "1.4437"},
        Unit{"206", "5644", "192.662", "1.1041", "0.9275"}}) {
    DIGITS(found.cell("counts", "units", u.name, "spikes"), u.spikes);
    DIGITS(found.cell("counts", "units", u.name, "ISI ms"), u.isi);
    DIGITS(found.cell("counts", "units", u.name, "CV"), u.cv);
    DIGITS(found.cell("counts", "units", u.name, "LV"), u.lv);
  }
  DIGITS(found.cell("counts", "units", "191", "least ISI ms"), "0.166");
  DIGITS(found.cell("counts", "units", "206", "least ISI ms"), "0.266");
}

TEST_CASE("check numbers: prefrontal cells in memory (pfc-memory)", "[recordings][recorded]") {
  const Checked found("pfc-memory");
  if (!found.here()) return;
  const std::vector<std::pair<std::string, std::vector<std::string>>> courses{
      {"no-look, preferred",
       {"19.251", "18.533", "17.851", "17.425", "15.756", "14.993", "14.505", "13.939", "13.519", "13.554"}},
      {"no-look, null",
       {"11.817", "11.267", "11.038", "10.848", "10.832", "10.883", "11.038", "11.176", "11.435", "11.423"}},
      {"look, preferred",
       {"20.194", "20.670", "20.086", "18.574", "17.305", "16.465", "16.016", "15.213", "14.794", "14.763"}},
      {"look, null",
       {"11.026", "10.779", "10.728", "10.815", "10.433", "10.242", "10.506", "10.606", "10.659", "10.777"}}};
  for (const auto &[condition, course] : courses)
    for (std::size_t t = 0; t < course.size(); ++t)
      DIGITS(found.cell("responses", "PFC", condition, "bin " + std::to_string(t + 1)), course[t]);
  struct Task {
    std::size_t nth;
    const char *positive, *ends, *all, *neighbours;
  };
  for (const Task &t :
       {Task{0, "0.8997", "0.0699", "0.5081", "0.7690"}, Task{1, "0.8966", "0.3627", "0.6219", "0.7878"}}) {
    DIGITS(found.value("selectivity.share_positive", "PFC", t.nth), t.positive);
    DIGITS(found.value("selectivity.first_and_last_bin", "PFC", t.nth), t.ends);
    DIGITS(found.value("selectivity.pairs_of_bins", "PFC", t.nth), t.all);
    DIGITS(found.value("selectivity.neighbouring_bins", "PFC", t.nth), t.neighbours);
  }
  DIGITS(found.value("selectivity.with_beside", "PFC"), "0.6936");
}

TEST_CASE("check numbers: a songbird's auditory neuron (songbird-auditory)", "[recordings][recorded]") {
  const Checked found("songbird-auditory");
  if (!found.here()) return;
  DIGITS(found.value("linear_filter.rate", "songbird"), "10.3362");
  DIGITS(found.value("repeats.odd_even", "songbird"), "0.9030");
  DIGITS(found.value("repeats.spearman_brown", "songbird"), "0.9490");
  DIGITS(found.value("linear_filter.held_out_r", "songbird"), "0.4497");
  const auto &table = found.table_of("linear_filter", "songbird");
  double recent = 0;
  const std::vector<std::string> power{"0.1222", "0.2335", "0.2337", "0.0505", "0.0182", "0.0618"};
  for (std::size_t l = 0; l < power.size(); ++l) {
    const double share = found.cell("linear_filter", "songbird", "1", "power at " + std::to_string(10 * l) + " ms");
    DIGITS(share, power[l]);
    if (l < 5) recent += share;
  }
  DIGITS(recent, "0.6581");
  DIGITS(found.cell("linear_filter", "songbird", "1", "separability"), "0.3244");
  // Greatest and least weight: the value, ms before the response, band from 1.
  const arma::rowvec row = table.values.row(0);
  DIGITS(row[3], "0.4205");
  DIGITS(row[4], "10");
  DIGITS(row[5], "9");
  DIGITS(row[6], "-0.5712");
  DIGITS(row[7], "10");
  DIGITS(row[8], "11");
  // Each sound beside the next one, as far as the shorter goes: NumPy -0.0072. The README's 0.20 is of 20 sounds, of
  // which 15 are stored.
  DIGITS(found.value("linear_filter.held_out_r", "songbird", 1), "-0.0072");
}

TEST_CASE("check numbers: V1 and gratings (v1-gratings)", "[recordings][recorded]") {
  const Checked found("v1-gratings");
  if (!found.here()) return;
  struct Cell {
    const char *name, *blank;
    std::vector<std::string> rates;
    double trials, blanks;
    std::size_t best; // of the spatial frequencies
  };
  for (const Cell &c :
       {Cell{"m620r12",
             "0.5711",
             {"0.713", "0.832", "1.333", "2.499", "0.832", "5.163", "4.712", "9.330", "4.164", "0.834", "0.000"},
             83,
             14,
             7},
        Cell{"m624l54",
             "3.8726",
             {"25.484", "21.486", "31.230", "33.978", "46.971", "65.958", "62.701", "46.220", "19.739", "6.496",
              "7.995"},
             52,
             8,
             5}}) {
    const auto &table = found.table_of("responses", c.name);
    REQUIRE(table.rows.size() == 12);
    CHECK(table.rows.back() == "blank");
    DIGITS(table.values(11, 1), c.blank);
    CHECK(table.values(11, 0) == c.blanks);
    CHECK(arma::accu(table.values.col(0)) == c.trials);
    for (std::size_t k = 0; k < c.rates.size(); ++k) DIGITS(table.values(k, 1), c.rates[k]);
    CHECK(table.values.col(1).head(11).index_max() == c.best);
    DIGITS(std::stod(table.rows[c.best]), c.best == 7 ? "2.5119" : "1.0000");
  }
}

TEST_CASE("check numbers: V1 and sequences of pictures (v1-image-sequences)", "[recordings][recorded]") {
  const Checked found("v1-image-sequences");
  if (!found.here()) return;
  struct File {
    const char *name, *greatest, *mean, *r, *longer, *fano;
    std::size_t units;
  };
  for (const File &f : {File{"ay2_u003", "71", "1.9166", "0.4802", "0.6488", "2.0995", 39},
                        File{"ay4_u001", "30", "1.0575", "0.8803", "0.9363", "1.4458", 13}}) {
    CHECK(found.table_of("repeats", f.name).rows.size() == f.units);
    DIGITS(arma::mean(found.table_of("repeats", f.name).values.col(0)), f.mean);
    DIGITS(found.value("values.greatest", std::string(f.name) + ", all categories"), f.greatest);
    DIGITS(found.value("repeats.odd_even", f.name), f.r);
    DIGITS(found.value("repeats.spearman_brown", f.name), f.longer);
    DIGITS(found.value("repeats.fano", f.name), f.fano);
  }
  DIGITS(found.value("repeats.spearman_brown", "ay2_u003, frame 10"), "0.5496"); // NumPy
}

TEST_CASE("check numbers: orientation tuning of V1 (v1-orientation)", "[recordings][recorded]") {
  const Checked found("v1-orientation");
  if (!found.here()) return;
  const auto all = [&](const char *column, const char *what) { return found.cell("values", "all", column, what); };
  DIGITS(all("orivar", "first quartile"), "0.3355");
  DIGITS(all("orivar", "median"), "0.6052");
  DIGITS(all("orivar", "third quartile"), "0.7846");
  DIGITS(all("bw", "first quartile"), "19.0");
  DIGITS(all("bw", "median"), "23.5");
  DIGITS(all("bw", "third quartile"), "33.0");
  DIGITS(all("po", "median"), "0.1898");
  DIGITS(all("maxdc", "median"), "33.3868");
  DIGITS(all("spont", "median"), "0.8469");
  DIGITS(found.value("values.different.animal", "all"), "26");
  DIGITS(found.cell("values", "simple", "orivar", "count"), "124");
  DIGITS(found.cell("values", "simple", "orivar", "median"), "0.4453");
  DIGITS(found.cell("values", "complex", "orivar", "count"), "184");
  DIGITS(found.cell("values", "complex", "orivar", "median"), "0.6628");
  DIGITS(found.cell("values.correlation", "all", "orivar", "po"), "0.8808");

  const Checked simple("v1-simple-cells");
  const auto binned = [&](const char *column) { return simple.cell("binned", "n_x, n_y", "", column); };
  DIGITS(binned("count"), "79");
  DIGITS(binned("geometric mean of rows"), "0.3560");
  DIGITS(binned("geometric mean of columns"), "0.4152");
  DIGITS(binned("r of logarithms"), "0.7110");
  DIGITS(binned("in a higher bin of columns"), "30");
  DIGITS(binned("in the same"), "37");
  DIGITS(binned("in a lower one"), "12");
}

TEST_CASE("check numbers: V1 and 9500 patterns (v1-patterns)", "[recordings][recorded]") {
  const Checked found("v1-patterns");
  if (!found.here()) return;
  struct Cell {
    const char *name, *least, *mean, *greatest, *sparseness, *above;
    std::vector<double> best;
    const char *r, *moved;
  };
  for (const Cell &c : {Cell{"cell 75",
                             "-0.23117",
                             "0.04934",
                             "1.21685",
                             "0.8745",
                             "83",
                             {6293, 112, 114, 873, 7518},
                             "0.5690",
                             "0.1102"},
                        Cell{"cell 255",
                             "-0.11815",
                             "0.05058",
                             "0.70838",
                             "0.6914",
                             "94",
                             {4757, 4272, 4273, 4872, 4073},
                             "0.4404",
                             "0.1314"},
                        Cell{"cell 381",
                             "-0.14567",
                             "0.04875",
                             "1.09404",
                             "0.7907",
                             "32",
                             {1230, 788, 6722, 8257, 5870},
                             "0.4945",
                             "0.0462"}}) {
    const auto cell = [&](const char *column) { return found.cell("smoothness", c.name, "1", column); };
    DIGITS(cell("least"), c.least);
    DIGITS(cell("mean"), c.mean);
    DIGITS(cell("greatest"), c.greatest);
    DIGITS(cell("sparseness"), c.sparseness);
    DIGITS(cell("above half"), c.above);
    DIGITS(cell("r with the nearest"), c.r);
    DIGITS(found.cell("smoothness", c.name, "1", "r with the nearest", 1), c.moved);
    const char *order[] = {"best", "second", "third", "fourth", "fifth"};
    for (std::size_t k = 0; k < 5; ++k) CHECK(cell(order[k]) == c.best[k]);
  }
}

TEST_CASE("check numbers: V4 and natural pictures (v4-natural-images)", "[recordings][recorded]") {
  const Checked found("v4-natural-images");
  if (!found.here()) return;
  const auto &table = found.table_of("repeats", "V4");
  DIGITS(arma::mean(table.values.col(0)), "2.3714"); // of means over repeats; values.mean is 2.3717, of all trials
  DIGITS(found.value("values.mean", "V4"), "2.3717");
  DIGITS(found.value("repeats.odd_even", "V4"), "0.6302");
  DIGITS(table.values.col(1).min(), "0.3357");
  DIGITS(table.values.col(1).max(), "0.8824");
  DIGITS(found.value("repeats.spearman_brown", "V4"), "0.7731");
  DIGITS(found.value("repeats.fano", "V4"), "0.9071");
  DIGITS(found.value("repeats.rdm_spearman", "V4"), "0.6637");
  DIGITS(found.value("tuning.sparseness", "V4"), "0.2111");
}

TEST_CASE("check numbers: V4 and the pixels of natural pictures (v4-natural-images)", "[recordings][recorded]") {
  const Checked found("v4-natural-images-pixels");
  if (!found.here()) return;
  DIGITS(found.value("rsa", "pixels/V4"), "0.1210"); // of 56 x 56, by SciPy
  DIGITS(found.value("rsa", "pixels of 14 x 14/V4"), "0.1235");
  DIGITS(found.value("rsa", "pictures of 14 x 14/V4"), "0.1235"); // of the JPEG files
  DIGITS(Checked("v4-natural-images-luma").value("pictures.mean", "pictures"), "121.5757");
}
