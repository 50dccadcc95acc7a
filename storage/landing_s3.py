"""The landing on an S3 server: pieces go straight into a multipart upload, and the database keeps which part is which.

Nothing lies on the machine that takes a piece, so the next one can come to any other. S3 takes no part below 5 MiB: a
piece that is smaller waits as an object of its own, the tail, and is put before the next one. Senders are kept apart by
the database: a part's number is given out once, at the recorded offset, and counts only if that has not moved when the
part is noted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import NotFound, OffsetMismatch, SohoaError, StoreUnavailable
from core.states import FileState
from storage.database import HELD, Records
from storage.encryption import Cipher
from storage.landing import Clear, Framing, Landed, Landing, Record, local_copy
from storage.landing_bucket import LandingBucket, Lying
from storage.objects import ObjectStore
from storage.s3 import S3Store
from storage.s3_client import SMALLEST_PART
from storage.tables import IncomingFile, LandingPart, LandingUpload, now

_SETTLED = (FileState.RECEIVED, FileState.REFUSED)
_MOST_COPIED = 5 << 30
"""S3 copies no larger object in one request."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What was found when a piece came, and the number that it alone may use."""

    key: str
    upload: str | None
    tail: str | None
    number: int


@dataclass(frozen=True, slots=True)
class _Put:
    """Where the piece was put: as a part, or as the new tail."""

    upload: str | None
    tag: str
    tail: str | None


class S3Landing(Landing):
    """Uploads in a bucket of their own, under FILE_ID/BEGINNING.

    direct: the store of originals on the same server, if what lands is stored as it came: it copies for itself.
    """

    def __init__(
        self, bucket: LandingBucket, records: Records, *, direct: S3Store | None, cipher: Cipher | None
    ) -> None:
        self._bucket = bucket
        self._records = records
        self._direct = direct
        self._framing = Framing(cipher)

    def locked(self, file_id: str) -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    @contextmanager
    def placed(self, file_id: str, offset: int, chunk: bytes) -> Iterator[Record]:
        place = self._take_number(file_id, offset)
        put = self._put(place, file_id, offset, self._framing.wrap(file_id, offset, chunk))
        try:
            yield partial(_note, file_id, place, put)
        except SohoaError:
            # Certainly not committed. After any other error it may have been: then it is left to `tidy`.
            self._drop(place, put)
            raise
        if place.tail is not None:
            self._bucket.remove(place.tail)

    def _take_number(self, file_id: str, offset: int) -> _Place:
        self._bucket.prepare()
        with self._records.writing() as session:
            file = session.get_one(IncomingFile, file_id, with_for_update=HELD)
            if file.received_bytes != offset or file.state in _SETTLED:
                raise OffsetMismatch(file.received_bytes)
            row = session.get(LandingUpload, file_id)
            if row is None and offset:
                raise StoreUnavailable("What came before is not in this landing.", "Send it again in a while.")
            if row is None:
                row = LandingUpload(file_id=file_id, key=f"{file_id}/{secrets.token_hex(8)}", next_part=1)
                session.add(row)
            place = _Place(row.key, row.upload, row.tail, row.next_part)
            row.next_part += 1
            row.touched_at = now()
            return place

    def _put(self, place: _Place, file_id: str, offset: int, piece: bytes) -> _Put:
        data = self._read_tail(place, file_id, offset) + piece
        if len(data) < SMALLEST_PART:
            tail = f"{place.key}.tail-{place.number}"
            self._bucket.put(tail, data)
            return _Put(place.upload, "", tail)
        upload = place.upload or self._bucket.begin(place.key)
        try:
            return _Put(upload, self._bucket.put_part(place.key, upload, place.number, data), None)
        except SohoaError:
            self._drop(place, _Put(upload, "", None))
            raise

    def _read_tail(self, place: _Place, file_id: str, offset: int) -> bytes:
        if place.tail is None:
            return b""
        try:
            return self._bucket.read(place.tail)
        except NotFound:
            with self._records.reading() as session:
                come = session.get_one(IncomingFile, file_id).received_bytes
            if come == offset:
                raise
            raise OffsetMismatch(come) from None  # somebody else put it before their own piece meanwhile

    def _drop(self, place: _Place, put: _Put) -> None:
        if put.tail is not None:
            self._bucket.remove(put.tail)
        if put.upload is not None and put.upload != place.upload:
            self._bucket.abort(place.key, put.upload)

    @contextmanager
    def landed(self, file_id: str) -> Iterator[Landed]:
        lying = self._finish(file_id)
        if lying is None:
            with local_copy(()) as path:
                yield Landed(path)
            return
        with self._bucket.open(lying.key) as stream, local_copy(self._framing.unwrap(file_id, stream)) as path:
            direct = self._direct if self._framing.plain and lying.size <= _MOST_COPIED else None
            yield _LandedThere(path, self._bucket.name, lying, direct)

    def _finish(self, file_id: str) -> Lying | None:
        """Makes one object of what has come. None for a file without a byte."""
        with self._records.reading() as session:
            file = session.get_one(IncomingFile, file_id)
            row = session.get(LandingUpload, file_id)
            query = select(LandingPart).where(LandingPart.file_id == file_id).order_by(LandingPart.number)
            parts = [(part.number, part.tag) for part in session.scalars(query)]
        if row is None and not file.size:
            return None
        if row is None or (row.upload is None and row.tail is None):
            raise NotFound(f"Upload {file_id} is not in the landing any more.", "Look how far it has come.")
        if row.upload is None and row.tail is not None:
            return self._bucket.find(row.tail)
        return self._complete(row, parts)

    def _complete(self, row: LandingUpload, parts: list[tuple[int, str]]) -> Lying:
        assert row.upload is not None
        # Asked first, not found out by an error: some servers hang up on a part for an upload that is complete.
        with suppress(NotFound):
            return self._bucket.find(row.key)
        with suppress(NotFound):  # another process has completed it meanwhile
            if row.tail is not None:
                tag = self._bucket.put_part(row.key, row.upload, row.next_part, self._bucket.read(row.tail))
                parts = [*parts, (row.next_part, tag)]
            self._bucket.complete(row.key, row.upload, parts)
        return self._bucket.find(row.key)

    def release(self, session: Session, file_id: str, untouched_since: datetime | None = None) -> Clear | None:
        row = session.get(LandingUpload, file_id, with_for_update=HELD)
        if row is None:
            return _do_nothing
        if untouched_since is not None and row.touched_at >= untouched_since:
            return None
        session.execute(delete(LandingPart).where(LandingPart.file_id == file_id))
        session.delete(row)
        if untouched_since is not None:
            return partial(self._clear_all, row.key)
        return partial(self._clear, row.key, row.upload, row.tail)

    def _clear(self, key: str, upload: str | None, tail: str | None) -> None:
        """Quickly, what is known."""
        if tail is not None:
            self._bucket.remove(tail)
        if upload is not None:
            self._bucket.remove(key)

    def _clear_all(self, key: str) -> None:
        """Whatever there is, pieces of senders that were cut off among it."""
        for upload in list(self._bucket.list_uploads(key)):
            self._bucket.abort(upload.key, upload.upload)
        for one in list(self._bucket.list_objects(key)):
            self._bucket.remove(one.key)

    def find_stale(self, before: datetime) -> list[str]:
        query = select(LandingUpload.file_id).where(LandingUpload.touched_at < before).order_by(LandingUpload.file_id)
        with self._records.reading() as session:
            return list(session.scalars(query))

    def tidy(self, before: datetime) -> int:
        objects = [one.key for one in self._bucket.list_objects() if one.since < before]
        uploads = [one for one in self._bucket.list_uploads() if one.begun < before]
        with self._records.reading() as session:
            # Read after the listing: what was listed for an upload that goes on has its row by now.
            live = {row.key: row.upload for row in session.scalars(select(LandingUpload))}
        stray = [key for key in objects if key.partition(".")[0] not in live]
        lost = [one for one in uploads if live.get(one.key) != one.upload]
        for key in stray:
            self._bucket.remove(key)
        for one in lost:
            self._bucket.abort(one.key, one.upload)
        return len(stray) + len(lost)

    def list_ids(self) -> list[str]:
        with self._records.reading() as session:
            return list(session.scalars(select(LandingUpload.file_id).order_by(LandingUpload.file_id)))

    def close(self) -> None:
        self._bucket.close()


class _LandedThere(Landed):
    def __init__(self, path: Path, bucket: str, lying: Lying, direct: S3Store | None) -> None:
        super().__init__(path)
        self._bucket, self._lying, self._direct = bucket, lying, direct

    def store(self, objects: ObjectStore, sha256: str) -> None:
        if self._direct is None:
            super().store(objects, sha256)
        else:
            self._direct.adopt(self._bucket, self._lying.key, self._lying.tag, sha256)


def _note(file_id: str, place: _Place, put: _Put, session: Session) -> None:
    row = session.get(LandingUpload, file_id, with_for_update=HELD)
    if row is None or row.key != place.key:
        raise OffsetMismatch(0)  # it was dropped for its age meanwhile
    row.tail, row.touched_at = put.tail, now()
    if put.tail is None:
        row.upload = put.upload
        session.add(LandingPart(file_id=file_id, number=place.number, tag=put.tag))


def _do_nothing() -> None:
    """There is nothing of an upload that has no row; what was left behind is tidied."""
