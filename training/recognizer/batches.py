"""Rendered lines in batches of like width, made by a process of their own while the network learns."""

from __future__ import annotations

import multiprocessing
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.recognizer.alphabet import INDEX, LOOKALIKES
from ocr.recognizer.session import HEIGHT
from ocr.recognizer.words import STRIDE
from synthesis.digits import NO_DIGITS, DigitStock, load_digits
from synthesis.fonts import find_varied_fonts
from synthesis.line_text import LineTexts
from synthesis.lines import LineMaker, RenderedLine

Floats = npt.NDArray[np.float32]
_POOL = 768
"""Lines made at a time, sorted by width."""
_PIXELS_A_BATCH = 3_000
"""Sum of the padded widths of a batch."""
_WIDTH_STEP = 64
"""Widths are rounded up to it: a network on a CPU is compiled anew for each shape it meets."""
_USES = 2
"""How often a rendered line is shown, the second time under other light."""


@dataclass(frozen=True, slots=True)
class Batch:
    """images: lines x 1 x HEIGHT x width, padded with 0. targets: all texts one after another, as outputs.

    lengths: letters a line. steps: outputs a line. pens: lines x steps, 1 by pen, 0 print; known: where it is either.
    """

    images: Floats
    targets: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int64]
    pens: Floats
    known: Floats


def encode(text: str) -> list[int] | None:
    """The outputs that spell the text; None if a character has none."""
    try:
        return [INDEX[letter] for letter in unicodedata.normalize("NFC", text).translate(LOOKALIKES)]
    except KeyError:
        return None


def normalised(image: npt.NDArray[np.uint8]) -> Floats:
    """Pixel values as the network takes them; never exactly 0."""
    return np.asarray((image.astype(np.float32) / 255 - 0.5) / 0.5, np.float32)


def find_texts(shared: Path) -> tuple[LineTexts, DigitStock]:
    """Office text and people's digits from the folder of shared data, where they are."""
    corpus = shared / "corpus" / "administrative.txt"
    sentences = corpus.read_text("utf-8").splitlines() if corpus.is_file() else []
    images, labels = (shared / "digits" / f"t10k-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
    digits = load_digits(images, labels) if images.is_file() else NO_DIGITS
    return LineTexts([unicodedata.normalize("NFC", one) for one in sentences if one.strip()]), digits


def _padded(width: int) -> int:
    return -(-width // _WIDTH_STEP) * _WIDTH_STEP


def make_batch(lines: list[tuple[RenderedLine, list[int]]], rng: Random) -> Batch:
    """Lines of like width, padded to the widest."""
    width = _padded(max(line.image.shape[1] for line, _ in lines))
    images = np.zeros((len(lines), 1, HEIGHT, width), np.float32)
    pens = np.zeros((len(lines), width // STRIDE), np.float32)
    known = np.zeros_like(pens)
    for at, (line, _) in enumerate(lines):
        images[at, 0, :, : line.image.shape[1]] = _relit(normalised(line.image), rng)
        for spans, value in ((line.words, 0.0), (line.pens, 1.0)):
            for left, right in spans:
                part = slice(max(0, round(left / STRIDE)), max(0, round(right / STRIDE)))
                pens[at, part], known[at, part] = value, 1.0
    return Batch(
        images=images,
        targets=np.array([output for _, outputs in lines for output in outputs], np.int64),
        lengths=np.array([len(outputs) for _, outputs in lines], np.int64),
        # The padding is cut off where the loss is measured, too.
        steps=np.array([min(width, line.image.shape[1] + 3) // STRIDE for line, _ in lines], np.int64),
        pens=pens,
        known=known,
    )


def _relit(line: Floats, rng: Random) -> Floats:
    """Under another light, with a little grain; exact zeros stay the padding's alone."""
    gamma = rng.uniform(0.8, 1.25)
    lit = np.power(np.clip((line + 1) / 2, 0, 1), gamma) * 2 - 1
    noise = np.random.default_rng(rng.getrandbits(32))
    grained = lit + noise.standard_normal(line.shape, dtype=np.float32) * rng.uniform(0, 0.03)
    return np.asarray(np.where(np.abs(grained) < 2e-3, 2e-3, grained), np.float32)


def make_lines(maker: LineMaker, rng: Random, count: int, most_letters: int) -> list[tuple[RenderedLine, list[int]]]:
    """Lines that the network can be asked for: every character known, and a step for each and its repetitions."""
    lines: list[tuple[RenderedLine, list[int]]] = []
    while len(lines) < count:
        line = maker.make(rng, most_letters)
        outputs = encode(line.text)
        if outputs is None:
            continue
        repeated = sum(first == second for first, second in pairwise(outputs))
        if len(outputs) + repeated <= line.image.shape[1] // STRIDE - 1 and line.image.shape[1] <= 1600:
            lines.append((line, outputs))
    return lines


def _batches(maker: LineMaker, rng: Random, most_letters: int) -> Iterator[Batch]:
    """A pool's lines by width, in random order of batches. What does not fill a batch of its width is left out."""
    by_width: dict[int, list[tuple[RenderedLine, list[int]]]] = {}
    for line in make_lines(maker, rng, _POOL, most_letters):
        by_width.setdefault(_padded(line[0].image.shape[1]), []).append(line)
    for _ in range(_USES):
        groups = []
        for width, lines in by_width.items():
            size = max(3, _PIXELS_A_BATCH // width)
            rng.shuffle(lines)
            groups += [lines[at : at + size] for at in range(0, len(lines) - size + 1, size)]
        rng.shuffle(groups)
        for group in groups:
            yield make_batch(group, rng)


def _run(queue: Queue[Batch], shared: Path, seed: int, most_letters: Any) -> None:
    os.nice(2)
    texts, digits = find_texts(shared)
    maker = LineMaker(texts, find_varied_fonts(), digits, HEIGHT)
    rng = Random(seed)
    while True:
        for batch in _batches(maker, rng, most_letters.value):
            queue.put(batch)


class Renderer:
    """Batches without end, from a process of their own. `most_letters` may be changed on the way."""

    def __init__(self, shared: Path, seed: int, most_letters: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._most = context.Value("i", most_letters)
        self._queue: Queue[Batch] = context.Queue(24)
        self._process = context.Process(target=_run, args=(self._queue, shared, seed, self._most), daemon=True)
        self._process.start()

    def take(self) -> Batch:
        """The next batch. Raises RuntimeError if the process that makes them has died."""
        while True:
            try:
                return self._queue.get(timeout=30)
            except Empty:
                if not self._process.is_alive():
                    raise RuntimeError("The process that renders lines has died; its error stands above.") from None

    def lengthen(self, most_letters: int) -> None:
        """From the next pool on, lines of up to this many letters."""
        self._most.value = most_letters

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()
