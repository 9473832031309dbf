"""Quantizes the float network: static QDQ, uint8 activations, per-channel int8 weights of 7 bits.

Seven bits (reduce_range) keep 16-bit sums from saturating on processors without VNNI, so the scores
do not depend on the processor. Calibrated on TRAINING drawings.

    python quantize.py TRAIN_NPZ FLOAT_ONNX INT8_ONNX
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from recipe import INPUT, RESIZE, normalize

CALIBRATION_IMAGES = 300


class Drawings(CalibrationDataReader):
    """Feeds training drawings, centre-cropped, one at a time."""

    def __init__(self, pictures: np.ndarray, name: str) -> None:
        low = (RESIZE - INPUT) // 2
        cut = pictures[:, low : low + INPUT, low : low + INPUT]
        self._feeds = iter([{name: normalize(picture)[None]} for picture in cut])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next picture, or None."""
        return next(self._feeds, None)


def prune(path: Path) -> None:
    """Drops the constants that quantizing left unused (onnxruntime warns of each when it loads them)."""
    model = onnx.load(path)
    used = {name for node in model.graph.node for name in node.input}
    for node in [node for node in model.graph.node if node.op_type == "Constant" and node.output[0] not in used]:
        model.graph.node.remove(node)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def main(data: Path, source: Path, out: Path) -> None:
    """Calibrates and quantizes."""
    with np.load(data) as stored:
        pictures = stored["pictures"][:CALIBRATION_IMAGES]
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared), str(out), Drawings(pictures, "input"),
            quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )  # fmt: skip
    prune(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
