"""PDFs with electronic signatures, made for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

PADDED = 8192
"""Bytes that programs leave for a signature."""


def sign_nothing() -> bytes:
    """A CMS container of some bytes, signed now by a certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Văn thư")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"x").add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])


def write_signed_pdf(path: Path, signatures: list[tuple[bytes, str | None]]) -> Path:
    """A page with a signature field each. signatures: container and the dictionary's /M."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        fields = []
        for at, (container, stated) in enumerate(signatures):
            value = pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
                Contents=pikepdf.String(container.ljust(PADDED, b"\0")),
            )
            if stated is not None:
                value.M = pikepdf.String(stated)
            field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String(f"s{at}"), V=pdf.make_indirect(value))
            fields.append(pdf.make_indirect(field))
        # One signature hangs below another field, as forms nest them; that one names its own parent as a kid.
        parent = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("group")))
        parent.Kids = pikepdf.Array([*fields[:1], parent])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([parent, *fields[1:]]), SigFlags=3)
        pdf.save(path)
    return path
