"""Vietnamese words for the codes of the data dictionary, by kind: some codes of two kinds are alike."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from core.catalogue import AccessRight, FieldKind, Protection
from core.states import ChangeState
from flow.open_questions import QuestionKind

CATALOGUE_WORDS: Mapping[type[Enum], Mapping[str, str]] = {
    ChangeState: {
        ChangeState.PROPOSED: "chờ duyệt",
        ChangeState.APPROVED: "đã duyệt",
        ChangeState.REJECTED: "bị từ chối",
        ChangeState.APPLIED: "đã áp dụng",
    },
    QuestionKind: {
        QuestionKind.LEGAL: "pháp lý",
        QuestionKind.BUSINESS: "nghiệp vụ",
    },
    AccessRight: {
        AccessRight.UNIT: "người của đơn vị",
        AccessRight.NAMED_PEOPLE: "người được chỉ định",
    },
    Protection: {
        Protection.ORDINARY: "thông thường",
        Protection.PERSONAL_DATA: "dữ liệu cá nhân, che khi hiển thị",
        Protection.NAMED_PEOPLE: "chỉ người được chỉ định, không xuất",
    },
    FieldKind: {
        FieldKind.TEXT: "văn bản",
        FieldKind.LONG_TEXT: "văn bản dài",
        FieldKind.PERSON_NAME: "họ tên",
        FieldKind.ADDRESS: "địa chỉ",
        FieldKind.SYMBOL: "ký hiệu",
        FieldKind.DATE: "ngày",
        FieldKind.BIRTH_DATE: "ngày sinh",
        FieldKind.INTEGER: "số nguyên",
        FieldKind.CODE: "mã",
        FieldKind.LIST: "danh sách",
        FieldKind.CITIZEN_NUMBER: "số CCCD, CMND",
        FieldKind.PARTY_CARD: "số thẻ đảng",
        FieldKind.PHONE: "số điện thoại",
    },
}

ATTRIBUTE_WORDS: Mapping[str, str] = {
    "title": "Tên",
    "unit": "Đơn vị chủ trì",
    "coordinating_units": "Đơn vị phối hợp",
    "business_owner": "Chủ quản nghiệp vụ",
    "technical_owner": "Chủ quản kỹ thuật",
    "record_types": "Loại hồ sơ, tài liệu",
    "composition": "Thành phần hồ sơ",
    "planned_pages": "Số trang dự kiến",
    "period_from": "Tài liệu từ ngày",
    "period_to": "Tài liệu đến ngày",
    "targets": "Chỉ tiêu",
    "cards": "Phiếu quy trình",
    "input": "Đầu vào",
    "output": "Đầu ra",
    "role": "Ai làm",
    "deadline": "Thời hạn",
    "product": "Sản phẩm",
    "kpi": "KPI",
}
"""Of a catalogue entry and its process cards, by the names in the JSON API."""


def attribute_word(name: str) -> str:
    """What people call the attribute."""
    return ATTRIBUTE_WORDS[name]


def catalogue_word(code: Enum) -> str:
    """The Vietnamese word of the code."""
    return CATALOGUE_WORDS[type(code)][code.value]
