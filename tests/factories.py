"""Makes rows for tests: units, people with roles, stations, catalogue entries, batches with documents and pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.labels import Role, Secrecy, Sensitivity, Visibility
from core.settings import Settings
from core.states import BatchState, DocumentState, FileState, PageState
from flow.service import Service, open_service
from people.persons import Person, load_person
from storage.database import Nudge, Records, keep_silent
from storage.tables import (
    ArchivalFile,
    Base,
    Batch,
    CatalogueEntry,
    Document,
    FieldSuggestion,
    FieldValue,
    IncomingFile,
    Page,
    PageReading,
    RoleGrant,
    Station,
    Unit,
    User,
)
from tests.servers import find_servers, make_database, server_settings

SIGNED = datetime(2026, 1, 5, tzinfo=UTC)
RECORD_TYPE = "party_document"


def make_service(settings: Settings) -> Service:
    """A service with empty records: on the real servers where this run of the tests has them, else in its folder."""
    if servers := find_servers():
        return open_service(settings.model_copy(update=server_settings(servers)), keep_silent)
    service = open_service(settings, keep_silent)
    Base.metadata.create_all(service.records.engine)
    return service


def make_records(folder: Path, announce: Callable[[Nudge], None] = keep_silent) -> Records:
    """Empty records: in PostgreSQL where this run of the tests has servers, else in a SQLite file of this folder."""
    if servers := find_servers():
        return Records(make_database(servers), announce)
    return make_sqlite_records(folder, announce)


def make_sqlite_records(folder: Path, announce: Callable[[Nudge], None] = keep_silent) -> Records:
    """Empty records in a SQLite file of this folder."""
    records = Records(f"sqlite:///{folder / 'records.db'}", announce)
    Base.metadata.create_all(records.engine)
    return records


def fake_sha256(name: str) -> str:
    """A SHA-256 for content that the test does not need."""
    return hashlib.sha256(name.encode()).hexdigest()


def add_unit(session: Session, code: str = "VP-TU", parent: Unit | None = None) -> Unit:
    """A unit, at the top or below another."""
    unit = Unit(code=code, name=f"Đơn vị {code}", level="province", parent_id=parent.id if parent else None)
    session.add(unit)
    session.flush()
    return unit


def add_person(
    session: Session,
    unit: Unit,
    username: str,
    *roles: Role,
    secrecy: Secrecy = Secrecy.THUONG,
    sensitivity: Sensitivity = Sensitivity.PERSONAL_SENSITIVE,
    signed: bool = True,
) -> Person:
    """A user with these roles in the unit, as the person that they sign in as."""
    user = User(
        username=username,
        full_name=f"Người {username}",
        password_hash="-",
        secrecy=int(secrecy),
        sensitivity=int(sensitivity),
        confidentiality_signed_at=SIGNED if signed else None,
    )
    session.add(user)
    session.flush()
    session.add_all([RoleGrant(user_id=user.id, unit_id=unit.id, role=role) for role in roles])
    session.flush()
    return load_person(session, user)


def add_station(session: Session, unit: Unit, operator: Person, code: str = "tram-1") -> Station:
    """A station in good order."""
    station = Station(
        code=code,
        name=f"Trạm {code}",
        unit_id=unit.id,
        operator_id=operator.user_id,
        key_prefix=code[:16],
        key_hash=fake_sha256(code),
        key_expires_at=datetime.now(UTC) + timedelta(days=100),
        security_checked_on=date(2026, 1, 5),
        security_check_due=date(2099, 1, 5),
    )
    session.add(station)
    session.flush()
    return station


def add_entry(
    session: Session,
    unit: Unit,
    owner: Person,
    code: str = "DM01",
    record_types: Iterable[str] = (RECORD_TYPE,),
    composition: str = "",
) -> CatalogueEntry:
    """An approved catalogue entry; the one owner answers for both sides."""
    entry = CatalogueEntry(
        code=code,
        title="Tài liệu kế hoạch",
        unit_id=unit.id,
        business_owner_id=owner.user_id,
        technical_owner_id=owner.user_id,
        record_types=list(record_types),
        composition=composition,
        dictionary_version="1",
        approved_by=owner.user_id,
        approved_at=SIGNED,
    )
    session.add(entry)
    session.flush()
    return entry


def add_batch(
    session: Session,
    entry: CatalogueEntry,
    opener: Person,
    code: str = "LO-01",
    *,
    state: BatchState = BatchState.IN_REVIEW,
    station: Station | None = None,
) -> Batch:
    """A batch in this state, with nothing in it."""
    batch = Batch(
        code=code,
        title=f"Lô {code}",
        catalogue_entry_id=entry.id,
        unit_id=entry.unit_id,
        station_id=station.id if station else None,
        state=state,
        secrecy=int(Secrecy.THUONG),
        dictionary_version="1",
        opened_by=opener.user_id,
    )
    session.add(batch)
    session.flush()
    return batch


def add_archival_file(session: Session, batch: Batch, code: str = "HS01") -> ArchivalFile:
    """An archival file (hồ sơ) of the batch."""
    archival_file = ArchivalFile(
        batch_id=batch.id, fonds="VP-TU", series_list="01", box="H1", code=code, title=f"Hồ sơ {code}"
    )
    session.add(archival_file)
    session.flush()
    return archival_file


def add_document(
    session: Session,
    batch: Batch,
    archival_file: ArchivalFile,
    ordinal: int = 1,
    *,
    state: DocumentState = DocumentState.DESCRIBED,
    pages: int = 1,
    file_state: FileState = FileState.RECEIVED,
    sensitivity: Sensitivity = Sensitivity.INTERNAL,
    visibility: Visibility = Visibility.UNPUBLISHED,
    name: str = "",
) -> Document:
    """A document with one file and, when that was received, its pages with a reading each."""
    document = Document(
        batch_id=batch.id,
        archival_file_id=archival_file.id,
        ordinal=ordinal,
        title=f"Văn bản {ordinal}",
        state=state,
        unit_id=batch.unit_id,
        secrecy=int(Secrecy.THUONG),
        sensitivity=int(sensitivity),
        visibility=visibility,
        scanned_round=0,
    )
    session.add(document)
    session.flush()
    name = name or f"{archival_file.code}/{ordinal:03d}.pdf"
    received = file_state is FileState.RECEIVED
    file = IncomingFile(
        batch_id=batch.id,
        document_id=document.id,
        name=name,
        position=0,
        size=1000,
        sha256=fake_sha256(f"{batch.code}/{name}"),
        state=file_state,
        received_bytes=1000 if received else 0,
        media_type="application/pdf" if received else None,
        page_count=pages if received else None,
        refusal_code="damaged_file" if file_state is FileState.REFUSED else None,
        refusal_reason="It cannot be opened." if file_state is FileState.REFUSED else None,
    )
    session.add(file)
    session.flush()
    for number in range(1, pages + 1 if received else 1):
        add_page(session, document, file, number)
    return document


def add_page(session: Session, document: Document, file: IncomingFile, number: int) -> Page:
    """A page in progress that was read."""
    page = Page(
        batch_id=document.batch_id,
        document_id=document.id,
        incoming_file_id=file.id,
        number_in_file=number,
        number=number,
        state=PageState.IN_PROGRESS,
        image_sha256=fake_sha256(f"{file.id}/{number}"),
        image_type="image/jpeg",
        width=2480,
        height=3508,
        dpi=300,
    )
    session.add(page)
    session.flush()
    session.add(
        PageReading(
            page_id=page.id,
            text=f"Trang {number}",
            lines=[[0, [0, 0, 20, 10], [["Trang", 0.9, [0, 0, 10, 10]], [str(number), 0.9, [12, 0, 20, 10]]]]],
            rotation=0,
            skew=0.0,
            blank=False,
            quality={},
            engine="test 1",
            seconds=0.1,
        )
    )
    session.flush()
    return page


def add_suggestion(
    session: Session, document: Document, page: Page, name: str, value: Any, *, confidence: float = 0.9
) -> FieldSuggestion:
    """A suggestion read on the page in the box (10, 20, 110, 40)."""
    suggestion = FieldSuggestion(
        document_id=document.id,
        name=name,
        value=value,
        printed=str(value),
        confidence=confidence,
        page_id=page.id,
        box=[10, 20, 110, 40],
        rule="test",
        handwritten=value is None,
    )
    session.add(suggestion)
    session.flush()
    return suggestion


def add_values(
    session: Session,
    document: Document,
    values: Mapping[str, Any],
    entered_by: Person,
    confirmed_by: Person | None = None,
    record_type: str = RECORD_TYPE,
) -> None:
    """Values as if this person had entered them, and that one confirmed them."""
    document.record_type = record_type
    document.entered_by = entered_by.user_id
    document.confirmed_by = confirmed_by.user_id if confirmed_by else None
    for name, value in values.items():
        session.add(
            FieldValue(
                document_id=document.id,
                name=name,
                value=value,
                entered_by=entered_by.user_id,
                confirmed_by=confirmed_by.user_id if confirmed_by else None,
                confirmed_at=SIGNED if confirmed_by else None,
            )
        )
    session.flush()


@dataclass
class Office:
    """A unit with somebody in every role, a station, a catalogue entry and a batch in review."""

    unit: Unit
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


_STAFF: dict[str, tuple[Role, ...]] = {
    "scanner": (Role.SCAN_OPERATOR,),
    "typist": (Role.DATA_ENTRY,),
    "reviewer": (Role.REVIEWER,),
    "reviewer2": (Role.REVIEWER,),
    "business": (Role.ACCEPTOR_BUSINESS,),
    "data": (Role.ACCEPTOR_DATA,),
    "security": (Role.ACCEPTOR_SECURITY,),
    "all_acceptor": (Role.ACCEPTOR_BUSINESS, Role.ACCEPTOR_DATA, Role.ACCEPTOR_SECURITY),
    "owner": (Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER),
    "officer": (Role.SECURITY_OFFICER,),
    "searcher": (Role.SEARCHER,),
    "administrator": (Role.ADMINISTRATOR,),
}


def add_office(session: Session, code: str = "VP-TU") -> Office:
    """A unit and its staff, one person for each name in `_STAFF`."""
    unit = add_unit(session, code)
    return Office(unit, {name: add_person(session, unit, f"{code}-{name}", *roles) for name, roles in _STAFF.items()})
