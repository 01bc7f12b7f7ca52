"""Writes sines.npy, the target of models/spiking/pattern-generation.json: 1 trial x 1000 frames (1 ms each) x 1 neuron.

The target of the pattern generation task of Bellec et al. 2020 (Nat Commun 11:3625): a sum of sines of 1, 2, 3 and 5 Hz
with amplitudes drawn from [0.5, 2] and phases from [0, 2 pi], moved to begin at 0 and scaled to a largest value of 1.
Needs NumPy.
"""
import pathlib

import numpy

draw = numpy.random.default_rng(1)
seconds = numpy.arange(1000) / 1000
wave = sum(
    draw.uniform(0.5, 2) * numpy.sin(2 * numpy.pi * hz * seconds + draw.uniform(0, 2 * numpy.pi)) for hz in (1, 2, 3, 5)
)
wave -= wave[0]
wave /= numpy.abs(wave).max()
numpy.save(pathlib.Path(__file__).with_suffix(".npy"), wave.astype("<f4").reshape(1, -1, 1))
print("variance %.6f" % wave.var())
