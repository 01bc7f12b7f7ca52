#!/usr/bin/env python3
"""Spike times of adaptive exponential, Izhikevich's and Hodgkin-Huxley neurons under a constant current, by SciPy's
LSODA at tolerances of 1e-10 with the peak found as an event: written to upstroke.json, which tests/dynamics/upstroke.cpp
reads. The upstroke is cut where v reaches the peak, or where it needs less than 1e-6 ms more to reach any peak."""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp

OPTIONS = dict(method="LSODA", rtol=1e-10, atol=1e-10)


def resetting(rhs, state, peak, reset, end):
    t, spikes = 0.0, []
    state = np.array(state, float)
    hit = lambda t, x: x[0] - peak
    hit.terminal, hit.direction = True, 1
    while t < end:
        s = solve_ivp(rhs, (t, end), state, events=hit, **OPTIONS)
        if not len(s.t_events[0]):
            break
        t = float(s.t_events[0][0])
        spikes.append(t)
        state = reset(s.y_events[0][0])
    return spikes


def adex(current, slope, end=200.0):
    # Brette & Gerstner 2005: a regular spiking cell.
    c, gl, el, vt, tw, a, b, vr = 281, 30, -70.6, -50.4, 144, 4, 80.5, -70.6
    peak = min(20.0, vt + 14 * slope) if slope > 0 else vt

    def rhs(t, x):
        v, w = x
        up = gl * slope * np.exp((min(v, peak) - vt) / slope) if slope > 0 else 0.0
        return [(gl * (el - v) + up - w + current) / c, (a * (v - el) - w) / tw]

    return resetting(rhs, [el, 0], peak, lambda x: np.array([vr, x[1] + b]), end)


def izhikevich(current, a, b, c, d, end=200.0):
    def rhs(t, x):
        v, u = x
        return [0.04 * v * v + 5 * v + 140 - u + current, a * (b * v - u)]

    return resetting(rhs, [c, b * c], 30, lambda x: np.array([c, x[1] + d]), end)


def hodgkin_huxley(current, end=100.0):
    def trap(x):
        return x / np.expm1(x) if abs(x) > 1e-9 else 1 - x / 2

    def rates(v):
        return (trap((25 - v) / 10), 4 * np.exp(-v / 18), 0.07 * np.exp(-v / 20), 1 / (np.exp((30 - v) / 10) + 1),
                trap((10 - v) / 10) / 10, 0.125 * np.exp(-v / 80))

    def rhs(t, x):
        v, m, h, n = x
        am, bm, ah, bh, an, bn = rates(v + 65)
        i = 12000 * m**3 * h * (50 - v) + 3600 * n**4 * (-77 - v) + 30 * (-54.387 - v) + current
        return [i / 100, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]

    am, bm, ah, bh, an, bn = rates(0.0)
    up = lambda t, x: x[0]
    up.direction = 1
    s = solve_ivp(rhs, (0, end), [-65, am / (am + bm), ah / (ah + bh), an / (an + bn)], events=up, **OPTIONS)
    return list(map(float, s.t_events[0]))


out = {f"adex_{slope:g}": adex(2000.0, slope) for slope in (2.0, 0.5, 0.05, 0.0)}
out["izhikevich_rs"] = izhikevich(10.0, 0.02, 0.2, -65, 8)
out["izhikevich_fs"] = izhikevich(10.0, 0.1, 0.2, -65, 2)
out["hodgkin_huxley"] = hodgkin_huxley(2000.0)
out = {name: [round(t, 5) for t in spikes] for name, spikes in out.items()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
for name, spikes in out.items():
    print(name, len(spikes), spikes[:4], spikes[-1])
