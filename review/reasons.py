"""Reason codes of decisions, with the words that people choose them by."""

from __future__ import annotations

from enum import StrEnum


class RejectReason(StrEnum):
    """Why a document is not digitized after all."""

    NOT_IN_CATALOGUE = "not_in_catalogue"
    NOT_A_RECORD = "not_a_record"
    WRONG_UNIT = "wrong_unit"
    ILLEGIBLE_ORIGINAL = "illegible_original"
    INCOMPLETE_ORIGINAL = "incomplete_original"
    NO_SOUND_FILE = "no_sound_file"
    OTHER = "other"

    @property
    def vietnamese(self) -> str:
        return _REJECT_WORDS[self]


_REJECT_WORDS = {
    RejectReason.NOT_IN_CATALOGUE: "Không thuộc danh mục số hóa",
    RejectReason.NOT_A_RECORD: "Không phải tài liệu lưu trữ",
    RejectReason.WRONG_UNIT: "Không thuộc đơn vị này",
    RejectReason.ILLEGIBLE_ORIGINAL: "Bản gốc không đọc được",
    RejectReason.INCOMPLETE_ORIGINAL: "Bản gốc thiếu trang",
    RejectReason.NO_SOUND_FILE: "Tệp quét bị từ chối",
    RejectReason.OTHER: "Lý do khác",
}


class RescanReason(StrEnum):
    """Why a document is to be scanned again."""

    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    TOO_DARK_OR_FAINT = "too_dark_or_faint"
    PAGES_MISSING = "pages_missing"
    WRONG_ORDER = "wrong_order"
    DAMAGED_FILE = "damaged_file"
    OTHER = "other"

    @property
    def vietnamese(self) -> str:
        return _RESCAN_WORDS[self]


_RESCAN_WORDS = {
    RescanReason.BLURRED: "Ảnh mờ, nhòe",
    RescanReason.CUT_OFF: "Mất mép, mất chữ",
    RescanReason.TOO_DARK_OR_FAINT: "Quá tối hoặc quá nhạt",
    RescanReason.PAGES_MISSING: "Thiếu trang",
    RescanReason.WRONG_ORDER: "Sai thứ tự trang",
    RescanReason.DAMAGED_FILE: "Tệp hỏng",
    RescanReason.OTHER: "Lý do khác",
}

DUPLICATE = "duplicate"
"""Reason code of a document that a person dropped as a duplicate of another."""
