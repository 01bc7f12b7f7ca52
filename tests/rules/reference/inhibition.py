#!/usr/bin/env python3
"""The network of the first test of tests/rules/inhibitory_stdp.cpp in Brian2 (Debian: python3-brian), for three seeds: rate
and mean CV of the excitatory neurons' intervals from 7 to 10 s, rate from 0.1 to 0.3 s, mean inhibitory weight (nS) at the
end. Written to inhibition.json, which that test reads. Equations: Vogels et al. 2011, Science 334:1569."""
import json
import pathlib

import numpy as np
from brian2 import (Hz, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, pA, pF, prefs, run, second, seed,
                    siemens, start_scope, volt)

prefs.codegen.target = "cython"
defaultclock.dt = 0.1 * ms
RATE, TARGET, P = 0.05, 5 * Hz, 0.2
NEURON = """
dv/dt = (-10*nS*(v + 60*mV) - ge*v - gi*(v + 80*mV) + 200*pA) / (200*pF) : volt (unless refractory)
dge/dt = -ge/(5*ms) : siemens
dgi/dt = -gi/(10*ms) : siemens
"""


def simulate(number):
    start_scope()
    seed(number)
    cells = NeuronGroup(1000, NEURON, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="euler")
    cells.v = "-60*mV + 10*mV*rand()"
    e, i = cells[:800], cells[800:]
    excite = Synapses(e, cells, on_pre="ge += 0.3*nS")
    excite.connect(p=P)
    inhibit = Synapses(i, i, on_pre="gi += 3*nS")
    inhibit.connect(p=P)
    alpha = 2 * float(TARGET / Hz) * 0.02
    learn = Synapses(i, e, "w : 1\neta : 1 (shared)\ndx/dt = -x/(20*ms) : 1 (event-driven)\n"
                     "dy/dt = -y/(20*ms) : 1 (event-driven)",
                     on_pre=f"gi += w*nS\nw = clip(w + eta*(y - {alpha}), 0, 100)\nx += 1",
                     on_post="w = clip(w + eta*x, 0, 100)\ny += 1")
    learn.connect(p=P)
    learn.eta = 0
    spikes = SpikeMonitor(e)
    run(0.3 * second)
    learn.eta = RATE
    run(9.7 * second)
    t, n = np.array(spikes.t / second), np.array(spikes.i)
    cv = []
    for k in range(800):
        d = np.diff(t[(n == k) & (t >= 7)])
        if len(d) >= 4:
            cv.append(d.std() / d.mean())
    return {"before": float(((t >= 0.1) & (t < 0.3)).sum() / 800 / 0.2), "rate": float((t >= 7).sum() / 800 / 3),
            "cv": float(np.mean(cv)), "weight": float(np.mean(learn.w))}


out = [simulate(k) for k in (1, 2, 3)]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
for one in out:
    print(one)
