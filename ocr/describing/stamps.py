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
from ocr.describing.names import fold_name
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
_TOP = 0.45
"""Stamps stand above this share of the page's height."""
_SCALE = 800
"""Width in pixels at which red frames are looked for."""
_CROP_HEIGHT = 110
_MARGIN = 20
_MAX_CROPS = 6


def find_stamps(
    page: RecognizedPage, rows: Sequence[Row], image: np.ndarray | None, read_crop: CropReader | None
) -> list[Stamp]:
    """All stamps of one page, each kind and value once, the surest. image: uint8 HxWx3, red first."""
    found = list(_printed_stamps(page, rows, image))
    if image is not None and image.ndim == 3 and read_crop is not None:
        found += _framed_stamps(page, image, read_crop)
    found.sort(key=lambda one: (one.kind, one.value, -one.confidence))
    return [next(same) for _, same in groupby(found, key=lambda one: (one.kind, one.value))]


def _match(text: str) -> tuple[Literal["secrecy", "urgency"], str, bool] | None:
    """Kind and value of a text that is a stamp's words and nothing else, and whether its marks are right."""
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


def _red_mask(image: np.ndarray) -> np.ndarray:
    """255 where a pixel is red ink. image: uint8 HxWx3, red first."""
    red, green, blue = (image[..., channel].astype(np.int16) for channel in range(3))
    mask = (red - np.maximum(green, blue) > 40) & (red > 90) & (np.abs(green - blue) < 70)
    return np.where(mask, 255, 0).astype(np.uint8)


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
        match = next((found for one in (_without_frame(crop), crop) if (found := _match(read_crop(one)))), None)
        if match is not None:
            yield Stamp(match[0], match[1], page.number, box, 0.9 if match[2] else 0.8)


def red_frames(image: np.ndarray) -> Iterator[tuple[np.ndarray, Box]]:
    """Upright crops of red oblong blobs, largest first, each with its box in the image's pixels.

    A round seal is as high as wide and drops out by its shape; so does a rule, or text in a line. image: uint8 HxWx3.
    """
    scale = min(1.0, _SCALE / max(1, image.shape[1]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if image.size else image
    if not small.size:
        return
    mask = cv2.morphologyEx(_red_mask(small), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True):
        (x, y), (width, height), angle = cv2.minAreaRect(contour)
        if width < height:
            width, height, angle = height, width, angle - 90
        fill = cv2.contourArea(contour) / max(1.0, width * height)
        if not (14 <= height <= 120 and 1.4 <= width / height <= 7 and width < 0.45 * _SCALE and fill > 0.45):
            continue
        x0, y0, wide, high = cv2.boundingRect(contour)
        box = (int(x0 / scale), int(y0 / scale), int((x0 + wide) / scale), int((y0 + high) / scale))
        yield _upright(image, (x / scale, y / scale), (width / scale, height / scale), angle), box


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
