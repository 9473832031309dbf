"""Finds validation pictures that the float network all but ties on, and has them drawn afresh.

A picture whose scores lie within MARGIN of each other at the edge of the top 1 or of the top 5 could
be ranked differently by another processor's order of summation. Its number goes into redrawn.json;
run draw.py and this again until it says that none is left (it exits 1 while some are).

    python tooclose.py PICTURES_DIR FLOAT_ONNX
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image

from draw import REDRAWN
from recipe import preprocess

MARGIN = 2e-3


def main(pictures: Path, model: Path) -> int:
    """Adds one attempt to each picture that is too close; returns how many those are."""
    session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    attempts: dict[str, int] = json.loads(REDRAWN.read_text()) if REDRAWN.exists() else {}
    found = 0
    for number, line in enumerate((pictures / "val.txt").read_text().splitlines(), start=1):
        with Image.open(pictures / line.split()[0]) as image:
            scores = session.run(None, {"input": preprocess(image)[None]})[0][0]
        ranked = np.sort(scores)[::-1]
        if min(ranked[0] - ranked[1], ranked[4] - ranked[5]) < MARGIN:
            attempts[str(number)] = attempts.get(str(number), 0) + 1
            found += 1
    REDRAWN.write_text(json.dumps(attempts, indent=2) + "\n")
    print(f"{found} too close; {len(attempts)} redrawn in all")
    return found


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), Path(sys.argv[2])) else 0)
