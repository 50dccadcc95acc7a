from __future__ import annotations

import re

import pytest

from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from station.manifest_csv import COLUMNS, parse_manifest_csv

HEAD = ",".join(COLUMNS) + "\n"
FIRST = "a.png,P01,ML1,3,HS01,Hồ sơ một,1,decision,mật,nội bộ,1,2,Quyết định\n"
SECOND = "b.png,P01,ML1,3,HS01,,1,,,,,,\n"
THIRD = 'c.png,P01,ML1,3,HS01,,2,,,,,,"Báo cáo, quý 1"\n'


def test_rows_of_one_ordinal_make_one_document_in_their_order() -> None:
    plan = parse_manifest_csv(HEAD + FIRST + SECOND + THIRD, ["a.png", "b.png", "c.png"])
    (folder,) = plan.folders
    first, second = folder.documents
    assert (folder.fonds, folder.series_list, folder.box, folder.code, folder.title) == (
        "P01",
        "ML1",
        "3",
        "HS01",
        "Hồ sơ một",
    )
    assert (first.file_names, first.secrecy, first.sensitivity) == (
        ("a.png", "b.png"),
        Secrecy.MAT,
        Sensitivity.INTERNAL,
    )
    assert (first.record_type, first.sheets, first.pages, first.title) == ("decision", 1, 2, "Quyết định")
    assert (second.secrecy, second.sensitivity, second.title) == (Secrecy.THUONG, None, "Báo cáo, quý 1")
    assert plan.origins["c.png"] == "manifest.csv line 4"


def test_semicolons_and_crlf_as_spreadsheets_write_them_are_read() -> None:
    text = (HEAD + FIRST).replace(",", ";").replace("\n", "\r\n")
    assert parse_manifest_csv(text, ["a.png"]).folders[0].documents[0].title == "Quyết định"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (HEAD + FIRST + THIRD, "'b.png' is in the folder but not in manifest.csv"),
        (HEAD + FIRST + SECOND + THIRD + THIRD.replace("c.png", "d.png"), "line 5: there is no file 'd.png'"),
        (HEAD + FIRST + SECOND + FIRST + THIRD, "line 4: 'a.png' stands in line 2 already"),
        (HEAD + FIRST.replace("mật", "rất mật") + SECOND + THIRD, "line 2: 'rất mật' is no level of secrecy"),
        (HEAD + FIRST.replace("nội bộ", "xyz") + SECOND + THIRD, "line 2: 'xyz' is no level of sensitivity"),
        (HEAD + FIRST.replace(",1,2,", ",1,hai,") + SECOND + THIRD, "line 2: 'hai' in column pages"),
        (HEAD + FIRST + SECOND.replace(",1,,", ",x,,") + THIRD, "line 3: 'x' in column document_ordinal"),
        (HEAD + FIRST + SECOND.replace("HS01,,", "HS01,Khác,") + THIRD, "line 3: file_title 'Khác' contradicts"),
        (HEAD + FIRST + "b.png,P01\n" + THIRD, "line 3: 2 cells instead of 13"),
        (HEAD + FIRST + SECOND.replace("P01", "") + THIRD, "line 3: fonds is empty"),
        (HEAD.replace("title", "titel") + FIRST, "line 1: the columns differ"),
        ("", "line 1: the columns differ"),
    ],
)
def test_errors_name_the_line(text: str, named: str) -> None:
    with pytest.raises(ManifestMismatch, match=re.escape(named)):
        parse_manifest_csv(text, ["a.png", "b.png", "c.png"])


def test_a_wrong_page_count_names_the_line() -> None:
    plan = parse_manifest_csv(HEAD + FIRST + SECOND, ["a.png", "b.png"])
    plan.check_pages({"a.png": 1, "b.png": 1})
    plan.check_pages({"a.png": 1, "b.png": None})
    with pytest.raises(ManifestMismatch, match=r"line 2: document 1 .* should have 2 pages, its files have 3"):
        plan.check_pages({"a.png": 1, "b.png": 2})
