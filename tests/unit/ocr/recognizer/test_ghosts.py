"""What shows through from the sheet's other side is no text of this one."""

from __future__ import annotations

import numpy as np

from ocr.recognizer.ghosts import Own, drop_ghosts, take_away_ghosts
from ocr.recognizer.words import LineWord


def _word(text: str, darkness: float, probability: float) -> LineWord:
    return LineWord(text, 0, 50, 10, 30, probability, 0.0, darkness)


_OWN = tuple(_word(text, 0.8, 0.99) for text in ("Nơi", "nhận:", "Văn", "phòng", "Tỉnh", "ủy"))


def _texts(*lines: tuple[LineWord, ...]) -> list[str]:
    return [" ".join(word.text for word in line) for line in drop_ghosts(lines).lines]


def test_faint_unsure_words_go_and_the_line_keeps_its_own() -> None:
    ghost = _word("gnôhq", 0.32, 0.3)
    assert _texts(_OWN, (_word("Lưu:", 0.76, 0.97), ghost), (ghost, _word("-", 0.32, 0.95))) == [
        "Nơi nhận: Văn phòng Tỉnh ủy",
        "Lưu:",
        "",
    ]


def test_faint_print_that_reads_well_stays() -> None:
    assert _texts(_OWN, (_word("15/01/2025", 0.28, 0.96), _word("-", 0.28, 0.8))) == [
        "Nơi nhận: Văn phòng Tỉnh ủy",
        "15/01/2025 -",
    ]


def test_badly_read_words_as_dark_as_the_page_stay() -> None:
    assert _texts(_OWN, (_word("qu0ết", 0.52, 0.2),))[1] == "qu0ết"


def test_scraps_go_where_the_sheet_shows_through() -> None:
    ghosts = tuple(_word("mộd", 0.32, 0.3) for _ in range(3))
    scrap = (_word("H", 0.3, 0.99),)
    assert _texts(_OWN, scrap)[1] == "H"
    assert _texts(_OWN, ghosts, scrap)[1:] == ["", ""]


def test_there_may_be_more_of_the_back_than_of_the_page() -> None:
    ghosts = tuple(_word("gnôhq", 0.2, 0.6) for _ in range(40))
    assert _texts(_OWN, ghosts) == ["Nơi nhận: Văn phòng Tỉnh ủy", ""]


def test_a_faint_page_is_measured_by_its_own_ink() -> None:
    assert _texts(tuple(_word(text, 0.16, 0.7) for text in ("Độc", "lập"))) == ["Độc lập"]
    assert drop_ghosts([]) == Own((), 0.0, shows=False)


def test_what_is_fainter_than_the_print_is_taken_away_also_in_a_shadow() -> None:
    light = np.linspace(250, 120, 400, dtype=np.float32)[None, :].repeat(300, axis=0)
    page = light.copy()
    page[100:104, 20:380] *= 0.2  # print
    page[150:156, 20:380] *= 0.68  # the back's
    clean = take_away_ghosts(page.astype(np.uint8), 100, ink=0.8).astype(np.float32) / light
    assert clean[101:103, 60:340].max() < 0.25
    assert clean[151:155, 60:340].min() > 0.85
