"""The signing time of a CMS container, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.signing_times import read_signing_time

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
SIGNING_TIME = bytes.fromhex("06092a864886f70d010905")


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + body


def container(time: bytes | None, padding: int = 0) -> bytes:
    """Signed data of one signer, whose attributes hold the time; so long that lengths take more bytes."""
    attributes = [der(0x30, CONTENT_TYPE, der(0x31, SIGNED_DATA))]
    if time is not None:
        attributes.append(der(0x30, SIGNING_TIME, der(0x31, time)))
    version, empty = der(0x02, b"\x01"), der(0x30)
    signer = der(0x30, version, empty, empty, der(0xA0, *attributes), empty, der(0x04, bytes(256)))
    signed = der(0x30, version, der(0x31), empty, der(0xA0, bytes(300)), der(0x31, signer))
    return der(0x30, SIGNED_DATA, der(0xA0, signed)) + bytes(padding)


@pytest.mark.parametrize(
    ("time", "read"),
    [
        (der(0x17, b"250219005513Z"), datetime(2025, 2, 19, 0, 55, 13, tzinfo=UTC)),
        (der(0x17, b"991231235959Z"), datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (der(0x18, b"20510101000000Z"), datetime(2051, 1, 1, tzinfo=UTC)),
        (der(0x18, b"20250219005513.25Z"), datetime(2025, 2, 19, 0, 55, 13, tzinfo=UTC)),
        (None, None),
    ],
)
def test_the_signed_attribute_is_read(time: bytes | None, read: datetime | None) -> None:
    assert read_signing_time(container(time, padding=4000)) == read


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        bytes(100),
        container(der(0x17, b"250219005513Z"))[:-300],
        container(der(0x17, b"251319005513Z")),
        container(der(0x0C, b"250219005513Z")),
        b"\x30\x80" + container(None)[4:],
        der(0x30, CONTENT_TYPE, der(0xA0, der(0x30))),
    ],
)
def test_what_is_no_such_container_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_signing_time(broken)


@given(st.integers(0, 1000), st.binary(min_size=1, max_size=4))
def test_damage_raises_nothing_else(at: int, damage: bytes) -> None:
    whole = bytearray(container(der(0x17, b"250219005513Z")))
    place = at % len(whole)
    whole[place : place + len(damage)] = damage
    try:
        read = read_signing_time(bytes(whole))
    except ValueError:
        return
    assert read is None or read.tzinfo is UTC
