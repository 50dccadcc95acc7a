"""Vietnamese words for the codes of the domain, as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import cast

from jinja2 import Environment

from api.catalogue_words import attribute_word, catalogue_word
from core.labels import Role
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, JobState, PageState
from review.minutes import DOCUMENT_WORDS
from review.reasons import RejectReason, RescanReason

_WORDS: Mapping[Enum, str] = {
    **cast("Mapping[Enum, str]", DOCUMENT_WORDS),
    BatchState.OPENED: "mới mở",
    BatchState.RECEIVING: "đang nhận",
    BatchState.SEALED: "đã niêm phong",
    BatchState.PROCESSING: "đang xử lý",
    BatchState.IN_REVIEW: "đang nhập và kiểm",
    BatchState.RECONCILING: "đang đối soát",
    BatchState.ACCEPTED: "đã nghiệm thu",
    BatchState.TRIAL: "vận hành thử",
    BatchState.PUBLISHED: "đã công bố",
    BatchState.RETURNED: "bị trả lại",
    BatchState.REWORK: "đang làm lại",
    PageState.IN_PROGRESS: "đang xử lý",
    PageState.PUBLISHED: "đã công bố",
    PageState.REJECTED: "bị loại",
    PageState.WITHHELD: "tạm giữ",
    PageState.SUPERSEDED: "đã thay thế",
    PageState.DROPPED: "bỏ vì trùng",
    FileState.ANNOUNCED: "chưa đến",
    FileState.ARRIVING: "đang đến",
    FileState.RECEIVED: "đã nhận",
    FileState.REFUSED: "bị từ chối",
    JobState.READY: "chờ",
    JobState.LEASED: "đang chạy",
    JobState.DONE: "xong",
    JobState.FAILED: "sẽ thử lại",
    JobState.PARKED: "hỏng hẳn",
    Stage.SPLIT: "Tách trang",
    Stage.READ: "Đọc chữ",
    Stage.DESCRIBE: "Mô tả",
    Stage.INDEX: "Đưa vào tìm kiếm",
    Role.SCAN_OPERATOR: "quét",
    Role.DATA_ENTRY: "nhập liệu",
    Role.REVIEWER: "kiểm",
    Role.ACCEPTOR_BUSINESS: "nghiệm thu nghiệp vụ",
    Role.ACCEPTOR_DATA: "nghiệm thu dữ liệu",
    Role.ACCEPTOR_SECURITY: "nghiệm thu bảo mật",
    Role.SEARCHER: "tra cứu",
    Role.BUSINESS_OWNER: "chủ nghiệp vụ",
    Role.TECHNICAL_OWNER: "chủ kỹ thuật",
    Role.SECURITY_OFFICER: "cán bộ bảo mật",
    Role.ADMINISTRATOR: "quản trị",
    Role.AUDITOR: "kiểm tra nhật ký",
}

ACTION_WORDS: Mapping[str, str] = {
    "sign_in": "đăng nhập",
    "sign_out": "đăng xuất",
    "denied": "bị từ chối",
    "search": "tìm kiếm",
    "view_document": "xem văn bản",
    "view_page": "xem trang",
    "view_batch": "xem lô",
    "view_minutes": "xem biên bản",
    "view_log": "xem nhật ký",
    "view_withheld": "xem danh sách tạm giữ",
    "view_quality": "xem chất lượng",
    "download": "tải tệp gốc",
    "open_batch": "mở lô",
    "announce": "báo tệp",
    "receive_file": "nhận tệp",
    "refuse_file": "từ chối tệp",
    "seal_batch": "niêm phong lô",
    "enter_values": "nhập dữ liệu",
    "confirm_document": "xác nhận",
    "return_to_entry": "trả về nhập lại",
    "reject_document": "loại văn bản",
    "request_rescan": "yêu cầu quét lại",
    "cancel_rescan": "thôi quét lại",
    "drop_duplicate": "bỏ bản trùng",
    "decide_duplicate": "quyết định về bản trùng",
    "settle_failed_page": "quyết định trang hỏng",
    "retry_page": "đọc lại trang",
    "withhold": "tạm giữ",
    "clear_document": "giải tỏa",
    "purge_document": "tiêu hủy",
    "withdraw_document": "thu hồi",
    "unmask": "xem đầy đủ",
    "raise_label": "nâng nhãn",
    "start_reconciliation": "bắt đầu đối soát",
    "sign_off": "ký xác nhận",
    "accept_batch": "nghiệm thu",
    "return_batch": "trả lại lô",
    "start_rework": "bắt đầu làm lại",
    "start_trial": "bắt đầu vận hành thử",
    "publish_batch": "công bố lô",
    "add_defect": "ghi lỗi",
    "register_dictionary": "ghi nhận từ điển có sẵn",
    "propose_dictionary": "đề nghị phiên bản từ điển",
    "approve_dictionary": "duyệt phiên bản từ điển",
    "reject_dictionary": "từ chối phiên bản từ điển",
    "propose_catalogue_entry": "đề nghị thay đổi danh mục",
    "reject_catalogue_entry": "từ chối thay đổi danh mục",
    "approve_catalogue_entry": "duyệt mục danh mục",
    "apply_catalogue_entry": "áp dụng thay đổi danh mục",
    "ask_question": "nêu câu hỏi",
    "answer_question": "trả lời câu hỏi",
    "end_unit": "kết thúc đơn vị",
    "explain_absence": "ghi lý do thiếu tài liệu",
    "confirm_absence": "xác nhận lý do thiếu",
    "revoke_absence": "hủy lý do thiếu",
    "settle_contradiction": "xem xét mâu thuẫn",
    "keep_register": "tải sổ đăng ký",
    "remove_register": "bỏ sổ đăng ký",
    "view_register": "xem sổ đăng ký",
}

SOURCE_WORDS: Mapping[str, str] = {
    "pen": "nét bút",
    "signature": "chữ ký số",
    "neighbours": "văn bản lân cận",
    "register": "sổ đăng ký",
}
"""What speaks for a value by pen."""

REFUSAL_WORDS: Mapping[str, str] = {
    "unsupported_type": "không phải PDF, TIFF, JPEG hay PNG",
    "empty_file": "tệp rỗng",
    "damaged_file": "tệp hỏng hoặc bị cắt cụt, không mở được đến hết",
    "encrypted_file": "tệp có mật khẩu",
    "limit_exceeded": "quá lớn, quá nhiều trang hoặc quá nhiều điểm ảnh",
    "hash_mismatch": "nội dung nhận được khác với nội dung đã báo (SHA-256)",
    "file_refused": "tệp bị từ chối",
}

NEXT_WORDS: Mapping[Enum, str] = {
    DocumentState.RECEIVED: "máy",
    DocumentState.PROCESSING: "máy",
    DocumentState.DESCRIBED: "người nhập",
    DocumentState.ENTERED: "người kiểm",
    DocumentState.CONFIRMED: "nghiệm thu",
    DocumentState.ACCEPTED: "công bố",
    DocumentState.RESCAN_REQUESTED: "trạm quét",
    DocumentState.WITHHELD: "cán bộ bảo mật",
    DocumentState.CLEARED: "máy",
}
"""Who has the document's next step."""


def refusal_word(code: str) -> str:
    """Why a file was refused, in plain words."""
    return REFUSAL_WORDS.get(code, REFUSAL_WORDS["file_refused"])


def reason_word(code: str | None) -> str:
    """What a document's reason code says to people; nothing for one that is not theirs to choose."""
    for kind in (RejectReason, RescanReason):
        if code in list(kind):
            return kind(code).vietnamese
    return ""


def next_word(state: DocumentState) -> str:
    """Who has the next step of a document in this state; nobody for those that are done."""
    return NEXT_WORDS.get(state, "")


def word_of(code: Enum) -> str:
    """The Vietnamese word for a state, stage or role; the code itself where there is none."""
    return _WORDS.get(code, str(code.value))


def action_word(action: str) -> str:
    """The Vietnamese word for an action of the access log."""
    return ACTION_WORDS.get(action, action)


def source_words(source: str) -> list[str]:
    """What speaks for a value by pen, a word each."""
    return [SOURCE_WORDS[name] for name in source.split("+") if name in SOURCE_WORDS]


def install_words(environment: Environment) -> None:
    """Gives the templates a filter for each kind of word."""
    environment.filters["refusal_word"] = refusal_word
    environment.filters["reason_word"] = reason_word
    environment.filters["next_word"] = next_word
    environment.filters["word"] = word_of
    environment.filters["action_word"] = action_word
    environment.filters["catalogue_word"] = catalogue_word
    environment.filters["attribute_word"] = attribute_word
    environment.filters["source_words"] = source_words
