#!/usr/bin/env python3
"""Solutions of the equations of plugins/NAME/dynamics.cpp by SciPy's DOP853 at tolerances of 1e-12, written to
plugins.json, which tests/dynamics/plugin_references.cpp reads: by name the parameters and the current that differ from the
defaults, and the states at given times (ms)."""
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


def wang_buzsaki():
    # Wang & Buzsáki 1996, eqs. 2.1-2.3, in µA/cm², mS/cm², 1 µF/cm².
    current, phi = 1.0, 5
    gna, ena, gk, ek, gl, el = 35, 55, 9, -90, 0.1, -65

    def relative(x):
        return x / np.expm1(x) if abs(x) > 1e-6 else 1 - x / 2

    def rates(v):
        am, bm = relative(-(v + 35) / 10) * 1.0, 4 * np.exp(-(v + 60) / 18)
        ah, bh = 0.07 * np.exp(-(v + 58) / 20), 1 / (np.exp(-0.1 * (v + 28)) + 1)
        an, bn = 0.1 * relative(-(v + 34) / 10), 0.125 * np.exp(-(v + 44) / 80)
        return am, bm, ah, bh, an, bn

    def rhs(t, x):
        v, h, n = x
        am, bm, ah, bh, an, bn = rates(v)
        m = am / (am + bm)
        return [-gna * m**3 * h * (v - ena) - gk * n**4 * (v - ek) - gl * (v - el) + current,
                phi * (ah * (1 - h) - bh * h), phi * (an * (1 - n) - bn * n)]

    v0 = -64.0
    _, _, ah, bh, an, bn = rates(v0)
    return solution(rhs, [v0, ah / (ah + bh), an / (an + bn)], 40, current, count=80)


SOLVED = [fitzhugh_nagumo, morris_lecar, adaptive_rate, gated_rate, wang_buzsaki]

if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("plugins.json")
    path.write_text(json.dumps({f.__name__: f() for f in SOLVED}, indent=1) + "\n")
