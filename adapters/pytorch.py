"""Runs a PyTorch network: python3 pytorch.py MODEL [DEVICE]   (pip install torch)

MODEL is a program of torch.export (.pt2) or TorchScript (.pt); it takes float32 N x 3 x H x W and gives N x classes.
"""
import json, os, struct, sys

sys.path.pop(0)  # this folder: its files have their packages' names
import numpy as np
import torch

out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # whatever a library prints goes to standard error
threads = int(os.environ.get("IMAGENET_EVAL_THREADS", "1"))

path, device = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "cpu"
torch.set_num_threads(threads)
sizes = [None, 3, None, None]
if path.endswith(".pt2"):
    program = torch.export.load(path)
    [name] = program.graph_signature.user_inputs
    given = next(node.meta["val"] for node in program.graph.nodes if node.name == name)
    sizes = [size if isinstance(size, int) else None for size in given.shape]
    network = program.module().to(device)
else:
    network = torch.jit.load(path, device).eval()
with torch.inference_mode():
    classes = network(torch.zeros([sizes[0] or 2, 3, sizes[2] or 224, sizes[3] or 224], device=device)).shape[1]

out.write(json.dumps({
    "protocol": "imagenet-eval/1", "name": "PyTorch", "version": torch.__version__, "provider": device,
    "device": torch.cuda.get_device_name(device) if device.startswith("cuda") else None,
    "threads": threads, "scheme": "float32", "batch": sizes[0],
    "input": {"dtype": "float32", "layout": "NCHW", "height": sizes[2], "width": sizes[3]},
    "output": {"dtype": "float32", "classes": classes},
}).encode() + b"\n")
out.flush()


while head := sys.stdin.buffer.read(20):
    length, *shape = struct.unpack("<5I", head)
    images = np.frombuffer(sys.stdin.buffer.read(length - 16), np.float32).reshape(shape)
    with torch.inference_mode():
        scores = network(torch.from_numpy(images.copy()).to(device)).float().cpu().numpy()
    data = np.ascontiguousarray(scores).tobytes()
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()
