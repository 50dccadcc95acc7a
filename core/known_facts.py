"""What is known of a document before its page is looked at: evidence for what is written there by pen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document of the same batch whose number and date are certain: confirmed by people, or printed and well read."""

    issuer: str
    symbol: str
    number: int
    dated: date


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the register (sổ đăng ký, mục lục văn bản) of a batch. What the register does not say is None or empty.

    file_code, ordinal: the place of the document in the archive. number: as written, without leading zeros. line: in
    the file that was uploaded, from 1.
    """

    line: int
    file_code: str = ""
    ordinal: int | None = None
    number: str = ""
    symbol: str = ""
    dated: date | None = None
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts about one document. Each is evidence only: none of them decides, and none excludes a value.

    signed_on: days on which the document's files were signed electronically, by the signatures' own word, in
    Vietnamese time. file_code, ordinal: its place in the archive.
    """

    signed_on: tuple[date, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    register: tuple[RegisterRow, ...] = ()
    file_code: str = ""
    ordinal: int | None = None


NOTHING_KNOWN = KnownFacts()
