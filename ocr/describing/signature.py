"""Who signed: mode, on whose behalf, position and name, from the right column of the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from core.recognition import Box, Suggestion
from ocr.describing.ending import Ending, is_signing, mode_of
from ocr.describing.names import (
    complete_title,
    edit_distance,
    fold_name,
    is_whole_title,
    nearest_title,
    restore_marks,
    starts_body,
    starts_title,
)
from ocr.describing.people_names import has_surname, name_words, trim_name
from ocr.describing.rows import Row, middle_x, middle_y
from ocr.describing.spelling import mend_syllables
from ocr.describing.suggest import suggest, suggest_lines

_DEGREES = re.compile(
    r"^(?:\W|(?:GS|PGS|TS|ThS|Ths|Th\.S|BS|BSCK\w*|CN|KS|LS|NGƯT|NGND|TSKH|CKI|CKII|T[^\W\d_]S?\.|"
    r"Thiếu tướng|Trung tướng|Đại tá|Thượng tá|Trung tá|Thiếu tá)[\s.,]+)+"
)
_NAME_WORD = re.compile(r"^[^\W\d_][^\W\d_]{0,6}$")
_ALSO = re.compile(r"^\W*kiem(?!\w)")
"""A second position of the same person: `kiêm`, mostly in small letters."""
_ASIDE = 0.03
"""Share of the page's width by which a row of a seal stands left of the block's middle."""
_NAME_SURE = 0.89
_GAP = 1.6
"""Heights of a row between two rows of one block."""


_DECLARANT = "nguoi khai"
"""Who fills in a form about himself signs it for no office."""


def describe_signer(ending: Ending | None) -> list[Suggestion]:
    """Mode, on whose behalf, position and name."""
    if ending is None:
        return []
    rows = sorted(ending.right, key=lambda row: row.box[1])
    declared = any(row.letters == _DECLARANT for row in rows)
    first = next((at for at, row in enumerate(rows) if is_signing(row) and row.letters != _DECLARANT), None)
    if first is None and declared:
        return []
    if first is None:
        name = _find_name(rows, 0)
        return [name] if name else []
    seals = [mark.box for mark in ending.page.marks if mark.kind == "seal"]
    block = _block(rows[first:], seals, _ASIDE * ending.page.width)
    found = _describe_block(block)
    name = _find_name(rows, block[-1].box[3] if block else 0)
    return [*found, name] if name else found


def _block(rows: Sequence[Row], seals: Sequence[Box], aside: float) -> list[Row]:
    """The rows of capitals from the first on, close to each other, all centred on one line; a seal's rows are not."""
    block: list[Row] = []
    centre = middle_x(rows[0].box)
    for row in rows:
        gap = row.box[1] - block[-1].box[3] if block else 0
        if gap >= _GAP * row.height:
            break
        off = centre - middle_x(row.box)
        if block and (off > aside or _in_seal(row, seals, abs(off) > aside / 2)):
            continue
        capitals = row.upper_share > 0.75 and len(row.letters) > 2
        if (capitals and row.confidence > 0.4) or (block and _ALSO.match(row.folded)) or _carries_on(block):
            block.append(row)
            centre = median(middle_x(one.box) for one in block)
    return block


def _carries_on(block: Sequence[Row]) -> bool:
    """Whether the last row is `kiêm` alone, so that the next is a position however it is printed."""
    return bool(block) and block[-1].letters == "kiem"


def _in_seal(row: Row, seals: Sequence[Box], off_centre: bool) -> bool:
    """Whether a row that names no position lies within a seal: the seal's own print, off the block's middle."""
    if not off_centre or starts_title(row.letters):
        return False
    return any(one[0] <= middle_x(row.box) <= one[2] and one[1] <= middle_y(row.box) <= one[3] for one in seals)


def _describe_block(block: Sequence[Row]) -> list[Suggestion]:
    """The rows of capitals: the last mode counts, as in TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG."""
    modes = [(at, one) for at, row in enumerate(block) if (one := mode_of(row)) is not None]
    if not modes:
        return _describe_title(block, None)
    at, (mode, start) = modes[-1]
    row, end = block[at], at + 1
    if mode == "Q.":  # who acts as the head: what follows is the position
        rest = Row(row.words_between(start, len(row.text)), row.page)
        said = suggest("signing_mode", mode, row, (0, start), 0.85, "ending.mode")
        return [said, *_describe_title([rest, *block[end:]], None)]
    while end < len(block) - 1 and not starts_title(_mended(block[end]).lower()):
        end += 1
    behalf = _clean_caps(" ".join([row.text[start:], *(one.text for one in block[at + 1 : end])]))
    # A mode with no position under it: rows were lost to the seal, and a second mode may be among them.
    ceiling = 0.95 if end < len(block) else 0.6
    listed = starts_title(fold_name(behalf)) or starts_body(fold_name(behalf))
    return [
        suggest("signing_mode", mode, row, (0, start), ceiling, "ending.mode"),
        suggest("on_behalf_of", behalf, row, (start, len(row.text)), min(ceiling, 0.92 if listed else 0.6),
                "ending.mode"),
        *_describe_title(block[end:], behalf if mode in ("KT.", "K/T") else None),
    ]  # fmt: skip


def _mended(row: Row) -> str:
    """The row's letters as they are compared with the lists."""
    return fold_name(_clean_caps(row.text))


def _describe_title(rows: Sequence[Row], deputy_of: str | None) -> list[Suggestion]:
    """The signer's position; one whose beginning the seal hid is completed from the lists, or from whom KT. names."""
    if not rows:
        return []
    title = _clean_caps(" ".join(row.text for row in rows))
    ceiling = 0.6 if not is_whole_title(title) else 0.8 if title.startswith("NGƯỜI") else 0.92
    deputy = f"PHÓ {deputy_of}"
    if ceiling < 0.9 and deputy_of and _ends_like(deputy, _clean_caps(rows[-1].text)):
        title, ceiling = deputy, 0.85
    elif ceiling < 0.9 and (whole := complete_title(title) or nearest_title(title)):
        title, ceiling = whole, 0.8
    elif deputy_of and title.startswith("PHÓ ") and not deputy_of.endswith(title.removeprefix("PHÓ ")):
        ceiling = min(ceiling, 0.8 if deputy_of.startswith(title.removeprefix("PHÓ ")) else 0.6)
    return [suggest_lines("signer_title", title, list(rows), ceiling, "ending.title")]


def _ends_like(whole: str, end: str) -> bool:
    """Whether a text ends as another one, all but a letter."""
    if len(end) <= 3:
        return False
    return edit_distance(fold_name(whole)[-len(end) :], fold_name(end)) <= (len(end) > 6)


def _clean_caps(text: str) -> str:
    """Capitals without marks and strokes: digits before a word or alone are none of a position's."""
    text = re.sub(r"(?<!\w)\d{1,2}(?=[^\W\d_])|(?<!\w)\d{1,3}$|[^\w\s,./()-]", "", text)
    text = re.sub(r"(?<!\w)[^\W\d_]$", "", text.strip()) if len(text) > 6 else text
    return re.sub(r"\s+", " ", mend_syllables(restore_marks(text))).strip(" .,-/_")


def _find_name(rows: Sequence[Row], below: float) -> Suggestion | None:
    """The last row under the position that reads as a person's name."""
    for row in sorted(rows, key=lambda one: one.box[1], reverse=True):
        if row.box[1] < below - 0.3 * row.height:
            return None
        degrees = _DEGREES.match(row.text)
        start = degrees.end() if degrees else 0
        spoken = [word for word in row.words_between(start, len(row.text)) if any(map(str.isalpha, word.text))]
        words = trim_name([word.strip(" .,_-'“”‘’") for word in name_words(spoken)])
        proper = all(
            _NAME_WORD.match(word) and word[0].isupper() and (word[1:].islower() or word.isupper()) for word in words
        )
        known = bool(words) and has_surname(words[0].capitalize())
        if words and all(map(str.isupper, words)) and not known:
            continue  # capitals are print of the form, unless a surname says otherwise
        if 2 <= len(words) <= 5 and proper and sum(map(len, words)) >= 6 and not is_signing(row):
            sure = min(word.confidence for word in row.words_between(start, len(row.text))) > 0.8
            ceiling = 0.3 if not known or len(words) < 3 else _NAME_SURE if sure else 0.75
            return suggest("signer_name", " ".join(words), row, (start, len(row.text)), ceiling, "ending.name")
    return None
