"""`sohoa ocr` and `sohoa describe`: files to text and to suggestions, with no service and no database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from core.errors import ReadingFailed, SohoaError
from core.recognition import Description, RecognizedPage
from core.settings import Settings, load_settings
from flow.read import reader_of
from flow.service import limits_of
from ingest.checks import FileFacts, inspect_file
from ingest.splitting import open_pages
from ocr.describing import describe as describe_pages
from ocr.images import PageImage, load_page_image

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, show_default=True)
_UNREADABLE = 4
"""Exit code for a file that cannot be opened at all."""

Json = dict[str, Any]
Result = TypeVar("Result")


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
    """Pages of all files are read side by side; results come in the order of the files, each when it is done."""
    settings = load_settings()
    worst = 0
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        begun = [(path, _begin(pool, settings, path)) for path in files]
        for path, started in begun:
            outcome = _end(pool, settings, path, started, describing)
            worst = worst or outcome.exit_code
            if as_json:
                click.echo(json.dumps(outcome.content, ensure_ascii=False))
            elif outcome.exit_code:
                click.echo(f"{path}: {outcome.content['error']['message']}", err=True)
            else:
                for line in show(outcome.content):
                    click.echo(line)
    raise SystemExit(worst)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that passed its checks, with its pages being read."""

    facts: FileFacts
    pages: tuple[Future[RecognizedPage], ...]


def _begin(pool: ProcessPoolExecutor, settings: Settings, path: Path) -> _Begun | _Outcome:
    try:
        facts = inspect_file(path, limits_of(settings))
    except SohoaError as error:
        return _refused(path, error)
    except OSError as error:
        content = {"code": "unreadable", "message": f"'{path}' cannot be opened: {error.strerror}.", "advice": ""}
        return _Outcome({"file": str(path), "error": content}, _UNREADABLE)
    numbers = range(1, facts.pages + 1)
    return _Begun(facts, tuple(pool.submit(_read_page, settings, path, facts.media_type, one) for one in numbers))


def _end(
    pool: ProcessPoolExecutor, settings: Settings, path: Path, begun: _Begun | _Outcome, describing: bool
) -> _Outcome:
    if isinstance(begun, _Outcome):
        return begun
    named = {"file": str(path), "sha256": begun.facts.sha256}
    try:
        pages = [_await(page, path) for page in begun.pages]
        if not describing:
            return _Outcome({**named, "pages": [_page_json(page) for page in pages]}, 0)
        made = pool.submit(_describe, settings, path, begun.facts.media_type, pages)
        return _Outcome({**named, **_description_json(_await(made, path))}, 0)
    except SohoaError as error:
        return _refused(path, error, begun.facts.sha256)


def _await(work: Future[Result], path: Path) -> Result:
    try:
        return work.result()
    except BrokenProcessPool as error:
        raise ReadingFailed(f"The process that read '{path}' died.", "Run the file alone, and report it.") from error


def _refused(path: Path, error: SohoaError, sha256: str | None = None) -> _Outcome:
    content = {"code": error.code, "message": error.message, "advice": error.advice}
    known = {"sha256": sha256} if sha256 else {}
    return _Outcome({"file": str(path), **known, "error": content}, error.exit_code)


def _load_page(settings: Settings, path: Path, media_type: str, number: int) -> PageImage:
    limits = limits_of(settings)
    with open_pages(path, media_type, limits) as pages:
        taken = pages.take(number)
    return load_page_image(taken.data, max_pixels=limits.max_pixels, dpi=taken.dpi)


def _read_page(settings: Settings, path: Path, media_type: str, number: int) -> RecognizedPage:
    return reader_of(settings).read(_load_page(settings, path, media_type, number), number=number)


def _describe(settings: Settings, path: Path, media_type: str, pages: list[RecognizedPage]) -> Description:
    images = [None if page.blank else _load_page(settings, path, media_type, page.number).seen for page in pages]
    return describe_pages(pages, images, read_crop=reader_of(settings).read_crop)


def _page_json(page: RecognizedPage) -> Json:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "text": page.text,
        "words": [
            {"text": word.text, "confidence": round(word.confidence, 4), "box": list(word.box)} for word in page.words
        ],
        "rotation": page.rotation,
        "skew": page.skew,
        "blank": page.blank,
        "quality": asdict(page.quality),
        "engine": page.engine,
        "seconds": round(page.seconds, 3),
    }


def _description_json(description: Description) -> Json:
    fields = {
        one.name: {
            "value": list(one.value) if isinstance(one.value, tuple) else one.value,
            "confidence": round(one.confidence, 4),
            "page": one.page,
            "box": list(one.box) if one.box else None,
            "rule": one.rule,
            "handwritten": one.handwritten,
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
        yield f"=== {content['file']}, page {page['number']}" + (" (blank)" if page["blank"] else "")
        yield page["text"]


def _field_lines(content: Json) -> Iterator[str]:
    yield f"=== {content['file']}: {content['record_type']} ({content['record_type_confidence']:.2f})"
    for name, one in content["fields"].items():
        value = "; ".join(one["value"]) if isinstance(one["value"], list) else one["value"]
        pen = " (pen-written)" if one["handwritten"] else ""
        yield f"{name}: {value or ''}{pen} [{one['confidence']:.2f}]"
    for stamp in content["stamps"]:
        yield f"stamp: {stamp['value']} on page {stamp['page']}"
