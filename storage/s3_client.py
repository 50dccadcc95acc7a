"""What all our use of an S3 server shares: its address, bounded patience, errors by name, writing.

The client's own `put_object` can neither refuse to overwrite nor leave parts for another process to go on with, so the
calls that it is made of are used here. They are not public: the client is pinned below version 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from core.errors import NotFound, SettingsError, StoreUnavailable

SMALLEST_PART = 5 << 20
"""S3 takes no smaller part but the last."""
PART = 8 << 20
TIMES = 4
PAUSE = 0.2
_CONNECT_SECONDS = 5
_READ_SECONDS = 60
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NoSuchBucket", "NotFound", "ResourceNotFound"})
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_PASSING = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "RequestTimeTooSkewed"})
_REFUSED = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where the server is and with which key one comes. authority: PEM file that its certificate is checked by."""

    url: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str
    authority: str = ""


def connect(address: S3Address) -> Minio:
    """A client with bounded timeouts that tries again a few times. Raises SettingsError for what is no address."""
    parts = urlsplit(address.url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise SettingsError(f"'{address.url}' is no address of an S3 server.", "Write https://name:port.")
    trust = {"cert_reqs": "CERT_REQUIRED"} | ({"ca_certs": address.authority} if address.authority else {})
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
        maxsize=32,
        retries=urllib3.Retry(
            total=TIMES,
            backoff_factor=PAUSE,
            backoff_jitter=PAUSE,
            status_forcelist=(500, 502, 503, 504),
            allowed_methods=None,
            # A server under load may ask for minutes; whoever waits here is a request or a job, which come again.
            respect_retry_after_header=False,
        ),
        **trust,  # type: ignore[arg-type]
    )
    return Minio(
        parts.netloc,
        access_key=address.access_key,
        secret_key=address.secret_key,
        region=address.region,
        secure=parts.scheme == "https",
        http_client=pool,
    )


@contextmanager
def named_errors(what: str) -> Iterator[None]:
    """Names what S3 answered about a thing. Raises NotFound, StoreUnavailable, SettingsError; other S3Errors pass."""
    try:
        yield
    except S3Error as error:
        raise _named(error, what) from error
    except (HTTPError, ServerError, InvalidResponseError) as error:
        raise StoreUnavailable(
            f"The object store does not answer for {what}: {type(error).__name__}.", "It is tried again later."
        ) from error


def _named(error: S3Error, what: str) -> Exception:
    code = error.code or ""
    if code in _ABSENT:
        return NotFound(f"There is no {what} in the object store.", "Run 'sohoa check'.")
    if code in _PASSING or (error.response is not None and error.response.status >= 500):
        return StoreUnavailable(f"The object store cannot serve {what} now: {code}.", "It is tried again later.")
    if code in _REFUSED:
        return SettingsError(f"The object store refuses {what}: {code}.", "Look at its key and the key's rights.")
    return error


def is_taken(error: S3Error) -> bool:
    """Whether a write that may overwrite nothing found something there."""
    return error.code in _TAKEN


def is_absent(error: S3Error) -> bool:
    """Whether it is about something that is not there."""
    return error.code in _ABSENT


def regroup(pieces: Iterable[bytes], size: int = PART) -> Iterator[bytes]:
    """The same bytes in blocks of exactly this size, the last one smaller; at least one, which may be empty."""
    kept = bytearray()
    first = True
    for piece in pieces:
        kept += piece
        # One byte more must be there, so that the last block is given out only once the pieces have ended well.
        while len(kept) > size:
            yield bytes(kept[:size])
            first = False
            del kept[:size]
    if kept or first:
        yield bytes(kept)


def put_small(client: Minio, bucket: str, key: str, data: bytes, *, anew: bool = False) -> None:
    """Stores bytes in one request; unless `anew`, leaves alone what is there already."""
    try:
        client._put_object(bucket, key, data, _headers(anew))
    except S3Error as error:
        if anew or not is_taken(error):
            raise


def put_pieces(client: Minio, bucket: str, key: str, pieces: Iterable[bytes], *, anew: bool = False) -> None:
    """Stores pieces of unknown number; if one of them raises, nothing is seen of them."""
    blocks = regroup(pieces)
    # The next block is read before one is sent, so that what is wrong with the last one is known in time.
    block: bytes | None = next(blocks)
    following = next(blocks, None)
    if following is None:
        put_small(client, bucket, key, block or b"", anew=anew)
        return
    upload = client._create_multipart_upload(bucket, key, {})
    parts: list[tuple[int, str]] = []
    try:
        while block is not None:
            parts.append((len(parts) + 1, client._upload_part(bucket, key, block, None, upload, len(parts) + 1)))
            block, following = following, next(blocks, None)
        complete(client, bucket, key, upload, parts, anew=anew)
    except BaseException:
        abort(client, bucket, key, upload)
        raise


_PARTS_GONE = frozenset({"NoSuchUpload", "InvalidPart"})
"""What is said of parts that have just become an object, or are becoming one."""


def _headers(anew: bool) -> dict[str, str | list[str] | tuple[str]]:
    headers: dict[str, str | list[str] | tuple[str]] = {"Content-Type": "application/octet-stream"}
    if not anew:
        headers["If-None-Match"] = "*"
    return headers


def complete(
    client: Minio, bucket: str, key: str, upload: str, parts: Iterable[tuple[int, str]], *, anew: bool = False
) -> None:
    """Makes an object of parts, given as number and ETag; unless `anew`, leaves alone what is there already."""
    listed = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>&quot;{escape(tag)}&quot;</ETag></Part>" for number, tag in parts
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    headers = _headers(anew) | {"Content-Type": "application/xml"}
    try:
        answer = client._execute("POST", bucket, key, body=body, headers=headers, query_params={"uploadId": upload})
    except S3Error as error:
        if is_taken(error) and not anew:
            abort(client, bucket, key, upload)
            return
        # An earlier try of the same request may have done it, and its answer been lost; or another process has.
        if error.code not in _PARTS_GONE:
            raise
        if not exists(client, bucket, key):
            raise StoreUnavailable(
                f"The object store is at {key}, or has lost it.", "It is tried again later."
            ) from error
    else:
        if b"<Error>" in answer.data:  # S3 may begin to answer before it knows how it ends
            raise StoreUnavailable(f"The object store could not complete {key}.", "It is tried again later.")


def abort(client: Minio, bucket: str, key: str, upload: str) -> None:
    """Drops the parts of an upload; what cannot be dropped now is dropped when the store is tidied."""
    with suppress(S3Error, HTTPError, ServerError, InvalidResponseError):
        client._abort_multipart_upload(bucket, key, upload)


def exists(client: Minio, bucket: str, key: str) -> bool:
    """Whether there is such an object."""
    try:
        client.stat_object(bucket, key)
    except S3Error as error:
        if is_absent(error):
            return False
        raise
    return True


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload that was neither completed nor aborted."""

    key: str
    upload: str
    begun: datetime


def list_uploads(client: Minio, bucket: str, prefix: str) -> Iterator[OpenUpload]:
    """Those whose key begins so. Some servers list nothing unless the prefix is a whole key."""
    key_marker = upload_marker = None
    while True:
        answer = client._list_multipart_uploads(
            bucket, prefix=prefix, key_marker=key_marker, upload_id_marker=upload_marker
        )
        for one in answer.uploads:
            if one.upload_id and one.initiated_time:
                yield OpenUpload(one.object_name, one.upload_id, one.initiated_time)
        if not answer.is_truncated or not answer.uploads:
            return
        key_marker, upload_marker = answer.next_key_marker, answer.next_upload_id_marker
