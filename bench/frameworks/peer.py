"""The libraries that bench/frameworks/contests.ts measures itself against, single-threaded.

Reads one JSON request a line, {"work": NAME, "file": PATH, "repeats": N}, and answers {"ms": best of N}.
Exits at the end of its input. `python peer.py opencv|pillow|tensorflow|torchvision`.
"""

import io
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
from PIL import Image


def short_side(w, h, size=256):
    return (size, int(size * h / w)) if w <= h else (int(size * w / h), size)


def offset(n):
    return int(round((n - 224) / 2))


def opencv():
    import cv2

    cv2.setNumThreads(1)
    cv2.ipp.setUseIPP(os.environ.get("BENCH_IPP") == "1")

    def resize(filter):
        def run(a):
            h, w = a.shape[:2]
            ow, oh = short_side(w, h)
            out = cv2.resize(a, (ow, oh), interpolation=filter)
            x, y = offset(ow), offset(oh)
            return np.ascontiguousarray(out[y : y + 224, x : x + 224])

        return run

    filters = {"opencv-linear": cv2.INTER_LINEAR, "opencv-area": cv2.INTER_AREA, "opencv-cubic": cv2.INTER_CUBIC}
    return np.asarray, {name: resize(f) for name, f in filters.items()}, {}


def tensorflow():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    v1 = tf.compat.v1.image

    def slim(t):
        f = tf.image.central_crop(tf.image.convert_image_dtype(t, tf.float32), 0.875)
        return v1.resize_bilinear(f[None], [224, 224], align_corners=False)[0].numpy()

    def official(t):
        h, w = t.shape[:2]
        scale = np.float32(256) / np.float32(min(h, w))
        oh, ow = int(np.float32(h) * scale), int(np.float32(w) * scale)
        out = v1.resize(t, [oh, ow], method=v1.ResizeMethod.BILINEAR, align_corners=False)
        y, x = (oh - 224) // 2, (ow - 224) // 2
        return tf.slice(out, [y, x, 0], [224, 224, 3]).numpy()

    def squash(t, size=224, **how):
        return tf.image.resize(t, [size, size], method="bilinear", **how).numpy()

    works = {
        "tensorflow-bilinear": squash,
        "tensorflow-bilinear-legacy": official,
        "tensorflow-slim": slim,
        "tensorflow-bilinear-antialias": lambda t: squash(t, 256, antialias=True)[16:240, 16:240].copy(),
    }
    decodes = {"tensorflow-fast-dct": lambda data: tf.io.decode_jpeg(data, channels=3).numpy()}
    return lambda image: tf.constant(np.asarray(image)), works, decodes


def pillow():
    nearest = lambda image: np.asarray(image.resize((224, 224), Image.Resampling.NEAREST))
    return lambda image: image, {"keras-nearest": nearest}, {}


def torchvision():
    import torch
    import torchvision.transforms.v2.functional as F
    from torchvision.transforms import InterpolationMode

    torch.set_num_threads(1)

    def resize(mode):
        def run(t):
            return F.center_crop(F.resize(t, [256], interpolation=mode, antialias=True), [224, 224]).contiguous()

        return run

    works = {
        "torch-bilinear-antialias": resize(InterpolationMode.BILINEAR),
        "torch-bilinear-antialias-float": resize(InterpolationMode.BILINEAR),
        "torch-bicubic-antialias": resize(InterpolationMode.BICUBIC),
    }
    prepare = lambda image: torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).contiguous()
    return prepare, works, {}


prepare, works, decodes = {
    "opencv": opencv,
    "pillow": pillow,
    "tensorflow": tensorflow,
    "torchvision": torchvision,
}[sys.argv[1]]()
for line in sys.stdin:
    request = json.loads(line)
    data = open(request["file"], "rb").read()
    if request["work"] in decodes:
        work, given = decodes[request["work"]], data
    else:
        work, given = works[request["work"]], prepare(Image.open(io.BytesIO(data)).convert("RGB"))
    best = float("inf")
    for _ in range(request["repeats"]):
        start = time.perf_counter()
        work(given)
        best = min(best, time.perf_counter() - start)
    print(json.dumps({"ms": best * 1000}), flush=True)
