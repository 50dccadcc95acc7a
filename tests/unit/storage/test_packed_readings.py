"""What was read is stored and comes back the same, rows of earlier versions too."""

from __future__ import annotations

import json

from core.recognition import Candidate, Mark, PenPlace, RecognizedLine, RecognizedWord
from storage.readings import pack_lines, pack_marks, pack_places, unpack_lines, unpack_marks, unpack_places

PRINT = RecognizedWord("Số:", 0.97, (10, 10, 60, 40))
PEN = RecognizedWord("15", 0.82, (64, 8, 99, 44), pen=True)
SECOND = RecognizedWord("nền", 0.61, (104, 8, 150, 44), first_reading="nên")


def test_lines_come_back_the_same() -> None:
    lines = (RecognizedLine((PRINT, PEN), (10, 8, 99, 44), 0), RecognizedLine((SECOND,), SECOND.box, 3))
    assert unpack_lines(json.loads(json.dumps(pack_lines(lines)))) == lines


def test_plain_words_are_kept_as_before() -> None:
    line = RecognizedLine((PRINT,), PRINT.box, 2)
    before = [[2, [10, 10, 60, 40], [["Số:", 0.97, [10, 10, 60, 40]]]]]
    assert pack_lines([line]) == before
    assert unpack_lines(before) == (line,)


def test_marks_come_back_the_same() -> None:
    marks = (Mark("handwriting", (1, 2, 3, 4)), Mark("seal", (5, 6, 7, 8)))
    assert unpack_marks(json.loads(json.dumps(pack_marks(marks)))) == marks


def test_ranked_places_come_back_the_same() -> None:
    date = PenPlace("date", (5, 6, 90, 20), (Candidate("2021-01-04", 0.9912), Candidate("2021-07-04", 0.0041)))
    places = (PenPlace("number", (1, 2, 3, 4), (Candidate("07", 0.471),)), date)
    assert unpack_places(json.loads(json.dumps(pack_places(places)))) == places
