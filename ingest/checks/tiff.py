"""The directories of a TIFF (TIFF 6.0, BigTIFF), walked before any decoder sees the file."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import DamagedFile
from ingest.checks.limits import Limits

_INTEGER_TYPES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTH, _HEIGHT, _SAMPLES, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 277, 322, 323
_MAX_SAMPLES = 8
_MAX_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class _Layout:
    """How offsets and entries are written in this file."""

    order: str
    big: bool

    @property
    def offset(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "I"))

    @property
    def count(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "H"))

    @property
    def entry_bytes(self) -> int:
        return 20 if self.big else 12


def _read(source: BinaryIO, count: int, name: str) -> bytes:
    data = source.read(count)
    if len(data) != count:
        raise DamagedFile(f"{name}: cut off or damaged (a directory lies outside the file).", "Scan it again.")
    return data


def _unpack(source: BinaryIO, form: struct.Struct, name: str) -> int:
    return int(form.unpack(_read(source, form.size, name))[0])


def _read_layout(source: BinaryIO, name: str) -> _Layout:
    mark = _read(source, 4, name)
    order = "<" if mark[:2] == b"II" else ">"
    big = struct.unpack(order + "H", mark[2:])[0] == 43
    if big:
        _read(source, 4, name)
    return _Layout(order, big)


def _parse_entries(data: bytes, layout: _Layout) -> dict[int, int]:
    """Tag → its first value, of the entries that hold one whole number in place."""
    values: dict[int, int] = {}
    for start in range(0, len(data), layout.entry_bytes):
        tag, kind = struct.unpack_from(layout.order + "HH", data, start)
        letter = _INTEGER_TYPES.get(kind)
        value_at = start + (12 if layout.big else 8)
        if letter and (letter != "Q" or layout.big):
            values.setdefault(tag, struct.unpack_from(layout.order + letter, data, value_at)[0])
    return values


def _directories(source: BinaryIO, name: str, max_pages: int) -> Iterator[dict[int, int]]:
    layout = _read_layout(source, name)
    here = source.tell()
    size = source.seek(0, os.SEEK_END)
    source.seek(here)
    seen: set[int] = set()
    while (offset := _unpack(source, layout.offset, name)) != 0:
        if offset >= size:
            raise DamagedFile(f"{name}: cut off or damaged (a directory lies outside the file).", "Scan it again.")
        if offset in seen:
            raise DamagedFile(f"{name}: its pages run in a loop.", "Scan or export it again.")
        seen.add(offset)
        source.seek(offset)
        entries = _unpack(source, layout.count, name)
        if entries > _MAX_ENTRIES:
            raise DamagedFile(f"{name}: a directory of {entries} entries.", "Scan or export it again.")
        yield _parse_entries(_read(source, entries * layout.entry_bytes, name), layout)
        if len(seen) > max_pages:
            return


def count_tiff_pages(source: BinaryIO, name: str, limits: Limits) -> int:
    """Pages of a TIFF, each within the limits by what it declares. Decodes nothing.

    Raises DamagedFile for a loop or a directory outside the file, LimitExceeded.
    """
    pages = 0
    for tags in _directories(source, name, limits.max_pages):
        pages += 1
        limits.check_pages(pages, name)
        limits.check_pixels(tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0), name)
        limits.check_pixels(tags.get(_TILE_WIDTH, 0), tags.get(_TILE_HEIGHT, 0), name)
        if tags.get(_SAMPLES, 1) > _MAX_SAMPLES:
            raise DamagedFile(f"{name}: page {pages} has {tags[_SAMPLES]} channels.", "Scan or export it again.")
    if pages == 0:
        raise DamagedFile(f"{name}: a TIFF without pages.", "Scan or export it again.")
    return pages
