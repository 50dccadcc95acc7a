"""The person concerned in running text: `... đồng chí Nguyễn Văn A, sinh ngày 12/5/1963, sinh hoạt tại Chi bộ ...`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.recognition import Suggestion
from ocr.describing.form_items import cut_row
from ocr.describing.form_labels import LABELS, Kind, Label
from ocr.describing.form_values import Value, read_value, suggest_value
from ocr.describing.rows import Row

_WHOM = re.compile(
    r"(?:dong chi|quan chung(?: uu tu)?|dang vien(?: du bi)?|ket nap|cong nhan|ky luat|doi voi|cho|toi ten la"
    r"|toi la)[\s:]+"
)
_NAME_ENDS = re.compile(r"\s*(?:[,;(]|sinh (?:ngay|nam))")
_BORN = re.compile(r"sinh (?:ngay|nam|thang)\W{0,3}")
_CELL = re.compile(r"chi bo (?!dang sinh hoat)")
_SINCE = re.compile(r"(?:ke tu|hieu luc(?: thi hanh)?(?: ke)? tu|thi hanh ke tu)\s+ngay\W{0,3}")
_CARD = re.compile(r"so the(?: dang(?: vien)?)?(?: so)?\W{0,3}(?=\d)")
_ENDS = re.compile(r"[,;.:]|(?<!\w)(?:dang bo|dang uy|la dang vien|vao dang|ke tu|chiu trach nhiem)(?!\w)")
_BODY = re.compile(r"^\W*dieu\s?1(?!\d)")
_END = re.compile(r"^\W*(?:noi nhan|dieu\s?[23](?!\d))")
_EVERY = {label.name: label for label in LABELS["party_card_issue"]}
_NAME = Label("full_name", re.compile(""), "name")


def _first_article(rows: Sequence[Row]) -> Row | None:
    """The decision's first article, as far as its page holds it, as one row of words."""
    start = next((at for at, row in enumerate(rows) if _BODY.match(row.folded)), None)
    if start is None:
        return None
    end = next((at for at, row in enumerate(rows) if at > start and _END.match(row.folded)), len(rows))
    same = [row for row in rows[start:end] if row.page == rows[start].page]
    return Row(tuple(word for row in same for word in row.words), rows[start].page)


def describe_prose(rows: Sequence[Row], asked: frozenset[str]) -> list[Suggestion]:
    """Name, birth, cell, card number and the day from which a decision holds, as its sentences tell them."""
    found: dict[str, Suggestion] = {}
    article = _first_article(rows)
    if article is not None:
        told = (
            _name(article),
            _after(article, "birth_date", _BORN),
            _cell(article),
            _after(article, "card_number", _CARD),
        )
        found = {one.name: one for one in told if one is not None}
    everything = [Row(tuple(word for row in rows if row.page == page for word in row.words), page)
                  for page in dict.fromkeys(row.page for row in rows)]  # fmt: skip
    for row in everything:
        since = _after(row, "effective_date", _SINCE)
        if since is not None:
            found.setdefault(since.name, since)
    return [one for name, one in found.items() if name in asked]


def _name(row: Row) -> Suggestion | None:
    for match in _WHOM.finditer(row.folded):
        rest = row.folded[match.end() :]
        end = _NAME_ENDS.search(rest)
        if end is None or end.start() > 45:
            continue
        words = row.text[match.end() : match.end() + end.start()].split()
        while words and not words[0][0].isupper():
            words = words[1:]
        if 2 <= len(words) <= 6 and all(word.isalpha() and word[0].isupper() for word in words):
            start = row.text.index(words[0], match.end())
            return suggest_value(
                _NAME, row, Value(" ".join(words), start, match.end() + end.start()), "prose.full_name"
            )
    return None


def _after(row: Row, name: str, pattern: re.Pattern[str]) -> Suggestion | None:
    """The first value of the field's kind behind the pattern."""
    kinds: dict[str, Kind] = {"effective_date": "date", "birth_date": "date", "card_number": "digits"}
    for match in pattern.finditer(row.folded):
        value_row = cut_row(row, match.end(), min(len(row.text), match.end() + 40))
        label = Label(name, pattern, kinds[name], _EVERY[name].digits)
        value = read_value(label, value_row) if value_row else None
        if value_row is not None and value is not None:
            return suggest_value(label, value_row, value, f"prose.{name}")
    return None


def _cell(row: Row) -> Suggestion | None:
    match = _CELL.search(row.folded)
    if match is None:
        return None
    end = _ENDS.search(row.folded, match.end())
    stop = end.start() if end else min(len(row.text), match.end() + 40)
    text = row.text[match.start() : stop].strip()
    return suggest_value(_EVERY["cell"], row, Value(text, match.start(), match.start() + len(text)), "prose.cell")
