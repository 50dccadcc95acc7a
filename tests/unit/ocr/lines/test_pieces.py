"""From maps as the network answers them to lines: tracing, joining, junk, a second look."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.lines.joining import drop_junk, extend_ends, join_pieces
from ocr.lines.maps import Maps
from ocr.lines.marks import find_handwriting, find_seals, measure_pen, weigh_turns
from ocr.lines.second_look import find_missed
from ocr.lines.tracing import Piece, trace_pieces

HEIGHT, WIDTH = 320, 640


def empty_maps() -> Maps:
    quarter = (HEIGHT // 4, WIDTH // 4)
    return Maps(
        np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT // 2, WIDTH // 2), np.uint8),
        np.zeros((HEIGHT // 2, WIDTH // 2), np.float32), np.zeros(quarter, np.float32), np.zeros(quarter, np.float32),
        np.zeros(quarter, np.float32), np.full(quarter, 8, np.float32),
        np.full((4, HEIGHT // 16, WIDTH // 16), 0.25, np.float32),
    )  # fmt: skip


def draw(maps: Maps, x0: int, x1: int, base: float, slope: float = 0.0, ink: bool = True) -> None:
    """Adds a line: its core, the network's figures within it, and letters as upright strokes."""
    x_height = 8.0
    for x in range(x0 // 2, x1 // 2):
        here = base + slope * 2 * x
        for y in range(round((here - x_height) / 2), round(here / 2)):
            maps.core[y, x] = 0.9
            cell = y // 2, x // 2
            maps.drop[cell] = (here - (cell[0] * 4 + 2)) / x_height
            maps.x_height[cell] = x_height
    for x in range(x0, x1 - 2, 5) if ink else ():
        here = base + slope * x
        maps.ink[round(here - x_height) : round(here), x : x + 2] = 200
    maps.half[:] = maps.ink.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).max(axis=(1, 3)) // 2


def test_a_line_is_traced_to_a_fraction_of_a_pixel() -> None:
    maps = empty_maps()
    draw(maps, 40, 600, 101.5, slope=0.05)
    (piece,) = trace_pieces(maps)
    assert piece.x0 == pytest.approx(40, abs=2) and piece.x1 == pytest.approx(600, abs=2)
    assert piece.y_at(40) == pytest.approx(101.5 + 2.0, abs=0.5)
    assert piece.y_at(600) == pytest.approx(101.5 + 30.0, abs=0.5)
    assert piece.x_height == pytest.approx(8, abs=0.1)


def test_short_lines_lean_as_the_page_does() -> None:
    maps = empty_maps()
    draw(maps, 40, 600, 60, slope=0.05)
    draw(maps, 40, 52, 200, slope=0.05)
    short = min(trace_pieces(maps), key=lambda piece: piece.width)
    assert short.curve[1] == pytest.approx(0.05, abs=0.01)


def test_lines_grown_together_are_parted() -> None:
    maps = empty_maps()
    draw(maps, 40, 400, 100)
    draw(maps, 40, 400, 120)
    maps.core[47:58, 100:104] = 0.9
    pieces = [piece for piece in trace_pieces(maps) if piece.width > 50]
    assert sorted(round(piece.curve[0]) for piece in pieces) == pytest.approx([100, 120], abs=1)


def test_a_broken_line_is_joined_and_columns_are_not() -> None:
    maps = empty_maps()
    draw(maps, 40, 100, 100)
    draw(maps, 106, 200, 100)
    draw(maps, 240, 300, 100)
    lines = sorted(join_pieces(trace_pieces(maps), maps), key=lambda piece: piece.x0)
    assert [(round(line.x0), round(line.x1)) for line in lines] == [(40, 200), (240, 300)]


def test_a_rule_between_cells_keeps_them_apart() -> None:
    maps = empty_maps()
    draw(maps, 40, 100, 100)
    draw(maps, 106, 200, 100)
    maps.ink[60:140, 103] = 200
    assert len(join_pieces(trace_pieces(maps), maps)) == 2


def test_what_has_no_ink_or_lies_on_a_seal_is_no_line() -> None:
    maps = empty_maps()
    draw(maps, 40, 200, 60, ink=False)
    draw(maps, 40, 60, 120)
    maps.graphic[20:40, 5:20] = 0.9
    draw(maps, 40, 200, 250)
    assert [round(piece.curve[0]) for piece in drop_junk(trace_pieces(maps), maps)] == pytest.approx([250], abs=1)


def test_letters_beyond_a_line_s_end_are_taken_in() -> None:
    maps = empty_maps()
    draw(maps, 40, 200, 100)
    for x in range(201, 230, 5):
        maps.ink[92:100, x : x + 2] = 200
    (line,) = extend_ends(trace_pieces(maps), maps)
    assert line.x1 == pytest.approx(228, abs=3)


def test_a_row_that_the_network_hardly_saw_is_found_by_its_ink() -> None:
    maps = empty_maps()
    draw(maps, 40, 400, 60)
    pieces = trace_pieces(maps)
    draw(maps, 40, 400, 200)
    maps.core[90:102] = np.where(maps.core[90:102] > 0, 0.3, 0)
    (missed,) = find_missed(pieces, maps, maps.half)
    assert missed.curve[0] == pytest.approx(200, abs=2)
    assert missed.x1 - missed.x0 == pytest.approx(360, abs=12)


def test_pen_ink_makes_a_mixed_line_or_a_mark() -> None:
    maps = empty_maps()
    draw(maps, 40, 200, 100)
    maps.pen[22:26, 30:40] = 0.9
    (line,) = trace_pieces(maps)
    share, kind = measure_pen(line, maps)
    assert kind == "mixed" and share == pytest.approx(40 / 160, abs=0.08)
    assert find_handwriting([line], [kind], maps) == []
    maps.pen[50:60, 60:90] = 0.9
    assert find_handwriting([line], [kind], maps) == [(240, 200, 360, 240)]


def test_seals_are_boxes() -> None:
    maps = empty_maps()
    maps.graphic[20:50, 20:52] = 0.9
    assert find_seals(maps) == [(80, 80, 208, 200)]


def test_all_the_text_votes_on_the_rotation() -> None:
    maps = empty_maps()
    assert weigh_turns(maps).tolist() == [0.25] * 4
    draw(maps, 40, 400, 100)
    maps.turn[:, 5:8, :] = np.array((0.1, 0.2, 0.6, 0.1))[:, None, None]
    assert int(weigh_turns(maps).argmax()) == 2


def test_a_bent_piece_goes_on_along_its_tangent() -> None:
    piece = Piece(0, 100, (50.0, 0.0, 0.001), 8, 1.0)
    assert piece.y_at(100) == pytest.approx(52.5)
    assert piece.y_at(110) == pytest.approx(52.5 + 10 * 0.1)
    assert len(piece.points()) >= 3
