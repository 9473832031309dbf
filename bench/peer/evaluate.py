"""What evaluators of ONNX classifiers usually do: a multi-process loader, batches through Python onnxruntime.

Usage: python evaluate.py FOLDER MODEL [--loader processes|torch|timm] [--workers 2] [--batch 64] [--threads 0]

FOLDER holds images named WNID_*.JPEG (or links to them). Pixels: short side 256, bicubic, centre crop 224,
(rgb / 255 - mean) / std. Loaders: `processes` is multiprocessing with Pillow and numpy; `torch` is PyTorch's
DataLoader over the same function; `timm` is timm's own loader, set as its ONNX validation sets it. Threads: 0 leaves
onnxruntime's default. Prints one line of JSON; exits 3 where the loader's packages are absent.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import threading
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

STARTED = time.time()
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


def load(path):
    """One image as float32 CHW."""
    image = Image.open(path).convert("RGB")
    width, height = image.size
    short = min(width, height)
    size = (256, int(256 * height / short)) if width <= height else (int(256 * width / short), 256)
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = int(round((size[0] - 224) / 2)), int(round((size[1] - 224) / 2))
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)))
    return ((pixels.astype(np.float32) / np.float32(255) - MEAN) / STD).transpose(2, 0, 1)


def load_batch(paths):
    return np.stack([load(path) for path in paths])


class Images:
    """A data set as PyTorch's DataLoader takes it."""

    def __init__(self, paths, labels):
        self.paths, self.labels = paths, labels

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return np.ascontiguousarray(load(self.paths[index])), self.labels[index]


class NamedImages(Images):
    """The same as timm takes it: an image, transformed by what its loader sets."""

    transform = None

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index]).convert("RGB")), self.labels[index]


def batches_of_processes(paths, labels, args):
    groups = [range(at, min(at + args.batch, len(paths))) for at in range(0, len(paths), args.batch)]
    with multiprocessing.Pool(args.workers) as pool:
        work = pool.imap(load_batch, ([paths[i] for i in group] for group in groups))
        for group, batch in zip(groups, work):
            yield batch, np.array([labels[i] for i in group])


def batches_of_torch(paths, labels, args):
    from torch.utils.data import DataLoader

    loader = DataLoader(Images(paths, labels), batch_size=args.batch, num_workers=args.workers)
    for images, targets in loader:
        yield images.numpy(), targets.numpy()


def batches_of_timm(paths, labels, args):
    from timm.data import create_loader

    loader = create_loader(
        NamedImages(paths, labels),
        input_size=(3, 224, 224),
        batch_size=args.batch,
        use_prefetcher=False,
        interpolation="bicubic",
        mean=tuple(MEAN.tolist()),
        std=tuple(STD.tolist()),
        num_workers=args.workers,
        crop_pct=0.875,
    )
    for images, targets in loader:
        yield images.numpy(), targets.numpy()


LOADERS = {"processes": batches_of_processes, "torch": batches_of_torch, "timm": batches_of_timm}


class Memory(threading.Thread):
    """Most memory of this process and its children together, pages that they share counted once (Linux's PSS)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most = 0

    def run(self):
        while True:
            self.most = max(self.most, self.now())
            time.sleep(0.25)

    @staticmethod
    def now():
        children = [word for task in Path("/proc/self/task").glob("*/children") for word in read(task).split()]
        total = 0
        for process in ["self", *children]:
            rollup = read(f"/proc/{process}/smaps_rollup")
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total * 1024


def read(path):
    """A file's text; none where it is absent or its process has ended."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("model")
    parser.add_argument("--loader", choices=sorted(LOADERS), default="processes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.loader != "processes":
        try:
            __import__({"torch": "torch.utils.data", "timm": "timm.data"}[args.loader])
        except Exception as error:
            print(f"{args.loader} can't be used: {error}", file=sys.stderr)
            sys.exit(3)
    paths = sorted(path for path in Path(args.folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    synsets = Path(__file__).resolve().parents[2] / "data-manifests" / "ilsvrc2012-val.synsets.txt"
    index = {line.split()[0]: i for i, line in enumerate(synsets.read_text().splitlines()) if line[:1] == "n"}
    labels = [index[path.name.split("_")[0]] for path in paths]
    memory = Memory()
    memory.start()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    top1, done, times = 0, 0, []
    for images, targets in LOADERS[args.loader](paths, labels, args):
        scores = session.run(None, {name: images})[0]
        top1 += int((scores.argmax(axis=1) == targets).sum())
        done += len(targets)
        times.append((done, time.time()))
    end = time.time()
    # Steady: without the first batches, which fill the queues, and the last, partly filled one.
    skip = min(2, len(times) - 2)
    steady = (times[-2][0] - times[skip][0]) / (times[-2][1] - times[skip][1]) if len(times) > skip + 2 else done / (end - STARTED)
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                "images": done,
                "top1": top1,
                "seconds": end - STARTED,
                "imagesPerSecond": steady,
                "cpuSeconds": sum(u.ru_utime + u.ru_stime for u in usage),
                "rssBytes": memory.most or None,
            }
        )
    )


if __name__ == "__main__":
    main()
