"""Fields of papers about a person or a file: from a form's items and boxes, and from a decision's sentences.

What is filled in by pen is said to be so, with its place: a person types it from the image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.recognition import Box, Candidate, Mark, Suggestion, union_box
from ocr.describing.form_boxes import differs_in_ink, find_cells, has_square, read_cells, read_ticked
from ocr.describing.form_checks import weigh_together
from ocr.describing.form_items import FoundItem, find_items
from ocr.describing.form_labels import ASKED, LABELS, RELATIVE
from ocr.describing.form_values import CEILINGS, read_value, suggest_value
from ocr.describing.headings import describe_school, describe_title
from ocr.describing.person_names import weigh_name
from ocr.describing.person_prose import describe_prose
from ocr.describing.rows import Row
from ocr.describing.stamps import CropReader
from ocr.describing.suggest import offer_written

_PEN_VALUE = 0.4
"""Share of a value's letters by pen from which all of it is."""
_PEN_FORM = 0.6
"""Share of a form's values by pen from which the others are not believed to be print."""
_HARDLY_READ = 0.35
_CELLS_READ, _TICKED_BY_PEN = 0.92, 0.85
_NEVER = 1.1
"""More than a reading of pen can be sure."""
_PEN_ROOM = 0.35
"""Room around writing in its crop, in heights of its row."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of the pages beside their text, by page number. Images uint8, HxWx3 or HxW, upright."""

    images: Mapping[int, np.ndarray] = field(default_factory=dict)
    marks: Mapping[int, Sequence[Mark]] = field(default_factory=dict)
    read_crop: CropReader | None = None


def describe_person(rows: Sequence[Row], record_type: str, sight: Sight | None = None) -> list[Suggestion]:
    """The structured fields of the record type, each by its first label that has a value.

    rows: of all pages, in order. Without `sight` boxes are not read, and pen that left no words is not seen.
    """
    asked = ASKED.get(record_type)
    if asked is None:
        return []
    sight = sight or Sight()
    items = [one for one in _own_items(find_items(rows, LABELS[record_type])) if one.label.name in asked]
    pen_form = _share_by_pen(items, sight) >= _PEN_FORM
    found: dict[str, Suggestion] = {}
    for item in items:
        one = _describe_item(item, sight, pen_form)
        if one is not None and (item.label.name not in found or _better(one, found[item.label.name])):
            found[item.label.name] = one
    others = [*describe_prose(rows, asked), *describe_school(rows, asked), *describe_title(rows, asked)]
    for one in others:
        found.setdefault(one.name, one)
    if (name := found.get("full_name")) is not None:
        found["full_name"] = weigh_name(name, rows)
    return weigh_together(list(found.values()))


def _own_items(items: Sequence[FoundItem]) -> Iterator[FoundItem]:
    """Without the births of relatives."""
    before = None
    for item in items:
        if not (before == RELATIVE and item.label.name == "birth_date"):
            yield item
        before = item.label.name


def _better(one: Suggestion, other: Suggestion) -> bool:
    """A value beats a place without one; else the first holds."""
    return other.value is None and not other.handwritten and one.value is not None


def _share_by_pen(items: Sequence[FoundItem], sight: Sight) -> float:
    filled = [one for one in items if one.value is not None or _mark_beside(one, sight)]
    return sum(_is_pen(one, sight) for one in filled) / len(filled) if len(filled) > 1 else 0.0


def _is_pen(item: FoundItem, sight: Sight) -> bool:
    if item.value is None:
        return _mark_beside(item, sight) is not None
    letters = sum(len(word.text) for word in item.value.words)
    pen = sum(len(word.text) for word in item.value.words if word.pen)
    image = sight.images.get(item.at.page)
    if pen < _PEN_VALUE * letters and image is not None:
        return differs_in_ink(image, item.label_box, item.value.box)
    return pen >= _PEN_VALUE * letters


def _mark_beside(item: FoundItem, sight: Sight) -> Box | None:
    """Handwriting that was not read, on the row of a label and right of it."""
    label = item.label_box
    height = item.at.height
    for mark in sight.marks.get(item.at.page, ()):
        x0, y0, x1, y1 = mark.box
        level = y0 < label[3] and y1 > label[1] and y1 - y0 < 3 * height
        if mark.kind == "handwriting" and level and x0 >= label[2] - height and x1 > label[2]:
            return mark.box
    return None


def _describe_item(item: FoundItem, sight: Sight, pen_form: bool) -> Suggestion | None:
    name, rule, value_row = item.label.name, "label." + item.label.name, item.value
    image = sight.images.get(item.at.page)
    ticked = _describe_ticks(item, image, pen_form) if item.label.kind == "sex" else None
    if ticked is not None:
        return ticked
    cells = _describe_cells(item, image, sight.read_crop, pen_form) if item.label.kind == "digits" else None
    if cells is not None:
        return cells
    if _is_pen(item, sight) or (pen_form and value_row is not None):
        return _describe_pen(item, sight, rule)
    if value_row is None or (item.label.kind == "sex" and image is not None and has_square(image, value_row)):
        return None
    value = read_value(item.label, value_row)
    if value is None and value_row.confidence < _HARDLY_READ:
        return offer_written(name, value_row.text, item.at.page, value_row.box, rule, (), _NEVER)
    return suggest_value(item.label, value_row, value, rule) if value else None


def _describe_pen(item: FoundItem, sight: Sight, rule: str) -> Suggestion:
    """The place of a value by pen; a date or number that could be read there is offered, never taken."""
    row = item.value
    if row is None:
        return offer_written(item.label.name, "", item.at.page, _mark_beside(item, sight), rule, (), _NEVER)
    value = read_value(item.label, row) if item.label.kind in ("date", "digits") else None
    offered: tuple[Candidate, ...] = ()
    if value is not None and value.sure:
        words = row.words_between(value.start, value.end) or row.words
        offered = (Candidate(value.text, round(min(word.confidence for word in words), 3)),)
    around = round(_PEN_ROOM * row.height)
    x0, y0, x1, y1 = row.box
    box = max(0, x0 - around), max(0, y0 - around), x1 + around, y1 + around
    return offer_written(item.label.name, row.text, item.at.page, box, rule, offered, _NEVER)


def _describe_ticks(item: FoundItem, image: np.ndarray | None, pen_form: bool) -> Suggestion | None:
    """The ticked one of `Nam ☐ Nữ ☐`."""
    row = item.value
    if row is None or image is None:
        return None
    value = read_ticked(image, row)
    if value is None:
        return None
    rule = "label.sex.ticked"
    if pen_form:
        offered = (Candidate(value, _TICKED_BY_PEN),)
        return offer_written(item.label.name, row.text, row.page, row.box, rule, offered, _TICKED_BY_PEN)
    return Suggestion(item.label.name, value, row.text, CEILINGS["sex"], row.page, row.box, rule)


def _describe_cells(
    item: FoundItem, image: np.ndarray | None, read_crop: CropReader | None, pen_form: bool
) -> Suggestion | None:
    """A number written one digit a box."""
    if image is None:
        return None
    cells = find_cells(image, item.label_box, image.shape[1])
    if not cells or len(cells) not in item.label.digits:
        return None
    rule, box = f"label.{item.label.name}.boxes", union_box(cells)
    seen = item.value.text if item.value else ""
    by_pen = pen_form or (item.value is not None and any(word.pen for word in item.value.words))
    digits = read_cells(image, cells, read_crop) if read_crop and not by_pen else ""
    if not digits:
        return offer_written(item.label.name, seen, item.at.page, box, rule, (), _NEVER)
    return Suggestion(item.label.name, digits, digits, _CELLS_READ, item.at.page, box, rule)
