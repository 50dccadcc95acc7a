"""The stores that the settings name: objects and landing, in folders or on an S3 server."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from core.errors import SettingsError, StoreUnavailable
from core.secret_files import read_secret
from core.settings import Settings
from storage.database import Records
from storage.encryption import Cipher, KeyFile
from storage.landing import Landing
from storage.landing_bucket import LandingBucket
from storage.landing_directory import DirectoryLanding
from storage.landing_s3 import S3Landing
from storage.objects import ObjectStore
from storage.objects_copied import CopiedStore
from storage.objects_directory import DirectoryStore
from storage.objects_encrypted import EncryptedStore
from storage.s3 import S3Store
from storage.s3_client import S3Address

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """copy: the second store of originals; None if the installation has none."""

    objects: ObjectStore
    copy: ObjectStore | None
    landing: Landing


def open_stores(settings: Settings, records: Records) -> Stores:
    """Opens them; makes buckets that are missing. A server that is away is told in the log and asked again later.

    Raises SettingsError.
    """
    cipher = _cipher(settings)
    landing: Landing
    first: ObjectStore
    if settings.objects_url:
        address = s3_address(settings)
        first = server = S3Store(address, settings.objects_bucket)
        bucket = LandingBucket(address, f"{settings.objects_bucket}-landing")
        landing = S3Landing(bucket, records, direct=None if cipher else server, cipher=cipher)
        _prepare(server, bucket)
    else:
        first = DirectoryStore(settings.objects_dir)
        landing = DirectoryLanding(settings.landing_dir, cipher)
    objects = _encrypted(first, cipher)
    second = _open_copy(settings)
    if second is None:
        return Stores(objects, None, landing)
    copy = _encrypted(second, cipher)
    return Stores(CopiedStore(objects, copy), copy, landing)


def _open_copy(settings: Settings) -> ObjectStore | None:
    """The store of the second copies, in the clear; None if the settings name none. Raises SettingsError."""
    if settings.copy_dir and settings.copy_url:
        raise SettingsError("SOHOA_COPY_DIR and SOHOA_COPY_URL both name a second copy.", "Leave one of them empty.")
    if settings.copy_url:
        if (settings.copy_url, settings.copy_bucket) == (settings.objects_url, settings.objects_bucket):
            raise SettingsError("SOHOA_COPY_URL names the buckets of the objects themselves.", "Name another server.")
        server = S3Store(copy_address(settings), settings.copy_bucket)
        _prepare(server)
        return server
    if not settings.copy_dir:
        return None
    place = Path(settings.copy_dir).resolve()
    if not settings.objects_url and place == settings.objects_dir:
        raise SettingsError("SOHOA_COPY_DIR is the folder of the objects themselves.", "Name one on another disk.")
    return DirectoryStore(place)


def open_folder(settings: Settings, folder: Path) -> ObjectStore:
    """A store in this folder, encrypted as the installation's own are: for backups. Raises SettingsError."""
    return _encrypted(DirectoryStore(folder), _cipher(settings))


def _cipher(settings: Settings) -> Cipher | None:
    return Cipher(KeyFile(Path(settings.objects_key_file))) if settings.objects_key_file else None


def s3_address(settings: Settings) -> S3Address:
    """Where the S3 server is and the key for it. Raises SettingsError."""
    return S3Address(
        url=settings.objects_url,
        access_key=read_secret("SOHOA_OBJECTS_ACCESS_KEY_FILE", settings.objects_access_key_file),
        secret_key=read_secret("SOHOA_OBJECTS_SECRET_KEY_FILE", settings.objects_secret_key_file),
        region=settings.objects_region,
        authority=settings.objects_ca,
    )


def copy_address(settings: Settings) -> S3Address:
    """Where the S3 server of the second copies is and the key for it. Raises SettingsError."""
    return S3Address(
        url=settings.copy_url,
        access_key=read_secret("SOHOA_COPY_ACCESS_KEY_FILE", settings.copy_access_key_file),
        secret_key=read_secret("SOHOA_COPY_SECRET_KEY_FILE", settings.copy_secret_key_file),
        region=settings.copy_region,
        authority=settings.copy_ca,
    )


def _encrypted(store: ObjectStore, cipher: Cipher | None) -> ObjectStore:
    return EncryptedStore(store, cipher) if cipher else store


def _prepare(*places: S3Store | LandingBucket) -> None:
    try:
        for place in places:
            place.prepare()
    except StoreUnavailable as error:
        logger.warning("%s Buckets are made with the first write.", error)
