"""Encryption at rest: a data key for each object, wrapped by a key that only the provider holds.

    header (256 bytes): magic, length of key id, key id, length of wrapped key, wrapped key, zeros
    segments: 64 KiB of plain text each, the last one less or empty; AES-256-GCM

A segment's nonce is its number and whether it is the last (the STREAM construction): segments can be read from
anywhere, and none can be left out, moved, or cut off at the end unnoticed. The data key is wrapped for one name alone,
so that no object can be passed off as another.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import SettingsError

MAGIC = b"SOHOA-E1"
HEADER = 256
SEGMENT = 1 << 16
SEALED = SEGMENT + 16
"""A full segment with its tag."""
_NONCE = 12


class Tampered(Exception):
    """What was read is not what was written. Whoever reads names the object."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key that only the provider can open, with the key named `key_id`."""

    key_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """The opened data key of one object. Its header is authenticated with every segment."""

    aead: AESGCM
    header: bytes

    def seal(self, number: int, plain: bytes, *, last: bool) -> bytes:
        """A segment as it is stored."""
        return self.aead.encrypt(_nonce(number, last=last), plain, self.header)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """A segment's plain text. Raises Tampered."""
        try:
            return self.aead.decrypt(_nonce(number, last=last), sealed, self.header)
        except InvalidTag as error:
            raise Tampered from error


class KeyProvider(Protocol):
    """Holds the keys that data keys are wrapped with: a file, or a device that never gives them out."""

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wraps with the present key, for this context alone."""

    def unwrap(self, key: WrappedKey, context: bytes) -> bytes:
        """The data key. Raises SettingsError for a key id it does not hold, Tampered if it does not open."""


class KeyFile:
    """Keys in a text file, a line each: name, space, base64 of 32 bytes. The first one wraps; all of them unwrap."""

    def __init__(self, path: Path) -> None:
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise SettingsError(f"The key file '{path}' cannot be read: {error.strerror}.", "Look at it.") from error
        self._keys = dict(_parse(line, path) for line in lines if line.strip() and not line.startswith("#"))
        if not self._keys:
            raise SettingsError(f"The key file '{path}' holds no key.", "Make one: docs/objects.md.")
        self._present = next(iter(self._keys))

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        nonce = secrets.token_bytes(_NONCE)
        return WrappedKey(self._present, nonce + self._keys[self._present].encrypt(nonce, data_key, context))

    def unwrap(self, key: WrappedKey, context: bytes) -> bytes:
        if key.key_id not in self._keys:
            raise SettingsError(f"Key '{key.key_id}' is not in the key file.", "Put it back below the present one.")
        try:
            return self._keys[key.key_id].decrypt(key.wrapped[:_NONCE], key.wrapped[_NONCE:], context)
        except InvalidTag as error:
            raise Tampered from error


def _parse(line: str, path: Path) -> tuple[str, AESGCM]:
    name, _, text = line.strip().partition(" ")
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32 or not (name.isascii() and 0 < len(name) <= 64):
        raise SettingsError(f"A line of the key file '{path}' is no key.", "Write a name and base64 of 32 bytes.")
    return name, AESGCM(raw)


class Cipher:
    """Encrypts and decrypts streams. `context` names what is encrypted; it must be the same both times."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider

    def encrypt(self, pieces: Iterable[bytes], context: str) -> Generator[bytes, None, None]:
        """The header and the segments of the pieces."""
        data_key = secrets.token_bytes(32)
        key = ObjectKey(AESGCM(data_key), _pack(self._provider.wrap(data_key, context.encode())))
        yield key.header
        number, kept = 0, bytearray()
        for piece in pieces:
            kept += piece
            while len(kept) > SEGMENT:
                yield key.seal(number, bytes(kept[:SEGMENT]), last=False)
                del kept[:SEGMENT]
                number += 1
        yield key.seal(number, bytes(kept), last=True)

    def open_key(self, header: bytes, context: str) -> ObjectKey:
        """The key of what has this header. Raises Tampered, SettingsError."""
        return ObjectKey(AESGCM(self._provider.unwrap(_unpack(header), context.encode())), header)

    def decrypt(self, stream: BinaryIO, context: str) -> Generator[bytes, None, None]:
        """The plain text of a whole stream. Raises Tampered."""
        key = self.open_key(stream.read(HEADER), context)
        yield from decrypt_segments(stream, key, first=0)


def decrypt_segments(
    stream: BinaryIO, key: ObjectKey, *, first: int, count: int | None = None
) -> Generator[bytes, None, None]:
    """Plain text of segments from number `first` on. Raises Tampered.

    count: how many at most, where the stream ends one byte after them unless they are the last ones.
    """
    number, present = first, stream.read(SEALED)
    if not present and first == 0 and count is None:
        raise Tampered  # even of nothing there is a segment
    while present and (count is None or number < first + count):
        following = stream.read(SEALED)
        yield key.open(number, present, last=not following)
        number, present = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + (b"\1" if last else b"\0")


def _pack(key: WrappedKey) -> bytes:
    name = key.key_id.encode("ascii")
    packed = MAGIC + bytes((len(name),)) + name + bytes((len(key.wrapped),)) + key.wrapped
    if len(packed) > HEADER:
        raise SettingsError(f"Key '{key.key_id}' wraps into too many bytes.", "Give it a shorter name.")
    return packed.ljust(HEADER, b"\0")


def _unpack(header: bytes) -> WrappedKey:
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise Tampered
    place = len(MAGIC)
    name = header[place + 1 : place + 1 + header[place]]
    place += 1 + len(name)
    wrapped = header[place + 1 : place + 1 + header[place]] if place < HEADER else b""
    try:
        return WrappedKey(name.decode("ascii"), wrapped)
    except UnicodeDecodeError as error:
        raise Tampered from error
