#!/usr/bin/env python3
"""Solutions of the nonlinear neurons' equations by SciPy's DOP853 at tolerances of 1e-12, and what becomes of them
between spikes: written to neurons.json, which tests/dynamics/ode_neurons.cpp reads.

Spikes of adex and izhikevich are the times at which v reaches the peak, found as events; then v and the second variable
are reset and the integration goes on. Those of hodgkin_huxley are upward crossings of 0 mV."""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp

END = 200.0  # ms
OPTIONS = dict(method="DOP853", rtol=1e-12, atol=1e-12)


def resetting(rhs, state, peak, reset):
    """Integrates to END, with resets. Returns spike times and v at whole ms."""
    t, spikes, sampled = 0.0, [], {}
    state = np.array(state, float)
    hit = lambda t, x: x[0] - peak
    hit.terminal, hit.direction = True, 1
    while t < END:
        grid = np.arange(np.ceil(t - 1e-9), END + 0.5)
        grid = grid[(grid >= t) & (grid <= END)]
        s = solve_ivp(rhs, (t, END), state, events=hit, t_eval=grid, **OPTIONS)
        sampled.update({int(round(a)): float(v) for a, v in zip(s.t, s.y[0])})
        if not len(s.t_events[0]):
            break
        t = float(s.t_events[0][0])
        spikes.append(t)
        state = reset(s.y_events[0][0])
    return spikes, [sampled.get(k) for k in range(int(END) + 1)]


def adex(current):
    # Brette & Gerstner 2005, their parameters of a regular spiking cell, with the peak at -30 mV: from there to their
    # 20 mV takes 1e-4 ms, in steps that no solver resolves. Beyond it the exponential is held, for steps that overshoot.
    c, gl, el, dt, vt, tw, a, b, vr = 281, 30, -70.6, 2, -50.4, 144, 4, 80.5, -70.6

    def rhs(t, x):
        v, w = x
        return [(gl * (el - v) + gl * dt * np.exp((min(v, -25.0) - vt) / dt) - w + current) / c, (a * (v - el) - w) / tw]

    return resetting(rhs, [el, 0], -30, lambda x: np.array([vr, x[1] + b]))


def izhikevich(current, a, b, c, d):
    def rhs(t, x):
        v, u = x
        return [0.04 * v * v + 5 * v + 140 - u + current, a * (b * v - u)]

    return resetting(rhs, [-65, b * -65], 30, lambda x: np.array([c, x[1] + d]))


def hodgkin_huxley(current):
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
    s = solve_ivp(rhs, (0, END), [-65, am / (am + bm), ah / (ah + bh), an / (an + bn)], events=up,
                  t_eval=np.arange(END + 1), **OPTIONS)
    return list(map(float, s.t_events[0])), list(map(float, s.y[0]))


def entry(result):
    spikes, v = result
    return {"spikes": [round(t, 6) for t in spikes], "v": [None if x is None else round(x, 6) for x in v[:61]]}


out = {
    "adex_600": entry(adex(600.0)),
    "adex_1000": entry(adex(1000.0)),
    "hodgkin_huxley_1000": entry(hodgkin_huxley(1000.0)),
    "hodgkin_huxley_200": entry(hodgkin_huxley(200.0)),
    # Izhikevich 2003, figure 2: regular spiking, intrinsically bursting, chattering, fast spiking.
    "izhikevich_rs": entry(izhikevich(10.0, 0.02, 0.2, -65, 8)),
    "izhikevich_ib": entry(izhikevich(10.0, 0.02, 0.2, -55, 4)),
    "izhikevich_ch": entry(izhikevich(10.0, 0.02, 0.2, -50, 2)),
    "izhikevich_fs": entry(izhikevich(10.0, 0.1, 0.2, -65, 2)),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out) + "\n")
for name, e in out.items():
    print(name, len(e["spikes"]), e["spikes"][:6])
