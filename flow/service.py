"""What a process of the service holds: settings, records, objects, landing, search, dictionary, keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.catalogue import Dictionary, load_builtin
from core.keys import OpenKey, SigningKey
from core.settings import Settings
from indexing.backend import SearchBackend
from indexing.fts5 import Fts5Backend
from ingest.checks import Limits
from storage.database import Nudge, Records
from storage.keys import load_package_key, load_signing_key
from storage.landing import Landing
from storage.objects import DirectoryStore, ObjectStore


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running process, made once from the settings."""

    settings: Settings
    records: Records
    objects: ObjectStore
    landing: Landing
    search: SearchBackend
    dictionary: Dictionary
    signing_key: SigningKey
    package_key: OpenKey

    @property
    def limits(self) -> Limits:
        """What a file may be at most."""
        return limits_of(self.settings)

    def close(self) -> None:
        self.records.close()


def limits_of(settings: Settings) -> Limits:
    """What a file may be at most, by the settings."""
    return Limits(
        max_bytes=settings.max_file_bytes, max_pages=settings.max_file_pages, max_pixels=settings.max_page_pixels
    )


def open_service(settings: Settings, announce: Callable[[Nudge], None]) -> Service:
    """Opens every part. `announce` sends a nudge to the broker after a commit."""
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    return Service(
        settings=settings,
        records=Records(settings.records_url, announce),
        objects=DirectoryStore(settings.objects_dir),
        landing=Landing(settings.landing_dir),
        search=Fts5Backend(settings.search_file),
        dictionary=load_builtin(),
        signing_key=load_signing_key(settings.keys_dir),
        package_key=load_package_key(settings.keys_dir),
    )
