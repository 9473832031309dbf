"""Measures both demo models in Python, independently of the tool, and writes what the tool must reproduce.

Reads DEMO_DIR/images.tar as it was packed; Pillow decodes, Python's onnxruntime runs, batch 1.
Writes DEMO_DIR/reference.json and the two model manifests. Ties go to the lowest class index.

    python reference.py DEMO_DIR MANIFESTS_DIR
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import TypedDict

import numpy as np
import onnxruntime as ort
import PIL
from PIL import Image

from recipe import preprocess

MODELS = ("demo_float", "demo_qdq_int8")
TOP = 5


class ImageResult(TypedDict):
    """One picture's best classes, best first, and their scores."""

    classes: list[int]
    scores: list[float]


class ModelResult(TypedDict):
    """A model's figures."""

    top1: int
    top5: int
    images: dict[str, ImageResult]


def source() -> str:
    """What the figures were made with."""
    return f"demo/make/reference.py, Pillow {PIL.__version__} and Python onnxruntime {ort.__version__}"


def inputs(archive: Path) -> dict[str, np.ndarray]:
    """The network input of every picture in the archive."""
    with tarfile.open(archive) as tar:
        out: dict[str, np.ndarray] = {}
        for member in tar:
            stored = tar.extractfile(member)
            assert stored is not None
            with Image.open(io.BytesIO(stored.read())) as image:
                out[member.name] = preprocess(image)
    return out


def short(score: np.float32) -> float:
    """The shortest decimal that still reads back as the same float32."""
    return float(np.format_float_scientific(score, unique=True))


def measure(model: Path, pictures: dict[str, np.ndarray], labels: dict[str, int]) -> ModelResult:
    """Runs every picture alone and counts."""
    session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    result = ModelResult(top1=0, top5=0, images={})
    for name, picture in pictures.items():
        scores = session.run(None, {"input": picture[None]})[0][0]
        best = np.argsort(-scores, kind="stable")[:TOP]
        result["top1"] += int(best[0] == labels[name])
        result["top5"] += int(labels[name] in best)
        result["images"][name] = ImageResult(classes=best.tolist(), scores=[short(s) for s in scores[best]])
    return result


def manifest(model: Path, result: ModelResult) -> str:
    """The model manifest's text."""
    content, images = model.read_bytes(), len(result["images"])
    return f"""\
kind: model
version: 1
name: {model.stem}
file: ../demo/{model.name}
sha256: {hashlib.sha256(content).hexdigest()}
bytes: {len(content)}
source: made by demo/make (this project)
license: Apache-2.0
documented:
  top1: {{ correct: {result["top1"]}, percent: {100 * result["top1"] / images:.2f} }}
  top5: {{ correct: {result["top5"]}, percent: {100 * result["top5"] / images:.2f} }}
  images: {images}
  dataset: demo
  source: {source()}
"""


def as_json(results: dict[str, ModelResult]) -> str:
    """The results, one picture a line."""
    parts = []
    for name, result in results.items():
        lines = ",\n".join(f"        {json.dumps(k)}: {json.dumps(v)}" for k, v in result["images"].items())
        head = f'    "{name}": {{\n      "top1": {result["top1"]},\n      "top5": {result["top5"]},\n'
        parts.append(head + f'      "images": {{\n{lines}\n      }}\n    }}')
    models = ",\n".join(parts)
    return f'{{\n  "source": {json.dumps(source())},\n  "models": {{\n{models}\n  }}\n}}\n'


def main(demo: Path, manifests: Path) -> None:
    """Measures, prints, writes."""
    labels = {name: int(label) for name, label in (line.split() for line in (demo / "val.txt").read_text().splitlines())}
    pictures = inputs(demo / "images.tar")
    results = {model: measure(demo / f"{model}.onnx", pictures, labels) for model in MODELS}
    (demo / "reference.json").write_text(as_json(results))
    for model, result in results.items():
        (manifests / f"{model}.yaml").write_text(manifest(demo / f"{model}.onnx", result))
        print(f"{model}: top-1 {result['top1']}, top-5 {result['top5']} of {len(pictures)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
