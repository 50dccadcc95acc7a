"""Faces found on this machine: Times-like ones with every Vietnamese letter, and pen-like ones for values by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from core.errors import SohoaError
from core.text import VIETNAMESE_LETTERS

PACKAGES = (
    "fonts-croscore",
    "fonts-freefont-ttf",
    "fonts-texgyre",
    "fonts-breip",
    "fonts-dkg-handwriting",
    "fonts-klee",
    "fonts-kristi",
)
"""Debian packages that hold the faces; the first serif one and one pen-like one are enough."""

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texmf/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
)
_ABSENT = "\U000f1234"
_SERIF = (
    ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"),
    ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf",
     "LiberationSerif-BoldItalic.ttf"),
    ("FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf"),
    ("texgyretermes-regular.otf", "texgyretermes-bold.otf", "texgyretermes-italic.otf",
     "texgyretermes-bolditalic.otf"),
    ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf", "DejaVuSerif-BoldItalic.ttf"),
)  # fmt: skip
_SANS = (
    ("Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf", "Arimo-BoldItalic.ttf"),
    ("arial.ttf", "arialbd.ttf", "ariali.ttf", "arialbi.ttf"),
    ("FreeSans.ttf", "FreeSansBold.ttf", "FreeSansOblique.ttf", "FreeSansBoldOblique.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf"),
)
_OTHER_SERIF = (
    ("DoulosSIL-Regular.ttf",) * 4,
    ("CharisSIL-Regular.ttf", "CharisSIL-Bold.ttf", "CharisSIL-Italic.ttf", "CharisSIL-BoldItalic.ttf"),
    ("GentiumPlus-Regular.ttf", "GentiumPlus-Bold.ttf", "GentiumPlus-Italic.ttf", "GentiumPlus-BoldItalic.ttf"),
    ("LinLibertine_R.otf", "LinLibertine_RZ.otf", "LinLibertine_RI.otf", "LinLibertine_RZI.otf"),
    ("NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf", "NotoSerif-BoldItalic.ttf"),
    ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf", "DejaVuSerif-BoldItalic.ttf"),
    ("texgyrebonum-regular.otf", "texgyrebonum-bold.otf", "texgyrebonum-italic.otf", "texgyrebonum-bolditalic.otf"),
    ("texgyrepagella-regular.otf", "texgyrepagella-bold.otf", "texgyrepagella-italic.otf",
     "texgyrepagella-bolditalic.otf"),
    ("texgyreschola-regular.otf", "texgyreschola-bold.otf", "texgyreschola-italic.otf",
     "texgyreschola-bolditalic.otf"),
)  # fmt: skip
_TYPEWRITER = (
    ("Cousine-Regular.ttf", "Cousine-Bold.ttf", "Cousine-Italic.ttf", "Cousine-BoldItalic.ttf"),
    ("FreeMono.ttf", "FreeMonoBold.ttf", "FreeMonoOblique.ttf", "FreeMonoBoldOblique.ttf"),
    ("texgyrecursor-regular.otf", "texgyrecursor-bold.otf", "texgyrecursor-italic.otf",
     "texgyrecursor-bolditalic.otf"),
)  # fmt: skip
# femkeklaver is left out: its digits are hollow outlines, which no pen writes.
_PENS = (
    "Breip.ttf", "dkg.ttf", "dkgIt.ttf", "KleeOne-Regular.ttf", "KleeOne-SemiBold.ttf", "Kristi.ttf", "Inkfree.ttf",
)  # fmt: skip


class FontsMissing(SohoaError):
    """No usable face on this machine."""

    code = "fonts_missing"
    exit_code = 3


@dataclass(frozen=True, slots=True)
class Face:
    """The four files of one family."""

    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path

    def path(self, bold: bool, italic: bool) -> Path:
        if bold:
            return self.bold_italic if italic else self.bold
        return self.italic if italic else self.regular


@dataclass(frozen=True, slots=True)
class FontSet:
    """What pages are written with: serif for the text, sans for stamps and forms, pens for values by hand.

    other_serif, typewriter: beside them in lines that a recognizer learns from, which want variety; may be empty.
    """

    serif: tuple[Face, ...]
    sans: tuple[Face, ...]
    pens: tuple[Path, ...]
    other_serif: tuple[Face, ...] = ()
    typewriter: tuple[Face, ...] = ()


@lru_cache(maxsize=512)
def load_font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at a size in pixels per em. Basic layout: the same on every machine, with or without Raqm."""
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)


def has_glyphs(path: Path, letters: str) -> bool:
    """Whether the face draws every one of these letters as something else than its missing-glyph box."""
    font = load_font(path, 32)
    absent = bytes(font.getmask(_ABSENT))
    return all(bytes(font.getmask(letter)) != absent for letter in letters)


def _folders() -> Iterable[Path]:
    windows = os.environ.get("WINDIR")
    places = (*_FOLDERS, f"{windows}/Fonts") if windows else _FOLDERS
    return (Path(place).expanduser() for place in places)


def _find_files(families: Iterable[tuple[str, ...]]) -> dict[str, Path]:
    names = frozenset(name.lower() for family in families for name in family)
    found: dict[str, Path] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*.?tf")) if folder.is_dir() else ():
            if path.name.lower() in names:
                found.setdefault(path.name.lower(), path)
    return found


def _faces(families: tuple[tuple[str, ...], ...], files: dict[str, Path]) -> tuple[Face, ...]:
    faces = []
    for family in families:
        paths = [files.get(name.lower()) for name in family]
        whole = [path for path in paths if path is not None and has_glyphs(path, VIETNAMESE_LETTERS)]
        if len(whole) == 4:
            faces.append(Face(*whole))
    return tuple(faces)


@lru_cache(maxsize=1)
def find_fonts() -> FontSet:
    """The usable faces of this machine, in a fixed order. DejaVu serves only where nothing Times-like is found.

    Raises FontsMissing that names the packages to install.
    """
    files = _find_files((*_SERIF, *_SANS, _PENS))
    serif, sans = _faces(_SERIF, files), _faces(_SANS, files)
    pens = tuple(files[name.lower()] for name in _PENS if name.lower() in files)
    pens = tuple(path for path in pens if has_glyphs(path, "0123456789/abcdeghiklmnopqrstuvxy"))
    for kind, faces in (("serif face with every Vietnamese letter", serif), ("pen-like face", pens)):
        if not faces:
            raise FontsMissing(
                f"No {kind} is installed on this machine.", f"Install some of: apt-get install {' '.join(PACKAGES)}"
            )
    times_like = tuple(face for face in serif if "DejaVu" not in face.regular.name)
    return FontSet(times_like or serif, sans or serif, pens)


@lru_cache(maxsize=1)
def find_varied_fonts() -> FontSet:
    """The same with all other faces for lines, each of which is looked through for its letters. Raises FontsMissing."""
    files = _find_files((*_OTHER_SERIF, *_TYPEWRITER))
    return replace(find_fonts(), other_serif=_faces(_OTHER_SERIF, files), typewriter=_faces(_TYPEWRITER, files))
