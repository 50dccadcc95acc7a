"""Duplicates: three kinds are found, nothing leaks, a person decides, undecided exact ones block acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from core.duplicates import DuplicateDecision, DuplicateKind
from core.errors import Forbidden, InvalidValue, NotFound
from core.labels import Secrecy, Visibility
from core.recognition import Description
from core.settings import Settings
from core.states import BatchState, DocumentState, PageState
from flow.check import check_equations
from flow.confirm import confirm_document
from flow.decide import drop_duplicate
from flow.decide_duplicates import decide_duplicate
from flow.describe import keep_description
from flow.enter import EnteredValue, enter_values
from flow.find_duplicates import find_by_text, forget_likeness
from flow.purge import purge_document
from flow.withhold import withhold_document
from people.persons import Person
from review.duplicates.pairs import Duplicates, list_duplicates
from review.missing import Lack, find_missing
from storage.objects_directory import DirectoryStore
from storage.tables import Document, DocumentLikeness, DuplicatePair, LikenessBand, PageReading
from tests.factories import Office, add_archival_file, add_batch, add_document, add_entry, add_office
from tests.integration.flow.conftest import COMPLETE, Setting


@pytest.fixture
def document(setting: Setting) -> Document:
    return add_document(setting.session, setting.batch, setting.archival_file)


def add_foreign(setting: Setting, code: str = "XA-KHAC") -> tuple[Office, Document]:
    """A document of another unit, which nobody of the office may read."""
    office = add_office(setting.session, code)
    entry = add_entry(setting.session, office.unit, office["owner"], f"DM-{code}")
    batch = add_batch(setting.session, entry, office["owner"], f"LO-{code}")
    shelf = add_archival_file(setting.session, batch, f"HS-{code}")
    return office, add_document(setting.session, batch, shelf)


def write(setting: Setting, document: Document, text: str) -> None:
    setting.session.get_one(PageReading, setting.pages(document)[0].id).text = text


def look(setting: Setting, *documents: Document) -> None:
    for one in documents:
        find_by_text(setting.session, setting.dictionary, one)
    setting.session.flush()


def text(seed: int, words: int = 200) -> str:
    return " ".join(f"từ{Random(seed * 1000 + at).randrange(10**6)}" for at in range(words))


def enter(setting: Setting, document: Document, person: Person | None = None, **changed: str) -> None:
    entries = {name: EnteredValue(value) for name, value in (COMPLETE | changed).items()}
    enter_values(
        setting.session,
        person or setting.office["typist"],
        setting.dictionary,
        document.id,
        document.revision,
        "party_document",
        entries,
        complete=True,
        ceiling=Secrecy.THUONG,
    )
    setting.session.flush()


def shown(setting: Setting, document: Document, name: str = "reviewer") -> Duplicates:
    setting.session.flush()
    mine = select(Document.id).where(Document.id == document.id)
    return list_duplicates(setting.session, setting.office[name].clearance, mine)


def kinds(found: Duplicates) -> list[tuple[str, list[DuplicateKind]]]:
    return [(one.other_id, [reason.kind for reason in one.reasons]) for one in found.pairs]


def lacks(setting: Setting) -> list[tuple[str, str]]:
    missing = find_missing(setting.session, setting.dictionary, setting.batch)
    return [(one.document_id, one.detail) for one in missing if one.lack is Lack.DUPLICATE]


def same_file(setting: Setting, document: Document, other: Document) -> None:
    """Gives both documents the same page image."""
    setting.pages(other)[0].image_sha256 = setting.pages(document)[0].image_sha256
    setting.session.flush()


def test_same_page_image_is_found_from_either_side(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2, pages=2)
    same_file(setting, document, other)
    look(setting, document, other, document)
    assert kinds(shown(setting, document)) == [(other.id, [DuplicateKind.SAME_BYTES])]
    assert kinds(shown(setting, other)) == [(document.id, [DuplicateKind.SAME_BYTES])]
    assert shown(setting, other).pairs[0].reasons[0].similarity == 1.0
    assert setting.session.scalar(select(func.count()).select_from(DuplicatePair)) == 1
    assert lacks(setting) == [(document.id, ""), (other.id, "")]


def test_blank_pages_are_nobodys_duplicates(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    same_file(setting, document, other)
    for one in (document, other):
        setting.session.get_one(PageReading, setting.pages(one)[0].id).blank = True
    look(setting, document, other)
    assert shown(setting, document) == Duplicates((), ())


def test_same_key_is_found_when_values_are_entered_and_gone_when_they_are_mended(
    setting: Setting, document: Document
) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    enter(setting, document)
    assert kinds(shown(setting, document)) == []
    enter(setting, other, number="012", issuing_body="TỈNH UỶ", abstract="khác hẳn")
    assert kinds(shown(setting, document)) == [(other.id, [DuplicateKind.SAME_KEY])]
    assert lacks(setting) == [(document.id, ""), (other.id, "")]
    enter(setting, other, number="13")
    assert kinds(shown(setting, document)) == []
    assert lacks(setting) == []


def misread(line: str, every: int) -> str:
    return " ".join(word[::-1] if at % every == every - 1 else word for at, word in enumerate(line.split()))


def test_near_text_warns_and_blocks_nothing(setting: Setting, document: Document) -> None:
    other, far = (add_document(setting.session, setting.batch, setting.archival_file, at) for at in (2, 3))
    for one, words in ((document, text(1)), (other, misread(text(1), 40)), (far, text(2))):
        write(setting, one, words)
    look(setting, document, other, far)
    found = shown(setting, document)
    assert kinds(found) == [(other.id, [DuplicateKind.NEAR_TEXT])]
    assert 0.7 < found.pairs[0].reasons[0].similarity < 1
    assert (kinds(shown(setting, far)), lacks(setting)) == ([], [])


def test_two_entered_keys_tell_documents_of_one_template_apart(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    for one in (document, other):
        write(setting, one, text(1))
    look(setting, document, other)
    enter(setting, document)
    assert kinds(shown(setting, document)) == [(other.id, [DuplicateKind.NEAR_TEXT])]
    enter(setting, other, number="13")
    assert kinds(shown(setting, document)) == []


def test_what_one_may_not_read_is_told_of_without_any_detail(setting: Setting, document: Document) -> None:
    foreign_office, foreign = add_foreign(setting)
    write(setting, document, text(1))
    write(setting, foreign, text(1))
    same_file(setting, document, foreign)
    look(setting, document, foreign)
    assert shown(setting, document) == Duplicates((), (document.id,))
    assert lacks(setting) == [(document.id, "")]
    reviewer = setting.office["reviewer"]
    with pytest.raises(NotFound):
        decide(setting, document, foreign.id, DuplicateDecision.KEPT)
    with pytest.raises(InvalidValue):
        decide(setting, document, None, DuplicateDecision.NOT_DUPLICATE)
    decide(setting, document, None, DuplicateDecision.KEPT)
    assert (shown(setting, document), lacks(setting)) == (Duplicates((), ()), [])
    mine = select(Document.id).where(Document.id == foreign.id)
    theirs = list_duplicates(setting.session, foreign_office["reviewer"].clearance, mine)
    assert theirs == Duplicates((), ())
    pairs = setting.session.scalars(select(DuplicatePair)).all()
    assert {(one.decision, one.decided_by, one.reason) for one in pairs} == {
        (DuplicateDecision.KEPT, reviewer.user_id, "Đã xem")
    }


def decide(
    setting: Setting, document: Document, other: str | None, decision: DuplicateDecision, name: str = "reviewer"
) -> None:
    decide_duplicate(setting.session, setting.office[name], document.id, other, decision, "Đã xem")
    setting.session.flush()


def test_a_reviewer_decides_and_a_new_search_asks_no_more(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    same_file(setting, document, other)
    look(setting, document, other)
    with pytest.raises(Forbidden):
        decide(setting, document, other.id, DuplicateDecision.KEPT, "typist")
    with pytest.raises(InvalidValue):
        decide(setting, document, other.id, DuplicateDecision.DROPPED)
    decide(setting, document, other.id, DuplicateDecision.NOT_DUPLICATE)
    look(setting, document, other)
    (pair,) = shown(setting, other).pairs
    assert (pair.decision, pair.decided_by, pair.reason) == (
        DuplicateDecision.NOT_DUPLICATE,
        setting.office["reviewer"].full_name,
        "Đã xem",
    )
    assert lacks(setting) == []
    enter(setting, document)
    enter(setting, other)
    assert [one.decision for one in shown(setting, other).pairs] == [None]  # the same key is news


def test_a_drop_keeps_the_equations_and_settles_the_pair(setting: Setting, document: Document) -> None:
    setting.batch.manifest = {"files": [None, None]}
    other = add_document(setting.session, setting.batch, setting.archival_file, 2, pages=2)
    same_file(setting, document, other)
    look(setting, document, other)
    drop_duplicate(setting.session, setting.office["reviewer"], other.id, other.revision, document.id, "Chụp hai lần")
    setting.session.flush()
    assert list(check_equations(setting.session)) == []
    assert [page.state for page in setting.pages(other)] == [PageState.DROPPED] * 2
    pair = setting.session.scalars(select(DuplicatePair)).one()
    assert (pair.decision, pair.reason) == (DuplicateDecision.DROPPED, "Chụp hai lần")
    assert lacks(setting) == []
    assert shown(setting, document) == Duplicates((), ())


@pytest.mark.parametrize("state", [DocumentState.REJECTED, DocumentState.RESCAN_REQUESTED])
def test_documents_that_were_given_up_block_nobody(setting: Setting, document: Document, state: DocumentState) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    same_file(setting, document, other)
    look(setting, document, other)
    other.state = state
    assert (shown(setting, document), lacks(setting)) == (Duplicates((), ()), [])
    look(setting, document)
    assert setting.session.scalar(select(func.count()).select_from(DuplicatePair)) == 1


def test_withheld_duplicates_are_hidden_too(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    same_file(setting, document, other)
    look(setting, document, other)
    other.state, other.visibility = DocumentState.WITHHELD, Visibility.WITHHELD
    assert shown(setting, document) == Duplicates((), (document.id,))


def test_forgetting_leaves_nothing(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    for one in (document, other):
        write(setting, one, text(1))
    look(setting, document, other)
    forget_likeness(setting.session, document.id)
    counts: Sequence[int | None] = [
        setting.session.scalar(select(func.count()).select_from(one))
        for one in (DocumentLikeness, LikenessBand, DuplicatePair)
    ]
    assert counts == [1, 32, 0]


def test_confirming_looks_again(setting: Setting, document: Document) -> None:
    """Of two entered at the same time neither may have seen the other; both were stored before either is confirmed."""
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    enter(setting, document)
    enter(setting, other)
    setting.session.execute(DuplicatePair.__table__.delete())  # type: ignore[attr-defined]
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    assert kinds(shown(setting, document)) == [(other.id, [DuplicateKind.SAME_KEY])]
    assert setting.batch.state is BatchState.IN_REVIEW


def test_describing_looks_for_duplicates(setting: Setting, document: Document) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2, state=DocumentState.PROCESSING)
    same_file(setting, document, other)
    found = Description("party_document", 0.9, "party")
    keep_description(setting.session, other, found, {}, setting.dictionary, Settings())
    assert kinds(shown(setting, document)) == [(other.id, [DuplicateKind.SAME_BYTES])]


def test_a_purge_takes_all_that_was_compared(setting: Setting, document: Document, tmp_path: Path) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    for one in (document, other):
        write(setting, one, text(1))
    look(setting, document, other)
    withhold_document(setting.session, document, "Dấu mật")
    setting.session.flush()
    officer, objects = setting.office["officer"], DirectoryStore(tmp_path / "objects")
    purge_document(setting.session, officer, objects, document.id, document.revision, "Theo lệnh")
    left = setting.session.scalars(select(DocumentLikeness.document_id)).all()
    assert (left, setting.session.scalars(select(DuplicatePair)).all()) == ([other.id], [])
