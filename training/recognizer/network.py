"""The line network: convolutions that halve the height five times, two bidirectional LSTMs, CTC.

A line is 40 pixels high, grey, `(value / 255 - 0.5) / 0.5`, padded on the right with exact zeros, which no pixel value
gives: so the network itself sees where a line ends and normalises it by its own mean and deviation.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from ocr.recognizer.alphabet import CLASSES

CHANNELS = (24, 48, 80, 112)
FEATURES = 160
HIDDEN = 128


def normalise(line: Tensor) -> Tensor:
    """Batch x 1 x HEIGHT x width, each line by its own pixels' mean and deviation; the padding becomes paper, 0.5."""
    inside = (line.abs() > 1e-4).to(line.dtype)
    count = inside.sum((1, 2, 3), keepdim=True).clamp(min=1)
    mean = (line * inside).sum((1, 2, 3), keepdim=True) / count
    centred = (line - mean) * inside
    deviation = (centred.square().sum((1, 2, 3), keepdim=True) / count).sqrt() + 0.02
    return centred / deviation + 0.5 * (1 - inside)


def _conv(channels_in: int, channels_out: int, stride: tuple[int, int] = (1, 1)) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False), nn.BatchNorm2d(channels_out), nn.ReLU()
    )


class Residual(nn.Module):
    """Convolutions beside a short cut."""

    def __init__(self, channels: int, convolutions: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*(_conv(channels, channels) for _ in range(convolutions)))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class LineNetwork(nn.Module):
    """Batch x 1 x HEIGHT x width to (logits: batch x steps x classes, pen: batch x steps logits)."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third, fourth = CHANNELS
        self.convolutions = nn.Sequential(
            _conv(1, first, (2, 2)),
            Residual(first, 1),
            _conv(first, second, (2, 2)),
            Residual(second, 2),
            _conv(second, third, (2, 1)),
            Residual(third, 2),
            _conv(third, fourth, (2, 1)),
        )
        self.collapse = nn.Sequential(
            nn.Conv2d(fourth, FEATURES, 3, padding=(0, 1), bias=False), nn.BatchNorm2d(FEATURES), nn.ReLU()
        )
        self.lstm = nn.LSTM(FEATURES, HIDDEN, 2, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * HIDDEN, CLASSES)
        self.pen = nn.Linear(2 * HIDDEN, 1)

    def forward(self, line: Tensor) -> tuple[Tensor, Tensor]:
        features = self.collapse(self.convolutions(normalise(line))).squeeze(2).transpose(1, 2)
        states, _ = self.lstm(features)
        states = self.drop(states)
        return self.head(states), self.pen(states).squeeze(2)


def loss_of(
    logits: Tensor, pens: Tensor, targets: Tensor, lengths: Tensor, steps: Tensor, pen_truth: Tensor, pen_known: Tensor
) -> Tensor:
    """CTC of the text, a letter a unit, and a tenth of the cross-entropy of print against pen where that is known."""
    probabilities = functional.log_softmax(logits.float(), 2).transpose(0, 1)
    ctc = functional.ctc_loss(probabilities, targets, steps, lengths, reduction="none", zero_infinity=True)
    text = (ctc / lengths.clamp(min=4)).mean()
    pen = functional.binary_cross_entropy_with_logits(pens.float(), pen_truth, pen_known)
    return text + 0.1 * pen
