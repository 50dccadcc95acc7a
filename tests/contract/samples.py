"""What the tests of objects store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

DATA = "Số hóa hồ sơ".encode() * 20_000
SHA = hashlib.sha256(DATA).hexdigest()
KEY = f"{SHA[:2]}/{SHA[2:4]}/{SHA}"
"""Where it lies in a store."""
MEGABYTE = 1 << 20
SOON = timedelta(days=2)


def big(megabytes: int) -> Iterator[bytes]:
    """Pieces of a mebibyte, each different from the others."""
    for number in range(megabytes):
        yield hashlib.sha256(str(number).encode()).digest() * (MEGABYTE // 32)


def name_of(pieces: Iterator[bytes]) -> str:
    """The SHA-256 of the pieces."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
