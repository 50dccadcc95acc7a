"""PDFs that carry text, as offices have them: from word processors, from scanners that read, in old encodings."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
A4 = (595, 842)
TEXT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 15/QĐ-UBND ngày 26 tháng 11 năm 2025",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Xét đề nghị của Giám đốc Sở Nội vụ về việc hướng dẫn thực hiện nghiệp vụ lưu trữ",
    "ở các cơ quan nhà nước, người đứng đầu đơn vị chịu trách nhiệm trước cấp trên.",
    "Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc của Ủy ban nhân dân tỉnh.",
)
TCVN3 = (
    "Céng hßa x· héi chñ nghÜa ViÖt Nam",
    "§éc lËp - Tù do - H¹nh phóc",
    "Sè: 15/Q§-UBND ngµy 26 th¸ng 11 n¨m 2025",
    "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph\u00ad¬ng ngµy 19 th¸ng 6 n¨m 2015;",
    "XÐt ®Ò nghÞ cña Gi¸m ®èc Së Néi vô vÒ viÖc h\u00adíng dÉn thùc hiÖn nghiÖp vô l\u00adu tr÷",
    "ë c¸c c¬ quan nhµ n\u00adíc, ng\u00adêi ®øng ®Çu ®¬n vÞ chÞu tr¸ch nhiÖm tr\u00adíc cÊp trªn.",
)
VNI = (
    "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM",
    "Ñoäc laäp - Töï do - Haïnh phuùc",
    "Soá: 15/QÑ-UBND ngaøy 26 thaùng 11 naêm 2025",
    "Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông ngaøy 19 thaùng 6 naêm 2015;",
    "Xeùt ñeà nghò cuûa Giaùm ñoác Sôû Noäi vuï veà vieäc höôùng daãn thöïc hieän nghieäp vuï löu tröõ",
)


def write_text_pdf(path: Path, lines: Sequence[str] = TEXT, *, invisible: bool = False, size: float = 11) -> Path:
    """A page as a word processor makes it: an embedded font and Unicode text, from 2 cm below the top."""
    pdf = pdfium.PdfDocument.new()
    page = pdf.new_page(*A4)
    data = FONT.read_bytes()
    font = pdfium.raw.FPDFText_LoadFont(pdf, (ctypes.c_uint8 * len(data))(*data), len(data), 2, True)
    for row, line in enumerate(lines):
        drawn = pdfium.raw.FPDFPageObj_CreateTextObj(pdf, font, size)
        encoded = (line + "\0").encode("utf-16-le")
        pdfium.raw.FPDFText_SetText(drawn, ctypes.cast(encoded, pdfium.raw.FPDF_WIDESTRING))
        if invisible:
            pdfium.raw.FPDFTextObj_SetTextRenderMode(drawn, pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        pdfium.raw.FPDFPageObj_Transform(drawn, 1, 0, 0, 1, 60, A4[1] - 60 - 22 * row)
        pdfium.raw.FPDFPage_InsertObject(page, drawn)
    page.gen_content()
    pdf.save(path)
    pdf.close()
    return path


def write_latin_pdf(path: Path, lines: Sequence[str], font: str = "Times-Roman") -> Path:
    """A page whose letters are Latin-1 codes in a font of that name, as old word processors made them."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=A4)
    name = pikepdf.Name("/" + font)
    entry = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=name, Encoding=pikepdf.Name.WinAnsiEncoding
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(entry)))
    shown = [
        b"BT /F 11 Tf 60 %d Td <%s> Tj ET" % (A4[1] - 60 - 22 * row, line.encode("latin-1").hex().encode())
        for row, line in enumerate(lines)
    ]
    page.obj.Contents = pikepdf.Stream(pdf, b"\n".join(shown))
    pdf.save(path)
    return path


def add_picture(path: Path, picture: Image.Image, place: tuple[float, float, float, float]) -> Path:
    """Draws a picture on the first page, below what is there. place: x, y, width, height in points from the bottom."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        out = io.BytesIO()
        picture.convert("L").save(out, "JPEG", quality=90)
        image = pikepdf.Stream(
            pdf,
            out.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.obj.Resources.XObject = pikepdf.Dictionary(Scan=image)
        x, y, width, height = place
        page.contents_add(f"q {width} 0 0 {height} {x} {y} cm /Scan Do Q".encode(), prepend=True)
        pdf.save(path)
    return path


def draw_lines(lines: Sequence[str], size: tuple[int, int], height: int = 40) -> Image.Image:
    """Lines of text as a scan shows them."""
    image = Image.new("L", size, 255)
    font = ImageFont.truetype(FONT, height)
    for row, line in enumerate(lines):
        ImageDraw.Draw(image).text((height, height + 2 * height * row), line, fill=20, font=font)
    return image


def rotate(path: Path, degrees: int) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = degrees
        pdf.save(path)
    return path
