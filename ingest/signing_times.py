"""When a PDF was signed electronically, as its signatures say it. Nothing is verified: a signer's clock is a claim.

The time stands in the signature's CMS container as a signed attribute (signingTime, RFC 5652 section 11.3), and in
the signature dictionary under /M (ISO 32000-1, 12.8.1). Some signing programs write the local time into the first as if
it were UTC. The file is read and never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pikepdf

from ingest.checks.inspect import PDF
from ingest.checks.pdf import STRUCTURE_ERRORS, open_pdf

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_SIGNING_TIME = bytes.fromhex("2a864886f70d010905")  # 1.2.840.113549.1.9.5
_OBJECT_ID, _SEQUENCE, _SET, _TAGGED_0 = 0x06, 0x30, 0x31, 0xA0
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_MOST_FIELDS, _MOST_SIGNATURES = 2000, 50
_SAME_CLOCK = timedelta(minutes=10)
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?")

Element = tuple[int, bytes]
"""Tag and contents of a DER element."""


def find_signing_times(path: Path, media_type: str) -> tuple[datetime, ...]:
    """The times of the file's signatures, aware, in UTC, earliest first; none for what is no PDF or is not signed.

    A /M without a zone counts as UTC. A signature without a readable time is left out.
    Raises DamagedFile, EncryptedFile for a PDF that cannot be opened.
    """
    if media_type != PDF:
        return ()
    found = set()
    with open_pdf(path, path.name) as pdf, suppress(*STRUCTURE_ERRORS):
        for signature in _signatures(pdf):
            time = _time_of(signature)
            if time is not None:
                found.add(time)
    return tuple(sorted(found))


def _signatures(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """The dictionaries of the signature fields that are signed (ISO 32000-1, 12.7.4.5), loops and crowds cut short."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    waiting: list[tuple[pikepdf.Object, pikepdf.Object | None]] = [
        (field, None) for field in form.get("/Fields", pikepdf.Array())
    ]
    seen: set[tuple[int, int]] = set()
    visited = given = 0
    while waiting and visited < _MOST_FIELDS and given < _MOST_SIGNATURES:
        field, inherited = waiting.pop()
        visited += 1
        if not isinstance(field, pikepdf.Dictionary) or (field.is_indirect and field.objgen in seen):
            continue
        seen.add(field.objgen)
        kind = field.get("/FT", inherited)
        waiting += [(kid, kind) for kid in field.get("/Kids", pikepdf.Array())]
        if kind == pikepdf.Name.Sig and isinstance(value := field.get("/V"), pikepdf.Dictionary):
            given += 1
            yield value


def _time_of(signature: pikepdf.Dictionary) -> datetime | None:
    """The signed attribute; /M, which bears its zone, where there is none or both show the same hour on the clock."""
    stated, signed = signature.get("/M"), None
    local = _read_pdf_date(str(stated)) if isinstance(stated, pikepdf.String) else None
    contents = signature.get("/Contents")
    if isinstance(contents, pikepdf.String):
        with suppress(ValueError):
            signed = read_signing_time(bytes(contents))
    if signed is None or (local and abs(local.replace(tzinfo=UTC) - signed) < _SAME_CLOCK):
        return local.astimezone(UTC) if local else None
    return signed


def read_signing_time(container: bytes) -> datetime | None:
    """The signingTime of the first signer of a CMS container, DER; None where it states none.

    Raises ValueError for what is no DER, or no CMS. Zeros after the container, as PDFs pad it, are of no matter.
    """
    content = list(_elements(_only(container, _SEQUENCE)))
    if len(content) != 2 or content[0] != (_OBJECT_ID, _SIGNED_DATA) or content[1][0] != _TAGGED_0:
        raise ValueError("no CMS signed data")
    signed_data = list(_elements(_only(content[1][1], _SEQUENCE)))
    if not signed_data or signed_data[-1][0] != _SET:
        raise ValueError("no signers")
    signer = _elements(_only(signed_data[-1][1], _SEQUENCE))
    signed_attributes = next((body for tag, body in signer if tag == _TAGGED_0), b"")
    for _, attribute in _elements(signed_attributes):
        kind, *values = _elements(attribute)
        if kind == (_OBJECT_ID, _SIGNING_TIME) and values:
            return _read_time(*next(_elements(values[0][1])))
    return None


def _only(data: bytes, tag: int) -> bytes:
    """Contents of the first element, which has this tag."""
    found = next(_elements(data), None)
    if found is None or found[0] != tag:
        raise ValueError("not the element that stands here in CMS")
    return found[1]


def _elements(data: bytes) -> Iterator[Element]:
    """The elements that stand side by side (X.690, 8.1). Raises ValueError for long tags, open lengths, a cut end."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("cut off")
        tag, length = data[at], data[at + 1]
        at += 2
        if tag & 0x1F == 0x1F or length == 0x80 or length > 0x84:
            raise ValueError("no DER that CMS has here")
        if length > 0x80:
            size = length - 0x80
            length = int.from_bytes(data[at : at + size])
            at += size
        if at + length > len(data):
            raise ValueError("cut off")
        yield tag, data[at : at + length]
        at += length


def _read_time(tag: int, value: bytes) -> datetime:
    """UTCTime or GeneralizedTime in the form that RFC 5652 asks for. Raises ValueError."""
    text = value.decode("ascii")
    if tag == _UTC_TIME:  # two digits of the year: 50 is 1950, 49 is 2049
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("no time")
    return datetime.strptime(re.sub(r"\.\d+", "", text), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _read_pdf_date(text: str) -> datetime | None:
    """A date of ISO 32000-1, 7.9.4, in its own zone."""
    found = _PDF_DATE.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    _, sign, hours, minutes = found.groups()[6:]
    try:
        off = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(off))
    except (ValueError, OverflowError):
        return None
