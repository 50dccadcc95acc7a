"""Secrecy and urgency stamps: short rows that stand alone near the top, and red frames, tilted ones too.

A stamp is a word by itself: "bảo mật", "bí mật" and "khẩn trương" in running text are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Literal

import cv2
import numpy as np

from core.recognition import Box, RecognizedPage, Stamp
from ocr.describing.ink import STEP, thin_out
from ocr.describing.names import edit_distance, fold_name
from ocr.describing.rows import Row, middle_y, split_row

CropReader = Callable[[np.ndarray], str]
"""Reads a small upright crop, uint8 HxWx3, into text."""

_WORDS: dict[str, tuple[Literal["secrecy", "urgency"], str]] = {
    "tuyet mat": ("secrecy", "tuyệt mật"),
    "toi mat": ("secrecy", "tối mật"),
    "mat": ("secrecy", "mật"),
    "hoa toc hen gio": ("urgency", "HỎA TỐC HẸN GIỜ"),
    "hoa toc": ("urgency", "HỎA TỐC"),
    "thuong khan": ("urgency", "THƯỢNG KHẨN"),
    "khan": ("urgency", "KHẨN"),
}
_LONGEST = 40
"""Letters beyond which a row is no stamp, whatever junk was read beside one."""
_TOP = 0.45
"""Stamps stand above this share of the page's height."""
_SCALE = 1000
"""Width in pixels at which red frames are looked for."""
_CROP_HEIGHT = 110
_MARGIN = 20
_MAX_CROPS = 6
_LEAST_INK, _MUCH_INK, _LEAST_LETTERS = 0.06, 0.4, 3
"""Share of a crop that the letters of a stamp and its frame fill at least, and when they have grown together; MẬT."""
_LEAST_READ = 2
"""Letters that even a badly worn stamp shows beside its frame; the rest of a seal shows none."""
_LEAST_RED = 60
"""Red pixels at `_SCALE` below which there is no stamp."""
_ROOM = 0.03
"""Share of a page's width around the red on it: a worn frame's gap and more."""
_REACHES = (3, 7, 13)
"""Gaps in worn frames that are closed, in pixels: the smaller, the less two stamps grow together."""


def find_stamps(
    page: RecognizedPage, rows: Sequence[Row], image: np.ndarray | None, read_crop: CropReader | None
) -> list[Stamp]:
    """All stamps of one page, each kind and value once, the surest. image: uint8 HxWx3, red first."""
    found = list(_printed_stamps(page, rows, image))
    if image is not None and image.ndim == 3 and read_crop is not None:
        found += _framed_stamps(page, image, read_crop)
    found = [one for one in found if not any(_is_part(one, other) for other in found)]
    found.sort(key=lambda one: (one.kind, one.value, -one.confidence))
    return [next(same) for _, same in groupby(found, key=lambda one: (one.kind, one.value))]


def _is_part(one: Stamp, other: Stamp) -> bool:
    """Whether a stamp is the rest of a longer one in the same place, as KHẨN is of THƯỢNG KHẨN."""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = one.box, other.box
    shorter = len(one.value) < len(other.value) and one.value.lower() in other.value.lower()
    return shorter and max(x0, u0) < min(x1, u1) and max(y0, v0) < min(y1, v1)


def _match(text: str) -> tuple[Literal["secrecy", "urgency"], str, bool] | None:
    """Kind and value of a text that is a stamp's words and nothing else, and whether its marks are right."""
    if len(text) > _LONGEST:
        return None
    bare = re.sub(r"[^\w\s]|[\d_]", " ", text)
    bare = re.sub(r"\s+", " ", bare).strip()
    letters = [letter for letter in bare if letter.isalpha()]
    if not letters or sum(letter.isupper() for letter in letters) < 0.8 * len(letters):
        return None
    folded = fold_name(bare)
    one = _WORDS.get(folded)
    return (*one, bare.lower() == fold_free(one[1])) if one else None


def fold_free(value: str) -> str:
    """The stamp's words as they are compared with their marks."""
    return value.lower()


def _printed_stamps(page: RecognizedPage, rows: Sequence[Row], image: np.ndarray | None) -> Iterator[Stamp]:
    """Rows, or parts of rows between wide gaps, that are a stamp's words alone."""
    for row in rows:
        if middle_y(row.box) > _TOP * page.height:
            continue
        for part in split_row(row):
            match = _match(part.text)
            if match is None:
                continue
            kind, value, exact = match
            on_left = part.box[0] < 0.55 * page.width
            red = image is not None and image.ndim == 3 and _red_share(image, part.box) > 0.5
            # With its marks lost, "MẶT" of a table's head reads the same: then place or colour must speak for a stamp.
            if exact or red or on_left:
                sure = 0.95 if exact and (red or on_left) else 0.8
                yield Stamp(kind, value, page.number, part.box, round(sure * part.confidence, 3))


def _red_mask(image: np.ndarray, least: int = 40) -> np.ndarray:
    """255 where a pixel is redder by `least` than the paper. Strokes thinner than a pixel are pale: then a smaller
    `least` finds them. image: uint8 HxWx3, red first.
    """
    if not image.size:
        return np.zeros(image.shape[:2], np.uint8)
    red, green, blue = cv2.split(np.ascontiguousarray(image))
    over = cv2.subtract(red, cv2.max(green, blue))
    paper = min(30, int(np.median(over[::8, ::8])))
    mask = cv2.bitwise_and(cv2.inRange(over, paper + least + 1, 255), cv2.inRange(red, 91, 255))
    return np.asarray(cv2.bitwise_and(mask, cv2.inRange(cv2.absdiff(green, blue), 0, 69)), np.uint8)


def _red_share(image: np.ndarray, box: Box) -> float:
    """Share of the dark or coloured pixels in a box that are red."""
    x0, y0, x1, y1 = (max(0, side) for side in box)
    crop = image[y0:y1, x0:x1]
    ink = crop.size and int((crop.min(axis=2) < 150).sum())
    return float((_red_mask(crop) > 0).sum()) / ink if ink else 0.0


def _framed_stamps(page: RecognizedPage, image: np.ndarray, read_crop: CropReader) -> Iterator[Stamp]:
    top = image[: int(image.shape[0] * _TOP)]
    for number, (crop, box) in enumerate(red_frames(top)):
        if number >= _MAX_CROPS:
            return
        if not _may_hold_words(crop):
            continue
        match = _read_stamp(crop, read_crop)
        if match is not None:
            kind, value, exact = match
            yield Stamp(kind, value, page.number, box, 0.9 if exact else 0.8)


def _read_stamp(crop: np.ndarray, read_crop: CropReader) -> tuple[Literal["secrecy", "urgency"], str, bool] | None:
    """The stamp's words as they are read with its frame or, where that leaves a doubt, without; the surer match."""
    text = read_crop(crop)
    match = _match_near(text)
    if (match and match[2]) or sum(map(str.isalpha, text)) < _LEAST_READ:
        return match
    bare = _without_frame(crop)
    again = None if bare is crop else _match_near(read_crop(bare))
    return again if again and (match is None or again[2]) else match


def _may_hold_words(crop: np.ndarray) -> bool:
    """Whether a crop has the letters of the shortest stamp: a stroke of a seal's ring, or its star, has not.

    Letters that grew together, or into the frame, are known by how much ink there is.
    """
    ink = (crop[..., 0] < 160).astype(np.uint8)
    share = float(ink.mean())
    if share < _LEAST_INK or share > _MUCH_INK:
        return share > _MUCH_INK
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall = (stats[1:, 3] > 0.2 * _CROP_HEIGHT) & (stats[1:, 2] < 0.35 * crop.shape[1])
    return int(tall.sum()) >= _LEAST_LETTERS


def _match_near(text: str) -> tuple[Literal["secrecy", "urgency"], str, bool] | None:
    """As `_match`, but of a long phrase some letters may be misread: in a red frame there is little else to read."""
    exact = _match(text)
    folded = fold_name(" ".join(re.sub(r"[^\w\s]|_", " ", text).split()))
    if exact or not any(one.isupper() for one in text):
        return exact
    for words, (kind, value) in _WORDS.items():
        if len(words) > 3 and edit_distance(folded, words) <= len(words) // 4:
            return kind, value, False
    return None


def red_frames(image: np.ndarray) -> Iterator[tuple[np.ndarray, Box]]:
    """Upright crops of red oblong blobs, largest first, each with its box in the image's pixels.

    A round seal is as high as wide and drops out by its shape; so does a rule, or text in a line. image: uint8 HxWx3.
    """
    part = _red_part(image)
    if part is None:
        return
    scale = min(1.0, _SCALE / image.shape[1])
    mask = _red_mask(_shrink(image[part[1] : part[3], part[0] : part[2]], scale), 22)
    if cv2.countNonZero(mask) < _LEAST_RED:
        return
    found: list[tuple[float, float, float, float, float]] = []
    for reach in _REACHES:
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        found += [one for one in _oblongs(closed) if not any(_same(one, other) for other in found)]
    for x, y, width, height, angle in sorted(found, key=lambda one: one[2] * one[3], reverse=True):
        x, y = x + part[0] * scale, y + part[1] * scale
        corners = cv2.boxPoints(((x, y), (width, height), angle)) / scale
        x0, y0 = np.maximum(0, corners.min(axis=0)).astype(int)
        x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
        box = int(x0), int(y0), min(int(x1), image.shape[1]), min(int(y1), image.shape[0])
        yield _upright(image, (x / scale, y / scale), (width / scale, height / scale), angle), box


def _red_part(image: np.ndarray) -> Box | None:
    """Around all that is red on a page, with room for what thin rows and columns of pixels miss; None for no red."""
    if min(image.shape[:2]) < STEP:
        return None
    found = cv2.boundingRect(_red_mask(thin_out(image), 22))
    x, y, width, height = (STEP * side for side in found)
    if not width:
        return None
    room = round(_ROOM * image.shape[1])
    return (
        max(0, x - room),
        max(0, y - room),
        min(image.shape[1], x + width + room),
        min(image.shape[0], y + height + room),
    )


def _shrink(image: np.ndarray, scale: float) -> np.ndarray:
    """By halves first as far as it goes: a whole factor costs a sixth of another."""
    while scale <= 0.5:
        high, wide = image.shape[0] // 2, image.shape[1] // 2
        image = cv2.resize(image[: 2 * high, : 2 * wide], (wide, high), interpolation=cv2.INTER_AREA)
        scale *= 2
    return image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _oblongs(mask: np.ndarray) -> Iterator[tuple[float, float, float, float, float]]:
    """Middle, width, height and angle in degrees of the blobs shaped like a stamp."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        (x, y), (width, height), angle = cv2.minAreaRect(contour)
        if width < height:
            width, height, angle = height, width, angle - 90
        if not (18 <= height <= 150 and 1.3 <= width / height <= 8 and width < 0.45 * _SCALE):
            continue
        if cv2.contourArea(cv2.convexHull(contour)) > 0.7 * width * height:
            yield x, y, width, height, angle


def _same(one: tuple[float, float, float, float, float], other: tuple[float, float, float, float, float]) -> bool:
    near = abs(one[0] - other[0]) < 0.3 * one[3] and abs(one[1] - other[1]) < 0.3 * one[3]
    return near and abs(one[2] - other[2]) < 0.5 * one[3] and abs(one[3] - other[3]) < 0.3 * one[3]


def _upright(image: np.ndarray, centre: tuple[float, float], size: tuple[float, float], angle: float) -> np.ndarray:
    """The turned rectangle as a level crop, `_CROP_HEIGHT` high, in which only red ink is left, black on white."""
    angle = (angle + 90) % 180 - 90
    zoom = _CROP_HEIGHT / size[1]
    matrix = cv2.getRotationMatrix2D(centre, angle, zoom)
    width = int(size[0] * zoom)
    matrix[:, 2] += np.array([width / 2 - centre[0], _CROP_HEIGHT / 2 - centre[1]])
    crop = cv2.warpAffine(image, matrix, (width, _CROP_HEIGHT), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    edge = max(3, round(0.1 * _CROP_HEIGHT))
    inside = crop[edge:-edge, edge:-edge] if width > 4 * edge else crop
    ink = 255 - np.clip((inside[..., 0].astype(np.int16) - inside[..., 1:].min(axis=2)) * 2, 0, 255).astype(np.uint8)
    return _on_paper(ink)


def _on_paper(ink: np.ndarray) -> np.ndarray:
    """Black ink on white with a white margin, as three channels."""
    framed = np.pad(ink, _MARGIN, constant_values=255)
    return np.stack([framed, framed, framed], axis=-1)


def _without_frame(crop: np.ndarray) -> np.ndarray:
    """The crop's letters alone, enlarged: what is as long as a frame, or meets the edge, is dropped."""
    grey = crop[..., 0]
    _, labels, stats, _ = cv2.connectedComponentsWithStats((grey < 160).astype(np.uint8), connectivity=8)
    letters = (stats[:, 2] < 0.35 * crop.shape[1]) & (stats[:, 3] < 0.8 * _CROP_HEIGHT) & (stats[:, 3] > 8)
    far = stats[:, :2] + stats[:, 2:4]
    letters &= (stats[:, :2] > _MARGIN + 1).all(axis=1) & (far < np.array(grey.shape[::-1]) - _MARGIN - 1).all(axis=1)
    letters[0] = False
    if not letters.any():
        return crop
    kept = np.where(letters[labels], grey, 255).astype(np.uint8)
    x0, y0 = stats[letters, 0].min(), stats[letters, 1].min()
    x1, y1 = (stats[letters, 0] + stats[letters, 2]).max(), (stats[letters, 1] + stats[letters, 3]).max()
    inside = kept[y0:y1, x0:x1]
    zoom = 48 / inside.shape[0]
    return _on_paper(cv2.resize(inside, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC))
