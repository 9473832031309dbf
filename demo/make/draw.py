"""Draws the demo's pictures: one lit, textured shape among clutter, then a careless photograph of it.

Every picture depends only on (split, number, attempt), so any one can be drawn again on its own.

    python draw.py val PICTURES_DIR          the validation JPEGs and val.txt
    python draw.py train TRAIN_NPZ [COUNT]   the training set, already resized to the recipe's 72 pixels
"""

from __future__ import annotations

import colorsys
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from classes import CLASSES, split_class
from recipe import INPUT, resize_short_side

SEED = 20240917
SPLITS: dict[str, int] = {"train": 1, "val": 8}
VAL_IMAGES = 400
TRAIN_IMAGES = 12000
REDRAWN = Path(__file__).with_name("redrawn.json")
OVERSAMPLE = 2

# Corners, inner radius (as a part of the outer one) and a size that makes the areas alike.
OUTLINES: dict[str, tuple[int, float, float]] = {
    "triangle": (3, 0.5, 1.28),
    "square": (4, float(np.cos(np.pi / 4)), 1.12),
    "hexagon": (6, float(np.cos(np.pi / 6)), 1.0),
    "star": (5, 0.52, 1.24),
}

Colour = tuple[int, int, int]
Rng = np.random.Generator


@dataclass(frozen=True)
class Photo:
    """A finished JPEG and what it shows."""

    jpeg: bytes
    label: int


def labels(split: str, count: int) -> np.ndarray:
    """The class of each picture: equally many a class, shuffled over the numbers."""
    rng = np.random.default_rng([SEED, SPLITS[split], 0])
    return rng.permutation(np.arange(count) % CLASSES)


def colour(rng: Rng, saturation: tuple[float, float], value: tuple[float, float]) -> np.ndarray:
    """A random colour, as float32 RGB in 0..255."""
    rgb = colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value))
    return np.asarray(rgb, dtype=np.float32) * 255


def as_tuple(rgb: np.ndarray) -> Colour:
    """The colour as ImageDraw wants it."""
    r, g, b = (int(c) for c in np.clip(rgb, 0, 255))
    return r, g, b


def cloud(rng: Rng, width: int, height: int, cells: int) -> np.ndarray:
    """Smooth random values in 0..1, `cells` bumps across."""
    coarse = rng.integers(0, 256, (cells, cells), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float32) / 255


def background(rng: Rng, width: int, height: int, unit: float) -> Image.Image:
    """A soft two-colour ground with out-of-focus clutter."""
    one, two = colour(rng, (0.1, 0.6), (0.3, 0.95)), colour(rng, (0.1, 0.6), (0.3, 0.95))
    mix = cloud(rng, width, height, int(rng.integers(2, 6)))[..., None]
    image = Image.fromarray((one * mix + two * (1 - mix)).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 11))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        a, b = rng.uniform(0.05, 0.28, 2) * unit
        fill = as_tuple(colour(rng, (0.2, 0.8), (0.25, 0.95)))
        kind = rng.integers(4)
        if kind == 0:
            pen.ellipse((x - a, y - b, x + a, y + b), fill=fill)
        elif kind == 1:
            turn = rng.uniform(0, 2 * np.pi)
            tip = (x + 3 * a * np.cos(turn), y + 3 * a * np.sin(turn))
            pen.line(((x, y), tip), fill=fill, width=max(1, int(b / 3)))
        elif kind == 2:
            pen.polygon([(x + rng.uniform(-a, a), y + rng.uniform(-b, b)) for _ in range(4)], fill=fill)
        else:
            for k in range(int(rng.integers(3, 7))):
                pen.ellipse((x + k * a / 2, y, x + k * a / 2 + b / 4, y + b / 4), fill=fill)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.004, 0.03) * unit))


def inside(shape: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Whether each point (in units of the object's radius) lies in the shape."""
    radius = np.hypot(u, v)
    if shape == "disc":
        return radius < 0.95
    corners, inner, size = OUTLINES[shape]
    half = np.pi / corners
    angle = np.abs((np.arctan2(v, u) + half) % (2 * half) - half)
    x, y = radius * np.cos(angle) / size, radius * np.sin(angle) / size
    tip_x, tip_y = inner * np.cos(half), inner * np.sin(half)
    return (tip_x - 1) * y - tip_y * (x - 1) > 0


def surface_pattern(surface: str, rng: Rng, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Which of the two colours each point of the surface has."""
    period = rng.uniform(0.42, 0.8)
    turn = rng.uniform(0, np.pi)
    p = (u * np.cos(turn) + v * np.sin(turn)) / period + rng.random()
    q = (v * np.cos(turn) - u * np.sin(turn)) / period + rng.random()
    if surface == "striped":
        return p % 1 < rng.uniform(0.35, 0.6)
    if surface == "checkered":
        return (p % 1 < 0.5) ^ (q % 1 < 0.5)
    if surface == "dotted":
        return np.hypot(p % 1 - 0.5, (q + 0.5 * (np.floor(p) % 2)) % 1 - 0.5) < rng.uniform(0.26, 0.36)
    return np.zeros(u.shape, dtype=bool)


def two_colours(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """The object's colours, told apart by at least a little."""
    while True:
        one, two = colour(rng, (0.3, 1.0), (0.25, 1.0)), colour(rng, (0.0, 1.0), (0.2, 1.0))
        if np.abs(one - two).mean() > 70:
            return one, two


def object_layer(rng: Rng, label: int, canvas: Image.Image, unit: float) -> Image.Image:
    """Lays the class's object, with its shadow, on the canvas."""
    shape, surface = split_class(label)
    width, height = canvas.size
    radius = rng.uniform(0.26, 0.42) * unit
    reach = max(0.0, 0.46 * unit - radius)
    cx, cy = width / 2 + rng.uniform(-reach, reach), height / 2 + rng.uniform(-reach, reach)
    turn, squash, skew = rng.uniform(0, 2 * np.pi), rng.uniform(0.75, 1.0), rng.uniform(-0.2, 0.2)
    grid_y, grid_x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (grid_x - cx) / radius, (grid_y - cy) / radius
    x, y = x + skew * y, y / squash
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    dent = 1 + rng.uniform(0, 0.04) * np.sin(int(rng.integers(2, 6)) * np.arctan2(v, u) + rng.uniform(0, 6))
    mask = inside(shape, u * dent, v * dent)
    pattern = surface_pattern(surface, rng, u, v)
    one, two = two_colours(rng)
    paint = np.where(pattern[..., None], two, one)
    light = 1 + rng.uniform(0.05, 0.3) * (np.cos(turn) * u + np.sin(turn) * v)
    paint = paint * np.clip(light, 0.5, 1.4)[..., None]
    stencil = Image.fromarray(mask.astype(np.uint8) * 255)

    drop = int(rng.uniform(0.02, 0.1) * unit)
    shade = Image.new("L", canvas.size, 0)
    shade.paste(stencil.point([int(i * 0.55) for i in range(256)]), (drop, drop))
    shade = shade.filter(ImageFilter.GaussianBlur(rng.uniform(0.01, 0.04) * unit))
    canvas.paste((12, 12, 18), (0, 0), shade)
    canvas.paste(Image.fromarray(np.clip(paint, 0, 255).astype(np.uint8)), (0, 0), stencil)
    return canvas


def occlude(rng: Rng, canvas: Image.Image, unit: float) -> Image.Image:
    """Puts twigs, a pole or a blob in front of the object."""
    pen = ImageDraw.Draw(canvas)
    cx, cy = canvas.width / 2, canvas.height / 2
    for _ in range(int(rng.choice(3, p=[0.35, 0.4, 0.25]))):
        fill = as_tuple(colour(rng, (0.2, 0.9), (0.15, 0.9)))
        turn, off = rng.uniform(0, np.pi), rng.uniform(-0.28, 0.28) * unit
        x, y = cx - off * np.sin(turn), cy + off * np.cos(turn)
        kind = rng.integers(3)
        if kind == 0:
            far = unit * 2
            ends = [(x - far * np.cos(turn), y - far * np.sin(turn)), (x + far * np.cos(turn), y + far * np.sin(turn))]
            pen.line(ends, fill=fill, width=max(2, int(rng.uniform(0.03, 0.11) * unit)))
        elif kind == 1:
            for _ in range(int(rng.integers(2, 6))):
                lean = turn + rng.uniform(-0.5, 0.5)
                tip = (x + 0.5 * unit * np.cos(lean), y + 0.5 * unit * np.sin(lean))
                pen.line([(x - 0.5 * unit * np.cos(turn), y - 0.5 * unit * np.sin(turn)), tip], fill=fill, width=max(1, int(0.018 * unit)))
        else:
            a, b = rng.uniform(0.05, 0.14, 2) * unit
            pen.ellipse((x - a, y - b, x + a, y + b), fill=fill)
    return canvas


def photograph(rng: Rng, scene: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The camera: lens blur, exposure, colour cast, vignette, sensor noise."""
    blur = float(rng.choice([0.0, 0.4, 0.8, 1.2], p=[0.3, 0.3, 0.25, 0.15]))
    blur *= OVERSAMPLE * min(size) / 100
    image = scene.filter(ImageFilter.GaussianBlur(blur)).resize(size, Image.Resampling.BOX)
    pixels = np.asarray(image, dtype=np.float32) / 255
    pixels = pixels ** rng.uniform(0.65, 1.55) * rng.uniform(0.88, 1.06, 3).astype(np.float32)
    contrast = rng.uniform(0.65, 1.15)
    pixels = (pixels - 0.5) * contrast + 0.5 + rng.uniform(-0.08, 0.08)
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    pixels *= (1 - rng.uniform(0, 0.22) * (x * x + y * y))[..., None]
    pixels += rng.normal(0, rng.uniform(0, 0.035), pixels.shape)
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


def encode(rng: Rng, image: Image.Image) -> bytes:
    """A JPEG of a random kind: about 5 % grey, 8 % progressive, any chroma subsampling."""
    grey = rng.random() < 0.05
    progressive = rng.random() < 0.08
    quality = int(rng.integers(48, 90))
    subsampling = int(rng.choice([0, 1, 2], p=[0.2, 0.15, 0.65]))
    out = io.BytesIO()
    if grey:
        image.convert("L").save(out, "JPEG", quality=quality, progressive=progressive)
    else:
        image.save(out, "JPEG", quality=quality, progressive=progressive, subsampling=subsampling)
    return out.getvalue()


def draw(split: str, number: int, label: int, attempt: int = 0) -> Photo:
    """Draws picture `number` of a split (attempt > 0: the same number drawn afresh)."""
    rng = np.random.default_rng([SEED, SPLITS[split], number, attempt])
    short = int(rng.integers(70, 141))
    long = min(220, int(short * rng.choice([1.0, 1.15, 4 / 3, 1.5, 1.78], p=[0.1, 0.15, 0.4, 0.25, 0.1])))
    size = (long, short) if rng.random() < 0.68 else (short, long)
    unit = float(short * OVERSAMPLE)
    canvas = background(rng, size[0] * OVERSAMPLE, size[1] * OVERSAMPLE, unit)
    canvas = object_layer(rng, label, canvas, unit)
    canvas = occlude(rng, canvas, unit)
    return Photo(encode(rng, photograph(rng, canvas, size)), label)


def val_name(number: int) -> str:
    """The file name of validation picture `number` (from 1)."""
    return f"demo_val_{number:08d}.JPEG"


def draw_val(folder: Path) -> None:
    """Writes the validation JPEGs and val.txt; redrawn.json says which numbers use a later attempt."""
    folder.mkdir(parents=True, exist_ok=True)
    attempts: dict[str, int] = json.loads(REDRAWN.read_text()) if REDRAWN.exists() else {}
    lines: list[str] = []
    for number, label in enumerate(labels("val", VAL_IMAGES).tolist(), start=1):
        photo = draw("val", number, label, attempts.get(str(number), 0))
        (folder / val_name(number)).write_bytes(photo.jpeg)
        lines.append(f"{val_name(number)} {label}\n")
    (folder / "val.txt").write_text("".join(lines))


def draw_train(path: Path, count: int) -> None:
    """Writes the training pictures, through JPEG and the recipe's resize, cut to a square of 72 pixels."""
    target = labels("train", count)
    side = INPUT + 8
    pictures = np.empty((count, side, side, 3), dtype=np.uint8)
    for number, label in enumerate(target.tolist()):
        with Image.open(io.BytesIO(draw("train", number, label).jpeg)) as image:
            resized = resize_short_side(image.convert("RGB"))
        left, top = (resized.width - side) // 2, (resized.height - side) // 2
        pictures[number] = np.asarray(resized.crop((left, top, left + side, top + side)))
    np.savez(path, pictures=pictures, labels=target)


def main(argv: list[str]) -> None:
    """Command line."""
    if len(argv) == 2 and argv[0] == "val":
        draw_val(Path(argv[1]))
    elif len(argv) in (2, 3) and argv[0] == "train":
        draw_train(Path(argv[1]), int(argv[2]) if len(argv) == 3 else TRAIN_IMAGES)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
