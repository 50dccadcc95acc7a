"""The end of a document: recipients on the left, who signed on the right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from core.recognition import RecognizedPage, Suggestion
from ocr.describing.names import (
    complete_title,
    has_surname,
    is_whole_title,
    nearest_title,
    restore_marks,
    starts_title,
    trim_name,
)
from ocr.describing.reread import reread_region
from ocr.describing.rows import Row, join_level, middle_x, split_row
from ocr.describing.stamps import CropReader
from ocr.describing.suggest import FREE_TEXT, suggest, suggest_lines

_RECIPIENTS = re.compile(r"^\W{0,3}[nv]?[o0]i\s?nh[ae]n\s*[:;.]?")
_MODE = re.compile(r"^\W{0,3}(?P<mode>t\W?u\W?q|t\W?m|k\W?[t1]|t\W?l|q)\s?[./⁄,]\s?(?P<rest>[a-z].*)$")
_PARTY_MODE = re.compile(r"^\W{0,3}(?P<mode>[tk])\s?[/⁄]\s?(?P<last>[mtl])\W*(?P<rest>[a-z].*)$")
_KEPT = re.compile(r"^l[uư]u(?!\w)|^luu")
_KEPT_ROW = re.compile(r"^\W{0,2}[-–—]\s*luu\W")
_ITEM = re.compile(r"^\W{0,2}[-–—+•_]")
_DEGREES = re.compile(
    r"^(?:\W|(?:GS|PGS|TS|ThS|Ths|BS|CN|KS|LS|NGƯT|NGND|TSKH|CKI|CKII|"
    r"Thiếu tướng|Trung tướng|Đại tá|Thượng tá|Trung tá|Thiếu tá)[\s.,]+)+"
)
_NAME_WORD = re.compile(r"^[^\W\d_][^\W\d_]{0,6}$")
_REACH = 0.16
"""Share of the page's height above `Nơi nhận` where the signer's block may begin."""


@dataclass(frozen=True)
class Ending:
    """Rows of the last page with text that carries the signature, by column."""

    page: RecognizedPage
    left: tuple[Row, ...]
    right: tuple[Row, ...]


def find_ending(pages: Sequence[RecognizedPage], rows: Sequence[Sequence[Row]]) -> Ending | None:
    """The end of the document: where `Nơi nhận` stands, else the first page with a signer's row in its right half."""
    for page, its_rows in zip(pages, rows, strict=True):
        parts = [part for row in its_rows for part in split_row(row)]
        top = _recipients_top(page, parts)
        if top is None:
            continue
        left = [p for p in parts if p.box[0] < 0.47 * page.width and p.box[1] >= top]
        above = top - _REACH * page.height
        right = [p for p in parts if middle_x(p.box) > 0.5 * page.width and p.box[0] > 0.4 * page.width]
        right = [p for p in right if p.box[1] >= above]
        return Ending(page, tuple(left), tuple(right))
    for page, its_rows in reversed(list(zip(pages, rows, strict=True))):
        parts = [part for row in its_rows for part in split_row(row) if part.box[0] > 0.4 * page.width]
        signer = next((p for p in parts if _is_signing(p) and p.box[1] > 0.15 * page.height), None)
        if signer is not None:
            return Ending(page, (), tuple(p for p in parts if p.box[1] >= signer.box[1]))
    return None


def _recipients_top(page: RecognizedPage, parts: Sequence[Row]) -> float | None:
    """Upper edge of the recipients: at `Nơi nhận`, or, where that was lost, above the items that end in `- Lưu`."""
    on_left = [part for part in parts if part.box[0] < 0.4 * page.width]
    start = next((part for part in on_left if _RECIPIENTS.search(part.folded)), None)
    if start is not None:
        return start.box[1] - 0.5 * start.height
    last = next((at for at, part in enumerate(on_left) if _KEPT_ROW.search(part.folded)), None)
    if last is None:
        return None
    first = last
    while (
        first > 0
        and _ITEM.match(on_left[first - 1].text)
        and on_left[first].box[1] - on_left[first - 1].box[3] < 2 * on_left[first].height
    ):
        first -= 1
    return on_left[first].box[1] - 1.5 * on_left[first].height


def _is_signing(row: Row) -> bool:
    """Whether a row of capitals names a mode of signing or a position."""
    if row.upper_share < 0.75:
        return False
    return _mode_of(row) is not None or starts_title(row.letters)


def _mode_of(row: Row) -> tuple[str, int] | None:
    """Mode as it is written in its form, and where the rest begins; None for a row without one."""
    party = _PARTY_MODE.search(row.folded)
    if party:
        return f"{party['mode']}/{party['last']}".upper(), party.start("rest")
    found = _MODE.search(row.folded)
    if found is None:
        return None
    mode = re.sub(r"\W", "", found["mode"]).upper().replace("1", "T")
    return f"{mode}.", found.start("rest")


def reread_ending(ending: Ending, image: np.ndarray, read_crop: CropReader) -> Ending:
    """The end with its right column read again, line by line and without the seal's red."""
    rows = ending.left or ending.right
    if not rows:
        return ending
    height = median(row.height for row in rows)
    top = min(row.box[1] for row in rows) - 2 * height
    bottom = max(max(row.box[3] for row in rows) + 2 * height, top + 0.2 * ending.page.height)
    region = (int(0.45 * ending.page.width), max(0, int(top)), ending.page.width, min(ending.page.height, int(bottom)))
    again = reread_region(image, region, ending.page.number, height, read_crop)
    return replace(ending, right=tuple(again)) if again else ending


def describe_recipients(ending: Ending | None) -> Suggestion | None:
    """The items under `Nơi nhận:`, broken ones put together, without their closing marks."""
    if ending is None or not ending.left:
        return None
    rows = join_level(list(ending.left))
    items: list[str] = []
    used: list[Row] = []
    edge = min(row.box[0] for row in rows[:3])
    begun = next((at for at, row in enumerate(rows) if _ITEM.match(row.text)), 1)
    for row in rows[begun:]:
        if row.box[0] > edge + 0.12 * ending.page.width or (used and row.box[1] - used[-1].box[3] > 2.5 * row.height):
            break
        starts = bool(_ITEM.match(row.text))
        if (
            items
            and _KEPT.match(items[-1].lower())
            and not _goes_on(used[-1], row)
            and (not starts or "uu" not in row.folded)
        ):
            break
        text = re.sub(r"^[\W_]+", "", row.text) if starts or not items else row.text
        if sum(one.isalpha() for one in text) < 2:
            continue
        if starts or not items or items[-1].endswith(";"):
            items.append(text)
        else:
            items[-1] = f"{items[-1]} {text}"
        used.append(row)
    cleaned = tuple(one for one in map(_clean_item, items) if one)
    if not cleaned:
        return None
    return suggest("recipients", cleaned, Row(tuple(w for r in used for w in r.words), ending.page.number), None,
                   FREE_TEXT - 0.1, "ending.recipients")  # fmt: skip


def _goes_on(last: Row, row: Row) -> bool:
    """Whether a row is the second line of the last item and no scribble below the list."""
    close = row.box[1] - last.box[3] < 0.8 * row.height and abs(row.height - last.height) < 0.4 * last.height
    return close and not last.text.endswith((".", ";")) and row.confidence > 0.8 and len(row.words) <= 4


def _clean_item(text: str) -> str:
    text = restore_marks(text.replace("⁄", "/"))
    text = re.sub(r"\([bBđĐ6]\s?/\s?[cC€eoG]\s?\)", "(b/c)", text)
    text = re.sub(r"\s*[^\w\s()]*$", "", re.sub(r"(?<=[;,.])\s*\W{0,3}\w?\W{0,2}$", "", text))
    text = re.sub(r"\(\s*(b/c|b/cáo|t/h|báo cáo)[^)]{0,1}$", r"(\1)", text)
    return re.sub(r"\s+", " ", text).strip(" ;,.:#")


def describe_signer(ending: Ending | None) -> list[Suggestion]:
    """Mode, on whose behalf, position and name, from the right column of the end."""
    if ending is None:
        return []
    rows = sorted(ending.right, key=lambda row: row.box[1])
    first = next((at for at, row in enumerate(rows) if _is_signing(row)), None)
    if first is None:
        name = _find_name(rows, 0)
        return [name] if name else []
    block: list[Row] = []
    for row in rows[first:]:
        near = not block or row.box[1] - block[-1].box[3] < 1.6 * row.height
        if near and row.upper_share > 0.75 and len(row.letters) > 2 and row.confidence > 0.4:
            block.append(row)
        elif block and row.box[1] - block[-1].box[3] >= 1.6 * row.height:
            break
    found = _describe_block(block)
    name = _find_name(rows, block[-1].box[3] if block else 0)
    return [*found, name] if name else found


def _describe_block(block: Sequence[Row]) -> list[Suggestion]:
    """The rows of capitals: the last mode counts, as in TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG."""
    modes = [(at, one) for at, row in enumerate(block) if (one := _mode_of(row)) is not None]
    if not modes:
        return _describe_title(block, None)
    at, (mode, start) = modes[-1]
    row, end = block[at], at + 1
    while mode in ("TM.", "T/M") and end < len(block) - 1 and not starts_title(block[end].letters):
        end += 1
    behalf = _clean_caps(restore_marks(" ".join([row.text[start:], *(one.text for one in block[at + 1 : end])])))
    # A mode with no position under it: rows were lost to the seal, and a second mode may be among them.
    ceiling = 0.95 if end < len(block) else 0.6
    return [
        suggest("signing_mode", mode, row, (0, start), ceiling, "ending.mode"),
        suggest("on_behalf_of", behalf, row, (start, len(row.text)), min(ceiling, 0.88), "ending.mode"),
        *_describe_title(block[end:], behalf if mode in ("KT.", "K/T") else None),
    ]


def _describe_title(rows: Sequence[Row], deputy_of: str | None) -> list[Suggestion]:
    """The signer's position; one whose beginning the seal hid is completed from the lists, or from whom KT. names."""
    if not rows:
        return []
    title = _clean_caps(restore_marks(" ".join(row.text for row in rows)))
    ceiling = 0.92 if is_whole_title(title) else 0.6
    last = _clean_caps(restore_marks(rows[-1].text))
    if ceiling < 0.9 and deputy_of and f"PHÓ {deputy_of}".endswith(last) and len(last) > 3:
        title, ceiling = f"PHÓ {deputy_of}", 0.85
    elif ceiling < 0.9 and (whole := complete_title(title) or nearest_title(title)):
        title, ceiling = whole, 0.8
    return [suggest_lines("signer_title", title, list(rows), ceiling, "ending.title")]


def _clean_caps(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s,./()-]", "", text)).strip(" .,-/")


def _find_name(rows: Sequence[Row], below: float) -> Suggestion | None:
    """The last row under the position that reads as a person's name."""
    for row in sorted(rows, key=lambda one: one.box[1], reverse=True):
        if row.box[1] < below - 0.3 * row.height:
            return None
        degrees = _DEGREES.match(row.text)
        start = degrees.end() if degrees else 0
        words = trim_name(row.text[start:].strip(" .,_-'“”‘’").split())
        proper = all(
            _NAME_WORD.match(word) and word[0].isupper() and (word[1:].islower() or word.isupper()) for word in words
        )
        known = bool(words) and has_surname(words[0].capitalize())
        if words and all(map(str.isupper, words)) and not known:
            continue  # capitals are print of the form, unless a surname says otherwise
        if 2 <= len(words) <= 5 and proper and sum(map(len, words)) >= 6 and not _is_signing(row):
            sure = min(word.confidence for word in row.words_between(start, len(row.text))) > 0.8
            ceiling = 0.5 if not known or len(words) < 3 else 0.89 if sure else 0.6
            return suggest("signer_name", " ".join(words), row, (start, len(row.text)), ceiling, "ending.name")
    return None
