"""A register of documents (sổ đăng ký văn bản, mục lục văn bản) as a CSV file, as offices export it from a table.

Its first row names the columns, in Vietnamese, spelled as people spell them, or by our own names. Number and symbol may
share a column. Commas, semicolons or tabs part the columns; UTF-8 or UTF-16.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.errors import InvalidValue
from core.known_facts import RegisterRow
from core.text import fold, normalize

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 10_000
_MOST_FAULTS = 50
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        r"stt|tt|so thu tu( van ban| tai lieu)?( trong ho so)?|ordinal": "ordinal",
        r"(so |ma )?(ho so|don vi bao quan|dvbq)( so)?|file code": "file_code",
        r"(so( va)?|so van ban( va)?) ?ky hieu( van ban| vb| tai lieu)?|so kh|number and symbol": "both",
        r"so( van ban| vb| tai lieu)?|number": "number",
        r"ky hieu( van ban| vb| tai lieu)?|symbol": "symbol",
        r"ngay( thang)?( nam)?( cua)?( van ban| vb| tai lieu| ban hanh| ky)?|thoi gian van ban|date": "dated",
        r"(ten loai( va)? )?(trich yeu|noi dung)( noi dung)?( van ban| vb| tai lieu)?|abstract": "abstract",
    }
)
"""Of the column's name without marks and punctuation: a pattern, and what the column holds."""
_BOTH = re.compile(r"(?P<number>\d{1,6}[a-z]?)?\s*(?:[/-]|\s)\s*(?P<symbol>\S.*)", re.I)
_NUMBER = re.compile(r"\d{1,6}[a-zđ]?", re.I)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LONGEST = MappingProxyType({"file_code": 60, "symbol": 60, "abstract": 2000})
_ADVICE = "Mend the file and upload it again."


@dataclass(frozen=True, slots=True)
class _Fault(Exception):
    """What is wrong in a row, in Vietnamese."""

    message: str


def read_register(data: bytes) -> tuple[RegisterRow, ...]:
    """The rows that say anything, in order.

    Raises InvalidValue whose `faults` name each line that cannot be understood, with what is wrong there; then no row
    of the file counts.
    """
    if len(data) > MOST_BYTES:
        raise InvalidValue(f"A register has at most {MOST_BYTES} bytes.", "Upload it in the batches it belongs to.")
    lines = _read_lines(_decode(data))
    first, header = next(lines, (1, []))
    columns = _name_columns(header)
    if not {"number", "both"} & set(columns):
        fault = "không có cột số văn bản: cần một cột tên “Số”, “Số văn bản” hoặc “Số, ký hiệu”."
        raise InvalidValue("The register's first row does not name its columns.", _ADVICE, ((f"dòng {first}", fault),))
    rows, faults = [], []
    for line, cells in lines:
        try:
            rows.append(_read_row(line, dict(zip(columns, cells, strict=False))))
        except _Fault as fault:
            faults.append((f"dòng {line}", fault.message))
        if len(rows) > MOST_ROWS or len(faults) > _MOST_FAULTS:
            break
    if len(rows) > MOST_ROWS:
        raise InvalidValue(f"A register has at most {MOST_ROWS} rows.", _ADVICE)
    if faults:
        raise InvalidValue("Some lines of the register cannot be understood.", _ADVICE, tuple(faults[:_MOST_FAULTS]))
    return tuple(row for row in rows if row.number or row.symbol or row.dated or row.abstract)


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidValue(
            "The register is not text in UTF-8.", "Save it as 'CSV UTF-8' and upload it again."
        ) from error


def _read_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the number of the line where each ends. Raises InvalidValue for no CSV."""
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [normalize(" ".join(cell.split())) for cell in cells]
    except csv.Error as error:
        fault = "không đúng dạng CSV (dấu ngoặc kép chưa đóng, hoặc ô quá dài)."
        raise InvalidValue("The register is no CSV file.", _ADVICE, ((f"dòng {reader.line_num}", fault),)) from error


def _name_columns(header: Sequence[str]) -> list[str]:
    """What each column holds; empty for one that says nothing to us, and for the second of a kind."""
    named: list[str] = []
    for cell in header:
        name = " ".join(re.findall(r"[a-z]+", fold(cell)))
        kind = next((kind for pattern, kind in _COLUMNS.items() if re.fullmatch(pattern, name)), "")
        named.append("" if kind in named else kind)
    return named


def _read_row(line: int, cells: Mapping[str, str]) -> RegisterRow:
    """Raises _Fault."""
    number, symbol = cells.get("number", ""), cells.get("symbol", "")
    if both := cells.get("both", ""):
        found = _BOTH.fullmatch(both)
        number, symbol = (found["number"] or "", found["symbol"]) if found else (both, "")
    for name, most in _LONGEST.items():
        if len(cells.get(name, "")) > most:
            raise _Fault(f"một ô dài quá {most} ký tự.")
    ordinal = cells.get("ordinal", "")
    return RegisterRow(
        line,
        cells.get("file_code", ""),
        int(ordinal) if re.fullmatch(r"[0-9]{1,6}", ordinal) else None,
        _read_number(number),
        symbol[: _LONGEST["symbol"]],
        _read_date(cells.get("dated", "")),
        cells.get("abstract", ""),
    )


def _read_number(text: str) -> str:
    """As documents write it: a zero before single digits alone."""
    if not text:
        return ""
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise _Fault("số văn bản không phải là một số.")
    return f"{int(text):02d}" if text.isdecimal() else text


def _read_date(text: str) -> date | None:
    if not text:
        return None
    day_first, year_first = _DAY_FIRST.fullmatch(text), _YEAR_FIRST.fullmatch(text)
    parts = day_first.groups()[::-1] if day_first else year_first.groups() if year_first else None
    try:
        if parts is not None:
            return date(*map(int, parts))
    except ValueError:
        pass
    raise _Fault("ngày văn bản không có thật hoặc không viết dạng ngày/tháng/năm.")
