#!/usr/bin/env python3
"""Writes eventprop.json: spiking circuits, and the gradients of their loss by the times of spikes.

The circuits are simulated from event to event: between events every state is known in closed form, a spike is the root
of potential = threshold, and nothing has a step. Gradients are central differences of the loss by each weight, and know
nothing of adjoints. There are two references:

  exact    the loss of a circuit without steps, (1/T) ∫ loss dt by Gauss-Legendre quadrature between events: what
           engram's gradient converges to as its step becomes short.
  delayed  the same circuit, in which each spike acts a fixed time after its potential reached the threshold: the time
           from there to the end of engram's step, found by stepping as engram does. The loss is read at the steps. Its
           gradient is engram's at that very step.

Needs Python alone:    tests/simulation/reference/eventprop.py > tests/simulation/reference/eventprop.json
"""
import heapq
import json
import math
import random
import sys

NODES = [(0.0, 0.5688888888888889)] + [(sign * x, w) for x, w in ((0.5384693101056831, 0.47862867049936647),
                                                                 (0.906179845938664, 0.23692688505618908)) for sign in (-1, 1)]


def pull_exponential(tau_m, tau, c, s):
    """What a unit that decays with tau moves the potential by in a time s."""
    a = 1 / tau - 1 / tau_m
    return math.exp(-s / tau_m) * (s if abs(a * s) < 1e-9 else -math.expm1(-a * s) / a) / c


def pull_alpha(tau_m, tau, c, s):
    a = 1 / tau - 1 / tau_m
    z = a * s
    integral = s * s * (0.5 - z / 3 + z * z / 8) if abs(z) < 1e-3 else s * s * (1 - (1 + z) * math.exp(-z)) / (z * z)
    return math.e / tau * math.exp(-s / tau_m) * integral / c


class Neuron:
    """A leaky integrate-and-fire neuron with one receptor, at a time."""

    def __init__(self, p):
        self.p = p
        self.v = p["rest"]
        self.x = self.g = self.a = self.trace = 0.0
        self.held = self.crossed = False
        self.spikes = 0

    def after(self, s):
        """potential, slope, x, g, a, trace a time s later"""
        p = self.p
        decay = math.exp(-s / p["tau_syn"])
        x, a = self.x * decay, self.a * math.exp(-s / p["adaptation_tau"])
        g = decay * (self.g + math.e * s / p["tau_syn"] * self.x) if p["kind"] == "alpha" else 0.0
        trace = self.trace * math.exp(-s / p["trace_tau"])
        if self.held:
            return self.v, 0.0, x, g, a, trace
        v = p["rest"] + (self.v - p["rest"]) * math.exp(-s / p["tau"])
        if p["kind"] == "alpha":
            v += self.g * pull_exponential(p["tau"], p["tau_syn"], p["c"], s)
            v += self.x * pull_alpha(p["tau"], p["tau_syn"], p["c"], s)
            current = g
        else:
            v += self.x * pull_exponential(p["tau"], p["tau_syn"], p["c"], s)
            current = x
        return v, (p["rest"] - v) / p["tau"] + current / p["c"], x, g, a, trace

    def move(self, s):
        self.v, _, self.x, self.g, self.a, self.trace = self.after(s)

    def beyond(self, s):
        v, slope, _, _, a, _ = self.after(s)
        p = self.p
        return v - p["threshold"] - p["adaptation"] * a, slope + p["adaptation"] * a / p["adaptation_tau"]

    def crossing(self, low, high):
        """The root between low, where it is below threshold, and high, where it is not."""
        s = high
        for _ in range(200):
            f, slope = self.beyond(s)
            if f < 0:
                low = s
            else:
                high = s
            newton = s - f / slope if slope else s
            following = newton if low < newton < high else (low + high) / 2
            if abs(following - s) < 1e-15:
                break
            s = following
        return s

    def reset(self, grown):
        p = self.p
        self.v = self.v - (p["threshold"] - p["rest"]) if p["subtract"] else p["reset"]
        self.a += grown
        self.trace += 1


def make(circuit):
    return [Neuron(circuit["hidden"]) for _ in range(circuit["n_hidden"])], [Neuron(circuit["out"])
                                                                            for _ in range(circuit["n_out"])]


def loss_of(circuit, hidden, out):
    judged = {"out": [n.v for n in out], "trace": [n.trace for n in hidden], "potential": [n.v for n in hidden]}
    return sum((v - y) ** 2 for v, y in zip(judged[circuit["judged"]], circuit["target"])) / 2


def stepped(circuit, w, h):
    """As engram steps: by neuron, the time from each crossing to the end of its step; and the steps of the spikes."""
    hidden, out = make(circuit)
    steps = round(circuit["T"] / h)
    quiet = [0] * len(hidden)
    delays, times = [[] for _ in hidden], [[] for _ in hidden]
    arrivals = {}

    def arrive(step, target, weight):
        arrivals.setdefault(step, []).append((target, weight))

    for j, train in enumerate(circuit["input"]):
        for t in train:
            for i in range(len(hidden)):
                arrive(round(t / h), ("hidden", i), w["a"][i][j])
    for m in range(steps):
        for (where, i), weight in arrivals.get(m, []):
            (hidden if where == "hidden" else out)[i].x += weight
        for n in out:
            n.move(h)
        for i, n in enumerate(hidden):
            moving = quiet[i] <= 1
            quiet[i] = max(0, quiet[i] - 1)
            n.held = not moving
            if moving and m + 1 < steps and n.beyond(h)[0] >= 0:
                at_once = n.beyond(0)[0] >= 0
                s = 0.0 if at_once else n.crossing(0.0, h)
                delays[i].append(h - s)
                times[i].append(m + 1)
                n.move(h)
                n.reset(math.exp(h / n.p["adaptation_tau"]))
                quiet[i] = round(n.p["refractory"] / h) + 1
                for k in range(len(hidden)):
                    arrive(m + 1 + round(circuit["delay"] / h), ("hidden", k), w["r"][k][i])
                for k in range(len(out)):
                    arrive(m + 1, ("out", k), w["b"][k][i])
            else:
                n.move(h)
    return delays, times


def by_events(circuit, w, delays=None, h=None):
    """The loss, and the times at which spikes act. delays: by neuron and spike, else 0; h: the loss is read at steps."""
    hidden, out = make(circuit)
    everyone = hidden + out
    queue, order, T = [], 0, circuit["T"]

    def push(time, rank, what):  # rank: of events at one time
        nonlocal order
        if time <= T:
            heapq.heappush(queue, (time, rank, order, what))
            order += 1

    for j, train in enumerate(circuit["input"]):
        for t in train:
            push(t, 2, ("arrive", [(hidden[i], w["a"][i][j]) for i in range(len(hidden))]))
    if h:
        for m in range(round(T / h)):
            push(m * h, 0, ("read", None))
    push(T, 9, ("end", None))
    now, loss, acted = 0.0, 0.0, [[] for _ in hidden]
    arrived = [[] for _ in hidden]
    step = circuit["scan"]
    while True:
        time, _, _, (kind, data) = queue[0]
        # Who crosses first before that?
        first, who = time, None
        for n in hidden:
            if n.held or n.crossed:
                continue
            if n.beyond(0)[0] >= 0:  # it was let go above threshold
                first, who = now, n
                continue
            pieces = max(1, math.ceil((first - now) / step))
            low = 0.0
            for k in range(1, pieces + 1):
                high = (first - now) * k / pieces
                if n.beyond(high)[0] >= 0:
                    first, who = now + n.crossing(low, high), n
                    break
                low = high
        span = first - now
        if not h and span > 0:  # the integral of the loss
            pieces = max(1, math.ceil(span / 0.5))
            for k in range(pieces):
                for node, weight in NODES:
                    s = span / pieces * (k + (node + 1) / 2)
                    seen = [n.after(s) for n in everyone]
                    judged = {"out": [v[0] for v in seen[len(hidden):]], "trace": [v[5] for v in seen[:len(hidden)]],
                              "potential": [v[0] for v in seen[:len(hidden)]]}[circuit["judged"]]
                    loss += weight / 2 * span / pieces / T * sum(
                        (v - y) ** 2 for v, y in zip(judged, circuit["target"])) / 2
        for n in everyone:
            n.move(span)
        now = first
        if who:
            i = hidden.index(who)
            who.crossed = True
            push(now + (delays[i][who.spikes] if delays and who.spikes < len(delays[i]) else 0.0 if not delays else 1e9),
                 1, ("act", i))
            continue
        heapq.heappop(queue)
        if kind == "end":
            return loss, acted, arrived
        if kind == "read":
            loss += loss_of(circuit, hidden, out) / round(T / h)
        if kind == "arrive":
            for n, weight in data:
                n.x += weight
                if n in hidden:
                    arrived[hidden.index(n)].append(now)
        if kind == "release":
            hidden[data].held = False
        if kind == "act":
            n = hidden[data]
            n.reset(math.exp(h / n.p["adaptation_tau"]) if h else 1.0)
            n.crossed = False
            n.spikes += 1
            acted[data].append(now)
            if n.p["refractory"] > 0:
                n.held = True
                push(now + n.p["refractory"], 1, ("release", data))
            push(now + circuit["delay"], 2, ("arrive", [(hidden[k], w["r"][k][data]) for k in range(len(hidden))]))
            push(now, 2, ("arrive", [(out[k], w["b"][k][data]) for k in range(len(out))]))


# Where a spike comes just as the loss is read, the loss has a corner: the mean of both slopes, with an error of first order
# in the shift.
def gradient(loss, w, by):
    out = {}
    for name, matrix in w.items():
        out[name] = [[0.0] * len(matrix[0]) for _ in matrix]
        for i in range(len(matrix)):
            for j in range(len(matrix[0])):
                values = []
                for shift in (-by, by):
                    moved = {k: [row[:] for row in m] for k, m in w.items()}
                    moved[name][i][j] += shift
                    values.append(loss(moved))
                out[name][i][j] = (values[1] - values[0]) / (2 * by)
    return out


def circuit_of(name, seed, **changes):
    rng = random.Random(seed)
    n_in, n_hidden, n_out, T = 5, 4, 2, 40.0
    hidden = dict(tau=10.0, c=1.0, rest=0.0, reset=-0.2, threshold=1.0, refractory=2.0, subtract=False, adaptation=0.0,
                  adaptation_tau=30.0, kind="exponential", tau_syn=4.0, trace_tau=15.0)
    out = dict(hidden, tau=12.0, threshold=1e9, tau_syn=5.0)
    circuit = dict(name=name, n_hidden=n_hidden, n_out=n_out, T=T, delay=1.0, judged="out", target=[0.4, -0.3], scan=0.25,
                   strength=0.14)
    circuit.update({k: v for k, v in changes.items() if k in circuit})
    hidden.update(changes.get("neurons", {}))
    out.update(changes.get("readout", {}))
    if "kind" in hidden:
        out["kind"] = hidden["kind"]
    out.update(changes.get("readout", {}))
    circuit.update(hidden=hidden, out=out)
    if circuit["judged"] != "out":
        circuit["target"] = [0.4, 0.9, 0.2, 0.6]
    # Spikes of the input on a grid of 0.5 ms.
    circuit["input"] = [sorted(rng.sample([0.5 * k for k in range(2, 70)], 4)) for _ in range(n_in)]
    s = circuit["strength"]
    r3 = lambda x: round(x, 4)
    w = {"a": [[r3(rng.uniform(-0.4 * s, 1.6 * s)) for _ in range(n_in)] for _ in range(n_hidden)],
         "r": [[r3(rng.uniform(-s / 2, s / 2)) for _ in range(n_hidden)] for _ in range(n_hidden)],
         "b": [[r3(rng.uniform(-0.3, 0.3)) for _ in range(n_hidden)] for _ in range(n_out)]}
    return circuit, w


def model_of(circuit, w, leaky):
    """The same as an engram model. leaky: rates that hear traces, which are a potential with a receptor of trace_tau."""
    p, q = circuit["hidden"], circuit["out"]
    receptor = lambda n: {"s": {"type": n["kind"], "tau": n["tau_syn"]}}
    regions = {
        "in": {"size": len(circuit["input"]), "dynamics": "spike_source", "spikes": circuit["input"]},
        "hidden": {"size": circuit["n_hidden"], "receptors": receptor(p),
                   "dynamics": {"type": "lif", "tau": p["tau"], "capacitance": p["c"], "rest": p["rest"],
                                "reset": p["reset"], "threshold": p["threshold"], "refractory": p["refractory"],
                                "reset_by": "subtraction" if p["subtract"] else "value", "adaptation": p["adaptation"],
                                "adaptation_tau": p["adaptation_tau"], "trace_tau": p["trace_tau"]}},
        "out": {"size": circuit["n_out"], "receptors": receptor(q),
                "dynamics": {"type": "lif", "tau": q["tau"], "capacitance": q["c"], "rest": q["rest"], "reset": q["rest"],
                             "threshold": q["threshold"]}}}
    if leaky:
        regions["out"] = {"size": circuit["n_out"],
                          "dynamics": {"type": "leaky_rate", "tau": q["tau"], "activation": "linear"}}
    judged = {"out": ("out", "rate" if leaky else "potential"), "trace": ("hidden", "trace"),
              "potential": ("hidden", "potential")}[circuit["judged"]]
    return {"time": {"step": 0.25},
            "architecture": {"regions": regions, "projections": [
                {"name": "a", "from": "in", "to": "hidden.s", "weights": w["a"], "rule": "learn"},
                {"name": "r", "from": "hidden", "to": "hidden.s", "weights": w["r"], "delay": circuit["delay"],
                 "rule": "learn"},
                {"name": "b", "from": "hidden.trace" if leaky else "hidden", "to": "out" if leaky else "out.s",
                 "weights": w["b"], "rule": "learn"}]},
            "objective": {"type": "mse", "region": judged[0], "signal": judged[1]},
            "learning": {"rules": {"learn": {"plugin": "eventprop"}}},
            "task": {"stimuli": {"inputs": [[0]], "targets": [circuit["target"]]},
                     "trial": [{"phase": "run", "duration": circuit["T"], "objective": True, "plastic": True}]}}


def nearest(circuit, w, h):
    """The least distance in time of an arrival at a neuron from a reset or release of it: at 0 the loss has a kink."""
    delays, _ = stepped(circuit, w, h)
    _, acted, arrived = by_events(circuit, w, delays, h)
    apart = 1e9
    for i, times in enumerate(acted):
        for t in times:
            for u in (t, t + circuit["hidden"]["refractory"]):
                apart = min([apart] + [abs(u - v) for v in arrived[i]])
    return apart


def main():
    cases = []
    kinds = [("value", {}), ("subtraction", {"subtract": True}), ("no refractoriness", {"refractory": 0.0}),
             ("adaptation", {"adaptation": 0.3}), ("alpha", {"kind": "alpha"})]
    h = 0.25
    for label, neurons in kinds:
        for seed in range(1, 2000):
            circuit, w = circuit_of("delayed, " + label, seed, neurons=neurons, strength=0.1)
            delays, times = stepped(circuit, w, h)
            loss, acted, _ = by_events(circuit, w, delays, h)
            same = all(len(a) == len(t) and all(abs(x - m * h) < 1e-9 for x, m in zip(a, t))
                       for a, t in zip(acted, times))
            if same and 5 <= sum(map(len, times)) and all(times) and nearest(circuit, w, h) > 1e-3 and max(
                    max(d) for d in delays) < h - 1e-3 and min(min(d) for d in delays) > 1e-3:
                break
        else:
            raise SystemExit("no circuit for " + label)
        g = gradient(lambda m: by_events(circuit, m, delays, h)[0], w, 5e-8)
        cases.append(dict(name=circuit["name"], step=h, loss=loss, spikes=times, gradient=g,
                          model=model_of(circuit, w, False)))
        print(circuit["name"], "seed", seed, times, file=sys.stderr)
    exact = [("receptors", dict(), False), ("traces into leaky rates", dict(
        readout={"c": 12.0, "tau_syn": 15.0}), True), ("the trace itself", dict(judged="trace"), False),
             ("the potential itself", dict(judged="potential"), False)]
    for label, changes, leaky in exact:
        circuit, w = circuit_of("exact, " + label, 3, **changes)
        loss, acted, _ = by_events(circuit, w)
        g = gradient(lambda m: by_events(circuit, m)[0], w, 1e-5)
        cases.append(dict(name=circuit["name"], loss=loss, spikes=acted, gradient=g, model=model_of(circuit, w, leaky)))
        print(circuit["name"], [len(t) for t in acted], file=sys.stderr)
    json.dump(cases, sys.stdout, indent=1)
    print()


main()
