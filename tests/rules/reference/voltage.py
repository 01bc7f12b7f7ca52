#!/usr/bin/env python3
"""The neuron and the rule of Clopath, Büsing, Vasilaki & Gerstner 2010 in continuous time, by SciPy's DOP853 at
tolerances of 1e-11: written to voltage.json, which tests/rules/stdp_voltage.cpp reads.

`neuron`: spike times and potentials under a constant current. `pairing`: change of a synapse by five pairs of spikes
10 ms apart, by frequency, the postsynaptic spike forced by a jump of the potential; the filtered potentials are read
`delay` ms late. As in the authors' program (ModelDB 144566) the postsynaptic train is one spike longer where it comes
first. A spike holds the potential at 33 mV for 2 ms, and w as it is; then v, w, z and V_T are set."""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp

OPTIONS = dict(method="DOP853", rtol=1e-11, atol=1e-11, dense_output=True)
C, GL, EL, DT, VT, TW, A, B = 281.0, 30.0, -70.6, 2.0, -50.4, 144.0, 4.0, 0.0805
ISP, TZ, JUMP, TVT, RESET, PEAK, WIDTH, HEIGHT = 400.0, 40.0, 20.0, 50.0, -49.6, -20.0, 2.0, 33.0
THETA_MINUS, THETA_PLUS, A_LTD, A_LTP, TAU_MINUS, TAU_PLUS, TAU_X = -70.6, -45.3, 14e-5, 8e-5, 10.0, 7.0, 15.0


def rhs(current, spiking):
    def f(t, y):
        v, w, z, vt, slow, fast = y
        dv = (GL * (EL - v) + GL * DT * np.exp((min(v, 0.0) - vt) / DT) - w + z + current) / C
        dw = (A * (v - EL) - w) / TW
        return [0 if spiking else dv, 0 if spiking else dw, -z / TZ, (VT - vt) / TVT, (v - slow) / TAU_MINUS,
                (v - fast) / TAU_PLUS]

    return f


def trajectory(end, current=0.0, forced=()):
    """Pieces (from, to, solution, in a spike) and the times at which spikes begin. Forced spikes begin as told."""
    hit = lambda t, y: y[0] - PEAK
    hit.terminal, hit.direction = True, 1
    t, y, pieces, spikes, forced = 0.0, np.array([EL, 0, 0, VT, EL, EL]), [], [], list(forced)
    while t < end - 1e-9:
        until = min(end, forced[0]) if forced else end
        if until > t:
            s = solve_ivp(rhs(current, False), (t, until), y, events=hit, max_step=5.0 if current else np.inf, **OPTIONS)
            pieces.append((t, float(s.t[-1]), s.sol, False))
            t, y = float(s.t[-1]), s.y[:, -1]
        if not (forced and abs(t - forced[0]) < 1e-9) and t > end - 1e-9:
            break
        if forced and t >= forced[0] - 1e-9:
            forced.pop(0)
        spikes.append(t)
        y = y.copy()
        y[0] = HEIGHT
        s = solve_ivp(rhs(current, True), (t, t + WIDTH), y, **OPTIONS)
        pieces.append((t, t + WIDTH, s.sol, True))
        t, y = t + WIDTH, s.y[:, -1].copy()
        y[0], y[1], y[2], y[3] = RESET, y[1] + B, ISP, VT + JUMP
    return pieces, spikes


def at(pieces, t):
    for a, b, sol, _ in pieces:
        if a <= t < b:
            return sol(t)
    return np.array([EL, 0, 0, VT, EL, EL]) if t < 0 else pieces[-1][2](t)


def pairing(hz, lag, delay):
    pre = 20.0 + 1000.0 / hz * np.arange(5)
    post = pre + lag if lag > 0 else 20.0 + lag + 1000.0 / hz * np.arange(6)
    pieces, spikes = trajectory(max(pre[-1], post[-1]) + 60.0, forced=post)
    change = sum(-A_LTD * max(0.0, at(pieces, t - delay)[4] - THETA_MINUS) for t in pre)
    for a, b, sol, spiking in pieces:
        if not spiking:
            v = sol(np.linspace(a, b, 200))[0]
            assert v.max() < THETA_PLUS  # potentiation is in the spikes alone
            continue
        grid = np.linspace(a, b, 2001)
        x = np.array([np.exp(-(t - pre[pre <= t]) / TAU_X).sum() / TAU_X for t in grid])
        fast = np.array([at(pieces, t - delay)[5] for t in grid])
        f = x * (HEIGHT - THETA_PLUS) * np.maximum(0.0, fast - THETA_MINUS)
        change += A_LTP * (b - a) / 6000 * (f[0] + f[-1] + 4 * f[1:-1:2].sum() + 2 * f[2:-1:2].sum())
    assert np.allclose(spikes, post)
    return float(change)


def neuron(current):
    pieces, spikes = trajectory(300.0, current)
    inside = [round(float(at(pieces, float(k))[0]), 6) for k in range(300)]
    return {"spikes": [round(t, 6) for t in spikes], "v": inside}


HZ = [0.1, 10, 20, 40, 50]
out = {
    "neuron_600": neuron(600.0),
    "neuron_1000": neuron(1000.0),
    "pairing": {str(d): {"+10": [pairing(f, 10.0, d) for f in HZ], "-10": [pairing(f, -10.0, d) for f in HZ]}
                for d in (3.0, 4.0)},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out) + "\n")
for name in ("neuron_600", "neuron_1000"):
    print(name, len(out[name]["spikes"]), out[name]["spikes"][:6])
for d, p in out["pairing"].items():  # 75 pairs, 50 at 0.1 Hz, of a weight of 0.5, as the paper's figure 2b
    for lag, w in p.items():
        print(d, lag, [round(100 + (10 if f == 0.1 else 15) * 200 * x, 1) for f, x in zip(HZ, w)])
