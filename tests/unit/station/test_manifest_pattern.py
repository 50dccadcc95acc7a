from __future__ import annotations

import re

import pytest

from core.errors import ManifestMismatch
from core.labels import Secrecy
from station.manifest_pattern import DEFAULT_PATTERN, DeclaredLabels, plan_by_pattern


def test_folders_and_names_make_documents_in_order_of_their_numbers() -> None:
    names = [
        "P01/ML1/3/HS01/0002-10.tif",
        "P01/ML1/3/HS01/0002-9.tif",
        "P01/ML1/3/HS01/0001.pdf",
        "P01/ML1/3/HS02/1.pdf",
    ]
    plan = plan_by_pattern(names, DEFAULT_PATTERN, DeclaredLabels("report", Secrecy.MAT))
    found = {
        (folder.code, document.ordinal): document.file_names for folder in plan.folders for document in folder.documents
    }
    assert found == {
        ("HS01", 1): ("P01/ML1/3/HS01/0001.pdf",),
        ("HS01", 2): ("P01/ML1/3/HS01/0002-9.tif", "P01/ML1/3/HS01/0002-10.tif"),
        ("HS02", 1): ("P01/ML1/3/HS02/1.pdf",),
    }
    assert {document.secrecy for folder in plan.folders for document in folder.documents} == {Secrecy.MAT}


def test_a_flat_pattern_with_literal_marks() -> None:
    plan = plan_by_pattern(
        ["P.1_M2_(H3)_04.jpg"], "{fonds}_{series_list}_({file_code})_{ordinal}.ext", DeclaredLabels()
    )
    folder = plan.folders[0]
    assert (folder.fonds, folder.series_list, folder.code, folder.documents[0].ordinal) == ("P.1", "M2", "H3", 4)


@pytest.mark.parametrize(
    ("names", "pattern", "named"),
    [
        (["P01/ML1/3/HS01/x.pdf"], DEFAULT_PATTERN, "'P01/ML1/3/HS01/x.pdf' does not match"),
        (
            ["a/b/c/d/1.pdf", "a/b/c/d/01.tif"],
            DEFAULT_PATTERN,
            "'a/b/c/d/01.tif' and 'a/b/c/d/1.pdf' are the same part",
        ),
        (["a/b/c/d/1.pdf", "a/b/x/d/2.pdf"], DEFAULT_PATTERN, "'a/b/x/d/2.pdf' puts file 'd' into another box"),
        (["a"], "{fonds}/{ordinal}", "file_code, series_list"),
        (["a"], "{fonds}{fonds}/{series_list}/{file_code}/{ordinal}", "fonds"),
        (["a"], "{fonds}/{series_list}/{file_code}/[{ordinal}", "cannot be read"),
        ([f"{'f' * 61}/b/c/d/1.pdf"], DEFAULT_PATTERN, "fonds"),
    ],
)
def test_errors_name_the_file_or_the_pattern(names: list[str], pattern: str, named: str) -> None:
    with pytest.raises(ManifestMismatch, match=re.escape(named)):
        plan_by_pattern(names, pattern, DeclaredLabels())
