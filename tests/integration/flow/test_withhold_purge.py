"""Withholding, clearing and purging: nobody but the security officer, and nothing left of what is purged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from core.canonical import digest
from core.errors import AboveCeiling, Forbidden, IllegalTransition, NotFound
from core.keys import SigningKey
from core.labels import Role, Secrecy, Visibility
from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder
from core.receipts import Receipt, ReceiptFile, sign_receipt
from core.stages import Stage
from core.states import DocumentState, PageState
from flow.find import find_document
from flow.purge import purge_document
from flow.withhold import clear_document, withhold_document
from storage.objects import Area
from storage.objects_directory import DirectoryStore
from storage.tables import (
    AccessEvent,
    Defect,
    Document,
    FieldSuggestion,
    FieldValue,
    IncomingFile,
    Job,
    Page,
    PageReading,
    ValueChange,
)
from tests.factories import add_document, add_person, add_suggestion, add_values
from tests.integration.flow.conftest import Setting

SECRET = "TUYETBIMAT"


@pytest.fixture
def document(setting: Setting) -> Document:
    return add_document(setting.session, setting.batch, setting.archival_file, pages=2)


def index_jobs(setting: Setting, document: Document) -> list[int]:
    query = select(Job.subject_revision).where(Job.stage == Stage.INDEX, Job.subject_id == document.id)
    return list(setting.session.scalars(query.order_by(Job.subject_revision)))


def test_withheld_document_exists_for_the_security_officer_alone(setting: Setting, document: Document) -> None:
    withhold_document(setting.session, document, "Dấu MẬT ở trang 1")
    assert (document.state, document.visibility) == (DocumentState.WITHHELD, Visibility.WITHHELD)
    assert [page.state for page in setting.pages(document)] == [PageState.WITHHELD] * 2
    assert index_jobs(setting, document) == [1]
    for name, person in setting.office.people.items():
        if name == "officer":
            assert find_document(setting.session, person, document.id) is document
        else:
            with pytest.raises(NotFound):
                find_document(setting.session, person, document.id)
    event = setting.session.scalars(select(AccessEvent)).one()
    assert (event.actor, event.action, event.detail) == ("system", "withhold", {})


def test_withholding_twice_is_once(setting: Setting, document: Document) -> None:
    withhold_document(setting.session, document, "first")
    withhold_document(setting.session, document, "second")
    assert document.reason == "first"
    assert index_jobs(setting, document) == [1]


def test_document_decided_for_good_is_hidden_in_its_state(setting: Setting, document: Document) -> None:
    document.state = DocumentState.REJECTED
    withhold_document(setting.session, document, "stamp")
    assert (document.state, document.visibility) == (DocumentState.REJECTED, Visibility.WITHHELD)


def test_cleared_document_goes_on_to_entry(setting: Setting, document: Document) -> None:
    withhold_document(setting.session, document, "Dấu MẬT ở trang 1.")
    clear_document(
        setting.session,
        setting.office["officer"],
        document.id,
        document.revision,
        "Đã giải mật",
        ceiling=Secrecy.THUONG,
    )
    assert (document.state, document.visibility) == (DocumentState.DESCRIBED, Visibility.UNPUBLISHED)
    assert [page.state for page in setting.pages(document)] == [PageState.IN_PROGRESS] * 2
    assert document.reason == "Dấu MẬT ở trang 1. Đã giải tỏa: Đã giải mật"
    assert index_jobs(setting, document) == [1, 2]


def test_refusals_of_clearing(setting: Setting, document: Document) -> None:
    officer = setting.office["officer"]
    both = add_person(setting.session, setting.office.unit, "both", Role.SECURITY_OFFICER, Role.REVIEWER)
    with pytest.raises(IllegalTransition):
        clear_document(setting.session, both, document.id, document.revision, "x", ceiling=Secrecy.THUONG)
    document.secrecy = int(Secrecy.MAT)
    withhold_document(setting.session, document, "stamp")
    setting.session.flush()
    with pytest.raises(AboveCeiling):
        clear_document(setting.session, officer, document.id, document.revision, "x", ceiling=Secrecy.THUONG)
    with pytest.raises(NotFound):
        clear_document(
            setting.session, setting.office["reviewer"], document.id, document.revision, "x", ceiling=Secrecy.MAT
        )


@dataclass
class Secret:
    """A withheld document whose every text holds the word SECRET, and a neighbour that does not."""

    document: Document
    neighbour: Document
    objects: DirectoryStore
    original: str
    images: list[str]


@pytest.fixture
def secret(setting: Setting, tmp_path: Path) -> Secret:
    session, typist = setting.session, setting.office["typist"]
    objects = DirectoryStore(tmp_path / "objects")
    document = add_document(session, setting.batch, setting.archival_file, 1, pages=2, name=f"{SECRET}.pdf")
    neighbour = add_document(session, setting.batch, setting.archival_file, 2, name="other.pdf")
    document.title = SECRET
    file = session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).one()
    file.sha256 = objects.put_bytes(Area.ORIGINALS, b"original " + SECRET.encode())
    images = [objects.put_bytes(Area.PAGES, f"page {number} {SECRET}".encode()) for number in (1, 2)]
    pages = setting.pages(document)
    for page, sha256 in zip(pages, images, strict=True):
        page.image_sha256, page.failure = sha256, f"{SECRET}.pdf could not be read"
        session.get_one(PageReading, page.id).text = SECRET
    add_suggestion(session, document, pages[0], "abstract", SECRET)
    add_values(session, document, {"abstract": SECRET}, typist)
    session.add_all(
        [
            ValueChange(
                document_id=document.id, name="abstract", before=SECRET, after=SECRET, changed_by=typist.user_id
            ),
            Defect(batch_id=setting.batch.id, document_id=document.id, description=SECRET, created_by=typist.user_id),
            Job(batch_id=setting.batch.id, stage=Stage.READ, subject_id=pages[0].id, queue="read.cpu", reason=SECRET),
        ]
    )
    _sign_in_manifest(setting, file, neighbour)
    withhold_document(session, document, f"Dấu {SECRET}")
    session.flush()
    return Secret(document, neighbour, objects, file.sha256, images)


def _sign_in_manifest(setting: Setting, file: IncomingFile, neighbour: Document) -> None:
    other = setting.session.scalars(select(IncomingFile).where(IncomingFile.document_id == neighbour.id)).one()
    rows = (file, other)
    manifest = Manifest(
        batch=setting.batch.code,
        station="tram-1",
        files=tuple(
            ManifestFile(
                name=one.name, size=1000, sha256=one.sha256, media_type="application/pdf", pages=one.page_count
            )
            for one in rows
        ),
        folders=(
            ManifestFolder(
                fonds="VP-TU",
                series_list="01",
                code="HS01",
                documents=(
                    ManifestDocument(ordinal=1, title=SECRET, file_names=(file.name,)),
                    ManifestDocument(ordinal=2, title="KEHOACH", file_names=(other.name,)),
                ),
            ),
        ),
    )
    receipt = Receipt(
        batch=manifest.batch,
        station=manifest.station,
        issued_at=datetime.now(UTC),
        manifest_digest=manifest.digest,
        files=tuple(ReceiptFile(name=one.name, sha256=one.sha256, size=1000, outcome="received") for one in rows),
    )
    batch = setting.batch
    batch.manifest, batch.manifest_digest = manifest.model_dump(mode="json"), manifest.digest
    batch.receipt = sign_receipt(receipt, SigningKey.generate()).model_dump(mode="json")


def purge(setting: Setting, secret: Secret, person: str = "officer") -> None:
    document = secret.document
    purge_document(
        setting.session, setting.office[person], secret.objects, document.id, document.revision, "Tiêu hủy theo lệnh"
    )
    setting.session.flush()
    setting.session.expire_all()


def test_purge_leaves_no_byte_and_no_word(setting: Setting, secret: Secret) -> None:
    assert _dump(setting).count(SECRET) == 18
    purge(setting, secret)
    assert list(secret.objects.list_hashes(Area.ORIGINALS)) == []
    assert list(secret.objects.list_hashes(Area.PAGES)) == []
    for table in (FieldValue, FieldSuggestion):
        rows = setting.session.scalars(select(table).where(table.document_id == secret.document.id))
        assert rows.all() == []
    dump = _dump(setting)
    assert SECRET not in dump
    assert "KEHOACH" in dump
    assert (secret.document.state, secret.document.visibility) == (DocumentState.PURGED, Visibility.GONE)


def _dump(setting: Setting) -> str:
    """Every cell of every table, as one text."""
    setting.session.flush()
    connection = setting.session.connection()
    tables = inspect(connection).get_table_names()
    return "\n".join(
        str(tuple(row)) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
    )


def test_minutes_of_the_purge_stay(setting: Setting, secret: Secret) -> None:
    manifest_digest = setting.batch.manifest_digest
    receipt = setting.batch.receipt
    purge(setting, secret)
    event = setting.session.scalars(select(AccessEvent).where(AccessEvent.action == "purge_document")).one()
    assert event.actor == setting.office["officer"].actor
    assert set(event.detail) == {
        "originals",
        "page_images",
        "kept_originals",
        "kept_page_images",
        "manifest_digest",
        "receipt_digest",
    }
    assert (event.detail["originals"], event.detail["page_images"]) == ([secret.original], 2)
    assert event.detail["manifest_digest"] == manifest_digest == setting.batch.manifest_digest
    assert json.dumps(receipt) != json.dumps(setting.batch.receipt)
    assert secret.document.reason == "Tiêu hủy theo lệnh"


def test_purged_manifest_still_agrees_with_itself(setting: Setting, secret: Secret) -> None:
    purge(setting, secret)
    manifest = Manifest.model_validate(setting.batch.manifest)
    file = setting.session.scalars(select(IncomingFile).where(IncomingFile.document_id == secret.document.id)).one()
    assert {one.name for one in manifest.files} == {file.name, "other.pdf"}
    assert digest(manifest) != setting.batch.manifest_digest


def test_pages_of_a_purged_document_stay_in_the_equation(setting: Setting, secret: Secret) -> None:
    purge(setting, secret)
    pages = setting.pages(secret.document)
    assert [(page.state, page.image_sha256, page.failure) for page in pages] == [(PageState.WITHHELD, None, None)] * 2


def test_bytes_that_another_document_has_too_are_kept_and_named(setting: Setting, secret: Secret) -> None:
    file = setting.session.scalars(select(IncomingFile).where(IncomingFile.document_id == secret.neighbour.id)).one()
    file.sha256 = secret.original
    setting.pages(secret.neighbour)[0].image_sha256 = secret.images[0]
    setting.session.flush()
    document = secret.document
    report = purge_document(
        setting.session, setting.office["officer"], secret.objects, document.id, document.revision, "x"
    )
    assert (report.originals, report.kept_originals) == ((), (secret.original,))
    assert (report.page_images, report.kept_page_images) == (1, (secret.images[0],))
    assert list(secret.objects.list_hashes(Area.ORIGINALS)) == [secret.original]


def test_purge_whose_objects_are_gone_already_goes_through(setting: Setting, secret: Secret) -> None:
    secret.objects.delete(Area.ORIGINALS, secret.original)
    purge(setting, secret)
    assert secret.document.state is DocumentState.PURGED


def test_refusals_of_purging(setting: Setting, secret: Secret) -> None:
    session, objects = setting.session, secret.objects
    both = add_person(session, setting.office.unit, "both", Role.SECURITY_OFFICER, Role.REVIEWER)
    with pytest.raises(NotFound):
        purge(setting, secret, "reviewer")
    with pytest.raises(IllegalTransition):
        purge_document(session, both, objects, secret.neighbour.id, secret.neighbour.revision, "x")
    with pytest.raises(Forbidden):
        neighbour = secret.neighbour
        purge_document(session, setting.office["reviewer"], objects, neighbour.id, neighbour.revision, "x")
    assert list(objects.list_hashes(Area.ORIGINALS)) == [secret.original]
    assert (
        session.scalars(select(Page.state).where(Page.document_id == secret.document.id)).all()
        == [PageState.WITHHELD] * 2
    )
