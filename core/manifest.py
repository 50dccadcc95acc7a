"""The manifest: which files a station delivers, and how they make documents and archival files (hồ sơ).

Building a model checks it as far as it goes, and the whole is checked when the Manifest is built: every file in
exactly one document, no document without files, no name or ordinal twice. A contradiction raises ManifestMismatch.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from core.canonical import digest
from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from core.words import parse_secrecy, parse_sensitivity

_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, invisible and direction marks, lone surrogates, line separators: they deceive readers and tools."""


def check_name(name: str) -> str:
    """The name, if it is a safe relative path: `/` between parts, NFC, no control characters, nothing that climbs out.

    Raises ManifestMismatch.
    """
    shown = name.encode("unicode_escape").decode() if not name.isprintable() else name
    if not name or len(name) > 500:
        raise ManifestMismatch(f"The file name '{shown[:80]}' is empty or longer than 500 characters.", "Rename it.")
    if any(unicodedata.category(letter) in _FORBIDDEN_CATEGORIES for letter in name):
        raise ManifestMismatch(f"The file name '{shown}' has control or invisible characters.", "Rename the file.")
    if not unicodedata.is_normalized("NFC", name):
        raise ManifestMismatch(f"The file name '{shown}' is not in Unicode form NFC.", "Write it in composed letters.")
    parts = name.split("/")
    if "\\" in name or _DRIVE.match(name) or any(part in ("", ".", "..") for part in parts):
        raise ManifestMismatch(
            f"The file name '{shown}' is no plain relative path.", "Use names inside the folder, with / between parts."
        )
    if any(len(part.encode()) > 255 for part in parts):
        raise ManifestMismatch(f"The file name '{shown[:80]}…' has a part longer than 255 bytes.", "Shorten it.")
    return name


def _plain_text(text: str) -> str:
    """Text of a form: NFC, no spaces around it, no control characters."""
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(letter) in _FORBIDDEN_CATEGORIES for letter in text):
        raise ManifestMismatch(f"'{text.encode('unicode_escape').decode()}' has control characters.", "Remove them.")
    return text


def _secrecy(value: object) -> object:
    return parse_secrecy(value) if isinstance(value, str) else value


def _sensitivity(value: object) -> object:
    return parse_sensitivity(value) if isinstance(value, str) else value


FileName = Annotated[str, AfterValidator(check_name)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Code = Annotated[str, AfterValidator(_plain_text), Field(min_length=1, max_length=60)]
_Title = Annotated[str, AfterValidator(_plain_text), Field(max_length=500)]
SecrecyWord = Annotated[
    Secrecy, BeforeValidator(_secrecy), PlainSerializer(lambda level: level.vietnamese, return_type=str)
]
"""A level, written in JSON as its Vietnamese word."""
SensitivityWord = Annotated[
    Sensitivity, BeforeValidator(_sensitivity), PlainSerializer(lambda level: level.vietnamese, return_type=str)
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManifestFile(_Frozen):
    """One file. `media_type` and `pages` are as the station's checks found them; pages None: it could not be opened."""

    name: FileName
    size: int = Field(ge=0)
    sha256: Sha256
    media_type: str = Field(max_length=40)
    pages: int | None = Field(default=None, ge=1)


class ManifestDocument(_Frozen):
    """One document, made of its files in this order. Sheets (tờ) and pages (trang) are counted apart."""

    ordinal: int = Field(ge=1)
    record_type: Annotated[str, Field(max_length=60)] | None = None
    title: _Title = ""
    secrecy: SecrecyWord = Secrecy.THUONG
    sensitivity: SensitivityWord | None = None
    sheets: int | None = Field(default=None, ge=1)
    pages: int | None = Field(default=None, ge=1)
    file_names: tuple[FileName, ...]

    @model_validator(mode="after")
    def _has_files(self) -> Self:
        if not self.file_names:
            raise ManifestMismatch(f"Document {self.ordinal} has no files.", "Give it at least one.")
        return self


class ManifestFolder(_Frozen):
    """An archival file (hồ sơ) in its place: fonds, series list (mục lục), box."""

    fonds: _Code
    series_list: _Code
    box: Annotated[str, AfterValidator(_plain_text), Field(max_length=60)] = ""
    code: _Code
    title: _Title = ""
    documents: tuple[ManifestDocument, ...]

    @model_validator(mode="after")
    def _ordinals_differ(self) -> Self:
        if not self.documents:
            raise ManifestMismatch(f"File '{self.code}' has no documents.", "Leave it out or give it some.")
        for ordinal, times in Counter(document.ordinal for document in self.documents).items():
            if times > 1:
                raise ManifestMismatch(f"File '{self.code}' has {times} documents {ordinal}.", "Number them apart.")
        return self


class Manifest(_Frozen):
    """What one station delivers for one batch."""

    batch: _Code
    station: _Code
    files: tuple[ManifestFile, ...]
    folders: tuple[ManifestFolder, ...]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if not self.files:
            raise ManifestMismatch("The manifest lists no files.", "There is nothing to deliver.")
        _refuse_repeated([file.name for file in self.files], "is listed twice")
        used = [name for document in self.documents for name in document.file_names]
        _refuse_repeated(used, "is in two documents")
        _refuse_repeated(
            [f"{folder.fonds}/{folder.series_list}/{folder.code}" for folder in self.folders], "is two archival files"
        )
        listed = {file.name for file in self.files}
        for name in sorted(listed.symmetric_difference(used)):
            fault = "is in no document" if name in listed else "belongs to a document but is not listed"
            raise ManifestMismatch(f"'{name}' {fault}.", "Every file belongs to exactly one document.")
        self._check_pages()
        return self

    def _check_pages(self) -> None:
        pages = {file.name: file.pages for file in self.files}
        for folder in self.folders:
            for document in folder.documents:
                found = count_pages([pages[name] for name in document.file_names])
                if document.pages is not None and found is not None and found != document.pages:
                    raise ManifestMismatch(
                        f"Document {document.ordinal} of file '{folder.code}' should have {document.pages} pages, "
                        f"its files have {found}.",
                        "Mend the count or the files.",
                    )

    @property
    def documents(self) -> Iterator[ManifestDocument]:
        """All documents, folder by folder."""
        return (document for folder in self.folders for document in folder.documents)

    @property
    def total_bytes(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def total_pages(self) -> int:
        """Pages of the files that could be opened."""
        return sum(file.pages or 0 for file in self.files)

    @property
    def secrecy(self) -> Secrecy:
        """The highest level declared in it."""
        return max(document.secrecy for document in self.documents)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: the name of exactly this manifest."""
        return digest(self)


def count_pages(pages: list[int | None]) -> int | None:
    """The sum, or None when one of them is unknown."""
    return None if None in pages else sum(count or 0 for count in pages)


def _refuse_repeated(names: list[str], fault: str) -> None:
    """Names that differ in case alone are one name: they would overwrite each other on some systems."""
    for name, times in Counter(map(str.casefold, names)).items():
        if times > 1:
            shown = next(original for original in names if original.casefold() == name)
            raise ManifestMismatch(f"'{shown}' {fault}.", "Names must differ, upper and lower case aside.")


def parse_manifest(data: bytes | str) -> Manifest:
    """The manifest in this JSON. Raises ManifestMismatch that says which field is wrong."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the JSON"
        raise ManifestMismatch(f"The manifest is wrong at {where}: {fault['msg']}.", "Mend it.") from error
