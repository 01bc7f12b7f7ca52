#!/usr/bin/env python3
"""Draws the held-out accuracy of run files against the epoch: draw.py OUT.svg LABEL=RUN.nwb ...  (needs h5py)"""
import sys

import h5py

out, pairs = sys.argv[1], [a.split("=", 1) for a in sys.argv[2:]]
curves = []
for label, path in pairs:
    with h5py.File(path) as run:
        table = run["scratch/learning_curve"]
        curves.append((label, table["epoch"][:], 100 * table["held_out_accuracy"][:]))

W, H, left, right, top, bottom = 640, 300, 56, 190, 16, 44
low, high = 5 * int(min(c[2].min() for c in curves) // 5), 100
last = max(c[1].max() for c in curves)
x = lambda e: left + (W - left - right) * (e - 1) / (last - 1)
y = lambda a: top + (H - top - bottom) * (high - a) / (high - low)
colours = ["#1b6ca8", "#c8553d", "#3a7d44", "#6b4c9a"]
svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" width="{W}" height="{H}" '
       'font-family="sans-serif" font-size="12" fill="#333">', f'<rect width="{W}" height="{H}" fill="#fff"/>']
for a in range(low, high + 1, 5):
    svg.append(f'<path d="M{left} {y(a):.1f}H{W - right}" stroke="#ddd"/>'
               f'<text x="{left - 8}" y="{y(a) + 4:.1f}" text-anchor="end">{a} %</text>')
for e in [1] + list(range(5, int(last) + 1, 5)):
    svg.append(f'<text x="{x(e):.1f}" y="{H - bottom + 18}" text-anchor="middle">{e}</text>')
svg.append(f'<text x="{(left + W - right) / 2}" y="{H - 8}" text-anchor="middle">epoch</text>')
ends = sorted(range(len(curves)), key=lambda k: -curves[k][2][-1])
places, above = {}, -1e9
for k in ends:  # labels stand beside the ends of the curves, 17 px apart at least
    above = places[k] = max(y(curves[k][2][-1]) + 4, above + 17)
for k, (label, epochs, accuracy) in enumerate(curves):
    colour = colours[k % len(colours)]
    points = " ".join(f"{x(e):.1f},{y(a):.1f}" for e, a in zip(epochs, accuracy))
    svg.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
               f'<text x="{W - right + 8}" y="{places[k]:.1f}" fill="{colour}">{label} {accuracy[-1]:.1f} %</text>')
open(out, "w", encoding="utf-8").write("\n".join(svg + ["</svg>\n"]))
