"""Writes a batch as one sealed, signed file, for centres that no network reaches."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from core.canonical import canonical_json
from core.errors import ManifestMismatch
from core.keys import SealKey, SigningKey
from core.manifest import Manifest, ManifestFile
from core.packages import CHUNK_BYTES, LENGTH, SealingWriter, new_header, signed_message, write_header


def write_package(
    path: Path, manifest: Manifest, scans: Mapping[str, Path], recipient: SealKey, signing_key: SigningKey
) -> None:
    """Writes the package whole or not at all; memory stays at a chunk or two. scans: file name → path.

    Raises ManifestMismatch when a file is no longer what the manifest says, FileExistsError when `path` is taken.
    """
    if path.exists():
        raise FileExistsError(f"'{path}' exists already; choose another name.")
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("wb") as out:
            _write(out, manifest, scans, recipient, signing_key)
            out.flush()
            os.fsync(out.fileno())  # the stick is pulled out soon after
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)


def _write(
    out: BinaryIO, manifest: Manifest, scans: Mapping[str, Path], recipient: SealKey, signing_key: SigningKey
) -> None:
    header, cipher = new_header(manifest.batch, manifest.station, recipient)
    write_header(out, header)
    sealed = SealingWriter(out, cipher)
    content = hashlib.sha256()

    def add(data: bytes) -> None:
        content.update(data)
        sealed.write(data)

    text = canonical_json(manifest)
    add(LENGTH.pack(len(text)) + text)
    for file in manifest.files:
        own = hashlib.sha256()
        with scans[file.name].open("rb") as source:
            while data := source.read(CHUNK_BYTES):
                own.update(data)
                add(data)
            _check_unchanged(file, own.hexdigest(), source.tell())
    sealed.write(signing_key.sign(signed_message(header, content.digest())))
    sealed.close()


def _check_unchanged(file: ManifestFile, sha256: str, size: int) -> None:
    if (file.sha256, file.size) != (sha256, size):
        raise ManifestMismatch(f"'{file.name}' has changed since it was checked.", "Pack again.")
