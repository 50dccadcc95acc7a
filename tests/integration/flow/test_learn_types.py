"""Confirmed record types: kept once, never of secret material, given out without anything personal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, true

from core.labels import Secrecy, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from core.states import DocumentState
from flow.confirm import confirm_document, return_to_entry
from flow.learn_types import export_confirmed_types
from ocr.describing.record_types import _VOCABULARY
from review.learning import Confusion, read_type_learning
from storage.readings import pack_lines
from storage.tables import ConfirmedType, Document, PageReading
from tests.factories import add_document, add_values
from tests.integration.flow.conftest import COMPLETE, Setting

LINES = (
    "ĐẢNG BỘ TỈNH BẮC NINH ĐẢNG CỘNG SẢN VIỆT NAM",
    "Số 15-QĐ/TU Bắc Ninh, ngày 12 tháng 03 năm 2021",
    "QUYẾT ĐỊNH",
    "kết nạp đảng viên Lò Thị Xuyến, sinh ngày 02/03/1987",
)


def line(text: str, row: int) -> RecognizedLine:
    words, x = [], 100
    for word in text.split():
        words.append(RecognizedWord(word, 0.95, (x, 100 + 60 * row, x + 14 * len(word), 130 + 60 * row)))
        x += 14 * len(word) + 12
    return RecognizedLine(tuple(words), (100, 100 + 60 * row, x, 130 + 60 * row))


@pytest.fixture
def document(setting: Setting) -> Document:
    made = add_document(setting.session, setting.batch, setting.archival_file, state=DocumentState.ENTERED)
    made.suggested_record_type, made.suggested_confidence = "admission_decision", 0.83
    reading = setting.session.get_one(PageReading, setting.pages(made)[0].id)
    reading.lines = pack_lines([line(text, row) for row, text in enumerate(LINES)])
    add_values(setting.session, made, COMPLETE, setting.office["typist"])
    return made


def confirm(setting: Setting, document: Document) -> None:
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    setting.session.flush()


def test_a_confirmation_is_kept_with_what_the_rules_saw(setting: Setting, document: Document) -> None:
    confirm(setting, document)
    kept = setting.session.scalars(select(ConfirmedType)).one()
    assert (kept.suggested, kept.probability, kept.confirmed) == ("admission_decision", 0.83, "party_document")
    assert (kept.confirmed_by, kept.dictionary_version) == (
        setting.office["reviewer"].user_id,
        setting.dictionary.version,
    )
    (row,) = export_confirmed_types(setting.session)
    words = row["features"]["title_words"]
    assert {"ket", "nap", "dang", "vien"} <= set(words) <= _VOCABULARY
    text = json.dumps(row, ensure_ascii=False).lower()
    assert [name for name in ("xuyến", "xuyen", "1987", document.id, kept.confirmed_by) if name in text] == []
    assert sorted(row) == ["confirmed", "confirmed_on", "dictionary_version", "features", "probability", "suggested"]


def test_confirming_again_adds_a_row_only_for_what_is_new(setting: Setting, document: Document) -> None:
    confirm(setting, document)
    for suggested in ("admission_decision", "discipline"):
        return_to_entry(setting.session, setting.office["reviewer"], document.id, document.revision, "xem lại")
        document.state, document.suggested_record_type = DocumentState.ENTERED, suggested
        setting.session.flush()
        confirm(setting, document)
    found = setting.session.scalars(select(ConfirmedType.suggested).order_by(ConfirmedType.id))
    assert list(found) == ["admission_decision", "discipline"]


def test_nothing_secret_is_kept_or_given_out(setting: Setting, document: Document) -> None:
    document.secrecy = int(Secrecy.MAT)
    reviewer = setting.office["reviewer"]
    setting.office.people["reviewer"] = replace(
        reviewer, clearance=replace(reviewer.clearance, secrecy=Secrecy.TUYET_MAT)
    )
    setting.session.flush()
    confirm(setting, document)
    assert setting.session.scalars(select(ConfirmedType)).all() == []


def test_what_was_withheld_since_is_not_given_out(setting: Setting, document: Document) -> None:
    confirm(setting, document)
    document.visibility = Visibility.WITHHELD
    setting.session.flush()
    assert list(export_confirmed_types(setting.session)) == []


def test_confusion_and_calibration(setting: Setting, document: Document) -> None:
    for suggested, probability, confirmed in (
        ("discipline", 0.91, "discipline"),
        ("discipline", 0.97, "discipline"),
        ("discipline", 1.0, "commendation"),
        ("petition", 0.35, "petition"),
    ):
        setting.session.add(
            ConfirmedType(
                document_id=document.id,
                suggested=suggested,
                probability=probability,
                confirmed=confirmed,
                features={},
                dictionary_version="1",
                confirmed_by=setting.office["reviewer"].user_id,
            )
        )
    setting.session.flush()
    found = read_type_learning(setting.session, true())
    assert found.confusions == (
        Confusion("discipline", "commendation", 1),
        Confusion("discipline", "discipline", 2),
        Confusion("petition", "petition", 1),
    )
    assert [(one.low, one.high, one.count, one.right, round(one.mean, 3)) for one in found.bins] == [
        (0.3, 0.4, 1, 1, 0.35),
        (0.9, 1.0, 3, 2, 0.96),
    ]
