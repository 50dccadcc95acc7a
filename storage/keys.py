"""The installation's own keys: one signs receipts, one opens offline packages.

Made on first use, readable to the service alone.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from core.keys import OpenKey, SigningKey

_RECEIPTS = "receipts.pem"
_PACKAGES = "packages.pem"


def load_signing_key(directory: Path) -> SigningKey:
    """The key that signs receipts, made if there is none."""
    path = directory / _RECEIPTS
    if not path.exists():
        _keep(path, SigningKey.generate().text)
    return SigningKey.from_text(path.read_text("ascii"))


def load_package_key(directory: Path) -> OpenKey:
    """The key that opens offline packages, made if there is none."""
    path = directory / _PACKAGES
    if not path.exists():
        _keep(path, OpenKey.generate().text)
    return OpenKey.from_text(path.read_text("ascii"))


def _keep(path: Path, pem: str) -> None:
    """Writes the key so that of several processes starting at once exactly one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(pem, "ascii")
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
