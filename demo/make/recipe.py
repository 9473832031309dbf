"""The demo's preprocessing: what every figure of the demo models was measured with.

RGB; short side to 72 (bicubic, long side truncated as torchvision does); centre crop of 64 at
int(round((n - 64) / 2)), halves to even; / 255; minus mean; / std; NCHW; all arithmetic in float32.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

RESIZE = 72
INPUT = 64
MEAN = np.asarray((0.485, 0.456, 0.406), dtype=np.float32)
STD = np.asarray((0.229, 0.224, 0.225), dtype=np.float32)


def resize_short_side(image: Image.Image) -> Image.Image:
    """Bicubic resize that brings the short side to RESIZE."""
    width, height = image.size
    if width <= height:
        size = (RESIZE, int(RESIZE * height / width))
    else:
        size = (int(RESIZE * width / height), RESIZE)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)


def centre_crop(image: Image.Image) -> Image.Image:
    """The middle INPUT x INPUT pixels."""
    left = int(round((image.width - INPUT) / 2))
    top = int(round((image.height - INPUT) / 2))
    return image.crop((left, top, left + INPUT, top + INPUT))


def normalize(pixels: np.ndarray) -> np.ndarray:
    """uint8 HWC (or NHWC) pixels to normalized float32 CHW (or NCHW)."""
    scaled = (pixels.astype(np.float32) / np.float32(255) - MEAN) / STD
    return np.ascontiguousarray(np.moveaxis(scaled, -1, -3))


def preprocess(image: Image.Image) -> np.ndarray:
    """A decoded picture to the network's input, without the batch axis."""
    return normalize(np.asarray(centre_crop(resize_short_side(image.convert("RGB")))))
