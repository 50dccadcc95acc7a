"""A member's file in the second batch of the web office: two documents that differ in a birth year, one to enter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from core.labels import Sensitivity
from core.states import DocumentState
from storage.tables import Batch, CatalogueEntry, Document
from tests import factories
from tests.e2e.building import CODE
from tests.web_office import PLAN, WebOffice, fill_document

CARD: dict[str, Any] = {
    "full_name": "Nguyễn Thị Hòa",
    "birth_date": "1958-03-02",
    "sex": "female",
    "history_number": "001234",
    "card_number": "12345678",
    "citizen_number": "001158000123",
    "home_place": "xã Tam Giang, tỉnh Bắc Ninh",
    "admission_date": "1985-05-19",
    "full_member_date": "1986-05-19",
    "cell": "Thôn 1",
    "date": "2010-01-02",
}
DECISION: dict[str, Any] = {
    "type_code": "QĐ",
    "number": "12",
    "symbol": "QĐ/HU",
    "date": "1985-05-10",
    "issuing_body": "Huyện ủy",
    "abstract": "kết nạp đảng viên",
    "full_name": "NGUYỄN THỊ HÒA",
    "birth_date": "1957",
    "cell": "Thôn 2",
    "effective_date": "1985-05-19",
}
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("member_card_sheet", CARD),
    ("admission_decision", DECISION),
    ("diploma", {}),
)


def add_person_file(web: WebOffice) -> dict[str, str]:
    """Makes the batch one of members' files; answers the documents' ids by record type, and the archival file's."""
    ids: dict[str, str] = {}
    with web.service.records.writing() as session:
        types = [kind for kind, _ in KINDS]
        session.execute(update(CatalogueEntry).values(composition="party_member_file", record_types=types))
        batch = session.scalars(select(Batch).where(Batch.code == CODE)).one()
        mine = Document.batch_id == batch.id
        session.execute(update(Document).where(mine).values(state=DocumentState.REJECTED))
        shelf = factories.add_archival_file(session, batch, "HS08")
        ids["file"] = shelf.id
        for ordinal, (kind, values) in enumerate(KINDS, start=1):
            state = DocumentState.CONFIRMED if values else DocumentState.DESCRIBED
            personal = Sensitivity.PERSONAL_SENSITIVE
            made = factories.add_document(session, batch, shelf, ordinal, state=state, sensitivity=personal)
            fill_document(session, web.service, made, PLAN)
            made.suggested_record_type, ids[kind] = kind, made.id
            if values:
                factories.add_values(session, made, values, web.office["typist"], web.office["reviewer"], kind)
    return ids
