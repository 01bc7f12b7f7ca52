"""Spike trains: PySpike, Elephant."""
import numpy as np

from harness import check, compare, table, value

DURATION = 20.0  # s


def trains(random, count=2):
    """Trains in s of other rates each, whose spikes coincide at times. Some begin or end at the edges."""
    out = [np.sort(random.uniform(0, DURATION, random.poisson(DURATION * random.uniform(2, 20)))) for _ in range(count)]
    shared = random.uniform(0, DURATION, 30)
    return [np.round(np.sort(np.concatenate([t, shared + random.normal(0, 0.002, 30).clip(-0.005, 0.005)])).clip(0, DURATION),
                     6) for t in out]


def write(folder, spikes):
    """A text of trains, and the source that reads it."""
    (folder / "trains.txt").write_text("".join(" ".join(f"{t:.6f}" for t in train) + "\n" for train in spikes))
    return {"file": "trains.txt", "spikes": {"unit": "s", "layout": "rows", "observed": [0, 1000 * DURATION]}}


def neo_train(train):
    import neo
    return neo.SpikeTrain(train, units="s", t_start=0, t_stop=DURATION)


def of_pairs(method, name, peer, pairs=20):
    """The value of two trains by engram and by peer(first, second), of random pairs and of one with a silent train."""
    def each(folder, random):
        for k in range(pairs):
            two = trains(random)
            if k == pairs - 1:
                two[0] = two[0][:0]
            yield value(compare(folder, [method], [write(folder, two)]), name), peer(*two)
    return each


def victor_purpura(a, b):
    import quantities as pq
    from elephant.spike_train_dissimilarity import victor_purpura_distance
    return victor_purpura_distance([neo_train(a), neo_train(b)], cost_factor=100 * pq.Hz)[0, 1]


def van_rossum(a, b):
    import quantities as pq
    from elephant.spike_train_dissimilarity import van_rossum_distance
    return van_rossum_distance([neo_train(a), neo_train(b)], time_constant=10 * pq.ms)[0, 1]


check("distances: Victor-Purpura", "Elephant", "q = 0.1 per ms")(
    of_pairs({"type": "distances", "metric": "victor_purpura"}, "distances.victor_purpura", victor_purpura))
check("distances: van Rossum", "Elephant", "τ = 10 ms; the paper's D² is half of both")(
    of_pairs({"type": "distances", "metric": "van_rossum"}, "distances.van_rossum", van_rossum))


def tiling(a, b):
    import quantities as pq
    from elephant.spike_train_correlation import spike_time_tiling_coefficient
    return spike_time_tiling_coefficient(neo_train(a), neo_train(b), dt=5 * pq.ms)


check("tiling (STTC)", "Elephant", "ours is within dt. Elephant asks `numpy.isclose`, which adds 1e-5 of a spike's time to dt: 0.2 ms at "
      "20 s. With a silent train neither has a value", tolerance=0.05)(
    of_pairs("tiling", "tiling", tiling))


def by_pyspike(name):
    def distance(a, b):
        import pyspike
        return getattr(pyspike, name)(pyspike.SpikeTrain(a, (0, DURATION)), pyspike.SpikeTrain(b, (0, DURATION)))
    return distance


for ours, theirs in (("spike_distance", "spike_distance"), ("isi_distance", "isi_distance"),
                     ("spike_synchronization", "spike_sync")):
    check(f"synchrony: {ours}", "PySpike", "")(of_pairs("synchrony", f"synchrony.{ours}", by_pyspike(theirs)))


@check("synchrony of many units", "PySpike", "mean over the pairs of 12 units; of SPIKE-synchronization the share of all spikes")
def many(folder, random):
    import pyspike
    spikes = trains(random, 12)
    found = compare(folder, ["synchrony"], [write(folder, spikes)])
    measured = [pyspike.SpikeTrain(train, (0, DURATION)) for train in spikes]
    yield value(found, "synchrony.spike_distance"), pyspike.spike_distance(measured)
    yield value(found, "synchrony.isi_distance"), pyspike.isi_distance(measured)
    yield value(found, "synchrony.spike_synchronization"), pyspike.spike_sync(measured)


def counts_agree(columns, peer):
    """Columns of the table of `counts` against what peer(train) gives."""
    def each(folder, random):
        spikes = trains(random, 12)
        found, _ = table(compare(folder, ["counts"], [write(folder, spikes)]), "counts")
        for k, train in enumerate(spikes):
            yield [found[column][k] for column in columns], peer(train)
    return each


def rates(train):
    from elephant.statistics import isi, mean_firing_rate
    import quantities as pq
    intervals = isi(neo_train(train)).rescale("ms").magnitude
    return [len(train), float(mean_firing_rate(neo_train(train)).rescale(pq.Hz)), intervals.mean(), intervals.min()]


def variability(train):
    from elephant.statistics import cv2, isi, lv
    from scipy.stats import variation
    intervals = isi(neo_train(train))
    return [variation(intervals.magnitude), float(cv2(intervals)), float(lv(intervals))]


def fano(train):
    from elephant.statistics import fanofactor, time_histogram
    import quantities as pq
    counts = time_histogram([neo_train(train)], bin_size=100 * pq.ms).magnitude.ravel()
    parts = [train[(train >= 0.1 * k) & (train < 0.1 * (k + 1))] for k in range(len(counts))]
    return [fanofactor(parts) * len(counts) / (len(counts) - 1)]


check("counts: rate and intervals", "Elephant", "")(counts_agree(["spikes", "Hz", "ISI ms", "least ISI ms"], rates))
check("counts: CV, CV2, LV", "Elephant, SciPy", "")(counts_agree(["CV", "CV2", "LV"], variability))
check("counts: Fano factor", "Elephant", "bins of 100 ms. We divide the variance by n − 1, Elephant by n: its value times "
      "n / (n − 1)")(counts_agree(["Fano factor"], fano))


@check("responses: PSTH", "Elephant", "`time_histogram(…, output='rate')`: Hz by condition and bin, over trials")
def psth(folder, random):
    import neo
    import quantities as pq
    import scipy.io
    from elephant.statistics import time_histogram
    labels = np.repeat([1, 2, 3], 20)
    spikes = [np.round(np.sort(random.uniform(0, 1, random.poisson(8 * label))), 6) for label in labels]
    cells = np.empty(len(spikes), object)
    cells[:] = spikes
    scipy.io.savemat(folder / "trials.mat", {"s": cells, "label": labels.astype(float)})
    found = compare(folder, ["responses"], [{"file": "trials.mat", "trial_spikes": {"key": "s", "clock": 1},
                                            "window": [0, 1000], "bin": 50, "labels": "label"}])
    columns, names = table(found, "responses")
    bins = [column for column in columns if column.endswith(" ms")]
    for k, name in enumerate(names):
        of = [neo.SpikeTrain(s, units="s", t_stop=1) for s, label in zip(spikes, labels) if label == float(name)]
        theirs = time_histogram(of, bin_size=50 * pq.ms, output="rate").rescale("Hz").magnitude.ravel()
        yield [columns[b][k] for b in bins], theirs
