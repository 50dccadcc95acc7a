"""Passwords from files: put into addresses rightly, told by setting and file when they cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from core.errors import SettingsError
from core.secret_files import read_secret, with_password
from core.settings import Settings

ODD = "p@ss/w:ö rd?#%"


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text(f"{ODD}\n", "utf-8")
    return str(path)


def test_a_password_with_any_letters_arrives_whole(secret: str) -> None:
    url = "postgresql+psycopg://sohoa@postgres:5432/sohoa?sslmode=verify-full&sslrootcert=/run/secrets/ca.crt"
    settings = Settings(database_url=url, database_password_file=secret)
    made = make_url(settings.records_url)
    assert (made.username, made.password, made.host, made.port, made.database) == (
        "sohoa",
        ODD,
        "postgres",
        5432,
        "sohoa",
    )
    assert made.query == {"sslmode": "verify-full", "sslrootcert": "/run/secrets/ca.crt"}


def test_a_broker_needs_no_user(secret: str) -> None:
    settings = Settings(broker_url="rediss://valkey:6379/0?ssl_cert_reqs=required", broker_password_file=secret)
    assert settings.broker == "rediss://:p%40ss%2Fw%3A%C3%B6%20rd%3F%23%25@valkey:6379/0?ssl_cert_reqs=required"


def test_without_a_file_the_address_stays_as_it_is() -> None:
    assert with_password("redis://a:b@c/0", "S", "") == "redis://a:b@c/0"


def test_a_password_in_both_places_is_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="the URL holds a password too"):
        with_password("redis://:x@valkey/0", "SOHOA_BROKER_PASSWORD_FILE", secret)


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), (b"\n", "is empty"), (b"\xff\xfe", "no text")])
def test_what_is_wrong_is_told_by_setting_and_file(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=f"SOHOA_X: '{path}' .*{why}"):
        read_secret("SOHOA_X", str(path))
