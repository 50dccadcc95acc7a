"""Secrets that stand in files of their own, so that none is in the environment, where every process shows it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from core.errors import SettingsError

_ADVICE = "Name a file that holds the secret."


def read_secret(setting: str, path: str) -> str:
    """What the file that this setting names holds, without the newline at its end. Raises SettingsError."""
    try:
        secret = Path(path).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"{setting}: '{path}' cannot be read: {why}.", _ADVICE) from None
    if not secret:
        raise SettingsError(f"{setting}: '{path}' is empty.", _ADVICE)
    return secret


def with_password(url: str, setting: str, path: str) -> str:
    """The URL with the password from the file put in; as it is where no file is named.

    Raises SettingsError for an unreadable or empty file, or a URL that holds a password already.
    """
    if not path:
        return url
    parts = urlsplit(url)
    if parts.password is not None:
        raise SettingsError(f"{setting} is set, and the URL holds a password too.", "Take it out of the URL.")
    user, at, host = parts.netloc.rpartition("@")
    secret = quote(read_secret(setting, path), safe="")
    return urlunsplit(parts._replace(netloc=f"{user if at else ''}:{secret}@{host}"))
