"""Reading objects from an S3 server as files."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, BinaryIO

import urllib3
from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from storage.objects import BLOCK
from storage.s3_client import PAUSE, TIMES, named_errors

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Reader(io.RawIOBase):
    """An object's bytes; a connection that is cut on the way is taken up again where it broke."""

    def __init__(self, client: Minio, bucket: str, key: str, offset: int, length: int | None) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._position, self._left = offset, length
        self._tag: str | None = None
        self._response: urllib3.BaseHTTPResponse | None = None
        self._response = self._ask()

    def _ask(self) -> urllib3.BaseHTTPResponse | None:
        if self._left == 0:
            return None
        match: dict[str, str | list[str] | tuple[str]] | None = {"If-Match": self._tag} if self._tag else None
        try:
            response = self._client.get_object(
                self._bucket, self._key, offset=self._position, length=self._left or 0, request_headers=match
            )
        except S3Error as error:
            if error.code == "InvalidRange":
                return None
            raise
        self._tag = response.headers.get("etag")
        return response

    def readable(self) -> bool:
        return True

    def readinto(self, target: WriteableBuffer, /) -> int:
        view = memoryview(target).cast("B")
        with named_errors("object"):
            data = self._read(len(view))
        view[: len(data)] = data
        return len(data)

    def _read(self, most: int) -> bytes:
        for failures in range(TIMES + 1):
            if self._response is None:
                return b""
            try:
                data = self._response.read(most)
            except HTTPError:
                if failures == TIMES:
                    raise
                self._release()
                time.sleep(PAUSE * 2**failures)
                self._response = self._ask()
                continue
            self._position += len(data)
            self._left = None if self._left is None else self._left - len(data)
            return data
        return b""

    def _release(self) -> None:
        if self._response is not None:
            self._response.close()
            self._response.release_conn()
            self._response = None

    def close(self) -> None:
        self._release()
        super().close()


def open_object(client: Minio, bucket: str, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
    """The object's bytes from the offset on. Raises NotFound, StoreUnavailable."""
    with named_errors(f"object {key}"):
        return io.BufferedReader(_Reader(client, bucket, key, offset, length), BLOCK)
