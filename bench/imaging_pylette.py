"""Run by Pylette's own Python: palettes of the pictures given, as JSON."""

import json
import sys
import time

from PIL import Image
from pylette import extract_colors

palettes, times = [], []
for name in sys.argv[1:]:
    picture = Image.open(name).convert("RGB")
    picture.load()
    start = time.perf_counter()
    found = extract_colors(picture, palette_size=5)
    times.append((time.perf_counter() - start) * 1e3)
    palettes.append([int(c.rgb[0]) << 16 | int(c.rgb[1]) << 8 | int(c.rgb[2]) for c in found])
print(json.dumps({"palettes": palettes, "ms": times[0]}))
