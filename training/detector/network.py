"""A small U-shaped network: ink in, text cores and marks out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

MULTIPLE = 32
"""Height and width of the input are multiples of this."""


def _convolve(inputs: int, outputs: int, stride: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolve(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Network(nn.Module):
    """Ink (n x 1 x h x w, see ocr.lines.prepare) to three maps.

    core: n x 1 x h/2 x w/2, logit of lying between base line and x-height of a text line.
    fine: n x 4 x h/4 x w/4: logits of pen and of graphic ink; then the distance down to the base line in x-heights, and
    the binary logarithm of the x-height over 8 pixels, both of use only within a core.
    turn: n x 4 x h/16 x w/16, logits of how far clockwise the letters are to be turned: 0, 90, 180, 270 degrees.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _convolve(1, 8, 2)
        self.quarter = nn.Sequential(_convolve(8, 20, 2), _convolve(20, 20))
        self.eighth = nn.Sequential(_convolve(20, 40, 2), Residual(40))
        self.sixteenth = nn.Sequential(_convolve(40, 64, 2), Residual(64))
        self.coarse = nn.Sequential(_convolve(64, 96, 2), Residual(96), _convolve(96, 64, size=1))
        self.to_sixteenth = _convolve(64, 40)
        self.turn = nn.Conv2d(40, 4, 1)
        self.from_eighth = _convolve(40, 40, size=1)
        self.to_eighth = _convolve(40, 24)
        self.from_quarter = _convolve(20, 24, size=1)
        self.to_quarter = _convolve(24, 24)
        self.core = nn.Sequential(nn.Conv2d(24, 4, 3, 1, 1), nn.PixelShuffle(2))
        self.fine = nn.Conv2d(24, 4, 1)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        quarter = self.quarter(self.stem(ink))
        eighth = self.eighth(quarter)
        sixteenth = self.sixteenth(eighth)
        x = self.to_sixteenth(sixteenth + self.up(self.coarse(sixteenth)))
        turn = self.turn(x)
        x = self.to_eighth(self.from_eighth(eighth) + self.up(x))
        x = self.to_quarter(self.from_quarter(quarter) + self.up(x))
        return self.core(x), self.fine(x), turn
