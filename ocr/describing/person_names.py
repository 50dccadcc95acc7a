"""Names of persons: surnames are few, so a wrong mark on one is seen; a name that stands twice should be read alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.recognition import Suggestion
from core.text import fold, normalize
from ocr.describing.rows import Row

_SURNAMES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lương mai tô trương "
    "tạ cao hà quách thái lưu kiều nông lò vi hứa chu đào phùng tống nghiêm lâm châu tăng từ triệu mạc thân lục "
    "vương khuất bế giàng sùng cầm la lã lại lăng lèng liêu lô lộc lù lường lữ ma mã mạch mâu mông ninh ông phí "
    "phó quan quản sầm sơn tôn thạch thạc tiêu tòng trang trưng ứng văn viên vàng vừ xa y ân âu bá bạch bành bàng "
    "biện cát chế cổ cù cung danh diệp doãn đàm đậu điền điểu đồng giáp giang hạ hầu hàn hàng hoa hùng hướng kha "
    "khổng khúc khương kim"
)
SURNAMES = frozenset(map(normalize, _SURNAMES.split()))
_BY_FOLD: dict[str, list[str]] = {}
for _name in sorted(SURNAMES):
    _BY_FOLD.setdefault(fold(_name), []).append(_name)
_MENDED, _UNLISTED, _CONTRADICTED = 0.85, 0.85, 0.6


def weigh_name(one: Suggestion, rows: Sequence[Row]) -> Suggestion:
    """The name with its surname's marks put back where only one listed surname has those letters.

    Less sure than 0.9 if that was needed, if no such surname is listed, or if the same letters stand elsewhere on the
    paper with other marks.
    """
    if not isinstance(one.value, str):
        return one
    first, _, rest = one.value.partition(" ")
    listed = _BY_FOLD.get(fold(first), [])
    name, ceiling = one.value, 1.0
    if first.lower() not in SURNAMES:
        ceiling = _MENDED if len(listed) == 1 else _UNLISTED
        name = f"{_in_case(listed[0], first)} {rest}" if len(listed) == 1 else name
    if any(other != name.lower() for other in _elsewhere(name, rows)):
        ceiling = min(ceiling, _CONTRADICTED)
    return replace(one, value=name, confidence=min(one.confidence, ceiling))


def _in_case(name: str, like: str) -> str:
    return name.upper() if like.isupper() and len(like) > 1 else name.capitalize()


def _elsewhere(name: str, rows: Sequence[Row]) -> set[str]:
    """The name as every row reads it, in small letters."""
    pattern = re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")
    return {row.text[slice(*match.span())].lower() for row in rows for match in pattern.finditer(row.folded)}
