"""Lines of forms and heads on which people write: labels, dots, numbers and dates by pen."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from synthesis import vocabulary as words
from synthesis.line_runs import ORGANS, SYMBOLS, Run, Runs, cut, make_syllable
from synthesis.texts import make_commune, make_date, make_name

_FORM_LABELS = (
    "Họ và tên", "Họ và tên khai sinh", "Ngày sinh", "Nơi sinh", "Quê quán", "Dân tộc", "Tôn giáo", "Trình độ văn hóa",
    "Ngày vào Đảng", "Ngày chính thức", "Số thẻ đảng viên", "Số CCCD", "Nơi ở hiện nay", "Nghề nghiệp", "Chức vụ",
    "Đơn vị công tác", "Giáo dục phổ thông", "Lý luận chính trị", "Ngoại ngữ", "Chi bộ", "Đảng bộ", "Giới thiệu 1",
    "Số lý lịch", "Điện thoại", "Bí danh", "Tên gọi khác", "Hoàn cảnh gia đình", "Cha", "Mẹ", "Vợ (chồng)", "Ghi chú",
)  # fmt: skip
_NUMBER_LABELS = ("Số:", "Số", "Số :", "SỐ:", "Quyển số:", "Vào sổ số:", "Hồ sơ số:", "Số đăng ký:", "Số lưu:")


def write_form(rng: Random, most: int) -> Runs:
    """A label, dots to write on, perhaps a printed value on them."""
    label = Run(f"{rng.randrange(1, 31)}. {rng.choice(_FORM_LABELS)}:"[: most // 2 + 8])
    value = Run(cut(make_name(rng).split(), most), bold=rng.random() < 0.3)
    return rng.choice((
        (label, Run("", leader=True)),
        (label, Run("", leader=True), value, Run("", leader=True)),
        (label, value, Run("", leader=True)),
        (Run("", leader=True), value),
    ))  # fmt: skip


def make_own_number(rng: Random) -> str:
    """A document's number as people write it: mostly two or three digits, small ones with a zero."""
    digits = rng.choices((1, 2, 3, 4), (10, 38, 36, 16))[0]
    number = rng.randrange(10 ** (digits - 1), 10**digits)
    return f"{number:02d}" if rng.random() < 0.8 else str(number)


def write_pen_number(rng: Random, _most: int) -> Runs:
    """`Số: 15 /QĐ-UBND` or `Số 127-QĐ/TW`, the number by pen or not yet there."""
    label = Run(rng.choice(_NUMBER_LABELS[:4] if rng.random() < 0.9 else _NUMBER_LABELS), bold=rng.random() < 0.06)
    number = make_own_number(rng) + (rng.choice("abAB") if rng.random() < 0.02 else "")
    state = rng.random() < 0.7
    mark, between = ("/", "-") if state else ("-", "/")
    kind, organ = rng.choice(SYMBOLS), rng.choice(ORGANS)
    if state and rng.random() < 0.3:
        kind = rng.choice(ORGANS)
    symbol = Run(f"{mark}{kind}{between}{organ}", bold=label.bold, glued=rng.random() < 0.6)
    if state and rng.random() < 0.1:
        symbol = replace(symbol, text=f"/{rng.randrange(1995, 2027)}{symbol.text}")
    leader = (Run("", leader=True),) if rng.random() < 0.12 else ()
    if rng.random() < 0.06:
        return (label, *leader, replace(symbol, glued=False))
    return (label, *leader, Run(number, pen=True), symbol)


def write_pen_date(rng: Random, _most: int) -> Runs:
    """`Hà Nội, ngày 12 tháng 3 năm 2024`, any of day, month and the year's last digits by pen or left open."""
    day = make_date(rng, 1990, 2027)
    style = Run("", italic=rng.random() < 0.85, bold=rng.random() < 0.04)
    place = (
        f"{rng.choice((*words.CITIES, *words.PROVINCES, make_commune(rng)))}, ngày" if rng.random() < 0.85 else "ngày"
    )
    if rng.random() < 0.1:
        place = "Ngày"
    days = f"{day.day:02d}" if rng.random() < 0.7 else str(day.day)
    months = f"{day.month:02d}" if day.month < 3 or rng.random() < 0.4 else str(day.month)
    by_pen = rng.random() < 0.85
    runs: list[Run] = [replace(style, text=place)]
    if rng.random() < 0.95:
        runs.append(replace(style, text=days, pen=by_pen))
    runs.append(replace(style, text="tháng"))
    if rng.random() < 0.95:
        runs.append(replace(style, text=months, pen=by_pen and rng.random() < 0.6))
    runs.append(replace(style, text="năm"))
    year = str(day.year)
    if rng.random() < 0.1:
        runs += [replace(style, text=year[:3]), replace(style, text=year[3], pen=True, glued=True)]
    else:
        runs.append(replace(style, text=year, pen=rng.random() < 0.06))
    return tuple(runs)


def write_pen_form(rng: Random, most: int) -> Runs:
    """A form's printed label and a pen-written value, on dots or on nothing."""
    label = Run(f"{rng.choice(_FORM_LABELS)}:")
    day = make_date(rng, 1930, 2026)
    value = rng.choice((
        make_name(rng), f"{day.day}/{day.month}/{day.year}", f"{day.day}.{day.month}.{day.year}",
        str(rng.randrange(10**8)), make_commune(rng), " ".join(make_syllable(rng) for _ in range(rng.randrange(1, 5))),
    ))  # fmt: skip
    leader = (Run("", leader=True),) if rng.random() < 0.5 else ()
    pen = Run(cut(value.split(), most), pen=True)
    return (label, pen, *leader) if rng.random() < 0.8 else (pen,)
