"""Time series as they were sampled: SciPy."""
import numpy as np

from harness import check, compare, table


@check("spectrum: power of an array and coherence of its channels", "SciPy", "`signal.welch` and `coherence` with `nperseg` samples")
def spectra(folder, random):
    import scipy.signal
    for rate, samples in ((1000, 64), (250, 100)):
        x = random.normal(size=(3000, 3)).cumsum(0)
        np.save(folder / "x.npy", x)
        found = compare(folder, [{"type": "spectrum", "segment": 1000 * samples / rate, "greatest": rate / 2}],
                        [{"file": "x.npy", "axes": ["time", "neuron"], "series": {"rate": rate}}])
        power, _ = table(found, "spectrum")
        coherence, _ = table(found, "spectrum.coherence")
        for c in range(3):
            yield power[str(c + 1)], scipy.signal.welch(x[:, c], rate, nperseg=samples)[1][1:]
        for a, b in ((0, 1), (0, 2), (1, 2)):
            yield (coherence[f"{a + 1} and {b + 1}"],
                   scipy.signal.coherence(x[:, a], x[:, b], rate, nperseg=samples)[1][1:])
