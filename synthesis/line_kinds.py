"""Lines that office print is full of beside running text: headings, codes, dates, numbers, lists, addresses, signs."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace
from random import Random

from synthesis import vocabulary as words
from synthesis.line_runs import ORGANS, ROMANS, SYMBOLS, Run, Runs, cut, make_syllable, style
from synthesis.texts import (
    cite_party,
    cite_state,
    make_abstract,
    make_commune,
    make_date,
    make_name,
    make_place,
    make_task,
    write_date,
)

_LATIN = (
    "Internet", "Microsoft", "Windows", "Excel", "server", "email", "website", "online", "marketing",
    "Logistics", "Covid",
    "ISO", "PDF", "Facebook", "Zalo", "Google", "Wifi", "USB", "QR code", "software", "hotline", "fax",
    "Tel", "World Bank",
    "ASEAN", "UNESCO", "ODA", "FDI", "GDP", "km", "kg", "ha", "km2", "m3", "kWh", "mm", "USD", "VNĐ",
    "Kon Tum", "Đắk Lắk",
    "Pleiku", "Krông Ana", "Buôn Ma Thuột", "Mường Khương", "Sa Pa", "Ka Lăng", "Stiêng", "Xtiêng", "M'Nông", "Cil Múp",
)  # fmt: skip
_DOMAINS = ("gov.vn", "com.vn", "edu.vn", "org.vn", "gmail.com", "chinhphu.vn", "dcs.vn", "yahoo.com", "vnn.vn")


def write_heading(rng: Random, most: int) -> Runs:
    options = (
        lambda: make_abstract(rng, "tỉnh"),
        lambda: make_name(rng),
        lambda: f"ủy ban nhân dân {' '.join(make_place(rng))}",
        lambda: f"ban chấp hành đảng bộ xã {make_commune(rng)}",
        lambda: rng.choice(words.STATE_TYPES)[0],
        lambda: f"Điều {rng.randrange(1, 60)}. {make_abstract(rng, 'tỉnh')}",
        lambda: f"{rng.choice(ROMANS)}. {make_abstract(rng, 'tỉnh')}",
        lambda: f"Chương {rng.choice(ROMANS)}",
        lambda: f"Phần thứ {rng.choice(('nhất', 'hai', 'ba', 'tư'))}",
        lambda: f"{rng.choice(('TM.', 'KT.', 'TL.', 'TUQ.', 'Q.', 'T/M', 'K/T', 'T/L'))} {rng.choice(_TITLES)}",
        lambda: "Cộng hòa xã hội chủ nghĩa Việt Nam",
        lambda: "Cộng hoà xã hội chủ nghĩa Việt Nam",
        lambda: "Đảng Cộng sản Việt Nam",
        lambda: "Độc lập - Tự do - Hạnh phúc",
        lambda: "V/v " + make_abstract(rng, "tỉnh"),
    )
    text = rng.choice(options)()
    if rng.random() < 0.5:
        text = text.upper()
    parts = text.split()
    heading = Run(
        cut(parts, most), bold=rng.random() < 0.75, italic=rng.random() < 0.15, underlined=rng.random() < 0.08
    )
    return (heading,)


_TITLES = (
    "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "BAN THƯỜNG VỤ", "BÍ THƯ", "PHÓ BÍ THƯ", "GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "BỘ TRƯỞNG",
    "THỨ TRƯỞNG", "TRƯỞNG PHÒNG", "HIỆU TRƯỞNG", "TỔNG GIÁM ĐỐC", "TRƯỞNG BAN", "CHỦ NHIỆM", "ỦY BAN NHÂN DÂN",
)  # fmt: skip


def make_code(rng: Random) -> str:
    """A document's number with its symbol, of any form."""
    number = f"{rng.randrange(1, 10 ** rng.choice((1, 2, 2, 3, 3, 4))):0{rng.choice((1, 2, 2))}d}"
    kind, organ = rng.choice(SYMBOLS), rng.choice(ORGANS)
    shape = rng.randrange(7)
    if shape == 0:
        return f"{number}/{rng.randrange(1985, 2027)}/{kind}-{organ}"
    if shape == 1:
        return f"{number}-{kind}/{organ}"
    if shape == 2:
        return f"{number}/{organ}-{rng.choice(ORGANS)}"
    if shape == 3:
        return f"{number}/{rng.randrange(2000, 2027)}/QH{rng.randrange(10, 17)}"
    if shape == 4:
        return f"{number}/{kind}-{organ}-{rng.choice(ORGANS)}"
    if shape == 5:
        return f"{number} - {kind}/{organ}"
    return f"{number}/{kind}-{organ}"


def write_code(rng: Random, most: int) -> Runs:
    if rng.random() < 0.4:
        cite = rng.choice((cite_state, cite_party))(rng, make_date(rng)).text.split()
        return _lean(rng, style(rng, cut(cite, most)))
    label = rng.choice(("Số: ", "Số ", "số ", "Căn cứ Quyết định số ", "", "", "- ", "Nghị quyết số "))
    return _lean(rng, style(rng, (label + make_code(rng))[:most].strip()))


def _lean(rng: Random, runs: Runs) -> Runs:
    """Often in italics: what a document is based on is set so."""
    return tuple(replace(run, italic=True) for run in runs) if rng.random() < 0.25 else runs


def write_day(rng: Random, most: int) -> Runs:
    day = make_date(rng, 1950, 2027)
    shapes = (
        lambda: f"{rng.choice(words.CITIES + words.PROVINCES)}, ngày {day.day:02d} tháng {day.month} năm {day.year}",
        lambda: f"ngày {day.day} tháng {day.month:02d} năm {day.year}",
        lambda: f"{day.day:02d}/{day.month:02d}/{day.year}",
        lambda: f"{day.day}/{day.month}/{day.year}",
        lambda: f"ngày {write_date(day)}",
        lambda: f"{day.day:02d}.{day.month:02d}.{day.year} {rng.randrange(24):02d}:{rng.randrange(60):02d}:00 +07:00",
        lambda: f"{day.day:02d}-{day.month:02d}-{day.year}",
        lambda: f"từ {rng.randrange(7, 12)}h{rng.choice(('00', '30', '15'))} đến {rng.randrange(13, 18)} giờ 00 phút",
        lambda: (
            f"Thời gian ký: {day.day:02d}/{day.month:02d}/{day.year} {rng.randrange(24):02d}:{rng.randrange(60):02d}"
        ),
    )
    text = rng.choice(shapes)()[:most].strip()
    return (Run(text, italic=rng.random() < 0.5),)


def write_number(rng: Random, most: int) -> Runs:
    def one() -> str:
        value = rng.randrange(10 ** rng.randrange(1, 10))
        shape = rng.randrange(8)
        if shape == 0:
            return f"{value:,}".replace(",", ".")
        if shape == 1:
            return f"{value % 1000},{rng.randrange(100)}%"
        if shape == 2:
            return f"{value:,} đồng".replace(",", ".")
        if shape == 3:
            return f"{rng.randrange(1, 97):03d}{rng.randrange(10**9):09d}"
        if shape == 4:
            return f"0{rng.randrange(10**9):09d}"
        if shape == 5:
            return f"{value % 10000}/{rng.randrange(1, 10000)}"
        return str(value)

    parts = [one() for _ in range(rng.randrange(1, 8))]
    return (Run(cut(parts, most), bold=rng.random() < 0.2),)


def write_list_item(rng: Random, most: int) -> Runs:
    head = rng.choice((
        "- ", "+ ", "* ", "• ", "– ", f"{rng.choice('abcdđeghiklmn')}) ", f"{rng.randrange(1, 30)}. ",
        f"({rng.randrange(1, 10)}) ",
        f"{rng.randrange(1, 9)}.{rng.randrange(1, 9)}. ", "☐ ", "□ ", "☑ ", f"Câu {rng.randrange(1, 20)}: ",
    ))  # fmt: skip
    tail = rng.choice((";", ".", ",", ":", "./.", "", ";", " (b/c);", " (để báo cáo);"))
    body = rng.choice(
        (*words.STATE_RECIPIENTS, *words.PARTY_RECIPIENTS, f"Lưu: VT, {rng.choice(ORGANS)}", make_task(rng))
    )
    parts = (head + body).split()
    return (Run(cut(parts, most) + tail, italic=rng.random() < 0.2, bold=rng.random() < 0.06),)


def write_latin(rng: Random, most: int) -> Runs:
    parts = []
    for _ in range(1 + most // 4):
        dice = rng.random()
        if dice < 0.4:
            parts.append(rng.choice(_LATIN))
        elif dice < 0.6:
            parts.append("".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randrange(2, 10))))
        elif dice < 0.7:
            parts.append("".join(rng.choice(string.ascii_uppercase) for _ in range(rng.randrange(2, 7))))
        else:
            parts.append(make_syllable(rng))
    return style(rng, cut(parts, most))


def write_address(rng: Random, most: int) -> Runs:
    """E-mail addresses, sites, telephone numbers."""
    name = (
        "".join(rng.choice(string.ascii_lowercase + "0123456789.") for _ in range(rng.randrange(3, 12))).strip(".")
        or "vt"
    )
    host = "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randrange(2, 10)))
    domain = rng.choice(_DOMAINS)
    text = rng.choice((
        f"{name}@{host}.{domain}", f"Email: {name}@{host}.{domain}", f"www.{host}.{domain}",
        f"https://{host}.{domain}/{name}",
        f"http://{host}.{domain}", f"ĐT: 0{rng.randrange(10**9)}", f"Điện thoại: (024) 3{rng.randrange(10**6):06d}",
        f"Fax: 0{rng.randrange(100, 300)}.{rng.randrange(10**3):03d}.{rng.randrange(10**3):03d}",
        f"Người ký: {make_name(rng)}",
        f"Cơ quan: {rng.choice(words.DEPARTMENTS)[0]}", f"Website: {host}.{domain}",
    ))  # fmt: skip
    return (Run(text[:most].strip(), italic=rng.random() < 0.15),)


def write_random_signs(rng: Random, most: int) -> Runs:
    """Every sign of the alphabet in any company, so that none is unknown and none is guessed from its neighbours."""
    letters = "".join(words.SURNAMES) + string.printable[:94] + "–—‘’“”«»…•°±×÷≤≥§©®€½¼¾²³µ√→☐☑☒■□●○✓≠≈™£¥№·¹←↑↓†✗"
    parts = [
        "".join(rng.choice(letters) for _ in range(rng.randrange(1, 7))) if rng.random() < 0.5 else make_syllable(rng)
        for _ in range(max(1, most // 5))
    ]
    return style(rng, unicodedata.normalize("NFC", cut(parts, most)))


def write_page_number(rng: Random, _most: int) -> Runs:
    text = str(rng.randrange(1, 200))
    return (Run(rng.choice((text, text, f"- {text} -", f"Trang {text}", f"{text}/{rng.randrange(1, 200)}"))),)
