"""Vietnamese words for the codes of the data dictionary, by kind: some codes of two kinds are alike."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from core.catalogue import AccessRight, FieldKind, Protection
from core.states import ChangeState

CATALOGUE_WORDS: Mapping[type[Enum], Mapping[str, str]] = {
    ChangeState: {
        ChangeState.PROPOSED: "chờ duyệt",
        ChangeState.APPROVED: "đã duyệt",
        ChangeState.REJECTED: "bị từ chối",
        ChangeState.APPLIED: "đã áp dụng",
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


def catalogue_word(code: Enum) -> str:
    """The Vietnamese word of the code."""
    return CATALOGUE_WORDS[type(code)][code.value]
