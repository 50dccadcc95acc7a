from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json
from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder, check_name, parse_manifest


def file(name: str, pages: int | None = 1) -> ManifestFile:
    return ManifestFile(name=name, size=10, sha256="ab" * 32, media_type="image/png", pages=pages)


def folder(*documents: ManifestDocument, code: str = "HS01") -> ManifestFolder:
    return ManifestFolder(fonds="P01", series_list="ML1", box="3", code=code, title="Hồ sơ", documents=documents)


def manifest(files: list[ManifestFile], *folders: ManifestFolder) -> Manifest:
    return Manifest(batch="L01", station="TR1", files=tuple(files), folders=folders)


def document(ordinal: int, *names: str, pages: int | None = None) -> ManifestDocument:
    return ManifestDocument(ordinal=ordinal, file_names=names, pages=pages)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "a/../b",
        "../a",
        "a//b",
        "a/",
        ".",
        "C:/a",
        "a\\b",
        "a\nb",
        "a\u202eb",
        "e\u0302.png",
        "x" * 256,
    ],
)
def test_names_that_deceive_or_climb_are_refused(name: str) -> None:
    with pytest.raises(ManifestMismatch):
        check_name(name)


@given(st.text(max_size=60))
def test_an_accepted_name_stays_below_its_folder(name: str) -> None:
    try:
        check_name(name)
    except ManifestMismatch:
        return
    assert not name.startswith("/")
    assert {"", ".", ".."}.isdisjoint(name.split("/"))
    assert name.isascii() or not re.search(r"[\u200b-\u200f\u202a-\u202e\ufeff]", name)


def test_the_digest_survives_a_journey_as_json_and_changes_with_the_content() -> None:
    made = manifest([file("a.png"), file("b.png")], folder(document(1, "b.png", "a.png", pages=2)))
    again = parse_manifest(canonical_json(made))
    reordered = parse_manifest(json.dumps(made.model_dump(mode="json"), indent=3))
    other = manifest([file("a.png"), file("b.png")], folder(document(1, "a.png", "b.png", pages=2)))
    assert again == made
    assert again.digest == reordered.digest == made.digest
    assert other.digest != made.digest
    assert (made.total_bytes, made.total_pages, made.secrecy) == (20, 2, Secrecy.THUONG)


def test_labels_are_read_from_vietnamese_words() -> None:
    made = ManifestDocument.model_validate(
        {"ordinal": 1, "file_names": ["a"], "secrecy": "Tối mật", "sensitivity": "du lieu ca nhan nhay cam"}
    )
    assert (made.secrecy, made.sensitivity) == (Secrecy.TOI_MAT, Sensitivity.PERSONAL_SENSITIVE)
    assert made.model_dump(mode="json")["secrecy"] == "tối mật"


@pytest.mark.parametrize(
    ("files", "folders", "named"),
    [
        ([], (), "no files"),
        ([file("a"), file("b")], (folder(document(1, "a")),), "'b' is in no document"),
        ([file("a")], (folder(document(1, "a", "b")),), "'b' belongs to a document but is not listed"),
        ([file("a")], (folder(document(1, "a"), document(2, "a")),), "'a' is in two documents"),
        ([file("a"), file("A")], (folder(document(1, "a", "A")),), "'a' is listed twice"),
        ([file("a"), file("b")], (folder(document(1, "a")), folder(document(1, "b"))), "is two archival files"),
        ([file("a", 3)], (folder(document(1, "a", pages=2)),), "should have 2 pages, its files have 3"),
    ],
)
def test_contradictions_are_named(files: list[ManifestFile], folders: tuple[ManifestFolder, ...], named: str) -> None:
    with pytest.raises(ManifestMismatch, match=re.escape(named)):
        manifest(files, *folders)


def test_a_file_that_could_not_be_opened_leaves_the_page_count_open() -> None:
    made = manifest([file("a", None)], folder(document(1, "a", pages=2)))
    assert made.total_pages == 0


def test_ordinals_and_empty_documents_are_refused() -> None:
    with pytest.raises(ManifestMismatch, match="2 documents 1"):
        folder(document(1, "a"), document(1, "b"))
    with pytest.raises(ManifestMismatch, match="Document 1 has no files"):
        document(1)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"batch": "x"}', '{"batch":"x","station":"y","files":1,"folders":[]}']
)
def test_broken_json_is_a_named_error(text: str) -> None:
    with pytest.raises(ManifestMismatch, match="The manifest is wrong at"):
        parse_manifest(text)
