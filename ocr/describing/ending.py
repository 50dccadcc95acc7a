"""Where a document ends: recipients on the left, the signer's block on the right, on one page or over two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from core.recognition import RecognizedPage
from ocr.describing.names import starts_title
from ocr.describing.people_names import has_surname
from ocr.describing.reread import reread_region, reread_row
from ocr.describing.rows import Row, middle_x, middle_y, split_row
from ocr.describing.stamps import CropReader

_RECIPIENTS = re.compile(r"^\W{0,3}[nv]?[o0]i\s?nh[ae]n\s*[:;.]?")
_MODE = re.compile(r"^\W{0,3}(?P<mode>t\W?u\W?q|[tf1]\W?m|k\W?[t1]|[tf1]\W?l|q)\s?[./⁄,]\s?(?P<rest>[a-z].*)$")
_JOINED_MODE = re.compile(r"^\W{0,3}(?P<mode>tuq|tm|kt|tl|q)\W?(?P<rest>[a-z].*)$")
_PARTY_MODE = re.compile(r"^\W{0,3}(?P<mode>[tk])\s?[/⁄]\s?(?P<last>[mtl])\W*(?P<rest>[a-z].*)$")
_COLLECTIVES = ("ban ", "uy ban", "hoi dong", "chi uy", "dang uy", "doan ")
ITEM = re.compile(r"^\W{0,2}[-–—+•_]")
KEPT_ROW = re.compile(r"^\W{0,2}[-–—]?\W{0,2}luu(?!\w)")
_OVERLAY = re.compile(
    r"^\W*(ky boi|nguoi ky|ngay ky|thoi gian ky|gio ky|ky so|da ky|chu ky so|co quan\s?:|to chuc\s?:|e-?mail"
    r"|ly do\s?:|vi tri\s?:|signature|digitally|signed|date\s?:|cn\s?=|dn\s?:)|@|\+0?7\W?00"
)
"""What an electronic signature prints about itself."""
_REACH = 0.16
"""Share of the page's height above `Nơi nhận` where the signer's block may begin."""
_SURE = 0.8
"""Confidence of a row's worst word below which the row is read again."""
_MOST_ROWS = 4
_HALF = 0.47
"""Share of the page's width where the left half ends."""
_OVER = 4
"""Heights of a row between the signer's position and recipients that stand under the whole block."""
_FOOT, _TOP = 0.55, 0.45
"""Where on the page before, and on the page after, the other half of an ending may stand: shares of the height."""


@dataclass(frozen=True)
class Ending:
    """The rows of the end, by column. `page` carries the signer's block; `left` may go on on a page of its own."""

    page: RecognizedPage
    left: tuple[Row, ...]
    right: tuple[Row, ...]


def find_ending(pages: Sequence[RecognizedPage], rows: Sequence[Sequence[Row]]) -> Ending | None:
    """The end of the document: where `Nơi nhận` stands, else the last page with a signer's row in its right half.

    A signer who is not beside the recipients is looked for at the foot of the page before and at the head of the
    page after; a list of recipients without its last item goes on at the head of the page after.
    """
    parts = [[part for row in its for part in split_row(row) if not _OVERLAY.search(part.folded)] for its in rows]
    for at, page in enumerate(pages):
        top = _recipients_top(page, parts[at])
        if top is not None:
            left = _left_of(page, parts[at], top)
            if at + 1 < len(pages) and not any(KEPT_ROW.search(part.folded) for part in left):
                left = (*left, *_left_continued(pages[at + 1], parts[at + 1]))
            page_at, right = _right_of(pages, parts, at, top)
            return Ending(pages[page_at], left, right)
    for page, its in reversed(list(zip(pages, parts, strict=True))):
        on_right = [part for part in its if part.box[0] > 0.4 * page.width]
        signer = next((p for p in on_right if is_signing(p) and p.box[1] > 0.15 * page.height), None)
        if signer is not None:
            return Ending(page, (), tuple(p for p in on_right if p.box[1] >= signer.box[1]))
    return None


def _left_of(page: RecognizedPage, parts: Sequence[Row], top: float) -> tuple[Row, ...]:
    """The parts from the recipients' label on: of the left half, and of a second column if items begin there."""
    below = [part for part in parts if part.box[1] >= top]
    aside = [p for p in below if p.box[0] >= _HALF * page.width and ITEM.match(p.text)]
    edge = (1.0 if len(aside) > 1 else _HALF) * page.width
    return tuple(p for p in below if p.box[0] < edge)


def _left_continued(page: RecognizedPage, parts: Sequence[Row]) -> tuple[Row, ...]:
    """Items at the head of the next page, as far as the one that says what is kept."""
    on_left = [p for p in parts if p.box[0] < 0.3 * page.width and p.box[1] < _TOP * page.height]
    last = next((at for at, part in enumerate(on_left) if KEPT_ROW.search(part.folded)), None)
    first = next((at for at, part in enumerate(on_left) if ITEM.match(part.text)), None)
    return () if last is None or first is None else tuple(on_left[first : last + 1])


def _right_of(
    pages: Sequence[RecognizedPage], parts: Sequence[Sequence[Row]], at: int, top: float
) -> tuple[int, tuple[Row, ...]]:
    """The signer's block and the place of its page among the pages."""
    own = _on_right(pages[at], parts[at], top - _REACH * pages[at].height, pages[at].height)
    signers = [part for part in own if is_signing(part)]
    if signers:
        height = signers[0].height
        over = signers[-1].box[3] < top - _OVER * height  # then the recipients stand below the signature
        return at, tuple(part for part in own if not over or part.box[1] < top)
    for other, first, last in ((at - 1, _FOOT, 1.0), (at + 1, 0.0, _TOP)):
        if 0 <= other < len(pages):
            height = pages[other].height
            found = _on_right(pages[other], parts[other], first * height, last * height)
            begins = next((part for part in found if is_signing(part)), None)
            if begins is not None:
                return other, tuple(part for part in found if part.box[1] >= begins.box[1])
    return at, own


def _on_right(page: RecognizedPage, parts: Sequence[Row], top: float, bottom: float) -> tuple[Row, ...]:
    found = [p for p in parts if middle_x(p.box) > 0.5 * page.width and p.box[0] > 0.4 * page.width]
    return tuple(p for p in found if top <= p.box[1] and middle_y(p.box) < bottom)


def _recipients_top(page: RecognizedPage, parts: Sequence[Row]) -> float | None:
    """Upper edge of the recipients: at `Nơi nhận`, or, where that was lost, above the items that end in `- Lưu`."""
    on_left = [part for part in parts if part.box[0] < 0.4 * page.width]
    start = next((part for part in on_left if _RECIPIENTS.search(part.folded)), None)
    if start is not None:
        return start.box[1] - 0.5 * start.height
    last = next((at for at, part in enumerate(on_left) if ITEM.match(part.text) and KEPT_ROW.search(part.folded)), None)
    if last is None:
        return None
    first = last
    while (
        first > 0
        and ITEM.match(on_left[first - 1].text)
        and on_left[first].box[1] - on_left[first - 1].box[3] < 2 * on_left[first].height
    ):
        first -= 1
    return on_left[first].box[1] - 1.5 * on_left[first].height


def is_label(row: Row) -> bool:
    """Whether the row is `Nơi nhận:`."""
    return _RECIPIENTS.search(row.folded) is not None


def is_signing(row: Row) -> bool:
    """Whether a row of capitals names a mode of signing or a position."""
    if row.upper_share < 0.75:
        return False
    return mode_of(row) is not None or starts_title(row.letters)


def mode_of(row: Row) -> tuple[str, int] | None:
    """Mode as it is written in its form, and where the rest begins; None for a row without one.

    A mode whose mark was lost is one where a position or a body follows: `TLHIỆU TRƯỞNG`.
    """
    party = _PARTY_MODE.search(row.folded)
    if party:
        return f"{party['mode']}/{party['last']}".upper(), party.start("rest")
    found = _MODE.search(row.folded)
    if found is None:
        found = _JOINED_MODE.search(row.folded)
        if found is None or not _is_led(found["rest"], found["mode"]) or starts_title(row.letters):
            return None
    mode = re.sub(r"\W", "", found["mode"]).upper()
    mode = f"{mode[0]}{mode[1:].replace('1', 'T')}" if mode[0] in "KQ" else f"T{mode[1:]}"
    return f"{mode}.", found.start("rest")


def _is_led(rest: str, mode: str) -> bool:
    """Whether what follows a mode can be whom it names."""
    return starts_title(rest) or (mode == "tm" and rest.startswith(_COLLECTIVES))


def reread_rows(ending: Ending, image: np.ndarray, read_crop: CropReader) -> Ending:
    """The end with every row of its right column that was read badly read again where it stands, without colour.

    The block is centred: what a stroke cut off a row on the left reaches as far from its middle as the right does.
    """
    first = next((row for row in ending.right if is_signing(row)), None)
    below = [row for row in ending.right if row.box[1] >= (first.box[1] if first else 0)]
    doubtful = [row for row in below if _is_doubtful(row) or (row is below[-1] and _lacks_surname(row))]
    if not doubtful:
        return ending
    again = {}
    for row in sorted(doubtful, key=lambda one: -one.box[1])[:_MOST_ROWS]:
        x0, y0, x1, y1 = row.box
        pad = round(0.4 * row.height)
        start = min(x0, round(2 * middle_x(first.box)) - x1) if first and first is not row else x0
        again[id(row)] = reread_row(image, row, (max(start, x0 - 3 * pad) - pad, y0 - 2, x1 + pad, y1 + 2), read_crop)
    return replace(ending, right=tuple(again.get(id(row), row) for row in ending.right))


def _lacks_surname(row: Row) -> bool:
    """Whether a name's row seems to have lost its first word."""
    return len(row.words) < 3 or not has_surname(row.text)


def _is_doubtful(row: Row) -> bool:
    return min(word.confidence for word in row.words) < _SURE


def reread_ending(ending: Ending, image: np.ndarray, read_crop: CropReader) -> Ending:
    """The end with its right column read again, line by line and without the seal's red."""
    rows = [row for row in ending.left if row.page == ending.page.number] or list(ending.right)
    if not rows:
        return ending
    height = median(row.height for row in rows)
    top = min(row.box[1] for row in rows) - 2 * height
    bottom = max(max(row.box[3] for row in rows) + 2 * height, top + 0.2 * ending.page.height)
    region = (int(0.45 * ending.page.width), max(0, int(top)), ending.page.width, min(ending.page.height, int(bottom)))
    again = reread_region(image, region, ending.page.number, height, read_crop)
    return replace(ending, right=tuple(again)) if again else ending
