"""Every kind of landing with its store, as several replicas of the service that share one set of records."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import func, select

from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder
from core.settings import Settings
from core.stages import Stage
from core.states import BatchState, FileState
from flow.announce import announce_manifest
from flow.check import check_equations
from flow.receive import receive_chunk
from flow.service import Service
from people.stations import StationIdentity, identify
from storage.database import Records, keep_silent
from storage.landing import Landing
from storage.landing_bucket import LandingBucket
from storage.landing_directory import DirectoryLanding
from storage.landing_s3 import S3Landing
from storage.objects import Area, ObjectStore
from storage.objects_directory import DirectoryStore
from storage.objects_encrypted import EncryptedStore
from storage.s3 import S3Store
from storage.s3_client import S3Address, connect
from storage.tables import AccessEvent, Base, IncomingFile, Job, LandingPart, LandingUpload, Page, now
from tests.contract.stores import ENCRYPTED, Bucketful, address_of, cipher_of
from tests.factories import add_batch, add_entry, add_office, add_station, make_service
from tests.servers import unique_name

SQLITE = "versitygw"
"""The kind whose records are in SQLite, even where there is PostgreSQL."""
MEGABYTE = 1 << 20


@dataclass
class Yard:
    """An announced batch and how its files can be sent."""

    kind: str
    base: Service
    station: StationIdentity
    folder: Path
    buckets: Bucketful | None
    batch: str = ""
    opened: list[Service] = field(default_factory=list)

    def replica(self, url: str = "") -> Service:
        """Another process of the service. url: what stands before its S3 server."""
        objects, landing = self._open(url)
        self.opened.append(replace(self.base, objects=objects, landing=landing))
        return self.opened[-1]

    def _open(self, url: str) -> tuple[ObjectStore, Landing]:
        cipher = cipher_of(self.folder) if self.kind.endswith(ENCRYPTED) else None
        if self.buckets is None:
            store: ObjectStore = DirectoryStore(self.folder / "objects")
            landing: Landing = DirectoryLanding(self.folder / "landing", cipher)
        else:
            address, prefix = self.address(url), self.buckets.prefix
            store = server = S3Store(address, prefix)
            bucket = LandingBucket(address, f"{prefix}-landing")
            landing = S3Landing(bucket, self.base.records, direct=None if cipher else server, cipher=cipher)
            server.prepare()
            bucket.prepare()
        return EncryptedStore(store, cipher) if cipher else store, landing

    def address(self, url: str = "") -> S3Address:
        return address_of(self.kind.removesuffix(ENCRYPTED), url)

    def announce(self, contents: Mapping[str, bytes]) -> dict[str, IncomingFile]:
        """The rows of these files, by name."""
        files = tuple(
            ManifestFile(name=name, size=len(data), sha256=digest(data), media_type="", pages=None)
            for name, data in contents.items()
        )
        documents = tuple(
            ManifestDocument(ordinal=number, file_names=(name,)) for number, name in enumerate(contents, 1)
        )
        folder = ManifestFolder(fonds="VP-TU", series_list="01", code="HS01", documents=documents)
        manifest = Manifest(batch=self.batch, station=self.station.code, files=files, folders=(folder,))
        with self.base.records.writing() as session:
            made = announce_manifest(
                session, self.station, self.base.dictionaries.present(session), self.base.settings, manifest
            )
            return {file.name: file for file in made}

    def send(self, service: Service, file_id: str, offset: int, chunk: bytes) -> IncomingFile:
        return receive_chunk(service, self.station, file_id, offset, chunk)

    def row(self, file_id: str) -> IncomingFile:
        with self.base.records.reading() as session:
            return session.get_one(IncomingFile, file_id)

    def leftovers(self) -> list[str]:
        """Whatever lies in the landing, or stands of it in the records."""
        with self.base.records.reading() as session:
            rows = [*session.scalars(select(LandingUpload.file_id)), *session.scalars(select(LandingPart.file_id))]
        if self.buckets is None:
            return rows + sorted(path.name for path in (self.folder / "landing").glob("*.part"))
        lying = [*self.buckets.versions("landing"), *(key for key, _ in self.buckets.uploads("landing"))]
        return rows + sorted(lying)

    def landed_bytes(self) -> bytes:
        """What lies in the landing, as it lies there."""
        if self.buckets is None:
            return b"".join(path.read_bytes() for path in sorted((self.folder / "landing").glob("*.part")))
        return self.buckets.read_all("landing")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def scan(megabytes: float) -> bytes:
    """A sound image file of about this size."""
    side = max(8, int((megabytes * MEGABYTE / 3) ** 0.5))
    noise = np.random.default_rng(side).integers(0, 255, (side, side, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG", compress_level=0)
    return out.getvalue()


LARGE = scan(13)
SMALL = scan(0.2)
CHUNK = 4 * MEGABYTE


def send_all(yard: Yard, file_id: str, data: bytes, sizes: list[int]) -> None:
    """In chunks of these sizes, again and again, each to another replica than the one before."""
    replicas = [yard.replica(), yard.replica()]
    offset = turn = 0
    while offset < len(data):
        size = sizes[turn % len(sizes)]
        answer = yard.send(replicas[turn % 2], file_id, offset, data[offset : offset + size])
        offset, turn = offset + len(data[offset : offset + size]), turn + 1
        assert answer.received_bytes == offset


def assert_received(yard: Yard, file_id: str, data: bytes) -> None:
    """Received once, with its original, page and job, and nothing left in the landing."""
    row = yard.row(file_id)
    assert (row.state, row.received_bytes, row.page_count) == (FileState.RECEIVED, len(data), 1)
    yard.replica().objects.verify(Area.ORIGINALS, digest(data))
    assert yard.leftovers() == []
    with yard.base.records.reading() as session:
        assert session.scalar(select(func.count()).select_from(Page).where(Page.incoming_file_id == file_id)) == 1
        jobs = session.scalars(select(Job.stage).where(Job.subject_id == file_id)).all()
        events = select(AccessEvent.sequence).where(
            AccessEvent.action == "receive_file", AccessEvent.target == f"file:{file_id}"
        )
        assert (jobs, len(session.scalars(events).all())) == ([Stage.SPLIT], 1)
        assert list(check_equations(session)) == []


def assert_received_but_for_strays(yard: Yard, file_id: str) -> None:
    """As above, once what senders that failed have left is tidied."""
    yard.replica().landing.tidy(now() + timedelta(hours=1))
    assert_received(yard, file_id, LARGE)


@contextmanager
def open_yard(kind: str, folder: Path) -> Iterator[Yard]:
    """A landing of this kind, and a batch that files can be announced for."""
    base = make_service(Settings(data_dir=folder, chunk_bytes=8 * MEGABYTE))
    if kind == SQLITE:
        base.close()
        records = Records(f"sqlite:///{folder / 'own.db'}", keep_silent)
        Base.metadata.create_all(records.engine)
        base = replace(base, records=records)
    with base.records.writing() as session:
        office = add_office(session)
        station = identify(session, add_station(session, office.unit, office["scanner"]), date.today())
        entry = add_entry(session, office.unit, office["owner"])
        batch = add_batch(session, entry, office["scanner"], state=BatchState.OPENED).code
    buckets = None
    if not kind.startswith("directory"):
        buckets = Bucketful(connect(address_of(kind.removesuffix(ENCRYPTED))), unique_name())
    yard = Yard(kind, base, station, folder, buckets, batch)
    try:
        yield yard
    finally:
        for one in yard.opened:
            one.objects.close()
            one.landing.close()
        base.close()
        if buckets is not None:
            buckets.remove()
            buckets.client._http.clear()
