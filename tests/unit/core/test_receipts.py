from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.canonical import canonical_json
from core.errors import ReceiptInvalid, SettingsError
from core.keys import OpenKey, SealKey, SigningKey, VerifyKey
from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder
from core.receipts import Receipt, ReceiptFile, SignedReceipt, parse_receipt, sign_receipt, verify_receipt

KEY = SigningKey.generate()
FILES = tuple(
    ManifestFile(name=f"{letter}.png", size=3, sha256=letter * 64, media_type="image/png", pages=1) for letter in "ab"
)
FOLDER = ManifestFolder(
    fonds="P", series_list="M", code="H", documents=(ManifestDocument(ordinal=1, file_names=("a.png", "b.png")),)
)
MANIFEST = Manifest(batch="L01", station="TR1", files=FILES, folders=(FOLDER,))
ENTRIES = (
    ReceiptFile(name="a.png", sha256="a" * 64, size=3, outcome="received"),
    ReceiptFile(name="b.png", sha256="b" * 64, size=3, outcome="refused", reason="cut off"),
)


def receipt(**changes: object) -> Receipt:
    values = {
        "batch": "L01",
        "station": "TR1",
        "issued_at": datetime(2026, 5, 1, 15, tzinfo=timezone(timedelta(hours=7))),
        "manifest_digest": MANIFEST.digest,
        "files": ENTRIES,
    }
    return Receipt.model_validate(values | changes)


def test_a_signed_receipt_verifies_after_a_journey_as_json() -> None:
    signed = parse_receipt(canonical_json(sign_receipt(receipt(), KEY)))
    verified = verify_receipt(signed, VerifyKey.from_text(KEY.verify_key.text), MANIFEST)
    assert verified == receipt()
    assert verified.issued_at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert signed.key == KEY.verify_key.fingerprint


def test_any_change_after_signing_is_found() -> None:
    signed = sign_receipt(receipt(), KEY)
    changed = receipt(files=(ENTRIES[0], ENTRIES[1].model_copy(update={"outcome": "received", "reason": None})))
    forged = SignedReceipt(receipt=changed, key=signed.key, signature=signed.signature)
    with pytest.raises(ReceiptInvalid, match="does not verify"):
        verify_receipt(forged, KEY.verify_key, MANIFEST)
    with pytest.raises(ReceiptInvalid, match="does not verify"):
        verify_receipt(signed, SigningKey.generate().verify_key, MANIFEST)
    with pytest.raises(ReceiptInvalid, match="readable signature"):
        verify_receipt(signed.model_copy(update={"signature": "?"}), KEY.verify_key, MANIFEST)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"files": ENTRIES[:1]}, "does not name 'b.png'"),
        ({"files": (*ENTRIES, ENTRIES[0])}, "another manifest"),
        ({"files": (ENTRIES[0], ENTRIES[1].model_copy(update={"sha256": "c" * 64}))}, "does not name 'b.png'"),
        ({"batch": "L02"}, "for batch 'L02'"),
        ({"manifest_digest": "0" * 64}, "another manifest"),
    ],
)
def test_a_receipt_for_something_else_is_refused(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ReceiptInvalid, match=named):
        verify_receipt(sign_receipt(receipt(**changes), KEY), KEY.verify_key, MANIFEST)


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(ReceiptInvalid, match=r"a\.png"):
        ReceiptFile(name="a.png", sha256="a" * 64, size=3, outcome="refused")


def test_keys_are_read_back_from_their_text_and_other_kinds_refused() -> None:
    assert SigningKey.from_text(KEY.text).verify_key.text == KEY.verify_key.text
    opening = OpenKey.generate()
    assert OpenKey.from_text(opening.text).seal_key.text == SealKey.from_text(opening.seal_key.text).text
    for wrong in (opening.text, "AAAA", "no key", "-----BEGIN nothing"):
        with pytest.raises(SettingsError):
            SigningKey.from_text(wrong)
