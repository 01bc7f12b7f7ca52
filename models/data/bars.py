#!/usr/bin/env python3
"""Writes bars.csv.gz: 1200 images of 8 x 8 pixels, of which each of the 8 rows and 8 columns is lit with probability 1/8
(Foldiak 1990, Biol Cybern 64:165-170). Columns 0 to 63 are the pixels, row by row; 64 to 79 say which bars are lit."""
import gzip
import random

draw = random.Random(1990)
lines = []
for _ in range(1200):
    bars = [int(draw.random() < 1 / 8) for _ in range(16)]  # rows from the top, then columns from the left
    pixels = [bars[y] | bars[8 + x] for y in range(8) for x in range(8)]
    lines.append(",".join(map(str, pixels + bars)))
with open("bars.csv.gz", "wb") as file:
    with gzip.GzipFile("", "wb", mtime=0, fileobj=file) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
