#!/usr/bin/env python3
"""Solutions of the equations of plugins/NAME/dynamics.cpp by SciPy's DOP853 at tolerances of 1e-12, written to
plugins.json, which tests/dynamics/plugin_references.cpp reads: by name the parameters and the current that differ from the
defaults, and the states at given times (ms); of wang_buzsaki also the time from spike to spike by current."""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

OPTIONS = dict(method="DOP853", rtol=1e-12, atol=1e-13)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def solution(rhs, state, end, current, parameters=None, count=20):
    times = np.linspace(0, end, count + 1)
    s = solve_ivp(rhs, (0, end), state, t_eval=times, **OPTIONS)
    return {"current": current, "parameters": parameters or {}, "initial": state[0], "times": times.tolist(),
            "states": s.y.T.tolist()}


def fitzhugh_nagumo():
    # From rest, under the current of the limit cycle that textbooks show.
    a, b, tau, current = 0.7, 0.8, 12.5, 0.5
    v = brentq(lambda v: v - v**3 / 3 - (v + a) / b, -2, 0, xtol=1e-15)

    def rhs(t, x):
        return [x[0] - x[0]**3 / 3 - x[1] + current, (x[0] + a - b * x[1]) / tau]

    return solution(rhs, [v, (v + a) / b], 100, current)


def morris_lecar():
    # Morris & Lecar 1981 with the parameters of Rinzel & Ermentrout 1998, table 7.1, Hopf regime. 20 µF/cm².
    c, gl, el, gca, eca, gk, ek = 20, 2, -60, 4.4, 120, 8, -84
    v1, v2, v3, v4, phi, current = -1.2, 18, 2, 30, 0.04, 100

    def rhs(t, x):
        v, n = x
        m = 0.5 * (1 + np.tanh((v - v1) / v2))
        rest, rate = 0.5 * (1 + np.tanh((v - v3) / v4)), np.cosh((v - v3) / (2 * v4))
        return [(current - gl * (v - el) - gca * m * (v - eca) - gk * n * (v - ek)) / c, phi * (rest - n) * rate]

    v0 = -60.0
    return solution(rhs, [v0, 0.5 * (1 + np.tanh((v0 - v3) / v4))], 200, current)


def adaptive_rate():
    tau, tau_w, strength, current = 10, 100, 0.5, 2

    def rhs(t, x):
        u, w = x
        return [(-u + current - strength * w) / tau, (np.log1p(np.exp(u)) - w) / tau_w]

    return solution(rhs, [0, 0], 300, current)


def gated_rate():
    # The apical current is 0: the gate is what its bias makes it.
    tau, bias, weight, current = 10, -1, 0.7, 1.5

    def rhs(t, x):
        h, = x
        return [sigmoid(bias + weight * h) * (np.tanh(current) - h) / tau]

    return solution(rhs, [0], 100, current, {"gate_weight": weight})


def relative(x):
    return x / np.expm1(x) if abs(x) > 1e-6 else 1 - x / 2


def wang_buzsaki_rates(v):
    # Wang & Buzsáki 1996, eqs. 2.1-2.3: opening and closing of m, h and n.
    return (relative(-(v + 35) / 10), 4 * np.exp(-(v + 60) / 18), 0.07 * np.exp(-(v + 58) / 20),
            1 / (np.exp(-0.1 * (v + 28)) + 1), 0.1 * relative(-(v + 34) / 10), 0.125 * np.exp(-(v + 44) / 80))


def wang_buzsaki_slopes(current):
    # In µA/cm², mS/cm², 1 µF/cm².
    gna, ena, gk, ek, gl, el, phi = 35, 55, 9, -90, 0.1, -65, 5

    def rhs(t, x):
        v, h, n = x
        am, bm, ah, bh, an, bn = wang_buzsaki_rates(v)
        m = am / (am + bm)
        return [-gna * m**3 * h * (v - ena) - gk * n**4 * (v - ek) - gl * (v - el) + current,
                phi * (ah * (1 - h) - bh * h), phi * (an * (1 - n) - bn * n)]

    return rhs


def wang_buzsaki_start(v):
    _, _, ah, bh, an, bn = wang_buzsaki_rates(v)
    return [v, ah / (ah + bh), an / (an + bn)]


def wang_buzsaki():
    return solution(wang_buzsaki_slopes(1.0), wang_buzsaki_start(-64.0), 40, 1.0, count=80)


def wang_buzsaki_periods():
    # From the third to the fourth crossing of 0 mV, by current.
    def crossing(t, x):
        return x[0]

    crossing.direction = 1
    out = {}
    for current, end in [(0.2, 700), (0.5, 150), (1, 90), (2, 60), (5, 40)]:
        s = solve_ivp(wang_buzsaki_slopes(current), (0, end), wang_buzsaki_start(-64.0), method="DOP853", rtol=1e-9,
                      atol=1e-11, events=crossing)
        out[str(current)] = s.t_events[0][3] - s.t_events[0][2]
    return out


def pinsky_rinzel():
    # Pinsky & Rinzel 1994, eqs. 1-4 and table 1, in µA/cm², mS/cm², 3 µF/cm²; potentials count from -60 mV.
    c, gl, gna, gk, gca, gkc, gahp, gc, p, current = 3, 0.1, 30, 15, 10, 15, 0.8, 2.1, 0.5, 0.75
    el, ena, ek, eca = 0, 120, -15, 140

    def rhs(t, x):
        v, u, h, n, s, cc, q, ca = x
        v, u = v + 60, u + 60
        am, bm = 0.32 * 4 * relative((13.1 - v) / 4), 0.28 * 5 * relative((v - 40.1) / 5)
        ah, bh = 0.128 * np.exp((17 - v) / 18), 4 / (1 + np.exp((40 - v) / 5))
        an, bn = 0.016 * 5 * relative((35.1 - v) / 5), 0.25 * np.exp(0.5 - 0.025 * v)
        rise, fall = 1.6 / (1 + np.exp(-0.072 * (u - 65))), 0.02 * 5 * relative((u - 51.1) / 5)
        slow = 2 * np.exp((6.5 - u) / 27)
        ac = np.exp((u - 10) / 11 - (u - 6.5) / 27) / 18.975 if u <= 50 else slow
        bc = slow - ac if u <= 50 else 0
        aq, bq = min(0.00002 * ca, 0.01), 0.001
        m = am / (am + bm)
        ica = gca * s * s * (u - eca)
        return [(-gl * (v - el) - gna * m * m * h * (v - ena) - gk * n * (v - ek) + (gc * (u - v) + current) / p) / c,
                (-gl * (u - el) - ica - gkc * cc * min(ca / 250, 1) * (u - ek) - gahp * q * (u - ek)
                 + gc * (v - u) / (1 - p)) / c,
                ah * (1 - h) - bh * h, an * (1 - n) - bn * n, rise * (1 - s) - fall * s, ac * (1 - cc) - bc * cc,
                aq * (1 - q) - bq * q, -0.13 * ica - 0.075 * ca]

    return solution(rhs, [-64.6, -64.5, 0.999, 0.001, 0.009, 0.007, 0.010, 0.2], 150, current, count=150)


SOLVED = [fitzhugh_nagumo, morris_lecar, adaptive_rate, gated_rate, wang_buzsaki, wang_buzsaki_periods, pinsky_rinzel]


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("plugins.json")
    path.write_text(json.dumps({f.__name__: f() for f in SOLVED}, indent=1) + "\n")
