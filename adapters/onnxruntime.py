"""Runs an ONNX network in Python's onnxruntime: python3 onnxruntime.py MODEL.onnx [PROVIDER]   (pip install onnxruntime)

PROVIDER is one of those that the installed build has: CPUExecutionProvider, CUDAExecutionProvider, TensorrtExecutionProvider,
QNNExecutionProvider ... Nodes that it does not take are an error, not a silent fallback to the CPU.
"""
import json, os, struct, sys

sys.path.pop(0)  # this folder: its files have their packages' names
import numpy as np
import onnxruntime

out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # whatever a library prints goes to standard error
threads = int(os.environ.get("IMAGENET_EVAL_THREADS", "1"))

provider = sys.argv[2] if len(sys.argv) > 2 else "CPUExecutionProvider"
if provider not in onnxruntime.get_available_providers():
    sys.exit(f"this onnxruntime has no {provider}, only {', '.join(onnxruntime.get_available_providers())}")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
if provider != "CPUExecutionProvider":
    options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=[provider])
given, gives = session.get_inputs()[0], session.get_outputs()[0]
types = {"tensor(float)": "float32", "tensor(uint8)": "uint8", "tensor(int8)": "int8"}
sizes = [size if isinstance(size, int) else None for size in given.shape]
layout = "NHWC" if sizes[3] == 3 else "NCHW"
height, width = sizes[1:3] if layout == "NHWC" else sizes[2:4]

out.write(json.dumps({
    "protocol": "imagenet-eval/1", "name": "onnxruntime (Python)", "version": onnxruntime.__version__,
    "provider": provider, "threads": threads, "batch": sizes[0],
    "input": {"name": given.name, "dtype": types[given.type], "layout": layout, "height": height, "width": width},
    "output": {"name": gives.name, "dtype": types[gives.type], "classes": gives.shape[1]},
}).encode() + b"\n")
out.flush()


while head := sys.stdin.buffer.read(20):
    length, *shape = struct.unpack("<5I", head)
    images = np.frombuffer(sys.stdin.buffer.read(length - 16), types[given.type]).reshape(shape)
    scores = session.run([gives.name], {given.name: images})[0]
    data = np.ascontiguousarray(scores).tobytes()
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()
