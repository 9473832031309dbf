"""Milliseconds an image of Pillow's decode, whole resize, and NumPy's tensor: the peer of decode-and-resample.ts.

Usage: python bench/image/pillow.py FOLDER [IMAGES] [REPEATS]
"""

import io
import json
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, __version__

folder = Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))[:count]
files = [path.read_bytes() for path in paths]
mean = np.array([0.485, 0.456, 0.406], np.float32)
std = np.array([0.229, 0.224, 0.225], np.float32)


def decode(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def resize(image):
    width, height = image.size
    short = min(width, height)
    size = (256, int(256 * height / short)) if width <= height else (int(256 * width / short), 256)
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = int(round((size[0] - 224) / 2)), int(round((size[1] - 224) / 2))
    return image.crop((left, top, left + 224, top + 224))


def tensor(image):
    return ((np.asarray(image).astype(np.float32) / np.float32(255) - mean) / std).transpose(2, 0, 1).copy()


costs = {"decode": [], "resizeAndCrop": [], "tensor": []}


def measure(stage, work, inputs, keep):
    cpu, wall = time.process_time(), time.perf_counter()
    results = [work(value) for value in inputs]
    if keep:
        costs[stage].append(((time.perf_counter() - wall) * 1e3 / len(files), (time.process_time() - cpu) * 1e3 / len(files)))
    return results


for repeat in range(repeats + 1):
    images = measure("decode", decode, files, repeat > 0)
    crops = measure("resizeAndCrop", resize, images, repeat > 0)
    measure("tensor", tensor, crops, repeat > 0)

summary = {
    stage: {"wallMs": median(wall for wall, _ in rounds), "cpuMs": median(cpu for _, cpu in rounds)}
    for stage, rounds in costs.items()
}
print(json.dumps({"library": f"Pillow {__version__}", "images": len(files), **summary}))
