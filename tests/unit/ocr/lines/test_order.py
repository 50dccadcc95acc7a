"""Reading order of pages made of bare line geometry."""

from __future__ import annotations

import numpy as np

from ocr.images import Pixels
from ocr.lines.order import arrange
from ocr.lines.tables import find_rules, join_in_cells, split_at_rules
from ocr.lines.tracing import Piece

X_HEIGHT = 8.0


def line(x0: float, x1: float, base: float, slope: float = 0.0) -> Piece:
    """A line on a page whose lines have this slope; x0, x1 and base as on the levelled page."""
    a, b = x0 - slope * base, x1 - slope * base
    return Piece(a, b, (base + slope * (a + b) / 2, slope, 0.0), X_HEIGHT, 1.0)


def paper(rules: list[tuple[int, int, int, int]] | None = None) -> Pixels:
    """Ink at half size of an empty A4 page at 100 dpi, with ruled boxes given at full size."""
    ink = np.zeros((585, 414), np.uint8)
    for x0, y0, x1, y1 in rules or []:
        a, b, c, d = x0 // 2, y0 // 2, x1 // 2, y1 // 2
        ink[b, a : c + 1] = ink[d, a : c + 1] = ink[b : d + 1, a] = ink[b : d + 1, c] = 200
    return ink


def order_of(pieces: list[Piece], ink: Pixels | None = None, slope: float = 0.0) -> list[int]:
    return arrange(pieces, find_rules(paper() if ink is None else ink, slope))[0]


def letter(slope: float = 0.0) -> list[Piece]:
    """A head in two columns, a title, a body, recipients beside a signature; in reading order."""
    return [
        line(80, 300, 80, slope), line(110, 270, 100, slope), line(120, 260, 135, slope), line(100, 280, 152, slope),
        line(360, 760, 81, slope), line(440, 680, 101, slope), line(420, 740, 136, slope),
        line(300, 520, 190, slope),
        line(150, 760, 230, slope), line(110, 760, 255, slope), line(110, 420, 280, slope),
        line(110, 200, 330, slope), line(110, 300, 346, slope), line(110, 320, 361, slope), line(110, 250, 376, slope),
        line(480, 720, 328, slope), line(520, 660, 350, slope), line(500, 690, 450, slope),
    ]  # fmt: skip


def test_a_letter_is_read_column_by_column() -> None:
    pieces = letter()
    shuffled = list(np.random.default_rng(1).permutation(len(pieces)))
    order = order_of([pieces[at] for at in shuffled])
    assert [shuffled[at] for at in order] == list(range(len(pieces)))


def test_the_same_letter_askew() -> None:
    for slope in (-0.08, 0.03, 0.09):
        assert order_of(letter(slope), slope=slope) == list(range(18))


def test_columns_are_blocks_of_their_own() -> None:
    order, blocks = arrange(letter(), find_rules(paper(), 0.0))
    block = dict(zip(order, blocks, strict=True))
    assert block[8] == block[9] == block[10]
    assert block[0] != block[4] and block[11] != block[15] and block[7] != block[8]
    assert blocks == sorted(blocks)


def test_a_ruled_table_is_read_by_rows_and_in_a_row_by_cells() -> None:
    ink = paper([
        (100, 200, 200, 260), (200, 200, 500, 260), (500, 200, 700, 260),
        (100, 260, 200, 300), (200, 260, 500, 300), (500, 260, 700, 300),
    ])  # fmt: skip
    pieces = [
        line(140, 150, 230), line(210, 480, 220), line(210, 400, 240), line(520, 680, 230),
        line(140, 150, 285), line(210, 300, 285), line(520, 640, 285),
    ]  # fmt: skip
    assert order_of(list(reversed(pieces)), ink) == [6, 5, 4, 3, 2, 1, 0]


def test_an_unruled_table_of_three_columns_is_read_by_rows() -> None:
    pieces = [line(x, x + 90, 200 + 24 * row) for row in range(4) for x in (100, 320, 560)]
    assert order_of(pieces) == list(range(12))


def test_a_line_found_across_a_rule_of_a_table_is_parted() -> None:
    half = paper([(100, 200, 300, 260), (300, 200, 600, 260)])
    full = half.repeat(2, axis=0).repeat(2, axis=1)
    rules = find_rules(half, 0.0)
    parts = split_at_rules([line(120, 500, 235), line(120, 500, 335)], rules, full)
    assert len(parts) == 3
    assert parts[0].x1 <= 300 <= parts[1].x0 and parts[2].width == 380
    full[220:240, 290:298] = 200  # letters that touch the rule: rather a scratch through a word
    assert len(split_at_rules([line(120, 500, 235)], rules, full)) == 1


def test_words_far_apart_in_a_cell_are_one_line() -> None:
    rules = find_rules(paper([(100, 200, 400, 260), (400, 200, 600, 260)]), 0.0)
    pieces = [line(120, 180, 235), line(210, 260, 235), line(290, 380, 235), line(410, 500, 235), line(120, 380, 335)]
    ends = [(piece.x0, piece.x1) for piece in join_in_cells(pieces, rules)]
    assert sorted(ends) == [(120, 380), (120, 380), (410, 500)]


def test_a_scanners_dark_border_is_no_table() -> None:
    half = paper([(100, 200, 400, 260), (400, 200, 600, 260)])
    half[:, :9] = half[:, -9:] = half[:7] = 200
    outlines = find_rules(half, 0.0).outlines
    assert [(round(one.x0), round(one.x1)) for one in outlines] == [(98, 606)]


def test_no_lines_no_order() -> None:
    assert arrange([], find_rules(paper(), 0.0)) == ([], [])
