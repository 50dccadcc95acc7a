"""Lists of names: kinds of documents, provinces, words of bodies and positions; and marks put back by them."""

from __future__ import annotations

import re

from core.syllables import is_syllable
from core.text import fold, fold_letters, normalize


def _list(text: str) -> tuple[str, ...]:
    """The names between commas."""
    return tuple(text.split(", "))


STATE_TYPES = {
    "NGHỊ QUYẾT": "NQ",
    "QUYẾT ĐỊNH": "QĐ",
    "CHỈ THỊ": "CT",
    "QUY CHẾ": "QC",
    "QUY ĐỊNH": "QyĐ",
    "THÔNG CÁO": "TC",
    "THÔNG BÁO": "TB",
    "HƯỚNG DẪN": "HD",
    "CHƯƠNG TRÌNH": "CTr",
    "KẾ HOẠCH": "KH",
    "PHƯƠNG ÁN": "PA",
    "ĐỀ ÁN": "ĐA",
    "DỰ ÁN": "DA",
    "BÁO CÁO": "BC",
    "BIÊN BẢN": "BB",
    "TỜ TRÌNH": "TTr",
    "HỢP ĐỒNG": "HĐ",
    "CÔNG ĐIỆN": "CĐ",
    "BẢN GHI NHỚ": "BGN",
    "BẢN THỎA THUẬN": "BTT",
    "GIẤY ỦY QUYỀN": "GUQ",
    "GIẤY MỜI": "GM",
    "GIẤY GIỚI THIỆU": "GGT",
    "GIẤY NGHỈ PHÉP": "GNP",
    "PHIẾU GỬI": "PG",
    "PHIẾU CHUYỂN": "PC",
    "PHIẾU BÁO": "PB",
    "NGHỊ ĐỊNH": "NĐ",
    "THÔNG TƯ": "TT",
    "CÔNG VĂN": "CV",
}
PARTY_TYPES = STATE_TYPES | {"KẾT LUẬN": "KL", "THÔNG TRI": "TT"}
"""In Party form the symbol QĐ stands for a decision or a regulation (QyĐ): the title decides."""

PROVINCES = _list(
    "An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định, Bình Phước, "
    "Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai, "
    "Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hồ Chí Minh, Huế, Hưng Yên, "
    "Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An, Nam Định, Nghệ An, Ninh Bình, "
    "Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, "
    "Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, "
    "Vĩnh Phúc, Yên Bái"
)

BODY_HEADS = _list(
    "ỦY BAN, UBND, HỘI ĐỒNG, HĐND, BỘ, SỞ, CỤC, TỔNG CỤC, CHI CỤC, PHÒNG, VĂN PHÒNG, THANH TRA, CÔNG AN, TÒA ÁN, "
    "VIỆN, TRƯỜNG, HỌC VIỆN, ĐẠI HỌC, BỆNH VIỆN, TRUNG TÂM, KHO BẠC, NGÂN HÀNG, BẢO HIỂM, CHÍNH PHỦ, QUỐC HỘI, "
    "THỦ TƯỚNG, CHỦ TỊCH NƯỚC, ĐÀI, BÁO, CÔNG TY, TỔNG CÔNG TY, TẬP ĐOÀN, HỘI, LIÊN ĐOÀN, LIÊN HIỆP, MẶT TRẬN, "
    "ĐOÀN, BAN, TỔ CÔNG TÁC, ĐẢNG BỘ, ĐẢNG ỦY, TỈNH ỦY, THÀNH ỦY, HUYỆN ỦY, QUẬN ỦY, THỊ ỦY, CHI BỘ, "
    "TRUNG ƯƠNG ĐẢNG, BCH"
)

TITLE_HEADS = _list(
    "CHỦ TỊCH, PHÓ CHỦ TỊCH, BÍ THƯ, PHÓ BÍ THƯ, BỘ TRƯỞNG, THỨ TRƯỞNG, THỦ TƯỚNG, PHÓ THỦ TƯỚNG, GIÁM ĐỐC, "
    "PHÓ GIÁM ĐỐC, TỔNG GIÁM ĐỐC, PHÓ TỔNG GIÁM ĐỐC, CHÁNH, PHÓ CHÁNH, TRƯỞNG, PHÓ TRƯỞNG, PHÓ, HIỆU TRƯỞNG, "
    "PHÓ HIỆU TRƯỞNG, CỤC TRƯỞNG, PHÓ CỤC TRƯỞNG, VỤ TRƯỞNG, PHÓ VỤ TRƯỞNG, CHI CỤC TRƯỞNG, VIỆN TRƯỞNG, "
    "PHÓ VIỆN TRƯỞNG, TỔNG CỤC TRƯỞNG, TỔNG BÍ THƯ, THƯỜNG TRỰC, ỦY VIÊN, CHỦ NHIỆM, PHÓ CHỦ NHIỆM, "
    "TỔNG KIỂM TOÁN, CHÁNH VĂN PHÒNG, PHÓ CHÁNH VĂN PHÒNG, CHÁNH THANH TRA, CHÁNH ÁN, PHÓ CHÁNH ÁN, TỔ TRƯỞNG, "
    "CHỈ HUY TRƯỞNG, PHÓ CHỈ HUY TRƯỞNG, KẾ TOÁN TRƯỞNG, NGƯỜI, THƯ KÝ, CHỦ TỌA"
)

_OPEN_TITLES = _list("TRƯỞNG, PHÓ TRƯỞNG, CHÁNH, PHÓ CHÁNH, PHÓ, NGƯỜI")
OFFICE_PHRASES = _list(
    "công bố, thủ tục, thẩm quyền, sửa đổi, bổ sung, giải quyết, cấp giấy, chứng nhận, kiểm định, chất lượng, "
    "triển khai, thực hiện, tổ chức, tăng cường, phổ thông, quy định, hướng dẫn, quản lý, tổng kết, sơ kết, kế hoạch, "
    "phê duyệt, điều chỉnh, thành lập, bổ nhiệm, kiện toàn, nhiệm vụ, giải pháp, đề nghị, báo cáo, kiểm tra, giám sát, "
    "tuyên truyền, phối hợp, đẩy mạnh, nâng cao, hiệu quả, đảng viên, kết nạp, chính thức, chuyển đổi, cải cách, "
    "hành chính, xây dựng, phát triển, kinh tế, xã hội, lĩnh vực, thay thế, danh mục, dự thảo, ủy ban, nhân dân, "
    "cán bộ, cán bộ nhiệm kỳ, cần bổ sung, cần bổ nhiệm, tỉnh ủy, thành ủy, huyện ủy, đảng ủy, cấp ủy, chi bộ, "
    "tinh gọn, nhiệm kỳ, giai đoạn, như điều, ban bí thư, trực thuộc, chấn chỉnh"
)
"""Two-syllable words of abstracts whose letters, less their marks, hardly ever make another word."""

_TWINS = "THỨ TRƯỞNG"
_CAPITAL_PHRASES = (
    *(normalize(name) for name in (*BODY_HEADS, *TITLE_HEADS) if " " in name and name != _TWINS),
    *STATE_TYPES,
    *_list("NHÂN DÂN, TỈNH ỦY, THƯỜNG VỤ, CHẤP HÀNH, KIỂM TRA, TUYÊN GIÁO, DÂN VẬN, NỘI CHÍNH, THÀNH PHỐ"),
    *_list("GIÁO DỤC, ĐÀO TẠO, TÀI CHÍNH, NỘI VỤ, TƯ PHÁP, CÔNG THƯƠNG, CHỈ ĐẠO, TRUNG ƯƠNG, VIỆT NAM"),
    *_list(
        "ĐẦU TƯ, GIAO THÔNG, VẬN TẢI, Y TẾ, VĂN HÓA, NÔNG NGHIỆP, THỂ THAO, DU LỊCH, KHOA HỌC, CÔNG NGHỆ, MÔI TRƯỜNG"
    ),
)
"""Put right in capitals only: in running text `để an toàn` is no ĐỀ ÁN. THỨ and THỦ TRƯỞNG are both positions."""


def fold_name(name: str) -> str:
    """A name as it is compared: normalised, no marks, lower-case."""
    return fold(name)


_CAPITALS = {fold_name(phrase): phrase for phrase in _CAPITAL_PHRASES}
_NAMES = {fold_name(name): normalize(name) for name in PROVINCES if " " in name}
_COMMON = {fold_name(phrase): phrase for phrase in OFFICE_PHRASES}
_KNOWN = sorted({**_CAPITALS, **_NAMES, **_COMMON}, key=len, reverse=True)
_LISTED = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, _KNOWN)) + r")(?!\w)")
_COMMUNE = re.compile(r"(?<!\w)(?:xa|phuong|thi tran) $")
"""What stands before a commune's name, which may be a province's but for its marks: xã Hải Phong."""
_PLACED = re.compile(r"(?<!\w)tinh (?=(?:" + "|".join(fold_name(name) for name in PROVINCES) + r")(?!\w))")
_PROVINCE_FOLDS = frozenset(fold_name(name) for name in PROVINCES)
_HEAD_FOLDS = tuple(fold_name(head) for head in BODY_HEADS)
_TITLE_FOLDS = tuple(fold_name(head) for head in TITLE_HEADS)


def _recase(phrase: str, like: str) -> str:
    return "".join(one.upper() if there.isupper() else one.lower() for one, there in zip(phrase, like, strict=True))


def _phrase_for(folded: str, printed: str) -> str | None:
    """The listed phrase, where the case fits: a name begins its words with capitals. An office phrase only where one of
    its words differs that is a syllable, or such as lost their marks: `chỉnh thực` is no `chính thức`.
    """
    if folded in _NAMES and all(word[0].isupper() for word in printed.split() if word[0].isalpha()):
        return _NAMES[folded]
    if printed.isupper() and folded in _CAPITALS:
        return _CAPITALS[folded]
    if folded in _COMMON:
        phrase = _COMMON[folded]
        apart = [one for one, there in zip(printed.lower().split(), phrase.split(), strict=True) if one != there]
        meant = [one for one in apart if is_syllable(one)]
        return phrase if len(meant) < 2 or all(map(str.isascii, apart)) else None
    return None


def restore_marks(text: str) -> str:
    """Capitals, names and office words with the marks that reading lost or swapped, by the lists: TĨNH → TỈNH.

    Every letter keeps its place and case.
    """
    text = normalize(text)
    folded = fold_letters(text)
    letters = list(text)
    for found in _LISTED.finditer(folded):
        printed = text[found.start() : found.end()]
        if found.group() in _NAMES and _COMMUNE.search(folded, 0, found.start()):
            continue
        phrase = _phrase_for(found.group(), printed)
        if phrase is not None:
            letters[found.start() : found.end()] = _recase(phrase, printed)
    for found in _PLACED.finditer(folded):
        letters[found.start() : found.end()] = _recase("tỉnh ", text[found.start() : found.end()])
    return "".join(letters)


def is_province(text: str) -> bool:
    """Whether the text names a province of before or after 2025, marks or not."""
    return re.sub(r"^(tp\.?|thanh pho|tinh) ", "", fold_name(text)) in _PROVINCE_FOLDS


def starts_body(folded: str) -> bool:
    """Whether a folded row begins the name of a body."""
    return any(folded == head or folded.startswith(head + " ") for head in _HEAD_FOLDS)


def edit_distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != wanted))
    return row[-1]


def nearest_title(title: str) -> str | None:
    """The one listed position, not a short one, of whose letters at most a fifth were misread; else None."""
    folded = fold_name(title)
    heads = [head for head in TITLE_HEADS if len(head) > 9 and head not in (_TWINS, *_OPEN_TITLES)]
    near = sorted((edit_distance(folded, fold_name(head)), head) for head in heads)
    near = [one for one in near if one[0] <= len(one[1]) // 5]
    return near[0][1] if near and (len(near) == 1 or near[0][0] < near[1][0]) else None


def complete_title(title: str) -> str | None:
    """The listed position that a title without its first letter is: HÁNH VĂN PHÒNG; None where there is none."""
    long = (head for head in TITLE_HEADS if " " in head or len(head) > 5)
    return next((head[0] + title for head in long if title == head[1:] or title.startswith(head[1:] + " ")), None)


def is_whole_title(title: str) -> bool:
    """Whether a position begins as a listed one and is not just the beginning of one: TRƯỞNG is none, of what?"""
    return starts_title(fold_name(title)) and title not in _OPEN_TITLES


def starts_title(folded: str) -> bool:
    """Whether a folded row begins the name of a position."""
    return any(folded == head or folded.startswith(head + " ") for head in _TITLE_FOLDS)
