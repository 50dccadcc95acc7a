"""Objects on an S3 server: originals in a bucket with versions and object lock, page images in a plain one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from xml.etree import ElementTree

from minio import Minio
from minio.commonconfig import ENABLED, GOVERNANCE, CopySource
from minio.error import S3Error
from minio.retention import Retention
from minio.versioningconfig import VersioningConfig

from core.errors import NotFound, SettingsError
from storage.objects import Area, ObjectStore, is_sha256, locked, missing, require_sha256, still_held
from storage.s3_client import (
    S3Address,
    abort,
    connect,
    exists,
    is_absent,
    list_uploads,
    named_errors,
    put_pieces,
)
from storage.s3_reading import open_object

_HELD = frozenset({"AccessDenied", "InvalidRequest", "ObjectLocked"})
"""What the servers answer to a deletion that a lock forbids."""


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    marker: bool
    """Whether it only says that the object was deleted."""


class S3Store(ObjectStore):
    """Objects as ab/cd/SHA256 in the buckets PREFIX-originals and PREFIX-pages.

    A lock is S3's object lock in GOVERNANCE mode. Unlike COMPLIANCE, somebody with a right of their own, which the
    service's key should not have, can lift it: material that turns out to be secret has to be destroyed by law.
    """

    def __init__(self, address: S3Address, prefix: str) -> None:
        self._client = connect(address)
        self._prefix = prefix
        self._prepared = False

    def prepare(self) -> None:
        """Makes the buckets that are missing. Raises SettingsError for one without object lock."""
        if self._prepared:
            return
        with named_errors("buckets"):
            for area in Area:
                make_bucket(self._client, self._bucket(area), locking=area is Area.ORIGINALS)
            _require_locking(self._client, self._bucket(Area.ORIGINALS))
        self._prepared = True

    def has(self, area: Area, sha256: str) -> bool:
        key = _key(sha256)
        with named_errors(f"object {sha256}"):
            return exists(self._client, self._bucket(area), key)

    def keep(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        self._put(area, sha256, pieces, anew=False)

    def replace(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        # The damaged version stays below the new one if it is locked, and so does the new one.
        until = self._newest_lock(area, sha256)
        self._put(area, sha256, pieces, anew=True)
        if until is not None:
            self.lock(sha256, until)

    def _put(self, area: Area, sha256: str, pieces: Iterable[bytes], *, anew: bool) -> None:
        key = _key(sha256)
        self.prepare()
        with named_errors(f"object {sha256}"):
            put_pieces(self._client, self._bucket(area), key, pieces, anew=anew)

    def adopt(self, bucket: str, key: str, tag: str, sha256: str) -> None:
        """Makes an original of an object in another bucket of this server, which copies it itself. Idempotent.

        tag: ETag of the bytes whose SHA-256 the caller has found to be right; others are not copied.
        """
        target = _key(sha256)
        self.prepare()
        with named_errors(f"object {sha256}"):
            if not exists(self._client, self._bucket(Area.ORIGINALS), target):
                source = CopySource(bucket, key, match_etag=tag)
                self._client.copy_object(self._bucket(Area.ORIGINALS), target, source)

    def open(self, area: Area, sha256: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        try:
            return open_object(self._client, self._bucket(area), _key(sha256), offset, length)
        except NotFound as error:
            raise missing(sha256) from error

    def delete(self, area: Area, sha256: str) -> None:
        bucket, key = self._bucket(area), _key(sha256)
        with named_errors(f"object {sha256}"):
            versions = _list_versions(self._client, bucket, key)
            if area is Area.ORIGINALS:
                for version in versions:
                    self._require_unlocked(sha256, version)
            for upload in list_uploads(self._client, bucket, key):
                abort(self._client, bucket, upload.key, upload.upload)
            while versions:  # a listing names a thousand at most
                for version in versions:
                    self._remove(bucket, sha256, version)
                versions = _list_versions(self._client, bucket, key)

    def _require_unlocked(self, sha256: str, version: _Version) -> None:
        until = None if version.marker else self._lock_of(sha256, version.id)
        if until is not None and still_held(until):
            raise locked(sha256, until)

    def _remove(self, bucket: str, sha256: str, version: _Version) -> None:
        try:
            self._client.remove_object(bucket, _key(sha256), version_id=version.id)
        except S3Error as error:
            until = None if version.marker or error.code not in _HELD else self._lock_of(sha256, version.id)
            if until is None:
                raise
            raise locked(sha256, until) from error

    def list_hashes(self, area: Area) -> Iterator[str]:
        with named_errors(f"bucket {self._bucket(area)}"):
            for one in self._client.list_objects(self._bucket(area), recursive=True):
                name = (one.object_name or "").rsplit("/", 1)[-1]
                if is_sha256(name):
                    yield name

    def lock(self, sha256: str, until: datetime) -> None:
        wanted = until.astimezone(UTC).replace(microsecond=0)
        with named_errors(f"object {sha256}"):
            present = self._lock_of(sha256)
            if present is None or present < wanted:
                retention = Retention(GOVERNANCE, wanted)
                self._client.set_object_retention(self._bucket(Area.ORIGINALS), _key(sha256), retention)

    def locked_until(self, sha256: str) -> datetime | None:
        with named_errors(f"object {sha256}"):
            until = self._lock_of(sha256)
        return until if still_held(until) else None

    def _lock_of(self, sha256: str, version: str | None = None) -> datetime | None:
        try:
            found = self._client.get_object_retention(self._bucket(Area.ORIGINALS), _key(sha256), version_id=version)
        except S3Error as error:
            # MethodNotAllowed: what is on top only says that the object was deleted.
            if is_absent(error) or error.code == "MethodNotAllowed":
                raise missing(sha256) from error
            raise
        return found.retain_until_date if found else None

    def _newest_lock(self, area: Area, sha256: str) -> datetime | None:
        if area is not Area.ORIGINALS:
            return None
        with named_errors(f"object {sha256}"):
            versions = _list_versions(self._client, self._bucket(area), _key(sha256))
            dates = (self._lock_of(sha256, version.id) for version in versions if not version.marker)
            return max(filter(None, dates), default=None)

    def tidy(self, before: datetime) -> int:
        removed = 0
        for area in Area:
            with named_errors(f"bucket {self._bucket(area)}"):
                for one in list_uploads(self._client, self._bucket(area), ""):
                    if one.begun < before:
                        abort(self._client, self._bucket(area), one.key, one.upload)
                        removed += 1
        return removed

    def presign(self, area: Area, sha256: str, disposition: str, seconds: int) -> str | None:
        answers: dict[str, str | list[str] | tuple[str]] = {
            "response-content-disposition": disposition,
            "response-content-type": "application/octet-stream",
            "response-cache-control": "no-store",
        }
        return self._client.presigned_get_object(
            self._bucket(area), _key(sha256), expires=timedelta(seconds=seconds), response_headers=answers
        )

    def close(self) -> None:
        self._client._http.clear()

    def _bucket(self, area: Area) -> str:
        return f"{self._prefix}-{area}"


def make_bucket(client: Minio, name: str, *, locking: bool = False) -> None:
    """Makes the bucket unless it is there. Raises S3Error."""
    if client.bucket_exists(name):
        return
    try:
        client.make_bucket(name, object_lock=locking)
    except S3Error as error:
        # Several processes start at once.
        if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


def _require_locking(client: Minio, name: str) -> None:
    try:
        # The client's own call fails at an answer without a default retention.
        client._execute("GET", name, query_params={"object-lock": ""})
    except S3Error as error:
        if error.code != "ObjectLockConfigurationNotFoundError":
            raise
        raise SettingsError(
            f"Bucket '{name}' was made without object lock, which cannot be added.",
            "Name another SOHOA_OBJECTS_BUCKET, or move the bucket's objects to one made with object lock.",
        ) from error
    if client.get_bucket_versioning(name).status != ENABLED:
        client.set_bucket_versioning(name, VersioningConfig(ENABLED))


def _list_versions(client: Minio, bucket: str, key: str) -> list[_Version]:
    """Versions of one object, a thousand at most. The client's own listing fails at some servers' dates."""
    answer = client._execute("GET", bucket, query_params={"versions": "", "prefix": key, "max-keys": "1000"})
    found = []
    for one in ElementTree.fromstring(answer.data):
        kind = one.tag.rpartition("}")[2]
        if kind in ("Version", "DeleteMarker") and one.findtext("{*}Key") == key:
            found.append(_Version(one.findtext("{*}VersionId") or "null", marker=kind == "DeleteMarker"))
    return found


def _key(sha256: str) -> str:
    require_sha256(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
