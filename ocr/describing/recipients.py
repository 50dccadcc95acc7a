"""The recipients under `Nơi nhận:`, in one column or two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.recognition import Suggestion
from ocr.describing.ending import ITEM, KEPT_ROW, Ending, is_label
from ocr.describing.names import restore_marks
from ocr.describing.rows import Row, join_level
from ocr.describing.spelling import mend_syllables
from ocr.describing.suggest import FREE_TEXT, suggest

_KEPT = re.compile(r"^l[uư]u(?!\w)")
_ASIDE = 0.12
"""Share of the page's width by which a second column stands right of the first."""


def describe_recipients(ending: Ending | None) -> Suggestion | None:
    """The items, broken ones put together, without their closing marks."""
    if ending is None or not ending.left:
        return None
    label = next((at for at, row in enumerate(ending.left) if is_label(row)), None)
    parts = [row for at, row in enumerate(ending.left) if at != label]
    if not parts:
        return None
    edge = min(row.box[0] for row in ending.left[:3])
    first, second = _columns(parts, edge + _ASIDE * ending.page.width)
    pages = sorted({row.page for row in first})
    level = [row for page in pages for row in join_level([one for one in first if one.page == page])]
    items, used = _items(level, edge + _ASIDE * ending.page.width)
    if second:
        more, also = _items(second, 10 * ending.page.width)
        at = len(items) - 1 if items and _KEPT.match(items[-1].lower()) and not _keeps(more) else len(items)
        items[at:at], used = more, [*used, *also]
    cleaned = tuple(one for one in map(_clean_item, items) if one)
    if not cleaned:
        return None
    on_page = [row for row in used if row.page == used[0].page]
    whole = Row(tuple(word for row in on_page for word in row.words), used[0].page)
    return suggest("recipients", cleaned, whole, None, FREE_TEXT, "ending.recipients")


def _keeps(items: Sequence[str]) -> bool:
    return any(_KEPT.match(one.lower()) for one in items)


def _columns(parts: Sequence[Row], border: float) -> tuple[list[Row], list[Row]]:
    """The parts of the first column and of a second one, where at least two items begin; a page break keeps order."""
    aside = [part for part in parts if part.box[0] > border and ITEM.match(part.text)]
    if len(aside) < 2:
        return list(parts), []
    left = min(part.box[0] for part in aside)
    second = [part for part in parts if part.box[0] > left - part.height]
    return [part for part in parts if part not in second], second


def _items(rows: Sequence[Row], border: float) -> tuple[list[str], list[Row]]:
    """The items of one column as they are printed, and the rows that they fill."""
    items: list[str] = []
    used: list[Row] = []
    begun = next((at for at, row in enumerate(rows) if ITEM.match(row.text)), 0)
    for row in rows[begun:]:
        if row.box[0] > border or (used and _is_far(used[-1], row)):
            break
        starts = bool(ITEM.match(row.text))
        done = items and _KEPT.match(items[-1].lower()) and not _goes_on(used[-1], row)
        if done and not (starts and KEPT_ROW.search(row.folded)):
            break
        text = re.sub(r"^[\W_]+", "", row.text) if starts or not items else row.text
        if sum(one.isalpha() for one in text) < 2:
            continue
        if starts or not items or items[-1].endswith(";"):
            items.append(text)
        else:
            items[-1] = f"{items[-1]} {text}"
        used.append(row)
    return items, used


def _is_far(last: Row, row: Row) -> bool:
    return row.page == last.page and row.box[1] - last.box[3] > 2.5 * row.height


def _goes_on(last: Row, row: Row) -> bool:
    """Whether a row is the second line of the last item and no scribble below the list."""
    close = row.box[1] - last.box[3] < 0.8 * row.height and abs(row.height - last.height) < 0.4 * last.height
    return close and not last.text.endswith((".", ";")) and row.confidence > 0.8 and len(row.words) <= 4


def _clean_item(text: str) -> str:
    text = mend_syllables(restore_marks(text.replace("⁄", "/")))
    text = re.sub(r"\([bBđĐ6]\s?/\s?[cC€eoG]\s?\)", "(b/c)", text)
    text = re.sub(r"(?<=\))\w{1,2}$", "", text)  # a pen's stroke behind the bracket
    text = re.sub(r"\s*[^\w\s()]*$", "", re.sub(r"(?<=[;,.])\s*\W{0,3}\w?\W{0,2}$", "", text))
    text = re.sub(r"\(\s*(b/c|b/cáo|t/h|báo cáo)[^)]{0,1}$", r"(\1)", text)
    text = re.sub(r"(?<=[Cc]ác )C[YDV](?=\W|$)", "CV", text)  # officials: nothing else is written so
    text = re.sub(r"(?<=\w )t[iì]nh$", "tỉnh", text)
    text = re.sub(r"(?<!\w)P (?=[A-ZĐ]{2})", "P.", text) if _KEPT.match(text.lower()) else text
    return re.sub(r"\s+", " ", text).strip(" ;,.:#")
