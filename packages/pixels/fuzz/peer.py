"""The library beside which main.ts fuzzes: reads files from standard input, says what it makes of each.

    python peer.py pillow | opencv | tensorflow

In: four bytes of length, big-endian, and the file, again and again. Out: a line of JSON for each: its width, height and
the SHA-256 of its RGB bytes, or its refusal in the library's words.
"""

import hashlib
import io
import json
import os
import struct
import sys
import warnings


def pillow():
    from PIL import Image, __version__

    warnings.simplefilter("ignore")

    def decode(data):
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            rgb = image.convert("RGB")
        return rgb.width, rgb.height, rgb.tobytes()

    return decode, f"Pillow {__version__}"


def opencv():
    import cv2
    import numpy as np

    def decode(data):
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            raise ValueError("no image")
        return bgr.shape[1], bgr.shape[0], bgr[:, :, ::-1].tobytes()

    return decode, f"OpenCV {cv2.__version__}"


def tensorflow():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    def decode(data):
        # What tf.image.decode_jpeg takes; PNG files are not this decoder's.
        rgb = tf.image.decode_jpeg(data, channels=3).numpy()
        return rgb.shape[1], rgb.shape[0], rgb.tobytes()

    return decode, f"TensorFlow {tf.__version__}"


def main():
    decode, version = {"pillow": pillow, "opencv": opencv, "tensorflow": tensorflow}[sys.argv[1]]()
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "w")
    # What libjpeg says of each file is no answer, and no news.
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    print(json.dumps({"version": version}), file=stdout, flush=True)
    while True:
        head = stdin.read(4)
        if len(head) < 4:
            return
        data = stdin.read(struct.unpack(">I", head)[0])
        try:
            width, height, pixels = decode(data)
            answer = {"width": width, "height": height, "sha256": hashlib.sha256(pixels).hexdigest()}
        except Exception as error:  # whatever the library raises is its refusal
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(answer), file=stdout, flush=True)


main()
