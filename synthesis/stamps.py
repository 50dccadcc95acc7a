"""Seals, rubber stamps and signatures as overlays of ink."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.recognition import Box
from synthesis.canvas import Canvas, Overlay, measure_x_height
from synthesis.fonts import Face, load_font
from synthesis.pen import Hand
from synthesis.truth import Base, Mask, TruthLine, TruthWord

RED = (206, 24, 38)
BLUE = (44, 58, 150)
VIOLET = (96, 44, 140)


def wear(mask: Mask, rng: Random, amount: float) -> Mask:
    """Uneven ink: lets patches fade. amount 0..1."""
    noise = np.random.default_rng(rng.getrandbits(32))
    height, width = mask.shape
    coarse = noise.random((max(2, height // 12), max(2, width // 12)), dtype=np.float32)
    patches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = noise.random((height, width), dtype=np.float32)
    keep = 1 - amount * np.clip(0.7 * patches + 0.5 * fine, 0, 1)
    return (mask * keep).astype(np.uint8)


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: int) -> None:
    points = []
    for step in range(10):
        reach = radius if step % 2 == 0 else radius * 0.4
        angle = math.pi * step / 5 - math.pi / 2
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    draw.polygon(points, fill=fill)


def _ring_text(sheet: Image.Image, text: str, radius: float, font: ImageFont.FreeTypeFont, span: float) -> None:
    """Writes along the upper arc, letters standing on the circle. span: radians it may fill."""
    middle = sheet.width / 2
    widths = [font.getlength(letter) for letter in text]
    scale = min(1.35, span * radius / max(1.0, sum(widths)))
    angle = -math.pi / 2 - sum(widths) * scale / radius / 2
    size = round(font.size * 2.2)
    for letter, width in zip(text, widths, strict=True):
        angle += width * scale / radius / 2
        glyph = Image.new("L", (size, size), 0)
        ImageDraw.Draw(glyph).text((size / 2, size / 2), letter, font=font, fill=255, anchor="mm")
        turned = glyph.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        place = (
            round(middle + radius * math.cos(angle) - size / 2),
            round(middle + radius * math.sin(angle) - size / 2),
        )
        sheet.paste(255, place, turned)
        angle += width * scale / radius / 2


def make_seal(text: str, dpi: int, face: Face, rng: Random) -> Overlay:
    """A round seal of 34-38 mm: two rings, the organ's name between them, a star and rays in the middle."""
    side = round(rng.uniform(34, 38) * dpi / 25.4)
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    line = max(2, side // 90)
    draw.ellipse((1, 1, side - 2, side - 2), outline=255, width=line * 2)
    for inset, width in ((side * 0.05, line // 2 or 1), (side * 0.2, line)):
        draw.ellipse((inset, inset, side - inset, side - inset), outline=255, width=width)
    font = load_font(face.bold, max(8, round(side * 0.085)))
    _ring_text(sheet, text.upper(), side * 0.375, font, 5.0)
    middle = side / 2
    _star(draw, middle, side * 0.875, side * 0.04, 255)
    _star(draw, middle, middle * 0.88, side * 0.09, 255)
    for step in range(24):
        angle = 2 * math.pi * step / 24
        near, far = side * 0.17, side * rng.uniform(0.22, 0.26)
        ends = [(middle + reach * math.cos(angle), middle + reach * math.sin(angle)) for reach in (near, far)]
        draw.line(ends, fill=170, width=line)
    draw.arc((side * 0.3, side * 0.35, side * 0.7, side * 0.75), 20, 160, fill=230, width=line * 2)
    turned = sheet.rotate(rng.uniform(-9, 9), resample=Image.Resampling.BICUBIC)
    return Overlay(wear(np.asarray(turned), rng, rng.uniform(0.02, 0.3)), kind="graphic")


def tilt(overlay: Overlay, degrees: float) -> Overlay:
    """The overlay turned counter-clockwise, made larger so that nothing is cut; its boxes go along."""
    height, width = overlay.mask.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = math.ceil(height * sin + width * cos), math.ceil(height * cos + width * sin)
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    mask = cv2.warpAffine(overlay.mask, turn, (wide, high), flags=cv2.INTER_LINEAR)
    pen = overlay.pen_mask
    if pen is not None:
        pen = np.asarray(cv2.warpAffine(pen, turn, (wide, high), flags=cv2.INTER_LINEAR), np.uint8)
    lines = tuple(turn_line(line, turn) for line in overlay.lines)
    return replace(overlay, mask=np.asarray(mask, np.uint8), lines=lines, pen_mask=pen)


def turn_box(box: Box, matrix: np.ndarray) -> Box:
    """Bounds of the box's corners after an affine 2x3 map. Pixels are areas: edges map, not centres."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], np.float64) @ matrix.T
    low, high = np.floor(corners.min(axis=0) + 1e-6), np.ceil(corners.max(axis=0) - 1e-6)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def turn_line(line: TruthLine, matrix: np.ndarray) -> TruthLine:
    """The line after an affine 2x3 map, with the bounds of its turned boxes and its turned base line."""
    words = tuple(replace(word, box=turn_box(word.box, matrix)) for word in line.words)
    if line.base is None:
        return TruthLine(words, line.kind)
    ends = np.array([(*line.base.start, 1), (*line.base.end, 1)], np.float64) @ matrix.T
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    start, end = ((float(x), float(y)) for x, y in ends)
    return TruthLine(words, line.kind, Base(start, end, line.base.x_height * scale))


def make_frame_stamp(text: str, dpi: int, face: Face, rng: Random, points: float = 17.0) -> Overlay:
    """A framed stamp: MẬT, TỐI MẬT, HỎA TỐC, KHẨN. Sometimes a double frame."""
    canvas = _StampSheet(text, dpi, face, points)
    line = max(2, round(dpi / 90))
    canvas.draw.rectangle((0, 0, canvas.width - 1, canvas.height - 1), outline=255, width=line)
    if rng.random() < 0.4:
        inset = line * 3
        canvas.draw.rectangle(
            (inset, inset, canvas.width - 1 - inset, canvas.height - 1 - inset), outline=255, width=max(1, line // 2)
        )
    return Overlay(wear(np.asarray(canvas.sheet), rng, rng.uniform(0.02, 0.25)), (canvas.line,))


class _StampSheet:
    """The text of a framed stamp in the middle of its sheet."""

    def __init__(self, text: str, dpi: int, face: Face, points: float) -> None:
        font = load_font(face.bold, round(points * dpi / 72))
        pad = round(font.size * 0.45)
        self.width, self.height = round(font.getlength(text)) + 2 * pad, round(font.size * 1.25) + 2 * pad // 2
        self.sheet = Image.new("L", (self.width, self.height), 0)
        self.draw = ImageDraw.Draw(self.sheet)
        baseline = round(self.height * 0.5 + font.size * 0.38)
        words, x = [], float(pad)
        for word in text.split():
            self.draw.text((round(x), baseline), word, font=font, fill=255, anchor="ls")
            left, top, right, bottom = font.getbbox(word, anchor="ls")
            words.append(
                TruthWord(
                    word, (round(x) + int(left), baseline + int(top), round(x) + int(right), baseline + int(bottom))
                )
            )
            x += font.getlength(word + " ")
        ends = (float(pad), float(baseline)), (x, float(baseline))
        self.line = TruthLine(tuple(words), "stamp", Base(*ends, measure_x_height(font)))


def make_incoming_stamp(organ: str, number: str, day: str, dpi: int, face: Face, hand: Hand, rng: Random) -> Overlay:
    """The stamp of an incoming letter (dấu đến), its number and date by pen."""
    canvas = Canvas(dpi, face, (62.0, 27.0))
    width, height = canvas.image.size
    sheet = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(sheet)
    line = max(2, round(dpi / 110))
    bar = canvas.mm(17)
    draw.rectangle((0, 0, width - 1, height - 1), outline=255, width=line)
    draw.line([(0, canvas.mm(6)), (width, canvas.mm(6))], fill=255, width=line)
    draw.line([(bar, canvas.mm(6)), (bar, height)], fill=255, width=line)
    by_pen = np.zeros((height, width), np.uint8)
    rows: list[TruthLine] = [_print(draw, organ, canvas.mm(2), canvas.mm(4.6), face, 7.5, dpi, canvas.mm(58))]
    rows.append(_print(draw, "CÔNG VĂN", canvas.mm(1), canvas.mm(14), face, 9, dpi, canvas.mm(15)))
    rows.append(_print(draw, "ĐẾN", canvas.mm(4), canvas.mm(20), face, 11, dpi, canvas.mm(15)))
    for label, value, y in (("Số:", number, 12.5), ("Ngày:", day, 19.0), ("Chuyển:", "", 25.0)):
        row = _print(draw, label, bar + canvas.mm(1.5), canvas.mm(y), face, 9.5, dpi, canvas.mm(20))
        start = row.words[-1].box[2] + canvas.mm(1)
        for x in range(start, width - canvas.mm(3), max(2, canvas.mm(1))):
            draw.point((x, canvas.mm(y)), fill=200)
            draw.point((x + 1, canvas.mm(y)), fill=200)
        if value:
            mark = hand.write(value, canvas.mm(3.6), rng)
            at = (start + canvas.mm(2), canvas.mm(y) - mark.baseline)
            sheet.paste(255, at, Image.fromarray(mark.mask))
            box = (at[0], at[1], at[0] + mark.width, at[1] + mark.mask.shape[0])
            _lay(by_pen, mark.mask, at)
            row = replace(row, words=(*row.words, TruthWord(value, box, pen=True)))
        rows.append(row)
    return Overlay(wear(np.asarray(sheet), rng, rng.uniform(0.05, 0.3)), tuple(rows), pen_mask=by_pen)


def _lay(sheet: Mask, mask: Mask, at: tuple[int, int]) -> None:
    """Puts the mask on the sheet with its corner at `at`; what would stick out is left out."""
    x, y = at
    part = mask[max(0, -y) : sheet.shape[0] - y, max(0, -x) : sheet.shape[1] - x]
    place = sheet[max(0, y) : max(0, y) + part.shape[0], max(0, x) : max(0, x) + part.shape[1]]
    np.maximum(place, part, out=place)


def _print(
    draw: ImageDraw.ImageDraw, text: str, x: int, baseline: int, face: Face, points: float, dpi: int, room: int
) -> TruthLine:
    font = load_font(face.bold, round(points * dpi / 72))
    if (length := font.getlength(text)) > room:
        font = load_font(face.bold, max(6, int(font.size * room / length)))
    words = []
    at = float(x)
    for word in text.split():
        draw.text((round(at), baseline), word, font=font, fill=255, anchor="ls")
        left, top, right, bottom = font.getbbox(word, anchor="ls")
        words.append(
            TruthWord(
                word, (round(at) + int(left), baseline + int(top), round(at) + int(right), baseline + int(bottom))
            )
        )
        at += font.getlength(word + " ")
    return TruthLine(tuple(words), "stamp", Base((x, baseline), (at, baseline), measure_x_height(font)))


def make_signature(dpi: int, rng: Random) -> Overlay:
    """A signature: a dense start of loops, a long sweep, perhaps a line under it. About 45 by 22 mm."""
    width, height = round(48 * dpi / 25.4), round(24 * dpi / 25.4)
    mask = np.zeros((height, width), np.uint8)
    points = [(rng.uniform(0.05, 0.2), rng.uniform(0.5, 0.8))]
    for step in range(rng.randrange(4, 8)):
        x = 0.12 + step * rng.uniform(0.05, 0.09)
        points += [(x + 0.05, rng.uniform(0.08, 0.35)), (x + rng.uniform(-0.02, 0.06), rng.uniform(0.6, 0.92))]
    points += [(rng.uniform(0.6, 0.75), rng.uniform(0.3, 0.6)), (0.97, rng.uniform(0.15, 0.5))]
    curves = [points]
    if rng.random() < 0.6:
        y = rng.uniform(0.75, 0.9)
        curves.append([(0.95, y - 0.2), (0.5, y), (0.08, y + 0.03)])
    thick = max(1, round(dpi / 130))
    for curve in curves:
        smooth = _spline(np.array(curve)) * (width, height)
        whole = np.round(smooth * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(mask, [whole], False, 255, thick, cv2.LINE_AA, shift=3)
    return Overlay(mask, kind="pen")


def _spline(points: np.ndarray) -> np.ndarray:
    """A Catmull-Rom curve through the points, 16 steps between two."""
    padded = np.vstack([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 16, endpoint=False)[:, None]
    parts = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        )
    return np.vstack(parts)
