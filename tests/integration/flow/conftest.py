"""An office with a batch in review, in a temporary SQLite database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, load_builtin
from storage.database import Records
from storage.tables import ArchivalFile, Batch, Document, FieldValue, Page
from tests.factories import Office, add_archival_file, add_batch, add_entry, add_office, add_station, make_records

TYPES = ("party_document", "admission_decision")
COMPLETE = {
    "type_code": "KH",
    "number": "12",
    "symbol": "KH/TU",
    "date": "2019-03-02",
    "issuing_body": "Tỉnh ủy",
    "abstract": "về chuyển đổi số",
}


@dataclass(frozen=True)
class Setting:
    """One batch and the people around it, in an open transaction."""

    session: Session
    office: Office
    batch: Batch
    archival_file: ArchivalFile
    dictionary: Dictionary

    def pages(self, document: Document) -> list[Page]:
        query = select(Page).where(Page.document_id == document.id).order_by(Page.number)
        return list(self.session.scalars(query))

    def values(self, document: Document) -> dict[str, FieldValue]:
        rows = self.session.scalars(select(FieldValue).where(FieldValue.document_id == document.id))
        return {one.name: one for one in rows}


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    return load_builtin()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    made = make_records(tmp_path)
    yield made
    made.close()


@pytest.fixture
def setting(records: Records, dictionary: Dictionary) -> Iterator[Setting]:
    with records.writing() as session:
        office = add_office(session)
        station = add_station(session, office.unit, office["scanner"])
        entry = add_entry(session, office.unit, office["owner"], record_types=TYPES)
        batch = add_batch(session, entry, office["owner"], station=station)
        yield Setting(session, office, batch, add_archival_file(session, batch), dictionary)
