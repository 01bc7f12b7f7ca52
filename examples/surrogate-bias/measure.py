#!/usr/bin/env python3
"""Measures surrogate gradients against the exact gradient of spiking circuits.

    examples/surrogate-bias/measure.py [ENGRAM]      writes results.json and bias.svg beside this file, and prints tables

ENGRAM is the program (../../engram unless given). Everything comes from `engram fidelity --reference eventprop`: here are the
circuits that it measures and the picture. Needs Python alone."""
import concurrent.futures
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
engram = sys.argv[1] if len(sys.argv) > 1 else str(here / "../../engram")
base = json.loads(re.sub(r"^//.*$", "", (here / "circuit.json").read_text(), flags=re.M))
TRIALS, SINGLE_TRIALS = 512, 256  # of the mean gradient; drawn one by one, for their variance


def circuit(layers=1, recurrent=False, width=0.3, kind="fast_sigmoid", gain=0.6, step=0.25, resets=False):
    """The circuit with so many hidden regions; gain: of the weights onto them, which sets their rates; resets: does the
    surrogate gradient go through them too?"""
    model = copy.deepcopy(base)
    model["time"]["step"] = step
    regions, projections = model["architecture"]["regions"], model["architecture"]["projections"]
    hidden = regions.pop("hidden")
    hidden["dynamics"].update(surrogate=kind, surrogate_width=width,
                              reset_slope="surrogate" if resets else "none")
    projections[1]["weights"]["normal"]["gain"] = gain
    names = ["hidden"] + [f"hidden{k}" for k in range(2, layers + 1)]
    for name in names:
        regions[name] = copy.deepcopy(hidden)
    for before, name in zip(names, names[1:]):
        projections.insert(-1, {"from": before, "to": name + ".s", "weights": {"normal": {"gain": 1.5 * gain}},
                                "rule": "learn"})
    if recurrent:
        projections.insert(-1, {"name": "recurrent", "from": "hidden", "to": "hidden.s", "delay": 1,
                                "weights": {"normal": {"gain": gain}}, "rule": "learn"})
    projections[-1]["from"] = names[-1] + ".trace"
    return model


def fidelity(model, rules, single):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "circuit.json"
        path.write_text(json.dumps(model))
        run = subprocess.run([engram, "fidelity", str(path), "--reference", "eventprop", "--rules", rules, "--trials",
                              str(TRIALS), "--samples", str(SINGLE_TRIALS if single else 16), "--threads", "1", "--json",
                              "--quiet"] + (["--minibatch", "1"] if single else []), capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        return json.loads(run.stdout.strip().splitlines()[-1])["results"]


def rows(settings, results):
    out = []
    for r in results:
        out.append(dict(settings, rule=r["rule"], projection=r["projection"], bias=r["bias"], cosine=r["cosine_of_mean"],
                        scale=r["scale"], choice=r.get("minibatch", {}).get("choice")))
    return out


def main():
    cases = [dict(layers=layers, width=width) for layers in (1, 2, 3) for width in (0.03, 0.1, 0.3, 1, 3)]
    cases += [dict(recurrent=True, width=width) for width in (0.03, 0.1, 0.3, 1, 3)]
    cases += [dict(kind="triangle", width=width) for width in (0.3, 1, 3)]
    cases += [dict(gain=gain) for gain in (0.3, 1.2)] + [dict(step=step) for step in (1.0, 0.125)]
    cases += [dict(resets=True, width=width) for width in (0.03, 0.1, 0.3)]
    usual = dict(layers=1, recurrent=False, width=0.3, kind="fast_sigmoid", gain=0.6, step=0.25, resets=False)
    cases = [dict(usual, **case) for case in cases]

    def measure(case):  # the exact gradient itself is measured once for each circuit
        single = case["width"] == 0.3 and case["kind"] == "fast_sigmoid" and not case["resets"]
        return rows(case, fidelity(circuit(**case), "eventprop,backprop" if single else "backprop", single))

    found = []
    print("hidden  recurrent  surrogate     width  gain  step   resets  rule       bias   cosine  scale   variance of one trial")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for results in pool.map(measure, cases):
            found += results
            for r in results:
                if r["projection"] == "all":
                    choice = "" if r["choice"] is None else f"{r['choice']:.3g}"
                    print(f"{r['layers']}       {str(r['recurrent']):9}  {r['kind']:12} {r['width']:6}  {r['gain']:4}  "
                          f"{r['step']:5}  {str(r['resets']):6}  {r['rule']:9} {r['bias']:6.3f} {r['cosine']:7.3f}  {r['scale']:7.3g}  {choice}",
                          flush=True)
    (here / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    draw(found, here / "bias.svg")


def draw(found, path):
    W, H, left, right, top, bottom = 640, 320, 60, 190, 20, 48
    curves = [("1 hidden region", dict(layers=1, recurrent=False)), ("2 hidden regions", dict(layers=2, recurrent=False)),
              ("3 hidden regions", dict(layers=3, recurrent=False)), ("1, recurrent", dict(layers=1, recurrent=True))]
    widths = [0.03, 0.1, 0.3, 1, 3]
    x = lambda k: left + (W - left - right) * k / (len(widths) - 1)
    y = lambda b: top + (H - top - bottom) * (1 - b)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" width="{W}" height="{H}" '
           'font-family="sans-serif" font-size="12" fill="#333">', f'<rect width="{W}" height="{H}" fill="#fff"/>']
    for b in (0, 0.25, 0.5, 0.75, 1):
        svg.append(f'<path d="M{left} {y(b):.1f}H{W - right}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{y(b) + 4:.1f}" text-anchor="end">{b}</text>')
    for k, width in enumerate(widths):
        svg.append(f'<text x="{x(k):.1f}" y="{H - bottom + 18}" text-anchor="middle">{width}</text>')
    svg.append(f'<text x="{(left + W - right) / 2}" y="{H - 10}" text-anchor="middle">width of the surrogate, in thresholds</text>'
               f'<text transform="translate(16 {(top + H - bottom) / 2}) rotate(-90)" text-anchor="middle">bias</text>')
    ends = []
    for (label, which), colour in zip(curves, ["#1b6ca8", "#c8553d", "#3a7d44", "#6b4c9a"]):
        at = {r["width"]: r["bias"] for r in found if r["rule"] == "backprop" and r["projection"] == "all"
              and r["kind"] == "fast_sigmoid" and r["gain"] == 0.6 and r["step"] == 0.25 and not r["resets"]
              and all(r[key] == value for key, value in which.items())}
        points = [(x(k), y(at[width])) for k, width in enumerate(widths)]
        svg.append(f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}" fill="none" stroke="{colour}" '
                   'stroke-width="2"/>')
        svg += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        ends.append([points[-1][1] + 4, label, colour])
    above = -1e9
    for place, label, colour in sorted(ends):  # labels 17 px apart at least
        above = max(place, above + 17)
        svg.append(f'<text x="{W - right + 10}" y="{above:.1f}" fill="{colour}">{label}</text>')
    path.write_text("\n".join(svg + ["</svg>\n"]))


main()
