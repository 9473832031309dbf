"""Trains the network on the training drawings and exports it as a float ONNX file.

    python train.py TRAIN_NPZ FLOAT_ONNX [EPOCHS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from network import TinyHarDNet
from recipe import INPUT, MEAN, RESIZE, STD

SEED, EPOCHS, BATCH, PEAK_RATE = 7, 14, 64, 5e-3
HELD_OUT = 1000


def augment(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Random crops of INPUT from RESIZE and random mirroring, as normalized float."""
    slack = RESIZE - INPUT + 1
    top, left = (int(torch.randint(slack, (1,), generator=generator)) for _ in range(2))
    cut = pictures[:, :, top : top + INPUT, left : left + INPUT]
    flips = torch.rand(2, generator=generator) < 0.5
    cut = cut.flip([axis for axis, flip in zip((2, 3), flips) if flip])
    return normalize(cut)


def normalize(pictures: Tensor) -> Tensor:
    """uint8 NCHW to the recipe's normalized float."""
    mean, std = torch.from_numpy(MEAN).view(3, 1, 1), torch.from_numpy(STD).view(3, 1, 1)
    return (pictures.float() / 255 - mean) / std


def accuracy(model: nn.Module, pictures: Tensor, target: Tensor) -> float:
    """Top-1 on centre crops, in percent."""
    model.eval()
    low = (RESIZE - INPUT) // 2
    cut = pictures[:, :, low : low + INPUT, low : low + INPUT]
    with torch.no_grad():
        guesses = torch.cat([model(normalize(part)).argmax(1) for part in cut.split(250)])
    return 100 * (guesses == target).float().mean().item()


def fit(pictures: Tensor, target: Tensor, epochs: int) -> TinyHarDNet:
    """Trains with AdamW and a one-cycle rate; prints the accuracy on held-out TRAINING drawings."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    model = TinyHarDNet()
    print(f"{sum(p.numel() for p in model.parameters())} parameters")
    kept, kept_target = pictures[:HELD_OUT], target[:HELD_OUT]
    pictures, target = pictures[HELD_OUT:], target[HELD_OUT:]
    steps = len(pictures) // BATCH
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, epochs * steps, pct_start=0.2)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(1, epochs + 1):
        start, total = time.time(), 0.0
        model.train()
        order = torch.randperm(len(pictures), generator=generator)
        for step in range(steps):
            chosen = order[step * BATCH : (step + 1) * BATCH]
            loss = loss_of(model(augment(pictures[chosen], generator)), target[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
            total += loss.item()
        score = accuracy(model, kept, kept_target)
        print(f"epoch {epoch}: loss {total / steps:.3f}, held out {score:.1f} %, {time.time() - start:.0f} s", flush=True)
    return model


def export(model: TinyHarDNet, path: Path) -> None:
    """Writes the ONNX file (the exporter folds the normalizations into the convolutions)."""
    model.eval()
    torch.onnx.export(
        model, (torch.zeros(1, 3, INPUT, INPUT),), str(path), dynamo=False, opset_version=17,
        input_names=["input"], output_names=["scores"],
        dynamic_axes={"input": {0: "batch"}, "scores": {0: "batch"}},
    )  # fmt: skip
    made = onnx.load(path)
    made.graph.name = "tiny_hardnet"
    onnx.checker.check_model(made, full_check=True)
    onnx.save(made, path)


def main(data: Path, out: Path, epochs: int) -> None:
    """Reads the drawings, trains, exports."""
    torch.set_num_threads(1)
    with np.load(data) as stored:
        pictures = torch.from_numpy(stored["pictures"]).permute(0, 3, 1, 2).contiguous()
        target = torch.from_numpy(stored["labels"]).long()
    export(fit(pictures, target, epochs), out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else EPOCHS)
