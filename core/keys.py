"""Keys: Ed25519 (RFC 8032) for signatures, X25519 (RFC 7748) for sealing to the centre.

A public key is written as its 32 bytes in base64; a private one as PKCS#8 PEM. Both forms are read for both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from core.errors import SettingsError

_ADVICE = "Give the key as PEM or as base64 of its 32 bytes."


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise SettingsError("The key is neither PEM nor base64.", _ADVICE) from error
    if len(raw) != 32:
        raise SettingsError(f"The key has {len(raw)} bytes instead of 32.", _ADVICE)
    return raw


def _load_private(text: str) -> object:
    try:
        return serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError("The PEM text holds no usable private key.", _ADVICE) from error


def _load_public(text: str) -> object:
    try:
        return serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError("The PEM text holds no usable public key.", _ADVICE) from error


def _pem(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """Whoever holds it can verify signatures."""

    key: Ed25519PublicKey

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises SettingsError for anything that is no Ed25519 public key."""
        key = _load_public(text) if "-----BEGIN" in text else Ed25519PublicKey.from_public_bytes(_raw(text))
        if not isinstance(key, Ed25519PublicKey):
            raise SettingsError("This is a public key of another kind than Ed25519.", _ADVICE)
        return cls(key)

    @property
    def text(self) -> str:
        """The 32 bytes in base64."""
        return _base64(self.key.public_bytes_raw())

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits by which people and logs name the key."""
        return _fingerprint(self.key.public_bytes_raw())

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over exactly this message."""
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs; never leaves its machine."""

    key: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> Self:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises SettingsError for anything that is no Ed25519 private key."""
        key = _load_private(text) if "-----BEGIN" in text else Ed25519PrivateKey.from_private_bytes(_raw(text))
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingsError("This is a private key of another kind than Ed25519.", _ADVICE)
        return cls(key)

    @property
    def text(self) -> str:
        """PKCS#8 PEM, not encrypted: keep the file readable to its owner alone."""
        return _pem(self.key)

    @property
    def verify_key(self) -> VerifyKey:
        return VerifyKey(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        """A signature of 64 bytes."""
        return self.key.sign(message)


@dataclass(frozen=True, slots=True)
class SealKey:
    """The centre's public key: packages are sealed to it."""

    key: X25519PublicKey

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises SettingsError for anything that is no X25519 public key."""
        key = _load_public(text) if "-----BEGIN" in text else X25519PublicKey.from_public_bytes(_raw(text))
        if not isinstance(key, X25519PublicKey):
            raise SettingsError("This is a public key of another kind than X25519.", _ADVICE)
        return cls(key)

    @property
    def text(self) -> str:
        """The 32 bytes in base64."""
        return _base64(self.key.public_bytes_raw())

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self.key.public_bytes_raw())


@dataclass(frozen=True, slots=True)
class OpenKey:
    """The centre's private key: opens what was sealed to it."""

    key: X25519PrivateKey

    @classmethod
    def generate(cls) -> Self:
        return cls(X25519PrivateKey.generate())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises SettingsError for anything that is no X25519 private key."""
        key = _load_private(text) if "-----BEGIN" in text else X25519PrivateKey.from_private_bytes(_raw(text))
        if not isinstance(key, X25519PrivateKey):
            raise SettingsError("This is a private key of another kind than X25519.", _ADVICE)
        return cls(key)

    @property
    def text(self) -> str:
        """PKCS#8 PEM, not encrypted: keep the file readable to its owner alone."""
        return _pem(self.key)

    @property
    def seal_key(self) -> SealKey:
        return SealKey(self.key.public_key())
