"""Numbers of other documents that the text cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.recognition import Suggestion
from ocr.describing.header import Header
from ocr.describing.organs import repair_symbol
from ocr.describing.rows import Row

_ORGAN = r"[A-ZĐƯ][A-Za-zĐđƯư&]{0,11}"
_CODE = re.compile(
    rf"(?<![\w/])(\d{{1,5}}(?:/(?:19|20)\d\d)?/[A-ZĐ][A-Za-zĐđ]{{0,7}}\d{{0,2}}(?:-{_ORGAN})*"
    rf"|\d{{1,4}}-[A-ZĐ][A-Za-zĐđ]{{1,3}}/{_ORGAN}(?:-{_ORGAN})?)(?!\w)"
)


def describe_citations(rows: Sequence[Row], header: Header) -> Suggestion | None:
    """All codes below the head, each once, in order; the document's own number is not among them."""
    below = [row for row in rows if row.page != header.page or row.box[1] >= header.bottom]
    text = " ".join(row.text for row in below)
    text = re.sub(r"(?<=[\w/])\s*([-/])\s+(?=[A-ZĐ])", r"\1", text)
    found = {repair_symbol(match.group(1)): None for match in _CODE.finditer(text) if _is_code(match.group(1))}
    if not found:
        return None
    holder = next((row for row in below if _CODE.search(row.text)), below[0])
    return Suggestion("cited_codes", tuple(found), ", ".join(found), 0.8, holder.page, holder.box, "text.codes")


def _is_code(code: str) -> bool:
    return "-" in code or bool(re.search(r"/(?:19|20)\d\d/", code))
