"""What a process of the service holds: settings, records, objects, landing, search, dictionaries, keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import SettingsError
from core.keys import OpenKey, SigningKey
from core.secret_files import read_secret
from core.settings import Settings
from flow.dictionaries import Dictionaries
from indexing.backend import SearchBackend
from indexing.fts5 import Fts5Backend
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.connection import Access
from ingest.checks import Limits
from storage.database import Nudge, Records
from storage.keys import load_package_key, load_signing_key
from storage.landing import Landing
from storage.objects import ObjectStore
from storage.stores import open_stores


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running process, made once from the settings."""

    settings: Settings
    records: Records
    objects: ObjectStore
    landing: Landing
    search: SearchBackend
    dictionaries: Dictionaries
    signing_key: SigningKey
    package_key: OpenKey
    copy: ObjectStore | None = None
    """Second store of the originals. `objects` deletes and locks in both; to be written, it waits for a job."""

    @property
    def limits(self) -> Limits:
        """What a file may be at most."""
        return limits_of(self.settings)

    def close(self) -> None:
        self.objects.close()
        self.landing.close()
        self.search.close()
        self.records.close()


def limits_of(settings: Settings) -> Limits:
    """What a file may be at most, by the settings."""
    return Limits(
        max_bytes=settings.max_file_bytes, max_pages=settings.max_file_pages, max_pixels=settings.max_page_pixels
    )


def open_service(settings: Settings, announce: Callable[[Nudge], None]) -> Service:
    """Opens every part. `announce` sends a nudge to the broker after a commit."""
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    records = Records(settings.records_url, announce)
    stores = open_stores(settings, records)
    return Service(
        settings=settings,
        records=records,
        objects=stores.objects,
        landing=stores.landing,
        search=_open_search(settings),
        dictionaries=Dictionaries(),
        signing_key=load_signing_key(settings.keys_dir),
        package_key=load_package_key(settings.keys_dir),
        copy=stores.copy,
    )


def _open_search(settings: Settings) -> SearchBackend:
    """OpenSearch where the settings name one. Asks it for nothing yet. Raises SettingsError."""
    if not settings.search_url:
        return Fts5Backend(settings.search_file)
    parts = urlsplit(settings.search_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise SettingsError(
            "SOHOA_SEARCH_URL is no address as in https://search.office.example:9200.",
            "Its user and password have settings of their own.",
        )
    if settings.search_ca and not Path(settings.search_ca).is_file():
        raise SettingsError(f"SOHOA_SEARCH_CA: there is no file '{settings.search_ca}'.", "Name the PEM file.")
    password = ""
    if settings.search_user:
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise SettingsError("SOHOA_SEARCH_URL would send the password in the clear.", "Use https.")
        password = read_secret("SOHOA_SEARCH_PASSWORD_FILE", settings.search_password_file)
    return OpenSearchBackend(
        Access(settings.search_url, settings.search_user, password, settings.search_ca),
        settings.search_index,
        shards=settings.search_shards,
        replicas=settings.search_replicas,
    )
