"""Receiving: every bad input gets its named error, stores nothing half, loses nothing."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select, update

from core.errors import (
    AboveCeiling,
    BatchSealed,
    CatalogueRefused,
    GateClosed,
    IllegalTransition,
    ManifestMismatch,
    NotFound,
    OffsetMismatch,
    StationRefused,
)
from core.labels import Secrecy, Visibility
from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder
from core.settings import Settings
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, PageState
from flow.announce import announce_manifest
from flow.check import check_equations
from flow.open_batch import open_batch
from flow.receive import find_station_batch, receive_chunk, refuse_at_station
from flow.seal import seal_batch
from people.stations import find_station, identify
from storage.objects import Area
from storage.objects_directory import DirectoryStore
from storage.tables import Batch, CatalogueEntry, Document, IncomingFile, Job, Page, Station, User
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, add_station, make_service


def png(width=60, height=80) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def pdf(pages=2, password="") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        encryption = pikepdf.Encryption(owner="o", user=password) if password else False
        made.save(out, encryption=encryption)
    return out.getvalue()


def tiff(pages=3) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("1", (40, 50), 1) for _ in range(pages)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    return out.getvalue()


@pytest.fixture
def service(tmp_path):
    settings = Settings(data_dir=tmp_path, max_file_pages=5, max_page_pixels=1_000_000, max_file_bytes=200_000)
    made = make_service(settings)
    yield made
    made.close()


@pytest.fixture
def office(service):
    with service.records.writing() as session:
        return add_office(session)


@pytest.fixture
def station(service, office):
    with service.records.writing() as session:
        made = add_station(session, office.unit, office["scanner"])
        return identify(session, made, date.today())


@pytest.fixture
def batch_code(service, office, station):
    with service.records.writing() as session:
        entry = add_entry(session, office.unit, office["owner"])
        return add_batch(session, entry, office["scanner"], state=BatchState.OPENED).code


def manifest_of(batch_code, station, contents: dict[str, bytes], **labels) -> Manifest:
    files = tuple(
        ManifestFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), media_type="", pages=None)
        for name, data in contents.items()
    )
    documents = tuple(
        ManifestDocument(ordinal=number, file_names=(name,), **labels) for number, name in enumerate(contents, 1)
    )
    folder = ManifestFolder(fonds="VP-TU", series_list="01", code="HS01", documents=documents)
    return Manifest(batch=batch_code, station=station.code, files=files, folders=(folder,))


def announce(service, station, manifest):
    with service.records.writing() as session:
        return announce_manifest(session, station, service.dictionaries.present(session), service.settings, manifest)


def send(service, station, batch_code, contents, chunk=1000):
    files = announce(service, station, manifest_of(batch_code, station, contents))
    for file in files:
        data, offset = contents[file.name], 0
        while True:
            file = receive_chunk(service, station, file.id, offset, data[offset : offset + chunk])
            offset = file.received_bytes
            if file.state in (FileState.RECEIVED, FileState.REFUSED):
                break
    return {file.name: file for file in load(service, IncomingFile)}


def load(service, table):
    with service.records.reading() as session:
        return list(session.scalars(select(table)))


def seal(service, station, code):
    with service.records.writing() as session:
        return seal_batch(session, station, find_station_batch(session, station, code), service.signing_key)


def equations_hold(service):
    with service.records.reading() as session:
        return list(check_equations(session)) == []


def test_sound_files_become_originals_with_pages_and_jobs_in_one_go(service, station, batch_code):
    contents = {"a.png": png(), "b.pdf": pdf(2), "c.tif": tiff(3)}
    files = send(service, station, batch_code, contents)
    assert {name: (file.state, file.page_count) for name, file in files.items()} == {
        "a.png": (FileState.RECEIVED, 1),
        "b.pdf": (FileState.RECEIVED, 2),
        "c.tif": (FileState.RECEIVED, 3),
    }
    hashes = sorted(hashlib.sha256(data).hexdigest() for data in contents.values())
    assert list(service.objects.list_hashes(Area.ORIGINALS)) == hashes
    assert len(load(service, Page)) == 6
    assert sorted(job.stage for job in load(service, Job)) == [Stage.SPLIT] * 3
    assert service.landing.list_ids() == []
    assert equations_hold(service)


def test_what_is_received_is_to_be_copied_where_there_is_a_second_store(service, station, batch_code, tmp_path):
    second = DirectoryStore(tmp_path / "second")
    files = send(replace(service, copy=second), station, batch_code, {"a.png": png(), "b.pdf": b"no picture"})
    jobs = {(job.stage, job.subject_id) for job in load(service, Job)}
    assert jobs == {(Stage.SPLIT, files["a.png"].id), (Stage.COPY, files["a.png"].id)}
    assert list(second.list_hashes(Area.ORIGINALS)) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"MZ this is a program" * 50, "unsupported_type"),
        (png()[:-30], "damaged_file"),
        (pdf(2)[:400], "damaged_file"),
        (pdf(1, password="bí mật"), "encrypted_file"),
        (pdf(6), "limit_exceeded"),
        (png(2000, 2000), "limit_exceeded"),
        (tiff(6), "limit_exceeded"),
    ],
    ids=["empty", "program", "cut PNG", "cut PDF", "encrypted", "PDF pages", "pixels", "TIFF pages"],
)
def test_a_bad_file_is_refused_by_name_and_nothing_of_it_is_kept(service, station, batch_code, data, code):
    files = send(service, station, batch_code, {"good.png": png(), "bad.pdf": data})
    assert (files["bad.pdf"].state, files["bad.pdf"].refusal_code) == (FileState.REFUSED, code)
    assert "bad.pdf" in files["bad.pdf"].refusal_reason
    assert list(service.objects.list_hashes(Area.ORIGINALS)) == [files["good.png"].sha256]
    assert service.landing.list_ids() == []
    assert len(load(service, Page)) == 1
    assert equations_hold(service)
    states = {document.ordinal: document.state for document in load(service, Document)}
    assert states == {1: DocumentState.PROCESSING, 2: DocumentState.RESCAN_REQUESTED}


def test_bytes_with_another_hash_are_refused(service, station, batch_code):
    (file,) = announce(service, station, manifest_of(batch_code, station, {"a.png": png()}))
    answer = receive_chunk(service, station, file.id, 0, bytes(file.size))
    assert (answer.state, answer.refusal_code) == (FileState.REFUSED, "hash_mismatch")
    assert list(service.objects.list_hashes(Area.ORIGINALS)) == []


def test_an_upload_goes_on_from_where_it_stopped_and_nowhere_else(service, station, batch_code):
    data = png()
    (file,) = announce(service, station, manifest_of(batch_code, station, {"a.png": data}))
    assert receive_chunk(service, station, file.id, 0, data[:50]).received_bytes == 50
    for wrong in (0, 49, 51):
        with pytest.raises(OffsetMismatch) as caught:
            receive_chunk(service, station, file.id, wrong, b"x")
        assert caught.value.expected == 50
    (again,) = announce(service, station, manifest_of(batch_code, station, {"a.png": data}))
    assert (again.id, again.received_bytes) == (file.id, 50)
    assert receive_chunk(service, station, file.id, 50, data[50:]).state is FileState.RECEIVED
    assert receive_chunk(service, station, file.id, 0, data).state is FileState.RECEIVED
    assert len(load(service, Page)) == 1


def test_a_file_whose_last_answer_was_lost_is_judged_on_an_empty_chunk(service, station, batch_code):
    data = png()
    (file,) = announce(service, station, manifest_of(batch_code, station, {"a.png": data}))
    with (
        service.landing.locked(file.id),
        service.landing.placed(file.id, 0, data) as record,
        service.records.writing() as session,
    ):
        record(session)
        row = session.get_one(IncomingFile, file.id)
        row.state, row.received_bytes = FileState.ARRIVING, len(data)
    assert receive_chunk(service, station, file.id, len(data), b"").state is FileState.RECEIVED


def test_what_is_declared_above_the_ceiling_is_refused_before_a_row_or_a_byte(service, station, batch_code):
    manifest = manifest_of(batch_code, station, {"a.png": png()}, secrecy=Secrecy.MAT)
    with pytest.raises(AboveCeiling):
        announce(service, station, manifest)
    assert load(service, IncomingFile) == []
    assert load(service, Batch)[0].state is BatchState.OPENED


def test_another_manifest_for_an_announced_batch_is_refused(service, station, batch_code):
    announce(service, station, manifest_of(batch_code, station, {"a.png": png()}))
    with pytest.raises(ManifestMismatch):
        announce(service, station, manifest_of(batch_code, station, {"b.png": png()}))
    assert [file.name for file in load(service, IncomingFile)] == ["a.png"]


def test_a_batch_is_sealed_only_when_all_has_arrived_and_the_receipt_stays_the_same(service, station, batch_code):
    contents = {"a.png": png(), "b.png": png(61)}
    announce(service, station, manifest_of(batch_code, station, contents))
    with pytest.raises(GateClosed) as caught:
        seal(service, station, batch_code)
    assert caught.value.missing == ("a.png", "b.png")
    send(service, station, batch_code, contents)
    first = seal(service, station, batch_code)
    assert seal(service, station, batch_code) == first
    assert [file.outcome for file in first.receipt.files] == ["received", "received"]


def test_a_sealed_batch_takes_nothing_more(service, station, batch_code):
    send(service, station, batch_code, {"a.png": png()})
    seal(service, station, batch_code)
    with pytest.raises(BatchSealed):
        announce(service, station, manifest_of(batch_code, station, {"c.png": png()}))


def test_an_empty_batch_cannot_be_sealed(service, station, batch_code):
    with pytest.raises(IllegalTransition):
        seal(service, station, batch_code)


def test_the_stations_own_refusal_counts(service, station, batch_code):
    (file,) = announce(service, station, manifest_of(batch_code, station, {"a.pdf": b"x"}))
    with service.records.writing() as session:
        refuse_at_station(session, station, file.id, "damaged_file", "'a.pdf' cannot be opened.")
    receipt = seal(service, station, batch_code).receipt
    assert [(one.name, one.outcome) for one in receipt.files] == [("a.pdf", "refused")]
    assert equations_hold(service)


def test_a_station_sees_no_batch_of_another_unit(service, office, batch_code):
    with service.records.writing() as session:
        other = add_office(session, code="KHAC")
        stranger = identify(session, add_station(session, other.unit, other["scanner"], "tram-9"), date.today())
    with pytest.raises(NotFound), service.records.reading() as session:
        find_station_batch(session, stranger, batch_code)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key_expires_at": datetime.now(UTC) - timedelta(days=1)}, "has expired"),
        ({"security_check_due": date.today() - timedelta(days=1)}, "out of date"),
        ({"security_check_due": None}, "out of date"),
        ({"active": False}, "switched off"),
    ],
)
def test_a_station_that_is_not_in_order_is_refused(service, station, change, words):
    from_key = "aaaaaaaaaaaa.geheim"
    with service.records.writing() as session:
        row = session.get_one(Station, station.station_id)
        row.key_prefix, row.key_hash = "aaaaaaaaaaaa", hashlib.sha256(b"geheim").hexdigest()
        row.key_expires_at = datetime.now(UTC) + timedelta(days=1)
        session.flush()
        assert find_station(session, from_key, date.today()).code == station.code
        session.execute(update(Station).values(**change))
        session.expire_all()
        with pytest.raises(StationRefused, match=words):
            find_station(session, from_key, date.today())


def test_an_unknown_station_key_is_refused(service, station):
    for key in ("", "x.y", f"{station.code}.z"):
        with service.records.reading() as session, pytest.raises(StationRefused, match="Unknown"):
            find_station(session, key, date.today())


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({"approved_at": None}, "its approval"),
        ({"business_owner_id": None}, "a named business owner"),
        ({"technical_owner_id": None}, "a named technical owner"),
    ],
)
def test_no_batch_opens_under_an_entry_that_lacks_something(service, office, change, lacking):
    with service.records.writing() as session:
        entry = add_entry(session, office.unit, office["owner"])
        for name, value in change.items():
            setattr(entry, name, value)
        session.flush()
        with pytest.raises(CatalogueRefused, match=lacking):
            open_batch(
                session,
                office["scanner"],
                code="L9",
                title="",
                catalogue_code=entry.code,
                secrecy=Secrecy.THUONG,
                ceiling=Secrecy.THUONG,
                station_code=None,
            )
        assert session.scalar(select(func.count()).select_from(Batch)) == 0


def test_an_owner_who_left_closes_the_gate_for_uploads_too(service, station, batch_code):
    with service.records.writing() as session:
        entry = session.scalars(select(CatalogueEntry)).one()
        session.execute(update(User).where(User.id == entry.business_owner_id).values(active=False))
    with pytest.raises(CatalogueRefused, match="an active business owner"):
        announce(service, station, manifest_of(batch_code, station, {"a.png": png()}))


def test_a_rescan_of_which_no_file_is_sound_leaves_the_earlier_scan_as_it_is(service, station, batch_code):
    with service.records.writing() as session:
        entry = session.scalars(select(CatalogueEntry)).one()
        earlier = add_batch(session, entry, station.operator, "LO-00")
        shelf = add_archival_file(session, earlier)
        old = add_document(session, earlier, shelf, 1, state=DocumentState.RESCAN_REQUESTED).id
    send(service, station, batch_code, {"HS01/001.png": b"no picture"})
    seal(service, station, batch_code)
    with service.records.reading() as session:
        kept = session.get_one(Document, old)
        states = set(session.scalars(select(Page.state).where(Page.document_id == old)))
    assert (kept.state, kept.visibility) == (DocumentState.RESCAN_REQUESTED, Visibility.UNPUBLISHED)
    assert states == {PageState.IN_PROGRESS}
