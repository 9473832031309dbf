"""Quantizes a float network in the forms that onnxruntime.quantization writes, each as it is and with one quantizer broken.

quantize.py FLOAT_ONNX IMAGES OUT [FORM...]    needs onnx, onnxruntime, numpy, pillow

Writes OUT/FORM.onnx, OUT/FORM_broken.onnx and OUT/broken.json, which names what was broken as ../shared/tools/break_qdq.py does.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from PIL import Image

FORMS = {
    "u8s8_per_channel": dict(activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, per_channel=True),
    "s8s8_per_tensor": dict(activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, per_channel=False),
    "u8u8_per_tensor": dict(activation_type=QuantType.QUInt8, weight_type=QuantType.QUInt8, per_channel=False),
    "s8s8_relu_kept": dict(
        activation_type=QuantType.QInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"QDQKeepRemovableActivations": True},
    ),
    "s16s8_per_channel": dict(activation_type=QuantType.QInt16, weight_type=QuantType.QInt8, per_channel=True),
    "u8s4_per_channel": dict(activation_type=QuantType.QUInt8, weight_type=QuantType.QInt4, per_channel=True),
    "s8s8_shared_scales": dict(activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, per_channel=True),
}
# What is broken in each form, in turn.
BREAKS = ["clips", "coarse"]


def prepared(path, size):
    image = Image.open(path).convert("RGB")
    width, height = image.size
    scale = size * 8 / 7 / min(width, height)
    image = image.resize((round(width * scale), round(height * scale)), Image.BICUBIC)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    pixels = np.asarray(image.crop((left, top, left + size, top + size)), np.float32) / 255
    pixels = (pixels - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    return pixels.astype(np.float32).transpose(2, 0, 1)[None]


class Calibration(CalibrationDataReader):
    def __init__(self, name, inputs):
        self.feeds = iter([{name: x} for x in inputs])

    def get_next(self):
        return next(self.feeds, None)


def share_scales(model):
    """Every Concat's inputs and output get one scale and zero point: those of the widest."""
    graph = model.graph
    values = {one.name: one for one in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}

    def quantizer(name):
        maker = makers.get(name)
        return makers[maker.input[0]] if maker is not None and maker.op_type == "DequantizeLinear" else None

    for concat in [node for node in graph.node if node.op_type == "Concat"]:
        around = [quantizer(name) for name in concat.input]
        around += [n for n in graph.node if n.op_type == "QuantizeLinear" and n.input[0] in concat.output]
        around = [node for node in around if node is not None and node.op_type == "QuantizeLinear"]
        if len(around) < 2:
            continue
        widest = max(around, key=lambda node: float(numpy_helper.to_array(values[node.input[1]])))
        for node in around:
            for user in graph.node:
                if user is node or (user.op_type == "DequantizeLinear" and user.input[0] == node.output[0]):
                    user.input[1], user.input[2] = widest.input[1], widest.input[2]


def broken(model, kind, seed):
    """The same network with the scale of one activation a tenth (clips) or 24 times (coarse) of what it was."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    values = {one.name: one for one in graph.initializer}
    quantizers = [n for n in graph.node if n.op_type == "QuantizeLinear" and n.input[0] not in values]
    node = quantizers[np.random.default_rng(seed).integers(len(quantizers) // 4, len(quantizers))]
    old = numpy_helper.to_array(values[node.input[1]])
    name = node.input[1] + "_broken"
    graph.initializer.append(numpy_helper.from_array((old * (0.1 if kind == "clips" else 24)).astype(old.dtype), name))
    for user in graph.node:
        if user is node or (user.op_type == "DequantizeLinear" and user.input[0] == node.output[0]):
            user.input[1] = name
    return copy, node.input[0]


def main():
    source, images, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    model = onnx.load(str(source))
    # QuantizeLinear of 16 and 4 bits is of opset 21.
    newer = onnx.version_converter.convert_version(model, 21)
    onnx.save(newer, str(out / "float.onnx"))
    size = newer.graph.input[0].type.tensor_type.shape.dim[3].dim_value
    inputs = [prepared(path, size) for path in sorted(images.iterdir())[1::16][:32]]
    rows = []
    for seed, form in enumerate(sys.argv[4:] or FORMS):
        path = out / f"{form}.onnx"
        quantize_static(
            str(out / "float.onnx"),
            str(path),
            Calibration(newer.graph.input[0].name, inputs),
            quant_format=QuantFormat.QDQ,
            **FORMS[form],
        )
        quantized = onnx.load(str(path))
        if form.endswith("shared_scales"):
            share_scales(quantized)
            onnx.save(quantized, str(path))
        kind = BREAKS[seed % len(BREAKS)]
        made, tensor = broken(quantized, kind, seed)
        onnx.save(made, str(out / f"{form}_broken.onnx"))
        rows.append(dict(file=f"{form}_broken.onnx", kind=kind, tensor=tensor))
        print(rows[-1], flush=True)
    (out / "broken.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
