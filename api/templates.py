"""Pages from templates: escaped by default, with the visitor and the page's language at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from api.messages import ERROR_WORDS, WEB, language_of, translate
from api.navigation import list_entries
from api.words import install_words
from api.work_form import show_sureness
from core.errors import SohoaError

_environment = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def format_moment(value: datetime | date | None) -> str:
    """A date, or a date and time in the machine's zone, as Vietnamese offices write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y")


def format_size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} KB"


def mark_text(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """The text, escaped piece by piece, with its marked stretches in <mark>."""
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def compact_json(value: Any) -> str:
    """JSON for an attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain_value(value: Any) -> str:
    """A stored value on one line; "–" for none."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "–" if value is None else str(value)


@pass_context
def _translate(context: Context, text: str) -> str:
    return translate(text, context["language"])


def _error_word(error: SohoaError) -> str:
    return ERROR_WORDS.get(error.code, ERROR_WORDS["error"])


_environment.filters["moment"] = format_moment
_environment.filters["size"] = format_size
_environment.filters["marked"] = mark_text
_environment.filters["attribute_json"] = compact_json
_environment.filters["plain"] = plain_value
_environment.filters["sureness"] = show_sureness
_environment.globals["t"] = _translate
_environment.globals["menu"] = list_entries
_environment.globals["error_word"] = _error_word
install_words(_environment)


def render_page(request: Request, template: str, content: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """The page as an answer. `visitor` is None on pages that anybody sees."""
    visible = {
        "request": request,
        "visitor": getattr(request.state, "visitor", None),
        "language": language_of(request),
        **content,
    }
    return HTMLResponse(_environment.get_template(template).render(visible), status_code=status)
