"""Model files and folders: named in the settings, known by their SHA-256, never fetched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class NamedFolder:
    """A model folder as two settings name it: `setting` its path, `setting`_SHA256 its hash."""

    setting: str
    path: Path | None
    sha256: str
    ours: bool = False
    """It came with this package, so its hash need not be given."""


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_folder(folder: Path) -> str:
    """SHA-256, in hex, of what `LC_ALL=C sha256sum *` prints in the folder: a line "hash  name" for each file, sorted.

    Files whose names begin with a dot, and folders inside, do not count. Raises OSError.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    lines = "".join(f"{hash_file(path)}  {path.name}\n" for path in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def check_folder(named: NamedFolder) -> tuple[Path, str]:
    """The folder and its hash. Raises SettingsError where it is not named, not there, or not the one that was meant."""
    if named.path is None:
        raise SettingsError(f"{named.setting} names no model folder.", "Name one: models are never downloaded.")
    try:
        found = hash_folder(named.path)
    except OSError as error:
        advice = f"Mend {named.setting}: models are never downloaded."
        raise SettingsError(f"Model folder {named.path} cannot be read: {error.strerror}.", advice) from error
    if named.sha256.lower() != found and (named.sha256 or not named.ours):
        advice = f"If it is the model that is meant, set {named.setting}_SHA256={found}."
        expected = f"not {named.sha256}" if named.sha256 else "and no hash is set for it"
        raise SettingsError(f"Model folder {named.path} has the SHA-256 {found}, {expected}.", advice)
    return named.path, found
