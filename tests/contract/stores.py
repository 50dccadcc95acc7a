"""Every kind of store of objects that the service can have, each empty and in a place of its own; gone afterwards."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from minio import Minio
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from storage.encryption import Cipher, KeyFile
from storage.objects import Area, ObjectStore
from storage.objects_directory import DirectoryStore
from storage.objects_encrypted import EncryptedStore
from storage.s3 import S3Store
from storage.s3_client import S3Address, connect
from tests.servers import find_servers, unique_name

ENCRYPTED = "-encrypted"
FOLDERS = ("directory", "directory-encrypted")
ON_SERVERS = ("minio", "versitygw", "minio-encrypted") if find_servers() else ()
PLAIN_SERVERS = ("minio", "versitygw") if find_servers() else ()
KINDS = (*FOLDERS, *ON_SERVERS)


@dataclass(frozen=True)
class Version:
    """A version of an object on a server."""

    id: str
    marker: bool


@dataclass
class Bucketful:
    """An S3 server's buckets that begin with this prefix, seen past our own code."""

    client: Minio
    prefix: str

    def versions(self, bucket: str) -> dict[str, list[Version]]:
        """All versions by key, the newest first."""
        answer = self.client._execute("GET", f"{self.prefix}-{bucket}", query_params={"versions": ""})
        found: dict[str, list[Version]] = {}
        for one in ElementTree.fromstring(answer.data):
            kind = one.tag.rpartition("}")[2]
            if kind in ("Version", "DeleteMarker"):
                version = Version(one.findtext("{*}VersionId") or "null", kind == "DeleteMarker")
                found.setdefault(one.findtext("{*}Key") or "", []).append(version)
        return found

    def uploads(self, bucket: str) -> list[tuple[str, str]]:
        """Multipart uploads under way: key and id."""
        answer = self.client._list_multipart_uploads(f"{self.prefix}-{bucket}")
        return [(one.object_name, one.upload_id or "") for one in answer.uploads]

    def read_all(self, bucket: str) -> bytes:
        """The bytes of every object, one after another."""
        name = f"{self.prefix}-{bucket}"
        keys = [one.object_name or "" for one in self.client.list_objects(name, recursive=True)]
        return b"".join(self._read(name, key) for key in keys)

    def _read(self, name: str, key: str) -> bytes:
        response = self.client.get_object(name, key)
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()

    def overwrite(self, bucket: str, key: str, data: bytes) -> None:
        """As somebody would who has the key of the service."""
        self.client._put_object(f"{self.prefix}-{bucket}", key, data)

    def remove(self) -> None:
        """Empties and removes the buckets; locks are lifted as an administrator would."""
        for bucket in self.client.list_buckets():
            if bucket.name.startswith(f"{self.prefix}-"):
                short = bucket.name.removeprefix(f"{self.prefix}-")
                for key, upload in self.uploads(short):
                    self.client._abort_multipart_upload(bucket.name, key, upload)
                for key, versions in self.versions(short).items():
                    for version in versions:
                        self._remove(bucket.name, key, version)
                self.client.remove_bucket(bucket.name)

    def _remove(self, name: str, key: str, version: Version) -> None:
        headers: dict[str, str | list[str] | tuple[str]] = {"x-amz-bypass-governance-retention": "true"}
        try:
            self.client._execute("DELETE", name, key, headers=headers, query_params={"versionId": version.id})
        except S3Error:
            # versitygw bypasses nothing, but lets a retention be shortened.
            soon = datetime.now(UTC) + timedelta(seconds=1)
            self.client.set_object_retention(name, key, Retention(GOVERNANCE, soon), version_id=version.id)
            time.sleep(2)
            self.client.remove_object(name, key, version_id=version.id)


@dataclass
class Shelf:
    """A store under test. reopen: the same store as another process would open it."""

    kind: str
    store: ObjectStore
    reopen: Callable[[], ObjectStore]
    folder: Path | None
    buckets: Bucketful | None

    @property
    def encrypted(self) -> bool:
        return self.kind.endswith(ENCRYPTED)

    def damage(self, area: Area, sha256: str, change: Callable[[bytes], bytes]) -> None:
        """Changes what is stored, past our own code."""
        key = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
        if self.buckets is not None:
            data = self.buckets._read(f"{self.buckets.prefix}-{area}", key)
            self.buckets.overwrite(area.value, key, change(data))
            return
        assert self.folder is not None
        path = self.folder / area / key
        data = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(change(data))

    def everything(self) -> bytes:
        """All that is stored, as it lies there."""
        if self.buckets is not None:
            return b"".join(self.buckets.read_all(area.value) for area in Area)
        assert self.folder is not None
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    def leftovers(self) -> list[str]:
        """Unfinished writes."""
        if self.buckets is not None:
            return [key for area in Area for key, _ in self.buckets.uploads(area.value)]
        assert self.folder is not None
        return [path.name for path in self.folder.glob("*/.parts/*")]


def address_of(server: str, url: str = "") -> S3Address:
    """How to reach this server, or what stands before it at this URL."""
    servers = find_servers()
    assert servers is not None
    return S3Address(
        url=url or getattr(servers, server),
        access_key=Path(servers.access_key_file).read_text("ascii").strip(),
        secret_key=Path(servers.secret_key_file).read_text("ascii").strip(),
        region="us-east-1",
    )


def write_keys(path: Path, *names: str) -> Path:
    """A key file with these keys; the same name is always the same key."""
    lines = (f"{name} {base64.b64encode(name.encode().ljust(32, b'.')).decode()}" for name in names)
    path.write_text("\n".join(lines) + "\n", "ascii")
    return path


def cipher_of(folder: Path) -> Cipher:
    """A cipher with one key."""
    return Cipher(KeyFile(write_keys(folder / "objects.keys", "k1")))


@contextmanager
def open_shelf(kind: str, folder: Path) -> Iterator[Shelf]:
    """A store of this kind."""
    server = kind.removesuffix(ENCRYPTED)
    cipher = cipher_of(folder) if kind.endswith(ENCRYPTED) else None
    place, prefix = folder / "objects", unique_name()

    opened: list[ObjectStore] = []

    def reopen() -> ObjectStore:
        store: ObjectStore = DirectoryStore(place)
        if server != "directory":
            store = S3Store(address_of(server), prefix)
            store.prepare()
        opened.append(EncryptedStore(store, cipher) if cipher else store)
        return opened[-1]

    buckets = None if server == "directory" else Bucketful(connect(address_of(server)), prefix)
    try:
        yield Shelf(kind, reopen(), reopen, None if buckets else place, buckets)
    finally:
        for one in opened:
            one.close()
        if buckets is not None:
            buckets.remove()
            buckets.client._http.clear()
