"""Writes the tables of this folder: what each published weight was preprocessed with, as its library states it.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py            # timm.tsv, torchvision.tsv, keras.tsv

No weight is downloaded: the facts stand in the packages. One weight a line, fields separated by tabs, `-` where the
library states nothing. `src/config/recipes/weights.ts` reads them; tests hold them against what the libraries'
transforms are (test/fixtures/weights/make.py).
"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
here = Path(__file__).parent


def number(value):
    """The shortest text that reads back to the same float64, without a trailing .0."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def triple(values):
    return " ".join(number(value) for value in values)


def write(name, version, source, columns, rows):
    head = [
        f"# Written by recipes/weights/make.py from {name} {version}; do not edit.",
        f"# {source}",
        "\t".join(columns),
    ]
    lines = ["\t".join(row) for row in sorted(rows)]
    (here / f"{name}.tsv").write_text("\n".join(head + lines) + "\n")
    print(name, version, len(rows))


def timm_table():
    import timm
    from timm.models import get_pretrained_cfg

    def size(input_size):
        return "-" if input_size is None else f"{input_size[1]} {input_size[2]}"

    def optional(value):
        return "-" if value is None else number(value)

    rows = []
    for name in timm.list_pretrained():
        cfg = get_pretrained_cfg(name)
        rows.append([
            name, size(cfg.input_size), number(cfg.crop_pct), cfg.crop_mode, cfg.interpolation,
            triple(cfg.mean), triple(cfg.std), size(cfg.test_input_size), optional(cfg.test_crop_pct),
        ])
    write(
        "timm", timm.__version__, "timm.models.get_pretrained_cfg; sizes are height and width.",
        ["weight", "input", "crop_pct", "crop_mode", "interpolation", "mean", "std", "test_input", "test_crop_pct"], rows,
    )


def torchvision_table():
    import torchvision
    from torchvision.models import get_model_weights, list_models

    rows = {}
    for model in list_models(module=torchvision.models):
        for weight in get_model_weights(model):
            preset = weight.transforms()
            [crop], [resize] = preset.crop_size, preset.resize_size
            rows[str(weight)] = [
                str(weight), str(resize), str(crop), preset.interpolation.value, triple(preset.mean), triple(preset.std),
            ]
    write(
        "torchvision", torchvision.__version__.split("+")[0],
        "torchvision.models.get_model_weights, transforms(): the preset ImageClassification.",
        ["weight", "resize", "crop", "interpolation", "mean", "std"], list(rows.values()),
    )


def keras_table():
    """The mode of preprocess_input is found by what it makes of three pixels; the size is the model's default."""
    import inspect

    import keras
    import numpy as np
    from keras.src import backend
    from keras.src.applications import imagenet_utils

    def mode(preprocess):
        made = np.asarray(preprocess(np.array([[[[0.0, 100.0, 200.0]]]], dtype="float32"))).reshape(-1)
        known = {
            "raw": [0, 100, 200],
            "tf": [-1, 100 / 127.5 - 1, 200 / 127.5 - 1],
            "torch": [-0.485 / 0.229, (100 / 255 - 0.456) / 0.224, (200 / 255 - 0.406) / 0.225],
            "caffe": [200 - 103.939, 100 - 116.779, 0 - 123.68],
        }
        [found] = [name for name, values in known.items() if np.allclose(made, values, atol=1e-4)]
        return found

    class Asked(Exception):
        pass

    def tell(input_shape, default_size, *args, **kwargs):
        raise Asked(default_size)

    # Every constructor asks this for its input's shape before it builds anything; NASNet refuses torch before that.
    imagenet_utils.obtain_input_shape = tell
    builders = inspect.getmembers(keras.applications, inspect.isfunction)
    modes = {name: mode(inspect.getmodule(build).preprocess_input) for name, build in builders}
    backend.backend = lambda: "tensorflow"
    # These build for any size; the files of their weights are called weights_mobilenet_v3_large_224_1.0_float.h5.
    rows = [[name, "224", modes[name]] for name in ("MobileNetV3Large", "MobileNetV3Small")]
    for name, build in builders:
        if name.startswith("MobileNetV3"):
            continue
        try:
            build(weights=None)
        except Asked as asked:
            rows.append([name, str(asked.args[0]), modes[name]])
    assert len(rows) == len(builders)
    write(
        "keras", keras.__version__, "keras.applications: default input size and mode of preprocess_input.",
        ["model", "input", "mode"], rows,
    )


if __name__ == "__main__":
    timm_table()
    torchvision_table()
    keras_table()
