#!/usr/bin/env python3
"""Rate and irregularity of Vogels & Abbott's network (models/spiking/vogels-abbott-coba.json) in Brian2: makes
vogels_abbott.json. Usage: vogels_abbott.py [SEEDS, 1,2,3] (Debian's python3-brian; needs g++; 10 s a seed).

4000 neurons, 1.2 s, of which the first 0.2 s are left out. Fourth-order Runge-Kutta: Brian2's exponential Euler holds the
conductances at their values of a step's beginning, which are 1 % (5 ms, 0.1 ms) above their mean over the step. The rate
is of all neurons; the CV of intervals is the mean over neurons with at least 6 spikes. Activity that dies out, as it does
with some draws of the network, counts as a rate of 0."""
import json
import pathlib
import sys
import tempfile

import numpy as np
from brian2 import *

n, seconds, skip = 4000, 1.2, 0.2
seeds = [int(s) for s in sys.argv[1].split(",")] if len(sys.argv) > 1 else range(1, 21)
set_device("cpp_standalone", build_on_run=False)
runs = []
for s in seeds:
    device.reinit()
    device.activate(build_on_run=False)
    defaultclock.dt = 0.1 * ms
    seed(s)
    taum, taue, taui = 20 * ms, 5 * ms, 10 * ms
    P = NeuronGroup(n, """dv/dt = (ge*(0*mV - v) + gi*(-80*mV - v) - (v + 60*mV))/taum : volt (unless refractory)
        dge/dt = -ge/taue : 1
        dgi/dt = -gi/taui : 1""",
        threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="rk4")
    P.v = "-60*mV + 10*mV*rand()"
    P.ge = "4 + 1.5*randn()"
    P.gi = "clip(20 + 12*randn(), 0, 1000)"
    excitatory = Synapses(P[:3200], P, on_pre="ge_post += 0.6")
    inhibitory = Synapses(P[3200:], P, on_pre="gi_post += 6.7")
    excitatory.connect(p=0.02)
    inhibitory.connect(p=0.02)
    M = SpikeMonitor(P)
    run(seconds * second)
    with tempfile.TemporaryDirectory() as folder:
        device.build(directory=folder, compile=True, run=True, with_output=False)
        i, t = np.asarray(M.i), np.asarray(M.t)
    i, t = i[t >= skip], t[t >= skip]
    cvs = [d.std() / d.mean() for d in (np.diff(t[i == k]) for k in range(n)) if len(d) >= 5]
    runs.append({"seed": s, "rate_hz": round(len(i) / n / (seconds - skip), 4),
                 "cv": round(float(np.mean(cvs)), 4) if cvs else None})
    print(runs[-1], file=sys.stderr, flush=True)
out = {"made_by": "vogels_abbott.py", "brian2": __import__("brian2").__version__, "runs": runs}
if len(sys.argv) > 1:
    print(json.dumps(out))
else:
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
