"""Opens the offline packages of scan stations."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.errors import ManifestMismatch, PackageRefused
from core.keys import OpenKey, VerifyKey
from core.manifest import Manifest, ManifestFile, parse_manifest
from core.packages import (
    LENGTH,
    MAX_MANIFEST_BYTES,
    SIGNATURE_BYTES,
    PackageHeader,
    open_cipher,
    opened_chunks,
    read_header,
    signed_message,
)

_ADVICE = "Ask the station to make the package again."


class _Content:
    """The opened content as a stream that hashes whatever is taken from it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._pending = memoryview(b"")
        self._hash = hashlib.sha256()

    def pieces(self, count: int) -> Iterator[bytes]:
        """Exactly `count` bytes, piece by piece. Raises PackageRefused when fewer are left."""
        while count:
            if not self._pending:
                self._pending = memoryview(next(self._chunks, b""))
                if not self._pending:
                    raise PackageRefused("The package holds less than its manifest says.", _ADVICE)
            piece = bytes(self._pending[:count])
            self._pending = self._pending[len(piece) :]
            self._hash.update(piece)
            count -= len(piece)
            yield piece

    def take(self, count: int) -> bytes:
        return b"".join(self.pieces(count))

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that was taken so far."""
        return self._hash.digest()

    def is_at_end(self) -> bool:
        """Whether nothing is left; checks that the last chunk is there."""
        return not self._pending and all(not chunk for chunk in self._chunks)


def peek_package(path: Path) -> PackageHeader:
    """Which batch and station a package says it is of, to find the station's key by. Nothing is verified yet.

    Raises PackageRefused.
    """
    with path.open("rb") as source:
        return read_header(source)


def open_package(path: Path, centre_key: OpenKey, station_key: VerifyKey, destination: Path) -> Manifest:
    """Verifies the package and leaves its files under `destination`, which must not exist, by their manifest names.

    Files appear only when everything has verified. Raises PackageRefused for what does not; nothing is left then.
    """
    if destination.exists():
        raise FileExistsError(f"'{destination}' exists already.")
    destination.parent.mkdir(parents=True, exist_ok=True)
    opening = Path(tempfile.mkdtemp(prefix=".opening-", dir=destination.parent))
    try:
        with path.open("rb") as source:
            header = read_header(source)
            content = _Content(opened_chunks(source, open_cipher(header, centre_key)))
            manifest = _read_manifest(header, content)
            if manifest.total_bytes > path.stat().st_size:
                raise PackageRefused("The package says that it holds more than its own size.", _ADVICE)
            for file in manifest.files:
                _extract(file, content, opening)
            message = signed_message(header, content.digest)
            if not station_key.verifies(content.take(SIGNATURE_BYTES), message) or not content.is_at_end():
                raise PackageRefused(
                    f"The package is not signed by station '{header.station}' as this centre knows it.",
                    "Ask the station whether it made the package, and compare its key.",
                )
        opening.rename(destination)
    except BaseException:
        shutil.rmtree(opening)
        raise
    return manifest


def _read_manifest(header: PackageHeader, content: _Content) -> Manifest:
    length = LENGTH.unpack(content.take(LENGTH.size))[0]
    if length > MAX_MANIFEST_BYTES:
        raise PackageRefused(f"The package's manifest has {length:,} bytes.", _ADVICE)
    try:
        manifest = parse_manifest(content.take(length))
    except ManifestMismatch as error:
        raise PackageRefused(f"The package's manifest is wrong: {error.message}", _ADVICE) from error
    if (manifest.batch, manifest.station) != (header.batch, header.station):
        raise PackageRefused("The package's header and manifest name different batches or stations.", _ADVICE)
    return manifest


def _extract(file: ManifestFile, content: _Content, folder: Path) -> None:
    """The name is safe: the manifest's own rules were applied when it was read."""
    target = folder / file.name
    sha256 = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        out = target.open("xb")
    except (FileExistsError, NotADirectoryError) as error:
        raise PackageRefused(f"'{file.name}' is both a file and a folder in the package.", _ADVICE) from error
    with out:
        for piece in content.pieces(file.size):
            sha256.update(piece)
            out.write(piece)
    if sha256.hexdigest() != file.sha256:
        raise PackageRefused(f"'{file.name}' in the package does not have its declared SHA-256.", _ADVICE)
