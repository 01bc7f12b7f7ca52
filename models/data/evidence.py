"""Writes evidence.npz, the cues of models/spiking/evidence-accumulation.json and its variant with seven cues.

The task of Bellec et al. 2020 (Nat Commun 11:3625; after Morcos & Harvey 2016, Nat Neurosci 19:1672): cues come on the left
or on the right, each with probability 0.7 on the side that a coin chose, and after a delay the side with more of them is
to be named. For 5 and 7 cues, of 320 trials each:
    cues_N    trials x 3 N frames x 3: rates of (left, right, go) as a share of the cue's rate. A cue is a frame of silence and
              two frames with the cue; a frame lasts a third of the time from cue to cue.
    labels_N  trials: 0 left, 1 right.
    go_N      trials x 3: what is shown when the decision is due.
Needs NumPy.
"""
import pathlib

import numpy

trials = 320
arrays = {}
for cues in (5, 7):
    draw = numpy.random.default_rng(cues)
    favoured = draw.integers(2, size=(trials, 1))
    right = numpy.where(draw.random((trials, cues)) < 0.7, favoured, 1 - favoured)
    shown = numpy.zeros((trials, cues, 3, 3), "u1")
    for side in (0, 1):
        shown[:, :, 1:, side] = (right == side)[:, :, None]
    arrays["cues_%d" % cues] = shown.reshape(trials, 3 * cues, 3)
    arrays["labels_%d" % cues] = (2 * right.sum(axis=1) > cues).astype("u1")
    arrays["go_%d" % cues] = numpy.tile(numpy.array([0, 0, 1], "u1"), (trials, 1))
    print(cues, "cues: share with label right %.3f" % arrays["labels_%d" % cues].mean())
numpy.savez_compressed(pathlib.Path(__file__).with_suffix(".npz"), **arrays)
