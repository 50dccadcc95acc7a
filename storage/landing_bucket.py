"""The bucket of an S3 landing: tails, parts, and the objects that parts make. Knows nothing of the records."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from core.errors import NotFound, StoreUnavailable
from storage.s3 import make_bucket
from storage.s3_client import (
    OpenUpload,
    S3Address,
    abort,
    complete,
    connect,
    list_uploads,
    named_errors,
    put_small,
)
from storage.s3_reading import open_object

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lying:
    """An object of the bucket. tag: its ETag."""

    key: str
    tag: str
    size: int
    since: datetime


class LandingBucket:
    """Every call raises NotFound for what is gone, and StoreUnavailable; removing raises neither."""

    def __init__(self, address: S3Address, name: str) -> None:
        self._client = connect(address)
        self.name = name
        self._prepared = False

    def prepare(self) -> None:
        """Makes the bucket if it is missing."""
        if not self._prepared:
            with named_errors(f"bucket {self.name}"):
                make_bucket(self._client, self.name)
            self._prepared = True

    def put(self, key: str, data: bytes) -> None:
        with named_errors(f"piece {key}"):
            put_small(self._client, self.name, key, data, anew=True)

    def begin(self, key: str) -> str:
        """Begins a multipart upload; answers its id."""
        with named_errors(f"upload {key}"):
            return self._client._create_multipart_upload(self.name, key, {})

    def put_part(self, key: str, upload: str, number: int, data: bytes) -> str:
        """Answers the part's ETag."""
        with named_errors(f"upload {key}"):
            return self._client._upload_part(self.name, key, data, None, upload, number)

    def complete(self, key: str, upload: str, parts: Iterable[tuple[int, str]]) -> None:
        """Makes the object of these parts; does nothing if it is made already."""
        with named_errors(f"upload {key}"):
            complete(self._client, self.name, key, upload, parts, anew=True)

    def find(self, key: str) -> Lying:
        with named_errors(f"piece {key}"):
            found = self._client.stat_object(self.name, key)
        if found.etag is None or found.size is None or found.last_modified is None:
            raise NotFound(f"There is no piece {key} in the landing.")
        return Lying(key, found.etag, found.size, found.last_modified)

    def open(self, key: str) -> BinaryIO:
        return open_object(self._client, self.name, key)

    def read(self, key: str) -> bytes:
        with self.open(key) as stream:
            return stream.read()

    def list_objects(self, prefix: str = "") -> Iterator[Lying]:
        with named_errors(f"bucket {self.name}"):
            for one in self._client.list_objects(self.name, prefix=prefix, recursive=True):
                if one.object_name and one.last_modified:
                    yield Lying(one.object_name, one.etag or "", one.size or 0, one.last_modified)

    def list_uploads(self, key: str = "") -> Iterator[OpenUpload]:
        """Multipart uploads under way: of one object, or all."""
        with named_errors(f"bucket {self.name}"):
            yield from list_uploads(self._client, self.name, key)

    def remove(self, key: str) -> None:
        """Removes an object; if that cannot be done now, it is left for the landing to be tidied."""
        try:
            with named_errors(f"piece {key}"):
                self._client.remove_object(self.name, key)
        except (NotFound, StoreUnavailable) as error:
            logger.warning("%s", error)

    def abort(self, key: str, upload: str) -> None:
        """Drops an upload's parts, in the same way."""
        abort(self._client, self.name, key, upload)

    def close(self) -> None:
        self._client._http.clear()
