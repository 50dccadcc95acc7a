"""The words of the pages: written in Vietnamese where they stand, with English beside them in one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from fastapi import Request

WEB = Path(__file__).resolve().parent.parent / "web"
LANGUAGE_COOKIE = "sohoa-language"
VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES = (VIETNAMESE, ENGLISH)


@lru_cache(maxsize=1)
def load_english() -> Mapping[str, str]:
    """English for each Vietnamese text of the pages."""
    table: dict[str, str] = yaml.safe_load((WEB / "english.yaml").read_text("utf-8"))
    return table


def language_of(request: Request) -> str:
    """The language that the visitor chose; Vietnamese until they do."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, VIETNAMESE)
    return chosen if chosen in LANGUAGES else VIETNAMESE


def translate(text: str, language: str) -> str:
    """The text in this language; as it stands where the table has no other."""
    return load_english().get(text, text) if language == ENGLISH else text


ERROR_WORDS: Mapping[str, str] = {
    "error": "Yêu cầu không thực hiện được.",
    "settings": "Hệ thống được cài đặt chưa đúng.",
    "not_found": "Không tìm thấy, hoặc không thuộc phạm vi của bạn.",
    "sign_in_required": "Bạn cần đăng nhập.",
    "forbidden": "Bạn không có quyền làm việc này.",
    "station_refused": "Trạm quét không được phép gửi.",
    "catalogue_refused": "Mục danh mục chưa đủ điều kiện mở lô.",
    "manifest_mismatch": "Bảng kê không khớp.",
    "above_ceiling": "Độ mật vượt mức cho phép của hệ thống này.",
    "limit_exceeded": "Vượt giới hạn cho phép.",
    "file_refused": "Tệp bị từ chối.",
    "unsupported_type": "Tệp không phải PDF, TIFF, JPEG hay PNG.",
    "empty_file": "Tệp rỗng.",
    "damaged_file": "Tệp hỏng hoặc bị cắt cụt.",
    "encrypted_file": "Tệp có mật khẩu, không mở được.",
    "hash_mismatch": "Tệp nhận được khác với tệp đã báo.",
    "offset_mismatch": "Phần gửi không nối tiếp phần đã nhận.",
    "split_failed": "Không tách được trang khỏi tệp.",
    "reading_failed": "Không đọc được trang.",
    "process_died": "Chương trình đọc tệp bị dừng đột ngột.",
    "time_limit": "Xử lý quá thời gian cho phép.",
    "memory_limit": "Xử lý cần nhiều bộ nhớ hơn mức cho phép.",
    "package_refused": "Gói tệp không hợp lệ.",
    "receipt_invalid": "Biên nhận không hợp lệ.",
    "lease_lost": "Việc này đã có máy khác nhận làm.",
    "service_unreachable": "Không liên lạc được với trung tâm. Hãy thử lại sau.",
    "service_refused": "Trung tâm từ chối yêu cầu.",
    "illegal_transition": "Trạng thái hiện tại không cho phép việc này.",
    "batch_sealed": "Lô đã niêm phong.",
    "stale_revision": "Người khác vừa thay đổi. Hãy tải lại trang và xem lại.",
    "invalid_value": "Có giá trị chưa đúng quy tắc.",
    "gate_closed": "Chưa đủ điều kiện để đi tiếp.",
    "separation_of_duties": "Người nhập không được tự xác nhận; người xác nhận không được tự nghiệm thu.",
    "query_refused": "Câu tìm kiếm quá dài hoặc quá xa.",
    "backup_damaged": "Bản sao lưu thiếu tệp hoặc đã bị thay đổi.",
    "backup_refused": "Không thể khôi phục bản sao lưu vào đây.",
    "records_unavailable": "Cơ sở dữ liệu tạm thời không trả lời. Thao tác chưa được thực hiện; hãy thử lại sau.",
    "store_unavailable": "Kho lưu tệp tạm thời không trả lời. Dữ liệu không mất; hãy thử lại sau.",
    "object_locked": "Bản gốc đã nghiệm thu và đang bị khóa, không xóa được.",
    "search_unavailable": "Chức năng tìm kiếm tạm ngừng. Dữ liệu không mất; hãy thử lại sau.",
    "search_refused": "Chỉ mục tìm kiếm từ chối yêu cầu này. Hãy báo bộ phận hỗ trợ.",
    "unexpected": "Hệ thống gặp lỗi khi xử lý. Hãy thử lại hoặc báo bộ phận hỗ trợ.",
}
"""What an error's code means to a person; the English message with its details stands below it."""
