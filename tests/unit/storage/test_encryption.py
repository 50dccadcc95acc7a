"""Encryption at rest: what is written is read, from anywhere; whatever is changed, moved or cut off is noticed."""

from __future__ import annotations

import base64
import io
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from storage.encryption import HEADER, MAGIC, SEALED, SEGMENT, Cipher, KeyFile, Tampered, decrypt_segments

SIZES = (0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 5)


def key_line(name: str, letter: str) -> str:
    return f"{name} {base64.b64encode(letter.encode() * 32).decode()}"


def key_file(tmp_path: Path, *lines: str) -> KeyFile:
    path = tmp_path / "keys"
    path.write_text("\n".join(("# keys of the objects", "", *lines)), "utf-8")
    return KeyFile(path)


@pytest.fixture
def cipher(tmp_path: Path) -> Cipher:
    return Cipher(key_file(tmp_path, key_line("k1", "a")))


def seal(cipher: Cipher, data: bytes, context: str = "originals/x") -> bytes:
    return b"".join(cipher.encrypt((data[:10], data[10:]), context))


def unseal(cipher: Cipher, sealed: bytes, context: str = "originals/x") -> bytes:
    return b"".join(cipher.decrypt(io.BytesIO(sealed), context))


def pattern(size: int) -> bytes:
    return bytes(place * 31 % 251 for place in range(size))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_written_is_read(cipher: Cipher, size: int) -> None:
    data = pattern(size)
    sealed = seal(cipher, data)
    assert sealed.startswith(MAGIC)
    segments = max(1, -(-size // SEGMENT))
    assert len(sealed) == HEADER + size + 16 * segments
    assert unseal(cipher, sealed) == data
    assert data[:64] == b"" or len(data) < 64 or data[:64] not in sealed


def test_the_same_bytes_are_never_written_the_same(cipher: Cipher) -> None:
    assert seal(cipher, b"x" * 100) != seal(cipher, b"x" * 100)


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_segments_are_read_from_anywhere(cipher: Cipher, first: int) -> None:
    data = pattern(3 * SEGMENT + 5)
    sealed = seal(cipher, data)
    key = cipher.open_key(sealed[:HEADER], "originals/x")
    start = HEADER + first * SEALED
    for count in (1, 2, 9):
        cut = io.BytesIO(sealed[start : start + count * SEALED + 1])
        plain = b"".join(decrypt_segments(cut, key, first=first, count=count))
        assert plain == data[first * SEGMENT : (first + count) * SEGMENT]


@cache
def fixed() -> tuple[Cipher, bytes]:
    """A cipher, and what it made of two full segments and a little."""
    with tempfile.TemporaryDirectory() as folder:
        made = Cipher(key_file(Path(folder), key_line("k1", "a")))
    return made, seal(made, pattern(2 * SEGMENT + 5))


@given(place=st.integers(0, HEADER + 2 * SEALED + 20), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(place: int, bit: int) -> None:
    cipher, sealed = fixed()
    changed = bytearray(sealed)
    changed[place] ^= 1 << bit
    with pytest.raises((Tampered, SettingsError)):  # a changed key id names a key that there is not
        unseal(cipher, bytes(changed))


@given(left=st.integers(0, HEADER + 2 * SEALED + 20))
def test_whatever_is_cut_off_is_noticed(left: int) -> None:
    cipher, sealed = fixed()
    with pytest.raises(Tampered):
        unseal(cipher, sealed[:left])


def test_segments_cannot_be_left_out_moved_or_added(cipher: Cipher) -> None:
    sealed = seal(cipher, pattern(3 * SEGMENT + 5))
    header, one, two, three, last = (
        sealed[:HEADER],
        *(sealed[HEADER + number * SEALED : HEADER + (number + 1) * SEALED] for number in range(4)),
    )
    for forged in (
        header + one + three + last,
        header + two + one + three + last,
        header + one + two + three,
        header + one + two + three + last + last,
        header + last,
        header,
    ):
        with pytest.raises(Tampered):
            unseal(cipher, forged)


def test_an_object_opens_under_its_own_name_alone(cipher: Cipher) -> None:
    with pytest.raises(Tampered):
        unseal(cipher, seal(cipher, b"secret"), "originals/y")


def test_old_keys_open_and_the_first_one_writes(tmp_path: Path) -> None:
    before = seal(Cipher(key_file(tmp_path, key_line("k1", "a"))), b"old")
    rotated = Cipher(key_file(tmp_path, key_line("k2", "b"), key_line("k1", "a")))
    after = seal(rotated, b"new")
    assert (unseal(rotated, before), unseal(rotated, after)) == (b"old", b"new")
    assert b"k2" in after[:HEADER]
    with pytest.raises(SettingsError, match="k2"):
        unseal(Cipher(key_file(tmp_path, key_line("k1", "a"))), after)


def test_another_key_of_the_same_name_opens_nothing(tmp_path: Path) -> None:
    sealed = seal(Cipher(key_file(tmp_path, key_line("k1", "a"))), b"x")
    with pytest.raises(Tampered):
        unseal(Cipher(key_file(tmp_path, key_line("k1", "b"))), sealed)


@pytest.mark.parametrize("line", ["k1", "k1 !!!", "k1 YWJj", f"{'k' * 65} {base64.b64encode(b'a' * 32).decode()}"])
def test_what_is_no_key_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match="is no key"):
        key_file(tmp_path, line)


def test_an_empty_key_file_and_none_at_all_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no key"):
        key_file(tmp_path)
    with pytest.raises(SettingsError, match="cannot be read"):
        KeyFile(tmp_path / "nowhere")
