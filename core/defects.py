"""The defects of a page image: the figure that shows each, from where on it is one, and what to do about it.

Thresholds are set where `benchmarks/defects.py` tells generated pages with a defect from those without, and so that no
sound scan is complained of.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from core.recognition import PageQuality


@dataclass(frozen=True, slots=True)
class DefectRule:
    """A defect. figure: the attribute of PageQuality that shows it. limit: a figure beyond it is a defect.

    below: beyond means under. least: a figure under it says nothing (there is no text to measure).
    """

    name: str
    figure: str
    limit: float
    unit: str
    vietnamese: str
    advice: str
    """In Vietnamese, for who scans."""
    english_advice: str
    below: bool = False
    least: float = 0.0

    def measure(self, quality: PageQuality) -> float:
        """The figure of a page."""
        return float(getattr(quality, self.figure))

    def holds(self, quality: PageQuality) -> bool:
        """Whether the page has this defect."""
        value = self.measure(quality)
        return self.least < value < self.limit if self.below else value > self.limit


_RULES = (
    DefectRule(
        "blurry", "edge_width", 3.9, "px / 300 dpi", "Ảnh bị mờ",
        "Lau mặt kính, ép phẳng giấy và quét lại.",
        "Clean the glass, press the sheet flat and scan it again.",
    ),
    DefectRule(
        "noisy", "noise", 8.0, "mức xám", "Ảnh nhiều nhiễu",
        "Giảm độ nhạy hoặc tăng độ phân giải, tắt chế độ nháp rồi quét lại.",
        "Lower the gain or raise the resolution, turn off draft mode and scan it again.",
    ),
    DefectRule(
        "dark", "brightness", 110.0, "mức xám", "Ảnh quá tối",
        "Tăng độ sáng của máy quét và quét lại.",
        "Raise the scanner's brightness and scan it again.", below=True,
    ),
    DefectRule(
        "faint", "ink_level", 0.55, "so với giấy", "Chữ quá nhạt",
        "Tăng độ tương phản, quét xám 8 bit hoặc màu, không quét đen trắng.",
        "Raise the contrast; scan in grey or colour, not in black and white.",
    ),
    DefectRule(
        "text_too_small", "text_height", 16.0, "px / 300 dpi", "Chữ quá nhỏ",
        "Quét ở 300 dpi trở lên; bản thu nhỏ thì tìm bản gốc.",
        "Scan at 300 dpi or more; where it is a reduced copy, find the original.", below=True,
    ),
    DefectRule(
        "document_cut_off", "cut_sides", 0.0, "cạnh", "Trang giấy nằm ngoài khung ảnh",
        "Đặt lại giấy cho đủ bốn cạnh trong khung và quét lại.",
        "Lay the sheet so that all four sides are in the picture and scan it again.",
    ),
    DefectRule(
        "text_cut_off", "cut_letters", 5.0, "chữ ở mép", "Chữ bị cắt ở mép ảnh",
        "Chọn khổ giấy lớn hơn hoặc dịch giấy vào trong và quét lại.",
        "Choose a larger paper size or move the sheet inwards and scan it again.",
    ),
    DefectRule(
        "glare", "glare", 0.05, "phần trang", "Ảnh bị lóa",
        "Tắt đèn chớp, đổi hướng ánh sáng và chụp lại; tốt nhất là dùng máy quét.",
        "Turn off the flash, move the light and take it again; best, use a scanner.",
    ),
)  # fmt: skip
DEFECTS = MappingProxyType({rule.name: rule for rule in _RULES})
"""Name → rule, in the order in which they are told."""


def find_defects(quality: PageQuality) -> tuple[str, ...]:
    """The names of the defects that the figures amount to."""
    return tuple(rule.name for rule in _RULES if rule.holds(quality))
