"""`sohoa ocr` and `sohoa describe`: files to text and to suggestions, with no service and no database."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from core.errors import SohoaError
from core.recognition import Description, RecognizedPage, RecognizedWord
from core.settings import Settings, load_settings
from flow.describe import bounds_of_describing, look_at_pages
from flow.isolate import bounds_of
from flow.read import read_image
from flow.read_together import StoredImage, bounds_together, pages_at_once, read_images
from flow.service import limits_of
from flow.split import take_page
from ingest.checks import FileFacts, inspect_file
from ingest.isolation import IsolatedPool

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, show_default=True)

Json = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file: its JSON object, and the exit code that it asks for."""

    content: Json
    exit_code: int


@click.command()
@_FILES
@_JSON
@_JOBS
def ocr(files: tuple[Path, ...], as_json: bool, jobs: int) -> None:
    """Reads scanned files: text, words with boxes, quality. Boxes are pixels of the page as stored."""
    _run(files, jobs, as_json, _page_texts, describing=False)


@click.command()
@_FILES
@_JSON
@_JOBS
def describe(files: tuple[Path, ...], as_json: bool, jobs: int) -> None:
    """Reads each file as one document and suggests its record type, fields and stamps."""
    _run(files, jobs, as_json, _field_lines, describing=True)


def _run(
    files: tuple[Path, ...], jobs: int, as_json: bool, show: Callable[[Json], Iterator[str]], *, describing: bool
) -> None:
    """Pages of some files are read side by side; results come in the order of the files, each when it is done."""
    settings = load_settings()
    worst = 0
    with IsolatedPool(jobs, bounds_of(settings)) as pool:
        checks = _ahead(((path, pool.submit(_inspect, settings, path)) for path in files), jobs)
        begun = _ahead(((path, _begin(pool, settings, path, check)) for path, check in checks), jobs)
        for path, started in begun:
            outcome = _end(pool, settings, path, started, describing)
            worst = worst or outcome.exit_code
            if as_json:
                click.echo(json.dumps(outcome.content, ensure_ascii=False))
            elif "error" in outcome.content:
                click.echo(f"{path}: {outcome.content['error']['message']}", err=True)
            else:
                for line in show(outcome.content):
                    click.echo(line)
    raise SystemExit(worst)


def _ahead(items: Iterable[Item], count: int) -> Iterator[Item]:
    """The same items, of which the next `count` are made before one is handed out."""
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > count:
            yield waiting.popleft()
    yield from waiting


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that passed its checks, with its pages being read."""

    facts: FileFacts
    pages: tuple[Callable[[], RecognizedPage], ...]
    """Each waits for its page. Raises why that cannot be read."""


class _Unreadable(SohoaError):
    """The file is not there, or may not be opened."""

    code = "unreadable"
    exit_code = 4


def _inspect(settings: Settings, path: Path) -> FileFacts:
    try:
        return inspect_file(path, limits_of(settings))
    except OSError as error:
        raise _Unreadable(f"'{path}' cannot be opened: {error.strerror}.") from error


def _begin(pool: IsolatedPool, settings: Settings, path: Path, check: Future[FileFacts]) -> _Begun | _Outcome:
    try:
        facts = check.result()
    except SohoaError as error:
        return _refused(path, error)
    numbers, most = range(1, facts.pages + 1), pages_at_once(settings)
    parts = (numbers[at : at + most] for at in range(0, facts.pages, most))
    return _Begun(
        facts, tuple(page for part in parts for page in _begin_pages(pool, settings, path, facts.media_type, part))
    )


def _begin_pages(
    pool: IsolatedPool, settings: Settings, path: Path, media_type: str, numbers: range
) -> list[Callable[[], RecognizedPage]]:
    alone = [partial(pool.submit, _read_page, settings, path, media_type, number) for number in numbers]
    if len(alone) == 1:
        return [alone[0]().result]
    bounds = bounds_together(settings, len(numbers))
    together = pool.submit(_read_pages, settings, path, media_type, numbers, bounds=bounds)
    return [partial(_finish_page, together, at, begin) for at, begin in enumerate(alone)]


def _finish_page(
    together: Future[list[RecognizedPage | None]], at: int, alone: Callable[[], Future[RecognizedPage]]
) -> RecognizedPage:
    """The page as it was read with others or, where that failed, alone. Raises what its own reading raises."""
    failed = isinstance(together.exception(), SohoaError)
    return (None if failed else together.result()[at]) or alone().result()


def _end(pool: IsolatedPool, settings: Settings, path: Path, begun: _Begun | _Outcome, describing: bool) -> _Outcome:
    if isinstance(begun, _Outcome):
        return begun
    named = {"file": str(path), "sha256": begun.facts.sha256}
    if not describing:
        pages = [_page_outcome(number, page) for number, page in enumerate(begun.pages, start=1)]
        worst = next((page.exit_code for page in pages if page.exit_code), 0)
        return _Outcome({**named, "pages": [page.content for page in pages]}, worst)
    try:
        recognized = [page() for page in begun.pages]
        bounds = bounds_of_describing(settings, recognized)
        made = pool.submit(_describe, settings, path, begun.facts.media_type, recognized, bounds=bounds)
        return _Outcome({**named, **_description_json(made.result())}, 0)
    except SohoaError as error:
        return _refused(path, error, begun.facts.sha256)


def _page_outcome(number: int, page: Callable[[], RecognizedPage]) -> _Outcome:
    """A page that cannot be read says why; the others of its file go on."""
    try:
        return _Outcome(_page_json(page()), 0)
    except SohoaError as error:
        return _Outcome({"number": number, "error": _error_json(error)}, error.exit_code)


def _refused(path: Path, error: SohoaError, sha256: str | None = None) -> _Outcome:
    known = {"sha256": sha256} if sha256 else {}
    return _Outcome({"file": str(path), **known, "error": _error_json(error)}, error.exit_code)


def _error_json(error: SohoaError) -> Json:
    return {"code": error.code, "message": error.message, "advice": error.advice}


def _read_page(settings: Settings, path: Path, media_type: str, number: int) -> RecognizedPage:
    page, recognized = take_page(settings, path, media_type, number)
    return recognized or read_image(settings, page.data, page.dpi, number)


def _read_pages(settings: Settings, path: Path, media_type: str, numbers: range) -> list[RecognizedPage | None]:
    """The pages read in one go, but those that have a text of their own; None for each that cannot be."""
    told: dict[int, RecognizedPage | None] = dict.fromkeys(numbers)
    images = []
    for number in numbers:
        try:
            page, told[number] = take_page(settings, path, media_type, number)
        except SohoaError:
            continue
        if told[number] is None:
            images.append(StoredImage(page.data, page.dpi, number))
    told.update(zip((image.number for image in images), read_images(settings, images), strict=True))
    return [told[number] for number in numbers]


def _describe(settings: Settings, path: Path, media_type: str, pages: list[RecognizedPage]) -> Description:
    images = [None if page.blank else take_page(settings, path, media_type, page.number)[0].data for page in pages]
    return look_at_pages(settings, pages, images)


def _page_json(page: RecognizedPage) -> Json:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "text": page.text,
        "words": [_word_json(word) for word in page.words],
        "marks": [{"kind": mark.kind, "box": list(mark.box)} for mark in page.marks],
        "rotation": page.rotation,
        "skew": page.skew,
        "blank": page.blank,
        "quality": asdict(page.quality),
        "engine": page.engine,
        "seconds": round(page.seconds, 3),
    }


def _word_json(word: RecognizedWord) -> Json:
    known = {"text": word.text, "confidence": round(word.confidence, 4), "box": list(word.box), "pen": word.pen}
    return known if word.first_reading is None else {**known, "first_reading": word.first_reading}


def _description_json(description: Description) -> Json:
    fields = {
        one.name: {
            "value": list(one.value) if isinstance(one.value, tuple) else one.value,
            "confidence": round(one.confidence, 4),
            "page": one.page,
            "box": list(one.box) if one.box else None,
            "rule": one.rule,
            "handwritten": one.handwritten,
            "candidates": [asdict(candidate) for candidate in one.candidates],
        }
        for one in description.fields
    }
    return {
        "record_type": description.record_type,
        "record_type_confidence": round(description.record_type_confidence, 4),
        "form": description.form,
        "fields": fields,
        "stamps": [asdict(stamp) for stamp in description.stamps],
    }


def _page_texts(content: Json) -> Iterator[str]:
    for page in content["pages"]:
        head = f"=== {content['file']}, page {page['number']}"
        if "error" in page:
            yield f"{head}: {page['error']['message']}"
            continue
        yield head + (" (blank)" if page["blank"] else "")
        yield page["text"]


def _candidates(field: Json) -> str:
    """The likeliest values of what is written by pen, for reading."""
    likeliest = [f"{one['value']} {one['confidence']:.0%}" for one in field["candidates"][:3]]
    return f": {', '.join(likeliest)}" if likeliest else ""


def _field_lines(content: Json) -> Iterator[str]:
    yield f"=== {content['file']}: {content['record_type']} ({content['record_type_confidence']:.2f})"
    for name, one in content["fields"].items():
        value = "; ".join(one["value"]) if isinstance(one["value"], list) else one["value"]
        pen = f" (pen-written{_candidates(one)})" if one["handwritten"] else ""
        yield f"{name}: {value or ''}{pen} [{one['confidence']:.2f}]"
    for stamp in content["stamps"]:
        yield f"stamp: {stamp['value']} on page {stamp['page']}"
