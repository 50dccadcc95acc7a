"""Record type by rules on title, form and words: each adds evidence, its share of all evidence is the probability."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.recognition import RecognizedPage, TypeFeatures
from core.text import fold
from ocr.describing.header import Header, find_header
from ocr.describing.names import PARTY_TYPES, STATE_TYPES
from ocr.describing.rows import Row, rows_of
from ocr.describing.upright import turn_page

_HEAD = "head"
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern over folded text that speaks for a record type. where: `head` (the first rows) or `any` (page one)."""

    record_type: str
    pattern: re.Pattern[str]
    weight: float
    where: str = _HEAD


def _rules(record_type: str, *patterns: tuple[str, float, str]) -> tuple[Evidence, ...]:
    return tuple(Evidence(record_type, re.compile(pattern), weight, where) for pattern, weight, where in patterns)


_EVIDENCE = (
    *_rules(
        "admission_decision",
        (r"quyet dinh.{0,60}ket nap.{0,20}(dang vien|nguoi|quan chung|vao dang)"
            r"|ve (viec )?ket nap (dang vien|nguoi)", 6, _HEAD),
    ),
    *_rules("full_member_decision", (r"(ve (viec )?|quyet dinh.{0,40})cong nhan dang vien chinh thuc", 6, _HEAD)),
    *_rules(
        "member_card_sheet",
        (r"(?<!\w)phieu dang vien(?!\w)", 5, _HEAD),
        (r"(?<!\d)2\s?-\s?hs\s?dv", 5, _ANY),
    ),
    *_rules(
        "member_history",
        (r"ly lich (cua )?(dang vien|nguoi xin vao dang)", 5, _HEAD),
        (r"(?<!\d)1\s?-\s?hs\s?dv|2\s?-\s?knd", 5, _ANY),
    ),
    *_rules(
        "cadre_history",
        (r"so yeu ly lich", 3, _HEAD),
        (r"(?<!\w)(mau )?2c(?!\w)|2c-(tctw|bnv|btctw)|so hieu can bo", 4, _ANY),
    ),
    *_rules(
        "diploma",
        (r"^(.{0,160}\s)?bang (tot nghiep|cu nhan|ky su|thac si|tien si|bac si|cao cap)|(cap|trao) bang", 4, _HEAD),
        (r"so hieu.{0,40}(vao so|so vao so)|so vao so( goc)? cap bang|hinh thuc dao tao", 4, _ANY),
        (r"(?<!\w)(chung chi|van bang|giay chung nhan tot nghiep)(?!\w).{0,20}$", 1, _HEAD),
    ),
    *_rules(
        "file_cover",
        (r"thoi han bao quan|thbq", 3, _ANY),
        (r"(tu ngay|tu thang|bat dau).{0,30}(den ngay|den thang|ket thuc)", 2, _ANY),
        (r"gom\W.{0,12}to(?!\w)|so (luong )?to\W|(?<!\w)phong( so)?\W.{0,40}muc luc", 3, _ANY),
        (r"(?<!\w)(ho so so|don vi bao quan|muc luc (ho so )?so|hop so)(?!\w)", 2, _ANY),
    ),
    *_rules(
        "membership_transfer",
        (r"gioi thieu sinh hoat dang|chuyen sinh hoat dang|phieu cong tac chuyen", 6, _HEAD),
    ),
    *_rules("party_card_issue", (r"(phat|cap|doi|cap lai|phat lai).{0,12}the dang(?! vien du)", 6, _HEAD)),
    *_rules("party_badge", (r"(tang|truy tang|xet tang|de nghi tang|trao).{0,12}huy hieu.{0,30}dang", 7, _HEAD)),
    *_rules(
        "commendation",
        (r"(ve (viec )?|quyet dinh.{0,30})(khen thuong|tang (thuong )?(giay khen|bang khen|danh hieu"
            r"|co thi dua|huan))", 6, _HEAD),
        (r"^(.{0,120}\s)?(giay khen|bang khen)(?!\w).{0,60}$", 3, _HEAD),
    ),
    *_rules(
        "discipline",
        (r"(thi hanh|xu ly|ap dung|quyet dinh|hinh thuc|ve (viec )?)\s?.{0,20}ky luat.{0,80}(dang vien"
            r"|dong chi|ong|ba|khien trach|canh cao|cach chuc|khai tru|to chuc dang)", 6, _HEAD),
        (r"khai tru.{0,20}(ra khoi )?dang", 5, _HEAD),
    ),
    *_rules(
        "member_report",
        (r"(?<!\w)phieu bao (dang vien|chuyen|tu tran|xoa ten|ket nap|cong nhan|ra khoi)", 6, _HEAD),
    ),
    *_rules(
        "petition",
        (r"(?<!\w)don (khieu nai|to cao|kien nghi|phan anh|de nghi|xin|trinh bay|keu cuu)(?!\w)", 5, _HEAD),
        (r"toi ten la|toi lam don nay|nguoi lam don", 3, _ANY),
    ),
    *_rules(
        "internal_protection",
        (r"bao ve chinh tri noi bo|van de (lich su )?chinh tri|tieu chuan chinh tri|(lich su"
            r"|chinh tri) hien nay", 5, _HEAD),
        (r"tham tra,? xac minh.{0,30}(chinh tri|ly lich)", 4, _HEAD),
    ),
    *_rules(
        "health",
        (r"(giay|phieu|so|ho so|ket qua) (chung nhan )?(kham )?suc khoe|(benh an|tom tat benh"
            r"|giay ra vien)|giay chung nhan suc khoe", 6, _HEAD),
        (r"nhom mau|huyet ap|phan loai suc khoe|chan doan", 2, _ANY),
    ),
)  # fmt: skip

_UNTITLED = frozenset(
    {"member_card_sheet", "member_history", "cadre_history", "diploma", "file_cover", "petition", "health"}
)
"""Forms with a name of their own: a document whose title is a listed kind (a notice, a decision) is none of them."""
_SAYS_BODY = re.compile(r"^\W*(can cu|kinh gui|xet|thuc hien|dieu 1)(?!\w)")


def describe_record_type(rows: Sequence[Row], header: Header, has_title: bool) -> tuple[str, float]:
    """The likeliest record type and its probability, from the rows of the first page with text."""
    head = _head_text(rows, header)
    everything = " ".join(row.folded for row in rows)
    scores: dict[str, float] = {}
    for one in _EVIDENCE:
        if has_title and one.record_type in _UNTITLED:
            continue
        if one.pattern.search(head if one.where == _HEAD else everything):
            scores[one.record_type] = scores.get(one.record_type, 0.0) + one.weight
    has_form = header.form != "other"
    general = "party_document" if header.form == "party" else "administrative_document"
    scores[general] = (1.5 if has_form else 0.4) + (1.5 if header.number else 0) + (0.5 if has_title else 0)
    best = max(scores, key=lambda name: scores[name])
    # One unit of evidence always stands for what no rule knows.
    return best, round(scores[best] / (sum(scores.values()) + 0.4), 3)


def _head_text(rows: Sequence[Row], header: Header) -> str:
    """Folded text from the head to where the body begins: title and abstract, at most a dozen rows.

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
    return " ".join(row.folded for row in kept[:cut])


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
    head = _head_text(rows, header)
    letters = [letter for row in rows[:12] for letter in row.text if letter.isalpha()]
    return TypeFeatures(
        title_words=tuple(sorted(_VOCABULARY.intersection(re.findall(r"[a-z]+", head)))),
        form=header.form,
        has_number=header.number is not None,
        has_date=header.date is not None,
        rows=len(rows),
        capitals=round(sum(map(str.isupper, letters)) / max(1, len(letters)), 3),
    )
