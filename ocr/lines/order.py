"""Reading order: from top to bottom; columns one after the other; tables row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ocr.lines.tables import Rules, Span, Table, cut_rows, find_tables, level_piece
from ocr.lines.tracing import Piece

_GUTTER = 1.2
"""Least room between columns, in x-heights."""
_APART = 5.5
"""Distance between base lines, in x-heights, beyond which lines do not belong to one region of columns."""
_PARAGRAPH = 1.45
"""Times the usual distance between base lines: from here on a new block begins."""

_Band = list[int]


def arrange(pieces: Sequence[Piece], rules: Rules) -> tuple[list[int], list[int]]:
    """The lines' indices in reading order, and for each of them the number of its block."""
    spans = [level_piece(piece, rules.slope) for piece in pieces]
    tables = find_tables(spans, rules)
    inside = {one for table in tables for row in table.rows for one in row}
    free = [one for one in range(len(spans)) if one not in inside]
    whole = spans + [table.span for table in tables]  # a table takes part as if it were one large line
    groups = _order(free + list(range(len(spans), len(whole))), whole, 0)
    order: list[int] = []
    blocks: list[int] = []
    for number, group in enumerate(_open_tables(groups, tables, len(spans))):
        order += group
        blocks += [number] * len(group)
    return order, blocks


def _open_tables(groups: list[_Band], tables: Sequence[Table], lines: int) -> list[_Band]:
    """The groups with each table, numbered from `lines` on, replaced by its rows."""
    opened: list[_Band] = []
    for group in groups:
        plain: _Band = []
        for one in group:
            if one < lines:
                plain.append(one)
                continue
            opened += [plain] if plain else []
            opened += tables[one - lines].rows
            plain = []
        opened += [plain] if plain else []
    return opened


def _order(own: list[int], spans: Sequence[Span], depth: int) -> list[_Band]:
    """The lines in groups: paragraphs, columns, rows of tables."""
    groups: list[_Band] = []
    plain: _Band = []
    for region in _join_bands(_cut_bands(own, spans), spans):
        if len(region) == 1:
            plain += region[0]
            continue
        groups += _cut_paragraphs(plain, spans)
        plain = []
        groups += _order_region([one for band in region for one in band], region, spans, depth)
    return groups + _cut_paragraphs(plain, spans)


def _cut_bands(own: Sequence[int], spans: Sequence[Span]) -> list[_Band]:
    """Groups of lines between which a level cut passes no letters, from the top; each from left to right."""
    bands: list[_Band] = []
    bottom = -np.inf
    for one in sorted(own, key=lambda at: spans[at].top):
        if spans[one].top < bottom:
            bands[-1].append(one)
        else:
            bands.append([one])
        bottom = max(bottom, spans[one].bottom)
    return [sorted(band, key=lambda at: spans[at].x0) for band in bands]


def _gutters(band: Sequence[int], spans: Sequence[Span]) -> list[tuple[float, float]]:
    """The x ranges between lines that no line of the band enters."""
    found, right = [], -np.inf
    for one in sorted(band, key=lambda at: spans[at].x0):
        if right > -np.inf and spans[one].x0 - right > _GUTTER * spans[one].x_height:
            found.append((float(right), spans[one].x0))
        right = max(right, spans[one].x1)
    return found


def _join_bands(bands: list[_Band], spans: Sequence[Span]) -> list[list[_Band]]:
    """Runs of bands that share a gutter, and single bands in between. A run of one band with one line is plain text."""
    regions: list[list[_Band]] = []
    at = 0
    while at < len(bands):
        region, gutters = [bands[at]], _gutters(bands[at], spans)
        if not gutters and at + 1 < len(bands) and _leads(bands[at], bands[at + 1], spans):
            gutters = _gutters(bands[at + 1], spans)
        at += 1
        while gutters and at < len(bands):
            left = _narrow(gutters, bands[at], spans)
            first = spans[bands[at][0]]
            if not left or first.base - _lowest(region[-1], spans) > _APART * first.x_height:
                break
            region.append(bands[at])
            gutters = left
            at += 1
        alone = len(region) == 1 and len(region[0]) > 1  # columns, or a table of one row
        regions.append([region[0], []] if alone else region)
    return regions


def _leads(band: _Band, following: _Band, spans: Sequence[Span]) -> bool:
    """Whether a single line stands over the right column of what follows, as the first line above a signature does."""
    gutters = _gutters(following, spans)
    line = spans[band[0]]
    close = min(spans[one].base for one in following) - line.base < _APART * line.x_height
    return close and len(gutters) == 1 and line.x0 >= gutters[0][0]


def _lowest(band: _Band, spans: Sequence[Span]) -> float:
    return max(spans[one].base for one in band) if band else -np.inf


def _narrow(gutters: Sequence[tuple[float, float]], band: _Band, spans: Sequence[Span]) -> list[tuple[float, float]]:
    """What of the gutters this band leaves free."""
    free = list(gutters)
    for one in band:
        span, rest = spans[one], []
        for left, right in free:
            if span.x1 <= left or span.x0 >= right:
                rest.append((left, right))
                continue
            if span.x0 - left > _GUTTER * span.x_height and span.x1 >= right:
                rest.append((left, span.x0))
            if right - span.x1 > _GUTTER * span.x_height and span.x0 <= left:
                rest.append((span.x1, right))
        free = rest
    return free


def _order_region(own: _Band, region: Sequence[_Band], spans: Sequence[Span], depth: int) -> list[_Band]:
    """Columns one after the other, or a table's rows."""
    bands = [band for band in region if band]
    shared = _gutters(own, spans)
    left, right = min(spans[one].x0 for one in own), max(spans[one].x1 for one in own)
    wide = sum(len(_gutters(band, spans)) >= 2 for band in bands)
    if (len(shared) >= 2 and wide >= 2) or not shared or depth > 4 or right - left < 1:
        framed = [one for one in own if _is_framed(spans[one])]
        return [[one] for one in framed] + cut_rows([one for one in own if one not in framed], spans)
    widest = max(shared, key=lambda gap: gap[1] - gap[0])
    border = (widest[0] + widest[1]) / 2
    sides = [one for one in own if spans[one].middle < border], [one for one in own if spans[one].middle >= border]
    return [group for side in sides for group in _order(side, spans, depth + 1)]


def _is_framed(span: Span) -> bool:
    """Whether it is a table or a stamp with a frame, which stands beside lines rather than between two of them."""
    return span.bottom - span.top > 4 * span.x_height


def _cut_paragraphs(own: _Band, spans: Sequence[Span]) -> list[_Band]:
    """Lines below each other, apart where the distance between them grows."""
    if not own:
        return []
    steps = [(spans[b].base - spans[a].base) / spans[b].x_height for a, b in pairwise(own)]
    usual = float(np.median(steps)) if steps else 0.0
    groups = [[own[0]]]
    for one, step in zip(own[1:], steps, strict=True):
        before = spans[groups[-1][-1]]
        larger = max(before.x_height, spans[one].x_height) > 1.3 * min(before.x_height, spans[one].x_height)
        if step > _PARAGRAPH * max(usual, 2.2) or larger:
            groups.append([one])
        else:
            groups[-1].append(one)
    return groups
