"""Runs a Keras (.keras, .h5) or SavedModel network in TensorFlow: python3 tensorflow.py MODEL   (pip install tensorflow)"""
import json, os, struct, sys

sys.path.pop(0)  # this folder: its files have their packages' names
import numpy as np
import tensorflow as tf

out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # whatever a library prints goes to standard error
threads = int(os.environ.get("IMAGENET_EVAL_THREADS", "1"))

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
path = sys.argv[1]
if os.path.isdir(path):
    network = tf.saved_model.load(path).signatures["serving_default"]
    name, given = next(iter(network.structured_input_signature[1].items()))
    run = lambda images: next(iter(network(**{name: images}).values()))
else:
    network = tf.keras.models.load_model(path, compile=False)
    name, given = network.inputs[0].name, network.inputs[0]
    run = lambda images: network(images, training=False)
sizes, dtype = list(given.shape), tf.as_dtype(given.dtype)
probe = run(tf.zeros([1, *[size or 224 for size in sizes[1:]]], dtype))
layout = "NHWC" if sizes[3] == 3 else "NCHW"
height, width = sizes[1:3] if layout == "NHWC" else sizes[2:4]

out.write(json.dumps({
    "protocol": "imagenet-eval/1", "name": "TensorFlow", "version": tf.__version__, "threads": threads,
    "scheme": "Keras" if os.path.isfile(path) else "SavedModel", "batch": sizes[0],
    "input": {"name": name, "dtype": dtype.name, "layout": layout, "height": height, "width": width},
    "output": {"dtype": probe.dtype.name, "classes": probe.shape[1]},
}).encode() + b"\n")
out.flush()


while head := sys.stdin.buffer.read(20):
    length, *shape = struct.unpack("<5I", head)
    images = np.frombuffer(sys.stdin.buffer.read(length - 16), dtype.as_numpy_dtype).reshape(shape)
    scores = run(tf.constant(images)).numpy()
    data = np.ascontiguousarray(scores).tobytes()
    out.write(struct.pack("<I", len(data)) + data)
    out.flush()
