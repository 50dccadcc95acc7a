"""Training bounded by time, with a log, resumed from its checkpoint; the weights with the least validation loss win."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from torch import Tensor
from torch.nn import functional as F

from training.detector.network import Network
from training.detector.pages import Page, load_page
from training.detector.samples import LYING, Sample, make_sample

_SIDE, _BATCH = 320, 8
_CHECKS, _CHECK_SIDE = 40, 512
_CHECK_SECONDS = 240
_KEEP = 0.995
"""Of the moving average of the weights, at full length."""

_RARE = 4.0
"""What a cell with pen or graphic ink counts against one without."""

Batch = dict[str, Tensor]


def stack(samples: Sequence[Sample]) -> Batch:
    """Samples as tensors n x 1 x h x w; `turn` n."""
    names = ("ink", "core", "weight", "pen", "graphic", "drop", "size", "inside", "text")
    batch = {name: torch.from_numpy(np.stack([getattr(one, name) for one in samples])[:, None]) for name in names}
    batch["turn"] = torch.tensor([one.turn for one in samples])
    return batch


def measure_losses(answer: tuple[Tensor, Tensor, Tensor], batch: Batch) -> dict[str, Tensor]:
    """The parts of the loss, each about 1 at the beginning."""
    core, fine, turn = answer
    weight, wanted = batch["weight"], batch["core"]
    found = torch.sigmoid(core)
    overlap = (found * wanted * weight).sum((1, 2, 3))
    total = ((found + wanted) * weight).sum((1, 2, 3))
    inside = batch["inside"]
    text = batch["text"][:, 0]
    drop = F.smooth_l1_loss(fine[:, 2:3], batch["drop"], reduction="none", beta=0.1)
    size = F.smooth_l1_loss(fine[:, 3:4], batch["size"], reduction="none", beta=0.1)
    wanted_turn = batch["turn"][:, None, None].expand(turn.shape[0], *turn.shape[2:])
    odds = torch.tensor([1 - LYING, *(LYING / 3,) * 3])
    facing = F.cross_entropy(turn, wanted_turn, weight=0.25 / odds, reduction="none")
    marks = torch.cat((batch["pen"], batch["graphic"]), 1)
    return {
        "core": (F.binary_cross_entropy_with_logits(core, wanted, reduction="none") * weight).mean() * 2,
        "dice": (1 - (2 * overlap + 20) / (total + 20)).mean(),
        "marks": F.binary_cross_entropy_with_logits(fine[:, :2], marks, pos_weight=torch.tensor(_RARE)) * 4,
        "drop": (drop * inside).sum() / (inside.sum() + 1) * 2,
        "size": (size * inside).sum() / (inside.sum() + 1) * 2,
        "turn": (facing * text).sum() / (text.sum() + 1),
    }


class Checkpoint:
    """The state of a training in its folder: network, moving average, optimizer, steps done, best loss."""

    def __init__(self, home: Path, seed: int) -> None:
        torch.manual_seed(seed)
        self.path, self.best_path, self.log_path = home / "last.pt", home / "best.pt", home / "log.jsonl"
        self.network = Network().to(memory_format=torch.channels_last)
        self.average = Network().eval()
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=1e-2)
        self.steps, self.best, self.minutes = 0, math.inf, 0.0
        if self.path.exists():
            held = torch.load(self.path, weights_only=True)
            self.network.load_state_dict(held["network"])
            self.average.load_state_dict(held["average"])
            self.optimizer.load_state_dict(held["optimizer"])
            self.steps, self.best, self.minutes = held["steps"], held["best"], held["minutes"]
        elif self.best_path.exists():  # weights alone, of a shorter training
            self.network.load_state_dict(torch.load(self.best_path, weights_only=True))
            self.average.load_state_dict(self.network.state_dict())
        else:
            self.average.load_state_dict(self.network.state_dict())

    def follow(self) -> None:
        """Moves the average towards the network."""
        keep = min(_KEEP, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            own = self.network.state_dict()
            for name, value in self.average.state_dict().items():
                if value.is_floating_point():
                    value.lerp_(own[name], 1 - keep)

    def save(self) -> None:
        torch.save(
            {
                "network": self.network.state_dict(), "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(), "steps": self.steps, "best": self.best,
                "minutes": self.minutes,
            },
            self.path,
        )  # fmt: skip

    def judge(self, checks: Sequence[Batch], seconds: float, losses: dict[str, float]) -> None:
        """Validates the average, logs, and keeps it if it is the best so far."""
        figures = check(self.average, checks)
        total = figures["loss"]
        if total < self.best:
            self.best = total
            torch.save(self.average.state_dict(), self.best_path)
        row = {"minutes": round(self.minutes + seconds / 60, 1), "steps": self.steps, **figures}
        row |= {f"train_{name}": round(value, 4) for name, value in losses.items()}
        self.save()
        with self.log_path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")


def check(network: Network, checks: Sequence[Batch]) -> dict[str, float]:
    """Loss and figures on the validation pieces: core's F1, mean errors of base line (x-heights) and size (share)."""
    sums: dict[str, float] = {}
    with torch.no_grad():
        for batch in checks:
            answer = network(batch["ink"])
            parts = {name: float(value) for name, value in measure_losses(answer, batch).items()}
            found, wanted = answer[0] > 0, batch["core"] > 0.5
            inside = batch["inside"]
            votes = (torch.log_softmax(answer[2], 1) * batch["text"]).sum((2, 3))
            turned = (votes.argmax(1) == batch["turn"])[batch["text"].sum((1, 2, 3)) > 0]
            parts |= {
                "f1": float(2 * (found & wanted).sum() / (found.sum() + wanted.sum()).clamp(min=1)),
                "drop_error": float(((answer[1][:, 2:3] - batch["drop"]).abs() * inside).sum() / inside.sum()),
                "size_error": float(((answer[1][:, 3:4] - batch["size"]).abs() * inside).sum() / inside.sum() * 0.693),
                "turned": float(turned.float().mean()),
            }
            parts["loss"] = sum(parts[name] for name in ("core", "dice", "marks", "drop", "size", "turn"))
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + value / len(checks)
    return {name: round(value, 4) for name, value in sums.items()}


def draw_batches(folder: Path, chance: np.random.Generator) -> Iterator[Batch]:
    """Batches without end from the pages that are there, those that come in meanwhile too."""
    pages: list[Page] = []
    known: set[Path] = set()
    while True:
        fresh = sorted(set(folder.glob("*.npz")) - known)
        known.update(fresh)
        pages += [load_page(path) for path in fresh]
        for _ in range(200):
            yield stack([make_sample(pages, _SIDE, chance) for _ in range(_BATCH)])


def rate_at(done: float, peak: float) -> float:
    """The learning rate after this share of the time: a short rise, then half a cosine."""
    return peak * min(done / 0.04 + 0.02, 1.0) * (0.5 + 0.5 * math.cos(math.pi * min(done, 1.0)) + 0.005)


def train(home: Path, minutes: float, peak: float, seed: int, threads: int) -> None:
    """Trains for so many minutes, or goes on where the last run stopped."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    state = Checkpoint(home, seed)
    held = [load_page(path) for path in sorted((home / "validation").glob("*.npz"))]
    fixed = np.random.default_rng(99)
    checks = [stack([make_sample(held, _CHECK_SIDE, fixed) for _ in range(8)]) for _ in range(_CHECKS // 8)]
    batches = draw_batches(home / "pages", np.random.default_rng((seed, state.steps)))
    started = checked = time.monotonic()
    running: dict[str, float] = {}
    while (spent := time.monotonic() - started) < minutes * 60:
        for group in state.optimizer.param_groups:
            group["lr"] = rate_at(spent / minutes / 60, peak)
        for name, value in take_step(state, next(batches)).items():
            running[name] = running.get(name, value) * 0.98 + value * 0.02
        if time.monotonic() - checked > _CHECK_SECONDS:
            state.judge(checks, spent, running)
            checked = time.monotonic()
    state.judge(checks, spent, running)
    state.minutes += minutes
    state.save()


def take_step(state: Checkpoint, batch: Batch) -> dict[str, float]:
    """One step of the optimizer; the losses before it."""
    losses = measure_losses(state.network(batch["ink"].contiguous(memory_format=torch.channels_last)), batch)
    state.optimizer.zero_grad()
    torch.stack(list(losses.values())).sum().backward()
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), 2.0)
    state.optimizer.step()
    state.steps += 1
    state.follow()
    return {name: float(value) for name, value in losses.items()}


class _Answer(torch.nn.Module):
    """The network with probabilities instead of logits, batch normalisation folded by the runtime."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        core, fine, turn = self.network(ink)
        return torch.sigmoid(core), torch.cat((torch.sigmoid(fine[:, :2]), fine[:, 2:]), 1), torch.softmax(turn, 1)


def export(home: Path, out: Path) -> int:
    """Writes the best weights as ONNX, stored in half precision. Returns the file's size in bytes."""
    network = Network().eval()
    network.load_state_dict(torch.load(home / "best.pt", weights_only=True))
    out.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: {2: "height", 3: "width"} for name in ("ink", "core", "fine", "turn")}
    torch.onnx.export(
        _Answer(network), (torch.zeros(1, 1, 64, 64),), str(out), input_names=["ink"],
        output_names=["core", "fine", "turn"], dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    model = onnx.load(str(out))
    halve_weights(model)
    onnx.save(model, str(out))
    return out.stat().st_size


def halve_weights(model: onnx.ModelProto) -> None:
    """Stores larger weights in half precision with a cast before their use, which the runtime folds on loading."""
    for held in list(model.graph.initializer):
        values = onnx.numpy_helper.to_array(held)
        if values.dtype != np.float32 or values.size < 256:
            continue
        name = held.name
        model.graph.initializer.remove(held)
        model.graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        cast = onnx.helper.make_node("Cast", [f"{name}_half"], [name], to=onnx.TensorProto.FLOAT)
        model.graph.node.insert(0, cast)
