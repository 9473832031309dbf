"""Runs a TFLite network in Google's LiteRT: python3 litert.py MODEL.tflite   (pip install ai-edge-litert)"""
import json, os, struct, sys

sys.path.pop(0)  # this folder: its files have their packages' names
import numpy as np
from importlib.metadata import version
from ai_edge_litert.interpreter import Interpreter

out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # whatever a library prints goes to standard error
threads = int(os.environ.get("IMAGENET_EVAL_THREADS", "1"))

network = Interpreter(sys.argv[1], num_threads=threads)
given, gives = network.get_input_details()[0], network.get_output_details()[0]
sizes = [None if size == -1 else int(size) for size in given["shape_signature"]]
layout = "NHWC" if sizes[3] == 3 else "NCHW"
height, width = sizes[1:3] if layout == "NHWC" else sizes[2:4]


def port(details):
    scale, zero = details["quantization"]
    quantized = {"scale": float(scale), "zero_point": int(zero)} if scale else {}
    return {"name": details["name"], "dtype": np.dtype(details["dtype"]).name, **quantized}


out.write(json.dumps({
    "protocol": "imagenet-eval/1", "name": "LiteRT (Python)", "version": version("ai-edge-litert"),
    "device": "XNNPACK", "threads": threads, "scheme": "TFLite", "batch": sizes[0],
    "input": {**port(given), "layout": layout, "height": height, "width": width},
    "output": {**port(gives), "classes": int(np.prod(gives["shape"][1:]))},
}).encode() + b"\n")
out.flush()
allocated = None


while head := sys.stdin.buffer.read(20):
    length, *shape = struct.unpack("<5I", head)
    images = np.frombuffer(sys.stdin.buffer.read(length - 16), given["dtype"]).reshape(shape)
    if shape != allocated:
        network.resize_tensor_input(given["index"], shape)
        network.allocate_tensors()
        allocated = shape
    network.set_tensor(given["index"], images)
    network.invoke()
    scores = network.get_tensor(gives["index"])
    data = np.ascontiguousarray(scores).tobytes()
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()
