"""The six figures, each by its formula, over documents whose values are known; nothing of what one may not read."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import and_

from core.labels import Sensitivity
from core.states import DocumentState
from flow.find_duplicates import find_by_text
from review.quality import QualityWord, measure_quality
from storage.access import readable
from storage.tables import Defect, Document, FieldValue, ValueChange, now
from tests.factories import add_document, add_suggestion, add_values
from tests.integration.flow.conftest import COMPLETE, Setting
from tests.integration.flow.test_review_queries import counting

NOTHING = dict.fromkeys(QualityWord, (0, 0))


def figures(setting: Setting, name: str = "reviewer") -> dict[QualityWord, tuple[int, int]]:
    setting.session.flush()
    which = and_(Document.batch_id == setting.batch.id, readable(setting.office[name].clearance))
    total = measure_quality(setting.session, setting.dictionary, which).total
    return {one.word: (one.numerator, one.denominator) for one in total.figures}


@pytest.fixture
def documents(setting: Setting) -> list[Document]:
    """Two with their six values: the first confirmed, the second lacks its abstract and spells its issuer otherwise."""
    made = [add_document(setting.session, setting.batch, setting.archival_file, at) for at in (1, 2)]
    typist, reviewer = setting.office["typist"], setting.office["reviewer"]
    add_values(setting.session, made[0], COMPLETE, typist, reviewer)
    second = {name: value for name, value in COMPLETE.items() if name != "abstract"}
    add_values(setting.session, made[1], second | {"number": "13", "issuing_body": "TỈNH ỦY"}, typist)
    return made


def test_nothing_is_measured_where_nobody_chose_a_type(setting: Setting) -> None:
    add_document(setting.session, setting.batch, setting.archival_file)
    assert figures(setting) == NOTHING
    quality = measure_quality(setting.session, setting.dictionary, Document.batch_id == setting.batch.id)
    assert quality.by_type == ()
    assert {one.share for one in quality.total.figures} == {None}
    assert [one.reason for one in quality.total.figures] == [word.no_basis for word in QualityWord]


def test_six_figures(setting: Setting, documents: list[Document]) -> None:
    assert figures(setting) == {
        QualityWord.CORRECT: (6, 6),
        QualityWord.COMPLETE: (11, 12),
        QualityWord.CLEAN: (2, 2),
        QualityWord.CURRENT: (0, 0),
        QualityWord.CONSISTENT: (1, 2),
        QualityWord.SHARED: (0, 11),
    }


def test_a_correction_counts_against_what_is_right(setting: Setting, documents: list[Document]) -> None:
    user = setting.office["typist"].user_id
    for name, times in (("number", 2), ("symbol", 1)):
        for _ in range(times):
            change = ValueChange(document_id=documents[0].id, name=name, before=None, after="x", changed_by=user)
            setting.session.add(change)
    assert figures(setting)[QualityWord.CORRECT] == (5, 6)


def test_errors_failed_pages_and_duplicates_soil_a_document(setting: Setting, documents: list[Document]) -> None:
    defect = Defect(
        batch_id=setting.batch.id,
        document_id=documents[0].id,
        description="x",
        due=date(2020, 1, 5),
        created_by=setting.office["reviewer"].user_id,
    )
    setting.session.add(defect)
    assert [figures(setting)[word] for word in (QualityWord.CLEAN, QualityWord.CURRENT)] == [(1, 2), (0, 1)]
    defect.settled_at = now()
    assert [figures(setting)[word] for word in (QualityWord.CLEAN, QualityWord.CURRENT)] == [(2, 2), (0, 1)]
    defect.due = date(2099, 1, 5)
    assert figures(setting)[QualityWord.CURRENT] == (1, 1)
    setting.pages(documents[0])[0].failure = "no text"
    assert figures(setting)[QualityWord.CLEAN] == (1, 2)
    setting.pages(documents[1])[0].image_sha256 = setting.pages(documents[0])[0].image_sha256
    find_by_text(setting.session, setting.dictionary, documents[0])
    assert figures(setting)[QualityWord.CLEAN] == (0, 2)


def test_a_broken_rule_soils_a_document(setting: Setting) -> None:
    document = add_document(setting.session, setting.batch, setting.archival_file)
    values = {"admission_date": "2001-02-03", "full_member_date": "2000-02-03"}
    add_values(setting.session, document, values, setting.office["typist"], record_type="member_card_sheet")
    assert figures(setting)[QualityWord.CLEAN] == (0, 1)


def test_what_was_taken_over_from_a_suggestion_is_shared(setting: Setting, documents: list[Document]) -> None:
    page = setting.pages(documents[0])[0]
    values = setting.values(documents[0])
    for name, value in (("number", "12"), ("symbol", "KH/TỈNH")):
        values[name].suggestion_id = add_suggestion(setting.session, documents[0], page, name, value).id
    reasoned = FieldValue(
        document_id=documents[1].id,
        name="abstract",
        value=None,
        missing_reason="mờ",
        entered_by=setting.office["typist"].user_id,
    )
    setting.session.add(reasoned)
    assert figures(setting)[QualityWord.SHARED] == (1, 11)


def test_only_what_one_may_read_is_counted(setting: Setting, documents: list[Document]) -> None:
    documents[0].state = DocumentState.REJECTED
    documents[1].sensitivity = int(Sensitivity.PERSONAL_SENSITIVE) + 1
    assert figures(setting) == NOTHING
    assert figures(setting, "administrator") == NOTHING


def test_the_queries_do_not_grow_with_the_documents(setting: Setting, documents: list[Document]) -> None:
    with counting(setting.session) as few:
        figures(setting)
    for at in range(3, 12):
        made = add_document(setting.session, setting.batch, setting.archival_file, at)
        add_values(setting.session, made, COMPLETE, setting.office["typist"])
    with counting(setting.session) as many:
        figures(setting)
    assert len(few) == len(many)
