"""The offline package `.sohoa`: a batch signed by its station and sealed to the centre, for carrying on a USB stick.

    magic, 8 bytes | header length, 4 bytes | header, canonical JSON | chunks
    chunk: length of the ciphertext, 4 bytes | ciphertext with its tag

An ephemeral X25519 key agrees with the centre's (RFC 7748); HKDF-SHA-256 (RFC 5869) over the shared secret, with the
header's hash as its salt, gives the AES-256-GCM key. A chunk's nonce is its number, 11 bytes, and a byte that is 1 for
the last chunk alone (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so a chunk that is missing,
moved or doubled does not open. The plain content is: manifest length, 4 bytes | manifest | the files' bytes in its
order | the station's Ed25519 signature, 64 bytes, over the header and all content before it. Nothing is compressed: a
package cannot unfold to more than its own size. Integers are big-endian.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.canonical import canonical_json
from core.errors import PackageRefused
from core.keys import OpenKey, SealKey

MAGIC = b"SOHOA\x00\x01\n"
CHUNK_BYTES = 1 << 20
MAX_HEADER_BYTES = 4096
MAX_MANIFEST_BYTES = 64 << 20
SIGNATURE_BYTES = 64
LENGTH = struct.Struct(">I")
_TAG_BYTES = 16
_ADVICE = "Ask the station to make the package again."


class PackageHeader(BaseModel):
    """What anyone may read of a package: where it comes from and for which key it is sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int = Field(default=1, ge=1, le=1)
    batch: str = Field(max_length=60)
    station: str = Field(max_length=60)
    recipient: str = Field(max_length=16)
    """Fingerprint of the centre's key."""
    ephemeral: str = Field(max_length=44)
    """Public key of this package alone, base64."""


def signed_message(header: PackageHeader, content_digest: bytes) -> bytes:
    """What the station signs. content_digest: SHA-256 of the plain content before the signature."""
    return b"sohoa package 1\n" + hashlib.sha256(canonical_json(header)).digest() + content_digest


def _derive_key(shared: bytes, header: PackageHeader) -> AESGCM:
    salt = hashlib.sha256(canonical_json(header)).digest()
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"sohoa package 1").derive(shared))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def new_header(batch: str, station: str, recipient: SealKey) -> tuple[PackageHeader, AESGCM]:
    """The header of a new package and the cipher that its content is sealed with."""
    ephemeral = X25519PrivateKey.generate()
    header = PackageHeader(
        batch=batch,
        station=station,
        recipient=recipient.fingerprint,
        ephemeral=base64.b64encode(ephemeral.public_key().public_bytes_raw()).decode(),
    )
    return header, _derive_key(ephemeral.exchange(recipient.key), header)


class SealingWriter:
    """Takes plain bytes in pieces of any length and writes sealed chunks; `close` writes the last one."""

    def __init__(self, out: BinaryIO, cipher: AESGCM) -> None:
        self._out = out
        self._cipher = cipher
        self._pending = bytearray()
        self._number = 0

    def write(self, plain: bytes) -> None:
        self._pending += plain
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]

    def close(self) -> None:
        self._seal(bytes(self._pending), last=True)

    def _seal(self, plain: bytes, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), plain, None)
        self._out.write(LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def write_header(out: BinaryIO, header: PackageHeader) -> None:
    """Writes the part that is not sealed."""
    text = canonical_json(header)
    out.write(MAGIC + LENGTH.pack(len(text)) + text)


def read_header(source: BinaryIO) -> PackageHeader:
    """Reads the part that is not sealed. Nothing in it is to be believed before the whole has verified.

    Raises PackageRefused.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise PackageRefused("This is no package of a scan station.", "Choose a file that `station pack` wrote.")
    prefix = source.read(LENGTH.size)
    length = LENGTH.unpack(prefix)[0] if len(prefix) == LENGTH.size else 0
    text = source.read(min(length, MAX_HEADER_BYTES))
    try:
        header = PackageHeader.model_validate_json(text)
    except ValidationError as error:
        raise PackageRefused("The package's header cannot be read.", _ADVICE) from error
    if canonical_json(header) != text or len(text) != length:
        raise PackageRefused("The package's header is not in its canonical form.", _ADVICE)
    return header


def open_cipher(header: PackageHeader, key: OpenKey) -> AESGCM:
    """The cipher of a received package. Raises PackageRefused when it was sealed for another key."""
    if header.recipient != key.seal_key.fingerprint:
        raise PackageRefused(
            f"The package is sealed for the key {header.recipient}, this centre's is {key.seal_key.fingerprint}.",
            "Give the station this centre's key and pack again.",
        )
    try:
        ephemeral = X25519PublicKey.from_public_bytes(base64.b64decode(header.ephemeral, validate=True))
        shared = key.key.exchange(ephemeral)
    except (ValueError, binascii.Error) as error:
        raise PackageRefused("The package's key agreement cannot be read.", _ADVICE) from error
    return _derive_key(shared, header)


def opened_chunks(source: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    """The plain content piece by piece. Raises PackageRefused at the first chunk that does not open, and at the end
    when the last chunk is missing or something follows it."""
    number = 0
    prefix = source.read(LENGTH.size)
    while True:
        length = LENGTH.unpack(prefix)[0] if len(prefix) == LENGTH.size else 0
        if not _TAG_BYTES <= length <= CHUNK_BYTES + _TAG_BYTES:
            raise PackageRefused(f"The package is cut off or damaged in chunk {number + 1}.", _ADVICE)
        sealed = source.read(length)
        prefix = source.read(LENGTH.size)
        try:
            yield cipher.decrypt(_nonce(number, last=not prefix), sealed, None)
        except InvalidTag as error:
            raise PackageRefused(f"The package is cut off or damaged in chunk {number + 1}.", _ADVICE) from error
        if not prefix:
            return
        number += 1
