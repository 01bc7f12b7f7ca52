"""Writes four_sines.npy, the target of models/recurrent/force.json: 1 trial x 7200 frames (1 ms each) x 1 neuron.

The sum of four sines of Sussillo & Abbott 2009 (Neuron 63:544-557; their published script, amp = 1.3 and freq = 1/60 in
units of the time constant of 10 ms): a period of 1200 ms, six of them. Needs nothing but Python.
"""
import math
import pathlib
import struct

amplitude, frequency, tau, frames = 1.3, 1 / 60, 10.0, 7200
values = []
for k in range(frames):
    t = k / tau
    wave = sum(amplitude / a * math.sin(n * math.pi * frequency * t) for n, a in ((1, 1), (2, 2), (3, 6), (4, 3)))
    values.append(wave / 1.5)
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, %d, 1), }" % frames
header = header.ljust(64 * ((10 + len(header)) // 64 + 1) - 11) + "\n"
with open(pathlib.Path(__file__).with_suffix(".npy"), "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack("<%df" % frames, *values))
