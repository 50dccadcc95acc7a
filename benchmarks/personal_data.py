"""Personal values in generated papers and in text of offices: recall by kind, precision, and time.

usage: python -m benchmarks.personal_data [--papers N] [--forms N] [--seed S] [--corpus FILE]

Papers are running text of offices with values of persons among their numbers, dates and money; forms are the
generator's rendered papers about a person, by their ground truth, and its administrative ones. The corpus is text in
which no person's value stands: whatever is found there counts against precision. What is less sure is masked only and
counts for nothing here.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from core.personal_data import SURE, PersonalKind
from core.recognition import PageQuality, RecognizedLine, RecognizedPage, RecognizedWord
from ocr.describing.personal_data import find_personal_data
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.personal import make_diploma, make_file_cover, make_member_card_sheet, make_membership_decision
from synthesis.texts import Person, make_date, make_paragraph, make_person, make_task, write_date
from synthesis.truth import RenderedDocument, RenderedPage

_WORDS_A_ROW, _ROWS_A_PAGE, _WIDTH, _HEIGHT = 13, 42, 2480, 3508
_TOGETHER = "\u00a0"
_QUALITY = PageQuality(900.0, 200.0, 240.0, 1.0, 0.0, 30.0)
NUMBERS = frozenset(
    {
        PersonalKind.CITIZEN_NUMBER,
        PersonalKind.IDENTITY_CARD,
        PersonalKind.PARTY_CARD,
        PersonalKind.PHONE,
        PersonalKind.PASSPORT,
    }
)

Wanted = list[tuple[PersonalKind, str]]
"""What a page says of persons: the kind, and the value as it is printed."""


@dataclass
class Tally:
    """Values wanted, found among them, findings beyond them by kind; pages and processor seconds."""

    wanted: Counter[PersonalKind] = field(default_factory=Counter)
    right: Counter[PersonalKind] = field(default_factory=Counter)
    beyond: Counter[PersonalKind] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0

    def add(self, page: RecognizedPage, wanted: Wanted) -> None:
        started = time.process_time()
        found = find_personal_data([page])
        self.seconds += time.process_time() - started
        self.pages += 1
        left = [(kind, _key(value)) for kind, value in wanted]
        self.wanted.update(kind for kind, _ in left)
        for one in found:
            said = one.kind, _key(one.printed)
            match = next((w for w in left if w[0] is said[0] and (w[1] == said[1] or w[1] in said[1])), None)
            if match is not None:
                left.remove(match)
                self.right[one.kind] += one.confidence >= SURE
                self.examples += [f"unsure: {one.kind} {one.printed}"] * (one.confidence < SURE)
            elif one.confidence >= SURE:
                self.beyond[one.kind] += 1
                self.examples.append(f"beyond: {one.kind} {one.printed}")
        self.examples += [f"missed: {kind} {value}" for kind, value in left]

    def recall(self, kinds: Iterable[PersonalKind]) -> float:
        """Share of the wanted values of these kinds that were found."""
        kinds = list(kinds)
        return sum(self.right[kind] for kind in kinds) / max(1, sum(self.wanted[kind] for kind in kinds))

    @property
    def precision(self) -> float:
        """Share of the findings that were wanted."""
        right = sum(self.right.values())
        return right / max(1, right + sum(self.beyond.values()))


def _key(value: str) -> str:
    return "".join(letter for letter in value.lower() if letter.isalnum())


def lay_out(paragraphs: Sequence[str]) -> RecognizedPage:
    """A page on which these paragraphs were read without fault."""
    lines = []
    for paragraph in paragraphs:
        words = paragraph.split(" ")
        for start in range(0, len(words), _WORDS_A_ROW):
            # What stands in a form's boxes is not broken over two rows.
            row = " ".join(words[start : start + _WORDS_A_ROW]).split()
            lines.append(_line(row, 200 + 70 * len(lines)))
    return RecognizedPage(1, _WIDTH, _HEIGHT, 300, tuple(lines), 0, 0.0, False, _QUALITY, "by hand", 0.0)


def _line(words: Sequence[str], top: int) -> RecognizedLine:
    made, x = [], 300
    for word in words:
        made.append(RecognizedWord(word, 0.95, (x, top, x + 20 * len(word), top + 40)))
        x += 20 * (len(word) + 1)
    return RecognizedLine(tuple(made), (300, top, x, top + 40))


def read_truth(page: RenderedPage) -> RecognizedPage:
    """A rendered page as a reading without fault."""
    lines = tuple(
        RecognizedLine(tuple(RecognizedWord(word.text, 0.95, word.box, word.pen) for word in line.words), line.box)
        for line in page.lines
    )
    height, width = page.image.shape[:2]
    return RecognizedPage(1, width, height, page.dpi, lines, page.rotation, 0.0, page.blank, _QUALITY, "truth", 0.0)


def _grouped(rng: Random, digits: str) -> str:
    """The number as people write it: at once, in groups, one digit a box."""
    kind = rng.randrange(5)
    if kind == 0:
        return _TOGETHER.join(digits)
    if kind == 1:
        mark = rng.choice((_TOGETHER, "."))
        return mark.join(digits[at : at + 3] for at in range(0, len(digits), 3))
    return digits


_Sentence = Callable[[Random, Person], tuple[str, Wanted]]


def _citizen(rng: Random, person: Person) -> tuple[str, Wanted]:
    number = _grouped(rng, person.citizen_number)
    shape = rng.choice(
        ("Số CCCD: {}", "căn cước công dân số {}, cấp ngày 12/3/2021", "Số định danh cá nhân: {}", "CCCD/CMND số {}")
    )
    return f"Ông {person.name}, {shape.format(number)}.", [(PersonalKind.CITIZEN_NUMBER, number)]


def _identity_card(rng: Random, person: Person) -> tuple[str, Wanted]:
    number = f"{rng.randrange(10**8, 4 * 10**8)}"
    shape = rng.choice(("CMND số {} do Công an tỉnh cấp", "Giấy chứng minh nhân dân số: {}", "Số CMND: {}"))
    return f"Bà {person.name}, {shape.format(number)}.", [(PersonalKind.IDENTITY_CARD, number)]


def _party_card(rng: Random, person: Person) -> tuple[str, Wanted]:
    number = f"{rng.randrange(10**7, 10**8)}"
    shape = rng.choice(("số thẻ đảng viên: {}", "Số thẻ: {}", "thẻ Đảng số {}", "số thẻ đảng {}"))
    return f"Đồng chí {person.name}, {shape.format(number)}.", [(PersonalKind.PARTY_CARD, number)]


def _phone(rng: Random, person: Person) -> tuple[str, Wanted]:
    digits = f"0{rng.choice('35789')}{rng.randrange(10**8):08d}"
    number = rng.choice((digits, f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"{digits[:4]}.{digits[4:]}"))
    shape = rng.choice(("ĐT: {}", "số điện thoại {}", "(SĐT {})", "di động: {}"))
    return f"Liên hệ đồng chí {person.name}, {shape.format(number)}.", [(PersonalKind.PHONE, number)]


def _birth(rng: Random, person: Person) -> tuple[str, Wanted]:
    day = rng.choice((write_date(person.birth), f"{person.birth:%d/%m/%Y}", f"{person.birth:%d.%m.%Y}"))
    shape = rng.choice(("sinh ngày {}", "Ngày sinh: {}", "sinh năm: {}", "Ngày, tháng, năm sinh: {}"))
    return f"Ông {person.name}, {shape.format(day)}.", [(PersonalKind.BIRTH_DATE, day)]


def _home(rng: Random, person: Person) -> tuple[str, Wanted]:
    shape = rng.choice(("Quê quán: {}", "Nơi ở hiện nay: {}", "thường trú tại {}", "Nơi thường trú: {}"))
    return shape.format(person.home[0].upper() + person.home[1:]), [(PersonalKind.ADDRESS, person.home)]


_SENTENCES: tuple[_Sentence, ...] = (_citizen, _identity_card, _party_card, _phone, _birth, _home)


def _distraction(rng: Random) -> str:
    """Numbers, dates and words of offices that are no person's."""
    day = make_date(rng)
    return rng.choice(
        (
            f"Căn cứ Quyết định số {rng.randrange(1, 9000)}/QĐ-UBND ngày {day:%d/%m/%Y} của Ủy ban nhân dân tỉnh;",
            f"Tổng kinh phí là {rng.randrange(1, 900)}.{rng.randrange(1000):03d}.{rng.randrange(1000):03d}.000 đồng.",
            f"Mã số thuế: 0{rng.randrange(10**9):09d}; Điện thoại: 024.3{rng.randrange(10**7):07d}.",
            "Căn cứ Luật Căn cước số 26/2023/QH15 ngày 27/11/2023 và Luật Bảo hiểm y tế;",
            f"Tài khoản số {rng.randrange(10**9, 10**12)} tại Kho bạc Nhà nước tỉnh.",
            "Bộ Y tế chủ trì công tác phòng, chống HIV/AIDS và bảo vệ người khuyết tật.",
            f"Hà Nội, {write_date(day)}",
            f"Hội nghị kỷ niệm Ngày sinh Chủ tịch Hồ Chí Minh (19/5/1890 - 19/5/{rng.randrange(2020, 2027)}).",
        )
    )


def make_paper(rng: Random) -> tuple[RecognizedPage, Wanted]:
    """A page of running text with values of two persons or none in it."""
    paragraphs, wanted = [], list[tuple[PersonalKind, str]]()
    for _ in range(rng.choice((0, 2))):
        for sentence in rng.sample(_SENTENCES, 3):
            text, values = sentence(rng, make_person(rng))
            paragraphs.append(text)
            wanted += values
    paragraphs += [_distraction(rng) for _ in range(4)]
    paragraphs += [make_paragraph(rng, 2), make_task(rng)]
    rng.shuffle(paragraphs)
    return lay_out(paragraphs), wanted


def measure_papers(count: int, seed: int) -> Tally:
    """Papers of running text."""
    tally = Tally()
    for at in range(count):
        tally.add(*make_paper(Random(f"{seed}/{at}")))
    return tally


_FIELDS = {
    "citizen_number": PersonalKind.CITIZEN_NUMBER,
    "card_number": PersonalKind.PARTY_CARD,
    "home_place": PersonalKind.ADDRESS,
}


def measure_forms(count: int, seed: int) -> Tally:
    """Rendered papers, a kind after the other; of those about a person also what stands beside their fields."""
    tally, fonts = Tally(), find_fonts()
    makers: tuple[Callable[[Random], RenderedDocument], ...] = (
        lambda rng: make_member_card_sheet(rng, fonts),
        lambda rng: make_membership_decision(rng, fonts),
        lambda rng: make_diploma(rng, fonts),
        lambda rng: make_file_cover(rng, fonts),
        lambda rng: make_document(rng, fonts, "state"),
        lambda rng: make_document(rng, fonts, "party"),
    )
    for at in range(count):
        document = makers[at % len(makers)](Random(f"{seed}/{at}"))
        for page in document.pages:
            tally.add(read_truth(page), _wanted_on(page, document))
    return tally


def _wanted_on(page: RenderedPage, document: RenderedDocument) -> Wanted:
    text = page.text
    wanted = [(kind, str(document.fields[name])) for name, kind in _FIELDS.items() if name in document.fields]
    wanted = [(kind, value) for kind, value in wanted if value in text]
    for line in page.lines:
        label, _, value = line.text.partition(":")
        if label.endswith(("Ngày sinh", "Sinh ngày")):
            wanted.append((PersonalKind.BIRTH_DATE, value.strip(" .…")))
        elif label.endswith("Số điện thoại"):
            wanted.append((PersonalKind.PHONE, value.strip(" .…")))
        elif label.endswith(("Nơi ở hiện nay", "Quê quán")) and not (
            label.endswith("Quê quán") and "home_place" in document.fields
        ):
            wanted.append((PersonalKind.ADDRESS, value.strip(" .…")))
        elif label.endswith("Tình trạng sức khỏe"):
            wanted.append((PersonalKind.HEALTH, "Tình trạng sức khỏe"))
    return [(kind, value) for kind, value in wanted if value]


def measure_text(path: Path) -> Tally:
    """Text in which no person's value stands, a page after the other."""
    tally = Tally()
    paragraphs = path.read_text("utf-8").splitlines()
    for start in range(0, len(paragraphs), 10):
        tally.add(lay_out(paragraphs[start : start + 10]), [])
    return tally


def print_tally(name: str, tally: Tally, examples: int) -> None:
    """The figures of one measurement."""
    print(f"{name}: {tally.pages} pages, {1000 * tally.seconds / max(1, tally.pages):.1f} ms a page")
    for kind in PersonalKind:
        if tally.wanted[kind] or tally.beyond[kind]:
            share = f"{tally.recall([kind]):.4f}" if tally.wanted[kind] else "-"
            print(f"  {kind:16} wanted {tally.wanted[kind]:5}  recall {share:>7}  beyond {tally.beyond[kind]:4}")
    print(f"  numbers: recall {tally.recall(NUMBERS):.4f}; precision of all {tally.precision:.4f}")
    for line in tally.examples[:examples]:
        print("   ", line)


def main() -> None:
    """Prints recall and precision."""
    parser = argparse.ArgumentParser(description="Measures the personal values found in generated papers.")
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--forms", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="Text without personal values, a paragraph a line.")
    parser.add_argument("--examples", type=int, default=0, help="Faults to print of each.")
    wanted = parser.parse_args()
    print_tally("papers", measure_papers(wanted.papers, wanted.seed), wanted.examples)
    print_tally("forms", measure_forms(wanted.forms, wanted.seed), wanted.examples)
    if wanted.corpus:
        print_tally("corpus", measure_text(wanted.corpus), wanted.examples)


if __name__ == "__main__":
    main()
