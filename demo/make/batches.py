"""Checks that both models answer alike at several batch sizes, and says whether to the last bit.

    python batches.py DEMO_DIR
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort

from reference import MODELS, TOP, inputs

SIZES = (1, 4, 16)


def scores(session: ort.InferenceSession, pictures: np.ndarray, size: int) -> np.ndarray:
    """All scores, run `size` pictures at a time."""
    parts = [session.run(None, {"input": pictures[k : k + size]})[0] for k in range(0, len(pictures), size)]
    return np.concatenate(parts)


def main(demo: Path) -> None:
    """Prints one line a model, batch size and thread count; fails if a ranking differs."""
    pictures = np.stack(list(inputs(demo / "images.tar").values()))
    for model in MODELS:
        first: np.ndarray | None = None
        for threads in (1, 2):
            options = ort.SessionOptions()
            options.intra_op_num_threads = threads
            session = ort.InferenceSession(str(demo / f"{model}.onnx"), options, providers=["CPUExecutionProvider"])
            for size in SIZES:
                got = scores(session, pictures, size)
                first = got if first is None else first
                ranks = [np.argsort(-s, axis=1, kind="stable")[:, :TOP] for s in (first, got)]
                assert np.array_equal(*ranks), f"{model}: batch {size} ranks differently"
                print(f"{model}: {threads} threads, batch {size}: same top 5; bit for bit: {np.array_equal(first, got)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
