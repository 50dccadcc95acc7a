"""Which letters make a Vietnamese syllable, and how much of a text does: garbage is told by its spelling.

A syllable is onset + rime + tone, as the spelling rules allow (Thompson, A Vietnamese Reference Grammar, 1965).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_FRONT = "eêiy"
_ONSETS = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
_BEFORE_FRONT = ("gh", "ngh", "k")
_BEFORE_BACK = ("c", "g", "ng")
_OPEN = """a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu iêu oa oai oao oay oe oeo oi ôi ơi ua uâ uây ui uê uy uyu
    uôi uya uơ ưa ưi ưu ươi ươu yêu"""
_NASAL = """am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh iêm iên iêng im in inh om on ong oam oan oang oanh oăm
    oăn oăng oen oong ôm ôn ông ôông ơm ơn um un ung uân uâng uênh uôm uôn uông uyên uyn uynh ưm ưn ưng ươm ươn ương yêm
    yên yêng"""
_STOPPED = """ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich iêc iêp iêt ip it oac oach oap oat oăc oăt oc oet
    ooc op ot ôc ôp ôt ơp ơt uât uc up ut uêch uôc uôt uych uyêt uyt ưc ưt ươc ươp ươt yêt"""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOP_TONES = frozenset("\u0301\u0323")
_VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"
_EITHER = ("oa", "oe", "uy")
"""Open rimes whose tone stands on either vowel: hòa or hoà."""

_PIECES = re.compile(r"[\s\-–—/.,;:()\[\]\"'“”‘’…*+=|•·°%&!?<>]+")
_UNIT = re.compile(r"\d+[a-zđ]{1,3}\d{0,2}", re.IGNORECASE)
"""7h30, 2a, 200m2."""
_LONGEST_ABBREVIATION = 8

_FEWEST_WORDS = 8
_LEGAL = 0.85
_WITH_MARKS = 0.45
"""Of the syllables of a running text some seven in ten carry a mark; one that lost its marks is no Vietnamese text."""


@cache
def _bases() -> dict[str, tuple[frozenset[int], bool]]:
    """Every syllable without its tone → the places where a tone may stand, and whether a stop ends it."""
    made: dict[str, tuple[frozenset[int], bool]] = {}
    for rimes, stopped in ((_OPEN, False), (_NASAL, False), (_STOPPED, True)):
        for rime in rimes.split():
            places = _tone_places(rime)
            for onset in _ONSETS:
                if _may_follow(onset, rime):
                    made[onset + rime] = frozenset(len(onset) + at for at in places), stopped
    for rime, tail in (("i", ""), ("in", "n"), ("iêng", "êng"), ("iêc", "êc")):  # gi + i is written with one i: gì
        made["gi" + tail] = frozenset({1 if not tail or tail == "n" else 2}), rime == "iêc"
    return made


def _may_follow(onset: str, rime: str) -> bool:
    front = rime[0] in _FRONT
    if onset in _BEFORE_FRONT:
        return front or (onset == "k" and rime in ("a", "an", "on", "ông"))  # Kạn, Kon
    if onset in _BEFORE_BACK:
        return not front
    if onset == "qu":
        return rime[0] not in "uưo" or rime in ("ôc", "ông")
    if onset == "gi":
        return rime[0] not in "iy"
    return not (onset and rime.startswith("yê"))


def _tone_places(rime: str) -> frozenset[int]:
    vowels = [at for at, letter in enumerate(rime) if letter in _VOWELS]
    marked = [at for at in vowels if rime[at] in _MARKED]
    if marked:
        return frozenset({marked[-1]})
    if rime in _EITHER:
        return frozenset(vowels)
    if len(vowels) == 1:
        return frozenset(vowels)
    if len(vowels) == 3 or vowels[-1] != len(rime) - 1:
        return frozenset({vowels[1]})
    return frozenset({vowels[0]})


def is_syllable(word: str) -> bool:
    """Whether the word, in any case, is a syllable that the spelling rules allow; both styles of tone placement."""
    base: list[str] = []
    tones: list[tuple[int, str]] = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        if letter in _TONES:
            tones.append((len(base) - 1, letter))
        elif unicodedata.combining(letter) and base:
            base[-1] = unicodedata.normalize("NFC", base[-1] + letter)
        else:
            base.append(letter)
    known = _bases().get("".join(base))
    if known is None or len(tones) > 1:
        return False
    places, stopped = known
    if not tones:
        return not stopped or word.isascii()  # without marks a text may still spell its syllables
    (place, tone) = tones[0]
    return place in places and (not stopped or tone in _STOP_TONES)


@dataclass(frozen=True, slots=True)
class TextJudgement:
    """How Vietnamese a text is. words: those that count. legal: the share of them that are syllables. marked: the share
    of these syllables that carry a mark."""

    words: int
    legal: float
    marked: float

    @property
    def vietnamese(self) -> bool:
        """Whether it can be taken for what a person wrote."""
        return self.words >= _FEWEST_WORDS and self.legal >= _LEGAL and self.marked >= _WITH_MARKS


def judge_text(text: str) -> TextJudgement:
    """Counts the syllables of a text. Numbers, symbols, codes, abbreviations and single letters count for nothing."""
    legal = marked = words = 0
    for piece in _PIECES.split(unicodedata.normalize("NFC", text)):
        known = judge_piece(piece)
        if known is None:
            continue
        words += 1
        legal += known
        marked += known and not piece.isascii()
    return TextJudgement(words, legal / words if words else 0.0, marked / legal if legal else 0.0)


def judge_piece(piece: str) -> bool | None:
    """Whether a run of signs between spaces and dashes is a syllable; None where it need not be one."""
    if not any(letter.isalpha() for letter in piece):
        return None
    if piece.isalpha() and not (len(piece) == 1 and piece.isascii()) and is_syllable(piece):
        return True
    if len(piece) == 1 or _UNIT.fullmatch(piece):
        return None
    if piece.isalnum() and piece == piece.upper() and len(piece) <= _LONGEST_ABBREVIATION:
        return None
    return False


@cache
def list_syllables() -> tuple[str, ...]:
    """Every syllable that the spelling rules allow, lower case, NFC, in both styles of tone placement."""
    made = set()
    for base, (places, stopped) in _bases().items():
        tones = sorted(_STOP_TONES if stopped else _TONES)
        made |= {
            unicodedata.normalize("NFC", base[: place + 1] + tone + base[place + 1 :])
            for place in places
            for tone in tones
        }
        if not stopped:
            made.add(base)
    return tuple(sorted(made))
