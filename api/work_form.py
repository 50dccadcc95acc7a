"""The form of entry: each field with what stands in it, where it was read, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.datastructures import FormData

from core.catalogue import Dictionary, FieldKind, FieldRule, load_builtin
from core.catalogue.dates import show_date
from flow.enter import EnteredValue
from review.queries import ClaimView, FieldView, PersonFileView, Reusable, Source

_MISSING_REASONS = "missing_reasons"
"""The code list of the dictionary that names them."""


class Standing(StrEnum):
    """What stands in a field, for the eye."""

    EMPTY = "empty"
    HANDWRITTEN = "handwritten"
    GUESSED = "guessed"
    """By pen, and what the machine makes of it stands there."""
    SUGGESTED = "suggested"
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    GIVEN = "given"
    """Just typed, not kept yet."""


_BY_MACHINE = (Standing.SUGGESTED, Standing.GUESSED)
_MOST_CANDIDATES = 4
_SUREST = 99
"""Percent: a machine is never wholly sure."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as the form shows it. `page` counts from 1 among the pages that the viewer shows."""

    rule: FieldRule
    readable: bool
    standing: Standing
    text: str
    printed: str
    confidence: int | None
    """Percent."""
    found_by: str
    """The rule that found it and the engine that read it."""
    suggestion_id: str
    alternatives: tuple[str, ...]
    candidates: tuple[str, ...]
    """What may be written by pen, likeliest first."""
    sources: Mapping[str, str]
    """What speaks for each candidate, joined by "+"."""
    missing_reason: str
    reasons: tuple[str, ...]
    page: int | None
    box: tuple[int, ...] | None
    person: str
    choices: Mapping[str, str]
    fault: str
    reusable: tuple[tuple[str, Reusable], ...] = ()
    """Values of other documents of the person's file, each as it is written."""
    origin_id: str = ""
    """The document that what stands here was taken over from, not kept yet."""
    origin: Source | None = None

    @property
    def needed(self) -> bool:
        """Required, and neither a value nor a reason stands there."""
        return self.rule.required and not self.text and not self.missing_reason

    @property
    def many_lines(self) -> bool:
        return self.rule.kind in (FieldKind.LIST, FieldKind.LONG_TEXT)


def show_value(rule: FieldRule, value: object) -> str:
    """A stored value as people write it: dates with their day first, lists one a line."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return show_date(str(value)) if rule.kind.is_date else str(value)


def show_label(rule: FieldRule, value: object, dictionary: Dictionary) -> str:
    """A stored value for reading: codes with their labels."""
    text = show_value(rule, value)
    label = dictionary.code_list(rule.code_list).values.get(text, text) if rule.code_list and text else text
    return label if label == text else f"{label} ({text})"


def claim_text(dictionary: Dictionary) -> Callable[[ClaimView], str]:
    """Shows what a document says as its own field does."""

    def show(claim: ClaimView) -> str:
        return show_label(dictionary.field(claim.source.record_type, claim.field), claim.value, dictionary)

    return show


def make_field(
    view: FieldView,
    dictionary: Dictionary,
    page_places: Mapping[int, int],
    given: FormData | None,
    faults: Mapping[str, str],
    person_file: PersonFileView | None = None,
) -> FormField:
    """What the form shows of a field. `page_places`: of each page number, its place among the viewer's pages."""
    rule, entered = view.rule, view.entered
    best = view.suggestions[0] if view.suggestions else None
    source = entered if entered is not None and entered.box else best
    number = source.page_number if source else None
    standing, text = _stand(view)
    reason = (entered.missing_reason if entered else None) or ""
    if given is not None and f"value.{rule.name}" in given:
        typed, reason = _text(given, f"value.{rule.name}"), _text(given, f"missing.{rule.name}")
        standing, text = (standing if typed == text else Standing.GIVEN), typed
    alternatives = [show_value(rule, one.value) for one in view.suggestions if one.value is not None]
    return FormField(
        rule=rule,
        readable=view.readable,
        standing=standing,
        text=text,
        printed=best.printed if best else "",
        confidence=show_sureness(best.confidence) if best and standing in _BY_MACHINE else None,
        found_by=" · ".join(filter(None, (best.rule, best.engine))) if best else "",
        suggestion_id=_suggestion_id(view),
        alternatives=tuple(dict.fromkeys(one for one in alternatives if one != text)),
        candidates=tuple(show_value(rule, one) for one in best.candidates[:_MOST_CANDIDATES]) if best else (),
        sources={show_value(rule, value): source for value, source in zip(best.candidates, best.sources, strict=True)}
        if best
        else {},
        missing_reason=reason,
        reasons=tuple(dict.fromkeys((*list_missing_reasons(dictionary), *([reason] if reason else [])))),
        page=page_places.get(number) if number else None,
        box=source.box if source else None,
        person=((entered.confirmed_by or entered.entered_by) if entered else ""),
        choices=_choices(rule, dictionary),
        fault=faults.get(rule.name, ""),
        reusable=tuple(
            (show_value(rule, one.value), one)
            for one in (person_file.reusable if person_file else ())
            if one.field == rule.name
        ),
        origin_id=_text(given, f"origin.{rule.name}") if given is not None else "",
        origin=next(
            (one.source for one in (person_file.origins if person_file else ()) if one.field == rule.name), None
        ),
    )


def show_sureness(confidence: float) -> int:
    """How sure a machine is, in percent."""
    return min(round(100 * confidence), _SUREST)


def _choices(rule: FieldRule, dictionary: Dictionary) -> Mapping[str, str]:
    """What can be chosen; nothing for a citizen number, whose list says only how it begins."""
    chosen = rule.kind is FieldKind.CODE and rule.code_list is not None
    return dictionary.code_list(rule.code_list or "").values if chosen else {}


def list_missing_reasons(dictionary: Dictionary) -> tuple[str, ...]:
    """Why a value may be missing, as this version says; as the built-in one does where it says nothing."""
    own = next((one for one in dictionary.code_lists if one.code == _MISSING_REASONS), None)
    return tuple((own or load_builtin().code_list(_MISSING_REASONS)).values.values())


def _suggestion_id(view: FieldView) -> str:
    """The suggestion that the value came from; the surest one where there is none, or it is no longer there."""
    ids = [one.suggestion_id for one in view.suggestions]
    used = view.entered.suggestion_id if view.entered else None
    return used if used in ids else ids[0] if ids else ""


def _stand(view: FieldView) -> tuple[Standing, str]:
    """What stands in the field and its text. What is written by pen is there only where its reading is sure."""
    if view.entered is not None:
        standing = Standing.CONFIRMED if view.entered.confirmed_by else Standing.ENTERED
        return standing, show_value(view.rule, view.entered.value)
    if not view.suggestions:
        return Standing.EMPTY, ""
    best = view.suggestions[0]
    text = show_value(view.rule, best.value)
    if best.handwritten:
        return (Standing.GUESSED, text) if text else (Standing.HANDWRITTEN, "")
    return (Standing.SUGGESTED, text) if text else (Standing.EMPTY, "")


def read_entries(form: FormData) -> dict[str, EnteredValue]:
    """What was typed, by field. A field with a value needs no reason for being empty."""
    entries: dict[str, EnteredValue] = {}
    for key in form:
        if not key.startswith("value."):
            continue
        name = key.removeprefix("value.")
        value = _text(form, key)
        reason = "" if value else _text(form, f"missing.{name}")
        suggestion, origin = (_text(form, f"{kind}.{name}") or None for kind in ("suggestion", "origin"))
        entries[name] = EnteredValue(value or None, reason or None, suggestion, origin if value else None)
    return entries


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
