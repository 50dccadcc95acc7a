"""`sohoa ocr` and `sohoa describe`: files to text and to suggestions, with no service and no database."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.errors import SohoaError
from core.recognition import Description, RecognizedPage
from core.settings import Settings, load_settings
from flow.read import reader_of
from flow.service import limits_of
from ingest.checks import inspect_file
from ingest.splitting import open_pages
from ocr.describing import describe as describe_pages
from ocr.images import PageImage, load_page_image

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, show_default=True)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file: its JSON object, and the exit code that it asks for."""

    content: dict[str, Any]
    exit_code: int


@click.command()
@_FILES
@_JSON
@_JOBS
def ocr(files: tuple[Path, ...], as_json: bool, jobs: int) -> None:
    """Reads scanned files: text, words with boxes, quality. Boxes are pixels of the page as stored."""
    _run(files, jobs, partial(_read_file, load_settings()), as_json, _page_texts)


@click.command()
@_FILES
@_JSON
@_JOBS
def describe(files: tuple[Path, ...], as_json: bool, jobs: int) -> None:
    """Reads each file as one document and suggests its record type, fields and stamps."""
    _run(files, jobs, partial(_describe_file, load_settings()), as_json, _field_lines)


def _run(
    files: tuple[Path, ...],
    jobs: int,
    work: Callable[[Path], _Outcome],
    as_json: bool,
    show: Callable[[dict[str, Any]], Iterator[str]],
) -> None:
    worst = 0
    for outcome in _outcomes(files, jobs, work):
        worst = worst or outcome.exit_code
        if as_json:
            click.echo(json.dumps(outcome.content, ensure_ascii=False))
        elif outcome.exit_code:
            click.echo(f"{outcome.content['file']}: {outcome.content['error']['message']}", err=True)
        else:
            for line in show(outcome.content):
                click.echo(line)
    raise SystemExit(worst)


def _outcomes(files: tuple[Path, ...], jobs: int, work: Callable[[Path], _Outcome]) -> Iterator[_Outcome]:
    """In the order of the files, several at a time, each as soon as it and those before it are done."""
    if jobs == 1 or len(files) == 1:
        yield from map(work, files)
        return
    with ProcessPoolExecutor(max_workers=min(jobs, len(files))) as pool:
        yield from pool.map(work, files)


def _read_file(settings: Settings, path: Path) -> _Outcome:
    return _attempt(path, lambda: {"pages": [_page_json(page) for page, _ in _read_pages(settings, path)]})


def _describe_file(settings: Settings, path: Path) -> _Outcome:
    def work() -> dict[str, Any]:
        read = list(_read_pages(settings, path))
        images = [None if page.blank else image.seen for page, image in read]
        description = describe_pages([page for page, _ in read], images, read_crop=reader_of(settings).read_crop)
        return _description_json(description)

    return _attempt(path, work)


def _attempt(path: Path, work: Callable[[], dict[str, Any]]) -> _Outcome:
    named: dict[str, Any] = {"file": str(path)}
    try:
        named["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        return _Outcome({**named, **work()}, 0)
    except SohoaError as error:
        content = {"code": error.code, "message": error.message, "advice": error.advice}
        return _Outcome({**named, "error": content}, error.exit_code)
    except OSError as error:
        content = {"code": "unreadable", "message": f"'{path}' cannot be opened: {error.strerror}.", "advice": ""}
        return _Outcome({**named, "error": content}, 4)


def _read_pages(settings: Settings, path: Path) -> Iterator[tuple[RecognizedPage, PageImage]]:
    limits = limits_of(settings)
    facts = inspect_file(path, limits)
    with open_pages(path, facts.media_type, limits) as pages:
        for number in range(1, pages.count + 1):
            taken = pages.take(number)
            image = load_page_image(taken.data, max_pixels=limits.max_pixels, dpi=taken.dpi)
            yield reader_of(settings).read(image, number=number), image


def _page_json(page: RecognizedPage) -> dict[str, Any]:
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


def _description_json(description: Description) -> dict[str, Any]:
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


def _page_texts(content: dict[str, Any]) -> Iterator[str]:
    for page in content["pages"]:
        yield f"=== {content['file']}, page {page['number']}" + (" (blank)" if page["blank"] else "")
        yield page["text"]


def _field_lines(content: dict[str, Any]) -> Iterator[str]:
    yield f"=== {content['file']}: {content['record_type']} ({content['record_type_confidence']:.2f})"
    for name, one in content["fields"].items():
        value = "; ".join(one["value"]) if isinstance(one["value"], list) else one["value"]
        pen = " (pen-written)" if one["handwritten"] else ""
        yield f"{name}: {value or ''}{pen} [{one['confidence']:.2f}]"
    for stamp in content["stamps"]:
        yield f"stamp: {stamp['value']} on page {stamp['page']}"
