"""Overlays of ink of all kinds: portraits, emblems, QR and bar codes, ticks; and any of the stamps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from synthesis.canvas import Overlay
from synthesis.fonts import Face, load_font
from synthesis.organs import make_state_organ
from synthesis.pen import Hand
from synthesis.stamps import make_frame_stamp, make_incoming_stamp, make_seal, make_signature, tilt
from synthesis.truth import Mask


def make_picture(dpi: int, rng: Random) -> Overlay:
    """Any of the kinds."""
    makers = (_make_portrait, _make_portrait, _make_code, _make_bars, _make_emblem, _make_emblem, _make_ticks)
    return Overlay(rng.choice(makers)(dpi, rng), kind="graphic")


def make_any_stamp(dpi: int, face: Face, hand: Hand, rng: Random) -> Overlay:
    """A seal, a framed stamp, the stamp of an incoming letter, or a signature."""
    kind = rng.randrange(6)
    if kind == 0:
        text = rng.choice(("MẬT", "HỎA TỐC", "KHẨN", "TỐI MẬT", "SAO Y", "BẢN CHÍNH"))
        return tilt(make_frame_stamp(text, dpi, face, rng), rng.uniform(-8, 8))
    if kind == 1:
        return make_incoming_stamp("VĂN PHÒNG", str(rng.randrange(9, 4000)), "12/5", dpi, face, hand, rng)
    if kind == 2:
        return make_signature(dpi, rng)
    organ = make_state_organ(rng)
    seal = make_seal(organ.issuing_body, dpi, face, rng)
    parts = organ.issuing_body.split()
    rows = [" ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)][:3]
    return add_name_rows(seal, rows, face, rng) if kind == 3 else seal


def add_name_rows(seal: Overlay, rows: Sequence[str], face: Face, rng: Random) -> Overlay:
    """The seal with a name in straight rows in its middle instead of the star, as those of schools and firms."""
    side = seal.mask.shape[0]
    sheet = Image.fromarray(seal.mask)
    draw = ImageDraw.Draw(sheet)
    inner = side * 0.31
    draw.ellipse((side / 2 - inner, side / 2 - inner, side / 2 + inner, side / 2 + inner), fill=0)
    size = side * rng.uniform(0.075, 0.12)
    for at, row in enumerate(rows):
        font = load_font(face.bold, max(6, round(min(size, 1.7 * inner * size / 10 / max(1.0, size * len(row) / 15)))))
        y = side / 2 + (at - len(rows) / 2 + 0.5) * size * 1.25
        draw.text((side / 2, y), row, font=font, fill=235, anchor="mm")
    turned = sheet.rotate(rng.uniform(-14, 14), resample=Image.Resampling.BICUBIC)
    return replace(seal, mask=np.asarray(turned))


def _make_portrait(dpi: int, rng: Random) -> Mask:
    """Soft shades over a rectangle, as a photograph of 3 x 4 cm and more has them."""
    width, height = (round(side * rng.uniform(0.8, 2.2) * dpi / 25.4) for side in (30, 40))
    noise = np.random.default_rng(rng.getrandbits(32))
    shades = np.zeros((height, width), np.float32)
    for cells, weight in ((3, 0.5), (8, 0.3), (25, 0.2)):
        coarse = noise.random((cells, cells), dtype=np.float32)
        shades += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    head = cv2.ellipse(np.zeros_like(shades), (width // 2, height // 2), (width // 4, height // 3), 0, 0, 360, 1.0, -1)
    mask = 60 + 190 * np.clip(shades * 0.7 + 0.3 * cv2.GaussianBlur(head, (0, 0), width / 25), 0, 1)
    if rng.random() < 0.3:  # a printed screen instead of shades
        mask = np.where(mask > noise.integers(0, 255, mask.shape), 230, 10)
    return mask.astype(np.uint8)


def _make_code(dpi: int, rng: Random) -> Mask:
    """Something like a QR code of 14 to 26 mm."""
    cells = rng.randrange(21, 38)
    side = round(rng.uniform(14, 26) * dpi / 25.4)
    small = (np.random.default_rng(rng.getrandbits(32)).random((cells, cells)) < 0.5).astype(np.uint8) * 255
    for y, x in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        for inset, shade in ((0, 255), (1, 0), (2, 255)):
            small[y + inset : y + 7 - inset, x + inset : x + 7 - inset] = shade
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _make_bars(dpi: int, rng: Random) -> Mask:
    width, height = round(rng.uniform(25, 50) * dpi / 25.4), round(rng.uniform(6, 12) * dpi / 25.4)
    bars = (np.random.default_rng(rng.getrandbits(32)).random((1, rng.randrange(60, 110))) < 0.5).astype(np.uint8) * 255
    return np.asarray(cv2.resize(bars, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _make_emblem(dpi: int, rng: Random) -> Mask:
    """Rings, rays and a star, or some polygons in a frame."""
    side = round(rng.uniform(12, 32) * dpi / 25.4)
    mask = np.zeros((side, side), np.uint8)
    middle = (side // 2, side // 2)
    for radius in sorted((rng.uniform(0.2, 0.48) for _ in range(rng.randrange(1, 4))), reverse=True):
        cv2.circle(mask, middle, round(radius * side), rng.choice((255, 200, 0)), rng.choice((-1, 2, 3)), cv2.LINE_AA)
    for _ in range(rng.randrange(2, 10)):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0.1, 0.4) * side
        turns = [angle + turn for turn in (0, 0.3, rng.uniform(0.5, 3))]
        points = [(middle[0] + reach * math.cos(turn), middle[1] + reach * math.sin(turn)) for turn in turns]
        cv2.fillPoly(mask, [np.array(points, np.int32)], rng.choice((0, 150, 255)), cv2.LINE_AA)
    return mask


def _make_ticks(dpi: int, rng: Random) -> Mask:
    """A large tick, as electronic signatures show it, or a bold arrow."""
    side = round(rng.uniform(8, 18) * dpi / 25.4)
    mask = np.zeros((side, side), np.uint8)
    points = [(0.1, rng.uniform(0.4, 0.6)), (0.4, 0.9), (0.92, rng.uniform(0.05, 0.3))]
    whole = (np.array(points) * side).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(mask, [whole], False, 220, max(2, side // rng.randrange(6, 14)), cv2.LINE_AA)
    return mask
