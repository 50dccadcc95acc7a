"""Kind and abstract: the title with what stands under it, or `V/v` under a letter's number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from core.recognition import RecognizedPage, Suggestion
from core.syllables import is_syllable
from ocr.describing.abstract_words import WordReader
from ocr.describing.header import ABOUT_MARK, Form, Header, NumberParts
from ocr.describing.names import PARTY_TYPES, STATE_TYPES, fold_name, restore_marks
from ocr.describing.reread import RowReader
from ocr.describing.rows import Row, join_level, middle_x, middle_y, outer_margins, row_pitch, split_row, text_margins
from ocr.describing.suggest import FREE_TEXT, suggest, suggest_lines

_ABOUT = re.compile(r"(?<![^\W\d])(v/v|ve\s?viec|ve)(?!\w)|(?<!\w)veviec(?!\w)")
_LETTER = re.compile(r"(?<!\w)" + ABOUT_MARK)
_PARTY_LETTER = re.compile(r"^\W{0,3}ve\s?viec(?!\w)")
_BODY_STARTS = re.compile(
    r"^\W*(can cu|kinh gui|thuc hien|xet|theo de nghi|dieu 1|phan thu|chuong|thi hanh|quyet nghi|quyet dinh)(?!\w)"
)
_DOUBLED = re.compile(r"([a-z])\1")
"""A letter seen twice, as a stamp's stroke makes it: KẾỀ HOẠCH. No kind's name has one."""
_RULE = re.compile(r"^[\W_]+$")
_STAMPED = re.compile(r"^(?=.*\w)(?:\W|\d|(?:so|ngay|chuyen|den|cong van)(?!\w))*$")
"""A row of the stamp of incoming papers: its labels and what a pen wrote there. A rule is none."""
_STUCK = re.compile(r"^\W*\d[\d/.,:-]*(?=[^\W\d_]{2})|^([^\W\d_])(?=\1[^\W\d_A-Z])")
"""What stuck to the first word: a stamp's number, or a capital seen twice."""
_YEARS = re.compile(
    r"(?<!\w)((?:giai đoạn|nhiệm kỳ|thời kỳ|năm học) (?:19|20)\d\d) (?=(?:19|20)\d\d(?!\d))", re.IGNORECASE
)
"""A range of years that lost its dash to the rule under an abstract."""
_CUT_SHORT = re.compile(r"(?:giai đoạn|nhiệm kỳ|thời kỳ|năm học) (?:19|20)\d\d$", re.IGNORECASE)
"""A range of years without its end: a row may have been lost."""
_HALF_SPACED = re.compile(r"(?<=(?:19|20)\d\d)(?: -|- )(?=(?:19|20)\d\d(?!\d))")
"""A dash between years that lost the space on one side."""
_WIDER = 1.25
"""A row from margin to margin that is so much wider than the one before it begins the body."""
_JUNK = 0.3
"""Confidence up to which a word at a row's end is no word."""
_CENTRED = 0.03
"""Share of the page's width by which a centred row's middle may miss the title's."""
_CLEAR = 0.8
"""Confidence from which a word is as it was read."""
_READ_SURELY, _SURE_TEXT = 0.95, 0.92
"""Confidence of each word from which an abstract has a ceiling above free text's: of 338 such all were right."""
_LOST = 0.8
"""Heights by which a row may begin farther right than a centred one would, before something of it is missing."""
_PITCHES = 1.9
"""A step over this many pitches of the body parts the abstract from what follows."""


@dataclass(frozen=True)
class Title:
    """The row with the kind's name, and where it stands among the page's rows."""

    row: Row
    name: str
    code: str


def find_title(rows: Sequence[Row], header: Header) -> Title | None:
    """The first row of capitals below the head that begins with a listed kind; `QUYẾT ĐỊNH:` of a body is not one."""
    types = PARTY_TYPES if header.form == "party" else STATE_TYPES
    by_fold = {fold_name(name): (name, code) for name, code in types.items()}
    for row in rows:
        if row.box[1] < header.bottom - 0.5 * row.height:
            continue
        for part in split_row(row):
            if part.upper_share < 0.8:
                continue
            # A letter has no title: CÔNG VĂN stands in the stamp of incoming letters.
            letters = _DOUBLED.sub(r"\1", part.letters)
            found = next((one for fold, one in by_fold.items() if _begins(letters, fold) and one[1] != "CV"), None)
            if found is not None:
                return Title(part, *found)
    return None


def _begins(letters: str, fold: str) -> bool:
    return letters == fold or (letters.startswith(fold + " ") and len(letters) < 60)


def describe_type(title: Title | None, parts: NumberParts | None, form: Form) -> Suggestion | None:
    """The kind's code: by the title, proven by the symbol; by the symbol alone; a letter has none in its symbol."""
    in_symbol = parts.symbol.split("/" if form == "party" else "-")[0] if parts and parts.symbol else None
    if title is not None:
        agrees = in_symbol is None or fold_name(in_symbol) == fold_name(title.code).replace("qyd", "qd")
        return suggest("type_code", title.code, title.row, None, 0.97 if agrees else 0.75, "title.kind")
    if parts is None or in_symbol is None:
        return None
    types = PARTY_TYPES if form == "party" else STATE_TYPES
    known = {fold_name(code): code for code in types.values() if fold_name(code) != "cd"}
    code = in_symbol if in_symbol in types.values() else known.get(fold_name(in_symbol))
    if code is None and form == "party":
        return None
    rule = "symbol.kind" if code else "symbol.letter"
    ceiling = 0.9 if code is None else 0.6 if (form, code) == ("party", "QĐ") else 0.8
    return suggest("type_code", code or "CV", parts.row, parts.symbol_span, ceiling, rule)


def describe_abstract(
    page: RecognizedPage,
    rows: Sequence[Row],
    header: Header,
    title: Title | None,
    reread: RowReader | None = None,
    words: WordReader | None = None,
) -> Suggestion | None:
    """The abstract under the title, or a letter's `V/v` in the left column.

    reread: reads a row's place again without what is coloured, where a stamp lies over the beginning of a row. words:
    reads doubtful words again.
    """
    about = next((row for row in header.left if _LETTER.search(row.folded)), None)
    if about is None and title is None and header.form == "party" and header.number is not None:
        below = [row for row in header.left if row.box[1] > header.number.box[1]]
        about = next((row for row in below if _PARTY_LETTER.match(row.folded)), None)
    if about is not None and (title is None or about.box[1] < title.row.box[1]):
        return _letter_abstract(header, about, words)
    if title is None:
        return None
    found = _title_abstract(page, rows, title, reread)
    if not found:
        return None
    found = words.reread(found) if words else found
    value = _HALF_SPACED.sub(" - ", _YEARS.sub(r"\1 - ", _freed(_STUCK.sub("", _joined(found)))))
    value = re.sub(r"^(về)\s?(việc)(?!\w)", r"\1 \2", value, flags=re.IGNORECASE)
    value = restore_marks(
        re.sub(r"^(?!(?-i:về))(?:v[^\W\d_]{1,2}|[eèéẻẽẹêềếểễệ])(?= việc)", "Về", value, flags=re.IGNORECASE)
    )
    value = re.sub(r"^việc ", "Về việc ", value)
    return suggest_lines("abstract", value, found, _ceiling(value, found), "title.abstract")


def _ceiling(value: str, rows: Sequence[Row]) -> float:
    surely = all(word.confidence >= _READ_SURELY for row in rows for word in row.words)
    return _SURE_TEXT if surely and not _CUT_SHORT.search(value) else FREE_TEXT


def _freed(text: str) -> str:
    """The text less a letter that a stamp left before its first word: `Vrà soát`. Only what is no syllable has one."""
    first = text.split(" ", 1)[0]
    stuck = first.isalpha() and first[2:].islower() and not is_syllable(first) and is_syllable(first[1:])
    return text[1:] if stuck else text


def _joined(rows: Sequence[Row]) -> str:
    text = " ".join(row.text for row in rows)
    return re.sub(r"\s+", " ", re.sub(r"[\s\-_*=~.]{3,}$", "", text)).strip(" -_*|‘'`~")


def _letter_abstract(header: Header, first: Row, words: WordReader | None) -> Suggestion | None:
    start = _LETTER.search(first.folded) or _PARTY_LETTER.match(first.folded)
    begun = start.start() if start else 0
    rows = [Row(first.words_between(begun, len(first.text)), first.page)]
    below = [row for row in header.left if row.box[1] > first.box[1]]
    for row in below:
        far = row.box[1] - rows[-1].box[1] > 2.2 * max(row.height, first.height)
        if far or _BODY_STARTS.search(row.folded) or _RULE.match(row.text):
            break
        rows.append(row)
    rows = words.reread(rows) if words else rows
    value = _LETTER.sub("V/v", restore_marks(_joined(rows)).replace("⁄", "/"), count=1)
    value = re.sub(r"^[VvYy]\s?[/l]\s?[vVyY](?!\w)", "V/v", value)
    return suggest_lines("abstract", value, rows, _ceiling(value, rows), "letter.about")


def _title_abstract(page: RecognizedPage, rows: Sequence[Row], title: Title, reread: RowReader | None) -> list[Row]:
    """The centred rows under the title, as far as the first step, rule, or row of the body."""
    centre, slack = middle_x(title.row.box), _CENTRED * page.width
    left, _ = text_margins(rows)
    outer = outer_margins(rows)
    below = [
        row for row in rows
        if middle_y(row.box) > middle_y(title.row.box) + 0.6 * title.row.height and row.words != title.row.words
        and not _STAMPED.match(row.folded)
    ]  # fmt: skip
    pitch = max(row_pitch(rows), 1.1 * title.row.height)
    found: list[Row] = []
    last = title.row
    for row in join_level(below):
        trimmed = _without_stamp(row, left, page.width, not found)
        trimmed = trimmed and _centred(trimmed, centre, slack)
        if trimmed is None or trimmed.box[2] < centre - slack:
            continue  # a stamp beside the abstract
        step = trimmed.words[-1].box[1] - last.words[-1].box[1]
        if step > _PITCHES * pitch or _BODY_STARTS.search(trimmed.folded) or _RULE.match(trimmed.text):
            break
        if reread is not None:
            trimmed = _reread_under_stamp(trimmed, centre, left, reread)
        off_centre = abs(middle_x(trimmed.box) - centre) > slack or _is_indented(trimmed, outer, slack)
        fills = trimmed.box[2] > outer[1] - 0.015 * page.width and off_centre
        if found and _is_body(trimmed, found[-1], outer, slack):
            break
        if (off_centre and (found or fills)) or (found and trimmed.upper_share > 0.8 and found[-1].upper_share < 0.6):
            break
        found.append(trimmed)
        last = trimmed
    return found


def _is_body(row: Row, before: Row, margins: tuple[int, int], slack: float) -> bool:
    """Whether a row fills the page's width under a centred one that does not."""
    width, its = (one.box[2] - one.box[0] for one in (row, before))
    return abs(row.box[2] - margins[1]) < slack / 2 and row.box[0] < margins[0] + slack and width > _WIDER * its


def _is_indented(row: Row, margins: tuple[int, int], slack: float) -> bool:
    """Whether a row runs to the right margin but begins off the left one, as the first of a paragraph does."""
    to_right = margins[1] - row.box[2]
    return abs(to_right) < slack / 2 and row.box[0] - margins[0] - to_right > slack


def _reread_under_stamp(row: Row, centre: float, left: float, reread: RowReader) -> Row:
    """A row whose beginning a stamp hid, or stuck to, read again as far left of the middle as it reaches right; else as
    it is.
    """
    x1 = row.box[2]
    start = round(2 * centre) - x1
    begins = row.box[0] - start
    whole = [word for word in row.words if word.confidence > _CLEAR and word.box[0] > start - row.height]
    hidden = row.words[0].confidence < _CLEAR or abs(begins) > _LOST * row.height
    if not whole or not hidden or start < left - row.height or x1 - start < 2 * row.height:
        return row
    top, bottom = (round(median(word.box[at] for word in whole)) for at in (1, 3))
    pad = round(0.5 * row.height)
    again = reread(row, (start - pad, top - pad // 3, x1 + pad, bottom + pad // 3))
    agrees = again.words[-1].text == row.words[-1].text and len(again.words) >= len(whole)
    return again if agrees else row


def _centred(row: Row, centre: float, slack: float) -> Row:
    """The parts of a row, between wide gaps, that stand centred under the title, where the whole row does not.

    A stamp of incoming papers may stand on one level with the abstract.
    """
    if abs(middle_x(row.box) - centre) <= slack:
        return row
    parts = split_row(row)
    runs = [parts[start:end] for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    joined = [Row(tuple(word for part in run for word in part.words), row.page) for run in runs]
    fitting = [one for one in joined if abs(middle_x(one.box) - centre) <= slack]
    return max(fitting, key=lambda one: one.box[2] - one.box[0], default=row)


def _says(text: str) -> bool:
    return text in "-–" or any(one.isalnum() for one in text)


def _trim(row: Row) -> Row | None:
    """The row without what was hardly read at its ends: the frame of a stamp, a pen's stroke."""
    sure = [at for at, word in enumerate(row.words) if word.confidence > _JUNK]
    return Row(row.words[sure[0] : sure[-1] + 1], row.page) if sure else None


def _without_stamp(row: Row, left: int, width: int, first: bool) -> Row | None:
    """The row less what an incoming stamp or a pen left in the margin, and less junk before `Về việc`."""
    kept = row.keep(lambda word: word.box[0] >= left - 0.03 * width and _says(word.text))
    kept = kept and _trim(kept)
    if kept is None or not first:
        return kept if kept is None or kept.confidence > 0.45 else None
    found = _ABOUT.search(kept.folded)
    if found and found.start() > 0 and kept.text[: found.start()].strip():
        before = kept.words_between(0, found.start())
        wordless = not any(map(str.isalpha, kept.text[: found.start()]))
        if (
            wordless
            or row.confidence < 0.9
            or before[-1].box[2] + row.height < kept.words_between(*found.span())[0].box[0]
        ):
            return Row(kept.words_between(found.start(), len(kept.text)), kept.page)
    return kept
