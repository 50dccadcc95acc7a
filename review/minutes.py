"""The acceptance minutes (biên bản nghiệm thu): counts, grade, sign-offs, sample, error list, remediation plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from core.states import DocumentState, FileState, Grade, PageState

State = TypeVar("State", FileState, DocumentState, PageState)

_FILES = {
    FileState.RECEIVED: "đã nhận",
    FileState.REFUSED: "bị từ chối",
    FileState.ANNOUNCED: "chưa đến",
    FileState.ARRIVING: "đang đến",
}
DOCUMENT_WORDS: Mapping[DocumentState, str] = {
    DocumentState.RECEIVED: "đã nhận",
    DocumentState.PROCESSING: "đang xử lý",
    DocumentState.DESCRIBED: "chờ nhập",
    DocumentState.ENTERED: "chờ xác nhận",
    DocumentState.CONFIRMED: "đã xác nhận",
    DocumentState.ACCEPTED: "đã nghiệm thu",
    DocumentState.PUBLISHED: "đã công bố",
    DocumentState.CORRECTED: "đã công bố, có đính chính",
    DocumentState.WITHDRAWN: "đã thu hồi",
    DocumentState.RESCAN_REQUESTED: "chờ quét lại",
    DocumentState.REJECTED: "bị loại",
    DocumentState.SUPERSEDED: "đã được thay thế",
    DocumentState.WITHHELD: "tạm giữ",
    DocumentState.CLEARED: "đã giải tỏa",
    DocumentState.PURGED: "đã tiêu hủy",
}
_PAGES = {
    PageState.IN_PROGRESS: "đang xử lý",
    PageState.PUBLISHED: "đã công bố",
    PageState.REJECTED: "bị loại",
    PageState.WITHHELD: "tạm giữ hoặc đã tiêu hủy",
    PageState.SUPERSEDED: "đã thay thế",
    PageState.DROPPED: "bỏ vì trùng",
}
_RESULTS = {
    Grade.A: "Đạt loại A: được vận hành thử và công bố.",
    Grade.B: "Đạt loại B: được vận hành thử và công bố, kèm kế hoạch khắc phục.",
    Grade.C: "Loại C: không công bố, trả lại để làm lại.",
}


@dataclass(frozen=True, slots=True)
class MinutesSignOff:
    """A sign-off as the minutes print it."""

    aspect: str
    name: str
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class MinutesDefect:
    """A line of the error list and of the remediation plan."""

    place: str
    description: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class MinutesSample:
    """The sample that was reconciled; it can be drawn again from its seed."""

    seed: int
    population: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesAbsence:
    """A document that a file lacks, accepted with its reason."""

    place: str
    record_type: str
    reason: str
    entered_by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class MinutesSettlement:
    """A contradiction between documents of a file that was found to stand on paper: which field, in which documents."""

    place: str
    title: str
    ordinals: tuple[int, ...]
    settled_by: str


@dataclass(frozen=True, slots=True)
class MinutesData:
    """Everything the minutes state. It carries places and counts, no title and no value of a document."""

    batch_code: str
    batch_title: str
    unit: str
    catalogue_entry: str
    round: int
    grade: Grade
    decided_by: str
    decided_at: datetime
    note: str
    files: Mapping[FileState, int]
    documents: Mapping[DocumentState, int]
    pages: Mapping[PageState, int]
    sign_offs: tuple[MinutesSignOff, ...]
    sample: MinutesSample | None
    defects: tuple[MinutesDefect, ...]
    absences: tuple[MinutesAbsence, ...] = ()
    settlements: tuple[MinutesSettlement, ...] = ()


def write_minutes(data: MinutesData) -> str:
    """The minutes as plain Vietnamese text. Times are in UTC and say so."""
    parts = [
        [
            "BIÊN BẢN NGHIỆM THU LÔ SỐ HÓA",
            f"Lô: {data.batch_code} - {data.batch_title}",
            f"Đơn vị: {data.unit}",
            f"Danh mục: {data.catalogue_entry}",
            f"Lần: {data.round}",
            f"Thời điểm: {_moment(data.decided_at)}",
            f"Người quyết định: {data.decided_by}",
        ],
        [
            "1. Số lượng",
            f"Tệp: {_count(data.files, _FILES)}",
            f"Văn bản: {_count(data.documents, DOCUMENT_WORDS)}",
            f"Trang: {_count(data.pages, _PAGES)}",
        ],
        ["2. Kết quả", _RESULTS[data.grade], *([f"Ghi chú: {data.note}"] if data.note else [])],
        ["3. Ký xác nhận", *(_sign_off(one) for one in data.sign_offs)],
        ["4. Đối soát mẫu", *_sample(data.sample)],
        ["5. Danh mục lỗi", *(f"{n}. {_defect(one)}" for n, one in enumerate(data.defects, start=1))],
        ["6. Kế hoạch khắc phục", *(f"{n}. {_plan(one)}" for n, one in enumerate(data.defects, start=1))],
        *_files(data),
    ]
    return "\n\n".join("\n".join(part if len(part) > 1 else [*part, "Không có."]) for part in parts) + "\n"


def _moment(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M} UTC"


def _count(counts: Mapping[State, int], words: Mapping[State, str]) -> str:
    parts = [f"{counts[state]} {word}" for state, word in words.items() if counts.get(state)]
    return f"{sum(counts.values())} ({', '.join(parts)})" if parts else "0"


def _sign_off(one: MinutesSignOff) -> str:
    note = f": {one.note}" if one.note else ""
    return f"Về {one.aspect}: {one.name}, {_moment(one.signed_at)}{note}"


def _sample(sample: MinutesSample | None) -> list[str]:
    if sample is None:
        return []
    return [
        f"Chọn ngẫu nhiên {len(sample.places)} trong {sample.population} văn bản (hạt giống {sample.seed}):",
        *(f"- {place}" for place in sample.places),
    ]


def _files(data: MinutesData) -> list[list[str]]:
    """What was accepted of the files as they are; nothing where there is nothing to say."""
    lines = [
        *(
            f"- {one.place}: thiếu {one.record_type}. Lý do: {one.reason} "
            f"({one.entered_by} nhập, {one.confirmed_by} xác nhận)"
            for one in data.absences
        ),
        *(
            f"- {one.place}: {one.title} khác nhau giữa các tài liệu {', '.join(f'{n:04d}' for n in one.ordinals)}, "
            f"giữ nguyên theo bản gốc ({one.settled_by} xem xét)"
            for one in data.settlements
        ),
    ]
    return [["7. Thành phần và nội dung hồ sơ", *lines]] if lines else []


def _defect(one: MinutesDefect) -> str:
    return f"{one.place}: {one.description}" if one.place else one.description


def _plan(one: MinutesDefect) -> str:
    due = f"{one.due:%d/%m/%Y}" if one.due else "chưa có hạn"
    return f"{_defect(one)} - {one.owner or 'chưa có người'}, {due}"
