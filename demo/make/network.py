"""A small HarDNet: harmonic dense blocks of depthwise-separable convolutions, after HarDNet-39DS.

Layer l of a block reads the layers l - 2**n for every n with 2**n dividing l; the more of those,
the wider it is. A block hands on its odd layers and its last one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from classes import CLASSES

WIDEN = 1.6


def links(layer: int, base: int, growth: int) -> tuple[int, list[int]]:
    """A layer's width and the layers that it reads (layer 0 is the block's input)."""
    if layer == 0:
        return base, []
    width, sources = float(growth), []
    for n in range(layer.bit_length()):
        if layer % 2**n == 0:
            sources.append(layer - 2**n)
            if n > 0:
                width *= WIDEN
    return int(int(width + 1) / 2) * 2, sources


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution, normalization, ReLU6."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    )


def depthwise(channels: int, stride: int = 1) -> nn.Sequential:
    """3x3 depthwise convolution and normalization; no activation, as in HarDNet-DS."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
    )


def separable(inputs: int, outputs: int) -> nn.Sequential:
    """1x1 convolution, then depthwise 3x3."""
    return nn.Sequential(conv(inputs, outputs, 1), depthwise(outputs))


class HarmonicBlock(nn.Module):
    """A harmonic dense block of `depth` separable layers."""

    def __init__(self, base: int, growth: int, depth: int) -> None:
        super().__init__()
        self.sources: list[list[int]] = []
        self.layers = nn.ModuleList()
        self.outputs = 0
        for layer in range(1, depth + 1):
            width, sources = links(layer, base, growth)
            inputs = sum(links(source, base, growth)[0] for source in sources)
            self.sources.append(sources)
            self.layers.append(separable(inputs, width))
            if layer % 2 == 1 or layer == depth:
                self.outputs += width

    def forward(self, x: Tensor) -> Tensor:
        """Runs the layers and joins the odd ones and the last."""
        done = [x]
        for layer, sources in zip(self.layers, self.sources):
            read = [done[source] for source in sources]
            done.append(layer(torch.cat(read, 1) if len(read) > 1 else read[0]))
        depth = len(self.layers)
        return torch.cat([done[k] for k in range(1, depth + 1) if k % 2 == 1 or k == depth], 1)


class TinyHarDNet(nn.Module):
    """64x64 RGB to the scores of the demo's classes.

    The linear layer is a 1x1 convolution over the pooled 1x1 map: the same sum, but one that runtimes
    work out alike for every batch size (a matrix product's order of summation may depend on its rows).
    """

    def __init__(self) -> None:
        super().__init__()
        first = HarmonicBlock(24, 10, 4)
        second = HarmonicBlock(48, 14, 8)
        third = HarmonicBlock(96, 32, 4)
        self.features = nn.Sequential(
            conv(3, 16, 3, 2), separable(16, 24), depthwise(24, 2),
            first, conv(first.outputs, 48, 1), depthwise(48, 2),
            second, conv(second.outputs, 96, 1), depthwise(96, 2),
            third, conv(third.outputs, 176, 1),
        )  # fmt: skip
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.1)
        self.linear = nn.Conv2d(176, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Scores (logits), [N, CLASSES]."""
        return torch.flatten(self.linear(self.dropout(self.pool(self.features(x)))), 1)
