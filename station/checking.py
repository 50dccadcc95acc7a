"""The checks before the delivery. What was checked is remembered beside the scans, so that a second run is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from core.errors import FileRefused
from core.manifest import Manifest, ManifestFile
from ingest.checks import Limits, inspect_file
from station.pages import PageFault, PageLook
from station.scans import STATE_FOLDER, ScanPlan

_UNKNOWN_TYPE = "application/octet-stream"
_MEMORY = "checked.json"


class _Checked(BaseModel):
    """A file that passed. While size and time of change stay, so do the facts."""

    changed_ns: int
    facts: ManifestFile
    faults: tuple[PageFault, ...] | None = None
    """None: its pages were not looked at."""


class _Memory(BaseModel):
    max_bytes: int
    max_pages: int
    max_pixels: int
    files: dict[str, _Checked] = {}


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that failed its check, with the check's error."""

    facts: ManifestFile
    fault: FileRefused


@dataclass(frozen=True, slots=True)
class CheckedScans:
    """Every file's facts, in order of name; `bad` are those that failed. faults: of files with pages that have any."""

    facts: tuple[ManifestFile, ...]
    bad: tuple[BadFile, ...]
    faults: Mapping[str, tuple[PageFault, ...]] = field(default_factory=dict)


def check_scans(
    directory: Path,
    scans: Mapping[str, Path],
    limits: Limits,
    report: Callable[[str], None],
    look: PageLook | None = None,
) -> CheckedScans:
    """Inspects each file that has changed since it was last inspected, and its pages if they are to be looked at.

    report: told the name of each before.
    """
    memory = _recall(directory, limits)
    facts: list[ManifestFile] = []
    bad: list[BadFile] = []
    faults: dict[str, tuple[PageFault, ...]] = {}
    for name, path in scans.items():
        status = path.stat()
        known = memory.files.get(name)
        if known and (known.changed_ns, known.facts.size) != (status.st_mtime_ns, status.st_size):
            known = None
        if known is None or (look and known.faults is None):
            report(name)
            try:
                known = _check(name, path, limits, look, status.st_mtime_ns)
            except FileRefused as fault:
                bad.append(BadFile(_facts_of_bad(name, path), fault))
                facts.append(bad[-1].facts)
                continue
            memory.files[name] = known
        facts.append(known.facts)
        if look and known.faults:
            faults[name] = known.faults
    _remember(directory, memory)
    return CheckedScans(tuple(facts), tuple(bad), faults)


def _check(name: str, path: Path, limits: Limits, look: PageLook | None, changed_ns: int) -> _Checked:
    """Raises FileRefused."""
    found = inspect_file(path, limits, name)
    file = ManifestFile(name=name, size=found.size, sha256=found.sha256, media_type=found.media_type, pages=found.pages)
    faults = look.find_faults(path, found.media_type, found.pages, limits) if look else None
    return _Checked(changed_ns=changed_ns, facts=file, faults=faults)


def build_manifest(batch: str, station: str, plan: ScanPlan, facts: tuple[ManifestFile, ...]) -> Manifest:
    """Raises ManifestMismatch, by the plan's own places where page counts differ."""
    plan.check_pages({file.name: file.pages for file in facts})
    return Manifest(batch=batch, station=station, files=facts, folders=plan.folders)


def _facts_of_bad(name: str, path: Path) -> ManifestFile:
    with path.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        return ManifestFile(name=name, size=source.tell(), sha256=sha256, media_type=_UNKNOWN_TYPE)


def _recall(directory: Path, limits: Limits) -> _Memory:
    """What was remembered under the same limits; nothing, where it cannot be read."""
    empty = _Memory(max_bytes=limits.max_bytes, max_pages=limits.max_pages, max_pixels=limits.max_pixels)
    try:
        memory = _Memory.model_validate_json((directory / STATE_FOLDER / _MEMORY).read_bytes())
    except (FileNotFoundError, ValidationError):
        return empty
    return memory if memory.model_copy(update={"files": {}}) == empty else empty


def _remember(directory: Path, memory: _Memory) -> None:
    folder = directory / STATE_FOLDER
    folder.mkdir(exist_ok=True)
    replace_file(folder / _MEMORY, memory.model_dump_json(indent=1).encode())


def replace_file(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all."""
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)
