"""Registers as offices export them."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import InvalidValue
from core.known_facts import RegisterRow
from ingest.register import MOST_BYTES, read_register

PLAIN = """STT,Hồ sơ số,"Số, ký hiệu","Ngày, tháng, năm văn bản",Trích yếu nội dung,Ghi chú
1,HS01,05/QĐ-UBND,3/2/2021,Về việc  phê duyệt,
2,HS01,127-QĐ/TW,03.02.2021,"Quy định ""mới"", mở",x

,,,,,
3,HS02,,,,
4,HS02,/CT-UBND,2021-12-31,Chỉ thị,
"""


def test_rows_are_read_by_the_names_of_their_columns() -> None:
    assert read_register(PLAIN.encode("utf-8-sig")) == (
        RegisterRow(2, "HS01", 1, "05", "QĐ-UBND", date(2021, 2, 3), "Về việc phê duyệt"),
        RegisterRow(3, "HS01", 2, "127", "QĐ/TW", date(2021, 2, 3), 'Quy định "mới", mở'),
        RegisterRow(7, "HS02", 4, "", "CT-UBND", date(2021, 12, 31), "Chỉ thị"),
    )


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("Số văn bản;Ký hiệu;Ngày ban hành;Trích yếu", "utf-8"),
        ("SỐ VB\tKÝ HIỆU\tNGÀY THÁNG\tTRÍCH YẾU", "utf-16"),
        ("number,symbol,date,abstract", "utf-8"),
        ("Số;Ký hiệu văn bản;Ngày tháng năm văn bản;Tên loại và trích yếu nội dung văn bản", "utf-8-sig"),
    ],
)
def test_columns_are_known_however_they_are_spelled_and_parted(header: str, encoding: str) -> None:
    mark = next(mark for mark in ";\t," if mark in header)
    row = mark.join(("007", "BC-SNV", "31/12/2020", "Báo cáo"))
    found = read_register(f"{header}\r\n{row}\r\n".encode(encoding))
    assert found == (RegisterRow(2, number="07", symbol="BC-SNV", dated=date(2020, 12, 31), abstract="Báo cáo"),)


def test_every_bad_line_is_named_and_its_value_is_not() -> None:
    text = "Số,Ký hiệu,Ngày\n12,QĐ,31/02/2020\nmười,QĐ,\n13,QĐ,1/2/2020\n14," + 61 * "Q" + ",\n"
    with pytest.raises(InvalidValue) as refused:
        read_register(text.encode())
    assert [line for line, _ in refused.value.faults] == ["dòng 2", "dòng 3", "dòng 5"]
    assert not any("31/02" in message or "mười" in message for _, message in refused.value.faults)


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"", ["dòng 1"]),
        ("Ký hiệu,Ngày\nQĐ,1/2/2020\n".encode(), ["dòng 1"]),
        ('Số,Ký hiệu\n1,"QĐ\n'.encode(), ["dòng 2"]),
        ("Số,Ký hiệu\n1,QĐ\n".encode("utf-16-le"), None),
        ("Số\n1\n".encode("cp1258", "replace"), None),
        (b"x" * (MOST_BYTES + 1), []),
    ],
)
def test_what_is_no_register_is_refused(data: bytes, faults: list[str] | None) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_register(data)
    assert faults is None or [line for line, _ in refused.value.faults] == faults
