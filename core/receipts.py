"""The signed receipt: what the centre has taken from a station, file by file."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.canonical import canonical_json
from core.errors import ReceiptInvalid
from core.keys import SigningKey, VerifyKey
from core.manifest import FileName, Manifest, Sha256

_PURPOSE = b"sohoa receipt 1\n"
"""Signed in front of the content, so that a signature made for something else never passes for a receipt."""
_ADVICE = "Keep the scans and ask the centre."


class ReceiptFile(BaseModel):
    """One announced file and what became of it. A refused one says why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: FileName
    sha256: Sha256
    size: int = Field(ge=0)
    outcome: Literal["received", "refused"]
    reason: str | None = None

    @model_validator(mode="after")
    def _refusals_have_reasons(self) -> Self:
        if (self.outcome == "refused") != bool(self.reason):
            raise ReceiptInvalid(f"'{self.name}' is {self.outcome} with the reason '{self.reason}'.", _ADVICE)
        return self


class Receipt(BaseModel):
    """Everything that was announced for a batch, in the manifest's order."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    batch: str
    station: str
    issued_at: AwareDatetime
    manifest_digest: Sha256
    files: tuple[ReceiptFile, ...]

    @field_validator("issued_at")
    @classmethod
    def _in_utc(cls, instant: datetime) -> datetime:
        return instant.astimezone(UTC)


class SignedReceipt(BaseModel):
    """A receipt with the centre's Ed25519 signature over its canonical JSON. `key` is the fingerprint of the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    receipt: Receipt
    key: str
    signature: str
    """64 bytes in base64."""


def sign_receipt(receipt: Receipt, key: SigningKey) -> SignedReceipt:
    """The receipt with its signature."""
    signature = key.sign(_PURPOSE + canonical_json(receipt))
    return SignedReceipt(
        receipt=receipt, key=key.verify_key.fingerprint, signature=base64.b64encode(signature).decode()
    )


def parse_receipt(data: bytes | str) -> SignedReceipt:
    """The receipt in this JSON, not verified yet. Raises ReceiptInvalid."""
    try:
        return SignedReceipt.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the JSON"
        raise ReceiptInvalid(f"The receipt is wrong at {where}: {fault['msg']}.", _ADVICE) from error


def verify_receipt(signed: SignedReceipt, key: VerifyKey, manifest: Manifest) -> Receipt:
    """The receipt, if this key signed it and it names every file of the manifest with its SHA-256, and no other.

    Raises ReceiptInvalid.
    """
    receipt = signed.receipt
    try:
        signature = base64.b64decode(signed.signature, validate=True)
    except binascii.Error as error:
        raise ReceiptInvalid(f"The receipt of batch '{receipt.batch}' has no readable signature.", _ADVICE) from error
    if not key.verifies(signature, _PURPOSE + canonical_json(receipt)):
        raise ReceiptInvalid(f"The signature of the receipt of batch '{receipt.batch}' does not verify.", _ADVICE)
    if (receipt.batch, receipt.station) != (manifest.batch, manifest.station):
        raise ReceiptInvalid(
            f"The receipt is for batch '{receipt.batch}' of station '{receipt.station}', "
            f"not for batch '{manifest.batch}' of station '{manifest.station}'.",
            _ADVICE,
        )
    announced = {(file.name, file.sha256, file.size) for file in manifest.files}
    named = {(file.name, file.sha256, file.size) for file in receipt.files}
    for name, *_ in sorted(announced ^ named):
        raise ReceiptInvalid(f"The receipt of batch '{receipt.batch}' does not name '{name}' as it was sent.", _ADVICE)
    if len(receipt.files) != len(named) or receipt.manifest_digest != manifest.digest:
        raise ReceiptInvalid(f"The receipt of batch '{receipt.batch}' is for another manifest.", _ADVICE)
    return receipt
