"""The training loop: bounded by time, resumed from its checkpoint, alike on several cores or on one GPU."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import edlib
import torch
from torch import distributed

from ocr.recognizer.ctc import decode_letters
from ocr.recognizer.session import HEIGHT
from synthesis.fonts import find_varied_fonts
from synthesis.line_runs import Runs
from synthesis.lines import LineMaker
from training.recognizer.batches import Batch, Renderer, encode, find_texts, make_batch, make_lines
from training.recognizer.network import LineNetwork, loss_of

_PEAK = 2e-3
_WARM = 0.03
_SHORT, _LONG = 14, 75
"""Most letters of a line at first, and once the network has begun to read."""
_HAS_BEGUN = 1.2
_VALIDATION_SEED = 20_261
_CHECK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """minutes: of training in all, pieces added up. device: "cpu" or "cuda". world: among how many processes."""

    minutes: float
    folder: Path
    shared: Path
    seed: int
    device: str
    world: int

    @property
    def checkpoint(self) -> Path:
        return self.folder / "recognizer.pt"


@dataclass(slots=True)
class Progress:
    """Seconds and lines so far, and the mean loss of late."""

    seconds: float = 0.0
    steps: int = 0
    lines: int = 0
    loss: float = 5.0
    long: bool = False


def rate_at(share: float) -> float:
    """The learning rate after this share of the time: a short rise, then a cosine down to a hundredth."""
    if share < _WARM:
        return _PEAK * (0.1 + 0.9 * share / _WARM)
    return _PEAK * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, (share - _WARM) / (1 - _WARM)))))


class Trainer:
    """One process's share of a training."""

    def __init__(self, plan: Plan, rank: int) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.rank = rank
        self.network = LineNetwork().to(plan.device)
        self.mean = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=_PEAK, weight_decay=0.01)
        self.progress = Progress()
        if plan.checkpoint.is_file():
            self._load()
        letters = _LONG if self.progress.long else _SHORT
        seed = plan.seed + 1000 * rank + 7 * self.progress.steps
        self.renderer = Renderer(plan.shared, seed, letters)

    def run(self) -> None:
        """Trains until the time is used up; leaves a checkpoint every few minutes and at the end."""
        begun = time.monotonic()
        before = checked = self.progress.seconds
        while self.progress.seconds < self.plan.minutes * 60:
            self._learn(self.renderer.take())
            self.progress.seconds = before + self._agree(time.monotonic() - begun)
            if self.progress.seconds - checked > _CHECK_SECONDS:
                checked = self.progress.seconds
                self._check()
        self._check()
        self.renderer.stop()

    def _agree(self, value: float) -> float:
        """The first process's value, so that all stop at the same step."""
        if self.plan.world == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        distributed.broadcast(shared, 0)
        return float(shared[0])

    def _learn(self, batch: Batch) -> None:
        progress, device = self.progress, self.plan.device
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(progress.seconds / (self.plan.minutes * 60))
        self.network.train()
        images, targets, lengths, steps, pens, known = (
            torch.from_numpy(part).to(device)
            for part in (batch.images, batch.targets, batch.lengths, batch.steps, batch.pens, batch.known)
        )
        logits, pen_logits = self.network(images)
        loss = loss_of(logits, pen_logits, targets, lengths, steps, pens, known)
        self.optimizer.zero_grad(set_to_none=False)
        loss.backward()
        self._share_gradients()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self._follow()
        progress.steps += 1
        progress.lines += len(batch.lengths) * self.plan.world
        progress.loss += 0.02 * (float(loss.detach()) - progress.loss)
        if progress.steps % 50 == 0:
            progress.loss = self._agree(progress.loss)
            self._log(
                {"loss": round(progress.loss, 4), "rate": round(rate_at(progress.seconds / self.plan.minutes / 60), 6)}
            )
            if not progress.long and progress.loss < _HAS_BEGUN:
                progress.long = True
                self.renderer.lengthen(_LONG)

    def _share_gradients(self) -> None:
        if self.plan.world == 1:
            return
        parts = [parameter.grad for parameter in self.network.parameters() if parameter.grad is not None]
        flat = torch.cat([part.reshape(-1) for part in parts])
        distributed.all_reduce(flat)
        flat /= self.plan.world
        at = 0
        for part in parts:
            part.copy_(flat[at : at + part.numel()].view_as(part))
            at += part.numel()

    def _follow(self) -> None:
        """The moving mean of the weights, which is what is kept in the end."""
        decay = min(0.999, (1 + self.progress.steps) / (10 + self.progress.steps))
        for name, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                self.mean[name].lerp_(value, 1 - decay)
            else:
                self.mean[name].copy_(value)

    def _log(self, figures: dict[str, Any]) -> None:
        if self.rank:
            return
        row = {**asdict(self.progress), **figures}
        row["seconds"] = round(self.progress.seconds)
        with (self.plan.folder / "recognizer.log").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")

    def _check(self) -> None:
        """Validates the mean weights and writes the checkpoint; the first process alone, the others wait."""
        if self.rank == 0:
            self._log({"validation": validate(self.mean, self.plan)})
            state = {
                "network": self.network.state_dict(),
                "mean": self.mean,
                "optimizer": self.optimizer.state_dict(),
                "progress": asdict(self.progress),
            }
            torch.save(state, self.plan.checkpoint.with_suffix(".new"))
            self.plan.checkpoint.with_suffix(".new").replace(self.plan.checkpoint)
        if self.plan.world > 1:
            distributed.barrier()

    def _load(self) -> None:
        state = torch.load(self.plan.checkpoint, map_location=self.plan.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.mean = state["mean"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])


def validate(weights: dict[str, torch.Tensor], plan: Plan, count: int = 320) -> dict[str, float]:
    """On generated lines that no training saw: percent of wrong letters, and of pen-written heads read exactly."""
    network = LineNetwork().to(plan.device)
    network.load_state_dict(weights)
    network.eval()
    texts, digits = find_texts(plan.shared)
    maker = LineMaker(texts, find_varied_fonts(), digits, HEIGHT, wear=0.7)
    rng = Random(_VALIDATION_SEED)
    printed = make_lines(maker, rng, count, _LONG)
    pens = _pen_lines(maker, rng, count // 3)
    edits = letters = right = 0
    with torch.no_grad():
        for line, outputs in sorted(printed, key=lambda one: one[0].image.shape[1]):
            found = _read(network, make_batch([(line, outputs)], Random(1)), plan.device)
            edits, letters = edits + edlib.align(line.text, found)["editDistance"], letters + len(outputs)
        for line, outputs in pens:
            right += _read(network, make_batch([(line, outputs)], Random(1)), plan.device) == line.text
    return {"cer": round(100 * edits / letters, 3), "pen_lines": round(100 * right / len(pens), 1)}


def _pen_lines(maker: LineMaker, rng: Random, count: int) -> list[Any]:
    lines: list[Any] = []
    while len(lines) < count:
        runs: Runs = maker.texts.make(rng, 30)
        if any(run.pen and run.text.isdigit() for run in runs):
            line = maker.render(runs, rng)
            outputs = encode(line.text)
            if outputs is not None:
                lines.append((line, outputs))
    return lines


def _read(network: LineNetwork, batch: Batch, device: str) -> str:
    logits, _ = network(torch.from_numpy(batch.images).to(device))
    probabilities = logits[0, : int(batch.steps[0])].softmax(1).cpu().numpy()
    return "".join(letter.text for letter in decode_letters(probabilities))


def train_share(rank: int, plan: Plan, meeting: str) -> None:
    """One process's share; `meeting` is an empty folder where the processes find each other."""
    torch.set_num_threads(1 if plan.device == "cpu" else 8)
    torch.set_flush_denormal(True)
    if plan.world > 1:
        distributed.init_process_group(
            "gloo", init_method=f"file://{meeting}/meeting", rank=rank, world_size=plan.world
        )
    Trainer(plan, rank).run()
    if plan.world > 1:
        distributed.destroy_process_group()
