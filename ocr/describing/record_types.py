"""Record type by rules on title, form and layout: each adds evidence, its lead over the next says how likely it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from core.recognition import RecognizedPage, TypeFeatures
from core.text import fold
from ocr.describing.header import ABOUT_MARK, Header, find_header
from ocr.describing.names import PARTY_TYPES, STATE_TYPES
from ocr.describing.rows import Row, rows_of
from ocr.describing.upright import turn_page

_TITLE = "title"
_HEAD = "head"
_ANY = "any"
_ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern over folded text that speaks for a record type.

    where: `title` (rows of capitals), `head` (the first rows), `about` (where a decision's abstract begins) or `any`
    (all of page one).
    """

    record_type: str
    pattern: re.Pattern[str]
    weight: float
    where: str = _HEAD


def _rules(record_type: str, *patterns: tuple[str, float, str]) -> tuple[Evidence, ...]:
    return tuple(Evidence(record_type, re.compile(pattern), weight, where) for pattern, weight, where in patterns)


def _decision(record_type: str, about: str) -> tuple[Evidence, ...]:
    """The abstract begins so; that it says so further on is no more than a doubt."""
    return _rules(record_type, (about, 6, _ABOUT), (rf"(?<!\w)quyet dinh.{{0,120}}?(?:{about})", 2.5, _HEAD))


_EVIDENCE = (
    *_decision("admission_decision", r"ket nap (?:dang vien|nguoi|quan chung|dong chi)"),
    *_decision("full_member_decision", r"cong nhan (?:dang vien )?(?:\w+ ){0,4}(?:dang vien )?chinh thuc"),
    *_decision(
        "party_card_issue", r"(?:phat|cap|doi|cap lai|phat lai|cap doi|thu hoi)(?:,? \w+)? the dang(?! vien du bi)"
    ),
    *_decision("party_badge", r"(?:tang|truy tang|xet tang|trao)(?: thuong)? huy hieu.{0,30}dang"),
    *_decision(
        "commendation",
        r"khen thuong|(?:tang|truy tang)(?: thuong)? (?:giay khen|bang khen|danh hieu|co thi dua|huan|ky niem chuong)",
    ),
    *_decision(
        "discipline",
        r"(?:(?:thi hanh|xu ly|ap dung|giai quyet|xem xet)[ ,]*)?(?:hinh thuc )?ky luat|khai tru.{0,30}dang|xoa ten",
    ),
    *_rules("commendation", (r"(?<!\w)(?:giay khen|bang khen)(?!\w)\W*(?:tang)?\W*$", 4, _TITLE)),
    *_rules(
        "member_card_sheet",
        (r"(?<!\w)phieu dang vien(?!\w)(?! tu tran| chuyen)", 6, _TITLE),
        (r"(?<!\d)2\s?-\s?hs\s?dv", 4, _ANY),
    ),
    *_rules(
        "member_history",
        (r"ly lich (?:cua )?(?:dang vien|nguoi xin vao dang)", 6, _TITLE),
        (r"(?<!\d)1\s?-\s?hs\s?dv|2\s?-\s?knd", 4, _ANY),
    ),
    *_rules(
        "cadre_history",
        (r"so yeu ly lich", 5, _TITLE),
        (r"(?<!\w)2[ac]\s?[-/ ]\s?(?:tctw|bnv|btctw)|(?<!\w)mau 2c(?!\w)|so hieu can bo|so hieu cong chuc", 4, _ANY),
    ),
    *_rules(
        "diploma",
        (r"(?<!\w)bang (?:tot nghiep|cu nhan|ky su|thac si|tien si|bac si|duoc si|cao cap|trung cap)", 6, _TITLE),
        (r"(?<!\w)(?:chung chi|van bang|giay chung nhan tot nghiep)(?!\w)", 3, _TITLE),
        (r"so vao so(?: goc)?(?: cap)?|hinh thuc dao tao|xep loai tot nghiep|nganh dao tao", 2, _ANY),
        (r"so hieu\W", 1, _ANY),
    ),
    *_rules(
        "file_cover",
        (r"(?<!\w)(?:phong luu tru|don vi bao quan)(?!\w)", 2, _TITLE),
        (r"thoi han bao quan|thbq", 3, _ANY),
        (r"(?:tu ngay|tu thang|bat dau).{0,40}(?:den ngay|den thang|ket thuc)", 1, _ANY),
        (r"gom\W.{0,12}to(?!\w)|so (?:luong )?to\W|(?<!\w)phong(?: so)?\W.{0,40}muc luc", 2, _ANY),
        (r"(?<!\w)(?:ho so so|muc luc (?:ho so )?so|hop so)(?!\w)", 2, _ANY),
    ),
    *_rules(
        "membership_transfer",
        (r"gioi thieu sinh hoat dang|giay chuyen sinh hoat dang|phieu cong tac chuyen", 6, _TITLE),
        (r"quyet dinh.{0,40}chuyen sinh hoat dang", 4, _HEAD),
    ),
    *_rules(
        "member_report",
        (r"(?<!\w)phieu bao\W{0,4}(?:ve )?(?:dang vien|chuyen|tu tran|xoa ten|ket nap|cong nhan|ra khoi|doi)",
        6, _HEAD),
        (r"(?<!\w)phieu bao(?!\w)", 2, _TITLE),
    ),
    *_rules(
        "petition",
        (r"(?<!\w)don (?:khieu nai|to cao|kien nghi|phan anh|de nghi|xin|trinh bay|keu cuu|cu mang|xin loi)(?!\w)",
        6, _TITLE),
        (r"toi ten la|ten toi la|toi lam don nay|nguoi (?:lam|viet) don", 1.5, _ANY),
    ),
    *_rules(
        "internal_protection",
        (r"(?:phieu|ket luan|ve|ho so) bao ve chinh tri noi bo|lich su chinh tri", 6, _TITLE),
        (r"tieu chuan chinh tri|chinh tri hien nay", 6, _TITLE),
        (r"ket luan.{0,60}(?:van de|tieu chuan|lich su) (?:lich su )?chinh tri", 6, _HEAD),
        (r"tham tra,? xac minh.{0,30}(?:chinh tri|ly lich)", 5, _TITLE),
        (r"tham tra,? xac minh.{0,30}(?:chinh tri|ly lich)", 5, _HEAD),
    ),
    *_rules(
        "health",
        (r"(?:giay|phieu|so|ho so|ket qua)(?: chung nhan)?(?: kham)? suc khoe|benh an|tom tat benh|giay ra vien",
        6, _TITLE),
        (r"huyet ap|phan loai suc khoe|chan doan", 1, _ANY),
    ),
)  # fmt: skip

_UNTITLED = frozenset(
    {"member_card_sheet", "member_history", "cadre_history", "diploma", "file_cover", "petition", "health"}
)
"""Forms with a name of their own: a document whose title is a listed kind (a notice, a decision) is none of them."""
_SAYS_BODY = re.compile(r"^\W*(can cu|kinh gui|xet|thuc hien|dieu 1)(?!\w)")
_CAPITALS = 0.75
_DECISION = re.compile(r"(?<!\w)quyet dinh\W")
_ABOUT_WORDS = re.compile(r"(?<!\w)(?:v\w{1,2}|viec|quyet dinh)\W{1,3}$")
_CODED = re.compile(r"[-/]\s*[A-ZĐ]")
_SUBJECT = re.compile(r"^\W{0,3}" + ABOUT_MARK)
"""A letter's `V/v`, which stands where other papers have a title."""
_LEADS = (-9.0, 0.6, 1.1, 2.1, 3.1, 4.1, 5.5)
_LIKELY = (0.2, 0.35, 0.5, 0.75, 0.92, 0.95, 0.98)
"""Probability by the evidence's lead over the next type's, from generated papers (benchmarks.describing_forms)."""
_FAINT = 1.0
"""What lies nearer than this to no evidence at all is not likely to be anything."""


def describe_record_type(rows: Sequence[Row], header: Header, has_title: bool) -> tuple[str, float]:
    """The likeliest record type and its probability, from the rows of the first page with text."""
    head = _head_rows(rows, header)
    texts = {
        # A form's first number or date may have been taken for the head's, which then ends below the title.
        _TITLE: " ".join(row.folded for row in rows if row.upper_share > _CAPITALS),
        _HEAD: " ".join(row.folded for row in head),
        _ANY: " ".join(row.folded for row in rows),
    }
    scores: dict[str, float] = {}
    for one in _EVIDENCE:
        if has_title and one.record_type in _UNTITLED:
            continue
        said = _is_about(one.pattern, head) if one.where == _ABOUT else one.pattern.search(texts[one.where])
        if said:
            known = scores.get(one.record_type, 0.0)
            scores[one.record_type] = known + one.weight if one.where == _ANY else max(known, one.weight)
    general = "party_document" if header.form == "party" else "administrative_document"
    scores[general] = _general_evidence(header, has_title)
    ordered = sorted(scores, key=lambda name: -scores[name])
    best = ordered[0]
    second = scores[ordered[1]] if len(ordered) > 1 else 0.0
    # What a paper calls itself speaks louder than that it has a number and a title as all of them have.
    if len(ordered) > 1 and ordered[1] == general:
        second *= 0.2
    lead = min(scores[best] - second, scores[best] - _FAINT)
    return best, _LIKELY[bisect_right(_LEADS, lead) - 1]


def _is_about(pattern: re.Pattern[str], head: Sequence[Row]) -> bool:
    """Whether the abstract of a decision begins so: at a row's start or behind `về việc`. A stamp may be before it."""
    starts = list(accumulate((len(row.folded) + 1 for row in head), initial=0))
    text = " ".join(row.folded for row in head)
    title = _DECISION.search(text)
    return title is not None and any(
        match.start() in starts or _ABOUT_WORDS.search(text, title.end() - 1, match.start())
        for match in pattern.finditer(text, title.end())
    )


def _general_evidence(header: Header, has_title: bool) -> float:
    """A head of one of the two forms, a number, a title: together they leave no doubt, alone they say little."""
    named = has_title or any(_SUBJECT.search(row.folded) for row in header.left)
    return (0.8 if header.form != "other" else 0.2) + (2.2 if _has_code(header) else 0) + (1.5 if named else 0)


def _has_code(header: Header) -> bool:
    return header.number is not None and _CODED.search(header.number.text) is not None


def has_item_for_number(record_type: str, header: Header) -> bool:
    """Whether what seems to be the head's number is a form's own item: `Số LL: 093375` is no document's number."""
    return record_type in _UNTITLED and header.number is not None and not _has_code(header)


def _head_rows(rows: Sequence[Row], header: Header) -> list[Row]:
    """Rows from the head to where the body begins: title and abstract, at most a dozen.

    Body text may speak of anything; only what a document calls itself counts.
    """
    kept: list[Row] = []
    start = header.bottom if header.form != "other" else 0.0
    for row in rows:
        if row.box[3] <= start:
            continue
        if _SAYS_BODY.search(row.folded) or len(kept) >= 12:
            break
        kept.append(row)
    cut = next(
        (at for at, (one, two) in enumerate(pairwise(kept), 1) if two.box[1] - one.box[3] > 3 * two.height and at > 3),
        None,
    )
    return kept[:cut]


_TYPE_NAMES = (*PARTY_TYPES, *STATE_TYPES)
_VOCABULARY = frozenset(
    word
    for text in (*(one.pattern.pattern for one in _EVIDENCE), *map(fold, _TYPE_NAMES))
    for word in re.findall(r"(?<!\\)[a-z]{2,}", text)
)
"""Every word that a rule or a name of a kind has: what a head says beyond them may name a person. Without their order,
for syllables of names are among them too."""


def describe_features(page: RecognizedPage) -> TypeFeatures:
    """What the rules look at on the first page with text, upright or not."""
    rows = rows_of(turn_page(page))
    header = find_header(turn_page(page), rows)
    head = " ".join(row.folded for row in _head_rows(rows, header))
    letters = [letter for row in rows[:12] for letter in row.text if letter.isalpha()]
    return TypeFeatures(
        title_words=tuple(sorted(_VOCABULARY.intersection(re.findall(r"[a-z]+", head)))),
        form=header.form,
        has_number=header.number is not None,
        has_date=header.date is not None,
        rows=len(rows),
        capitals=round(sum(map(str.isupper, letters)) / max(1, len(letters)), 3),
    )
