"""Runs an ONNX, OpenVINO IR or TFLite network in OpenVINO: python3 openvino.py MODEL [DEVICE]   (pip install openvino)"""
import json, os, struct, sys

sys.path.pop(0)  # this folder: its files have their packages' names
import numpy as np
import openvino

out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # whatever a library prints goes to standard error
threads = int(os.environ.get("IMAGENET_EVAL_THREADS", "1"))

core, device = openvino.Core(), sys.argv[2] if len(sys.argv) > 2 else "CPU"
model = core.read_model(sys.argv[1])
given, gives = model.input(0), model.output(0)
sizes = [None if size.is_dynamic else size.get_length() for size in given.partial_shape]
layout = "NHWC" if sizes[3] == 3 else "NCHW"
height, width = sizes[1:3] if layout == "NHWC" else sizes[2:4]
# float32 also where the CPU would compute in less; one stream, for every worker has a process of its own.
hints = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
compiled = core.compile_model(model, device, hints if device == "CPU" else {})
dtype = np.dtype(given.element_type.to_dtype())

out.write(json.dumps({
    "protocol": "imagenet-eval/1", "name": "OpenVINO", "version": openvino.__version__,
    "provider": device.lower(), "device": core.get_property(device, "FULL_DEVICE_NAME"),
    "threads": threads if device == "CPU" else None, "batch": sizes[0],
    "input": {"name": given.any_name, "dtype": dtype.name, "layout": layout, "height": height, "width": width},
    "output": {"name": gives.any_name, "dtype": np.dtype(gives.element_type.to_dtype()).name,
               "classes": gives.partial_shape[1].get_length()},
}).encode() + b"\n")
out.flush()


while head := sys.stdin.buffer.read(20):
    length, *shape = struct.unpack("<5I", head)
    images = np.frombuffer(sys.stdin.buffer.read(length - 16), dtype).reshape(shape)
    scores = compiled(images)[0]
    data = np.ascontiguousarray(scores).tobytes()
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()
