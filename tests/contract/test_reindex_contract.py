"""Index and records brought into step, on every search backend: what differs is found, mended, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.labels import Clearance, Grant, Role, Secrecy, Sensitivity
from core.settings import Settings
from core.stages import Stage
from core.states import DocumentState
from flow import drift as drift_module
from flow import reindex as reindex_module
from flow.check import check_installation
from flow.drift import Drift, find_drift
from flow.index import build_search_record, index_document
from flow.reindex import reindex
from flow.search_jobs import request_index
from flow.service import Service
from flow.withhold import withhold_document
from indexing import fts5
from indexing.backend import SearchQuery, Standing
from indexing.opensearch import backend as opensearch
from storage.jobs import enqueue
from storage.tables import Document
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, make_service
from tests.search_backends import BACKENDS, fresh_index
from tests.search_records import make_record

DOCUMENTS = 7


class Installation:
    """A service whose documents were all indexed at revision 1."""

    def __init__(self, service: Service) -> None:
        self.service = service
        with service.records.writing() as session:
            office = add_office(session)
            batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
            archival = add_archival_file(session, batch)
            self.ids = [add_document(session, batch, archival, number).id for number in range(1, DOCUMENTS + 1)]
            self.batch_id, self.unit_id = batch.id, office.unit.id
            session.execute(update(Document).values(search_revision=1))
        for document_id in self.ids:
            self.index(document_id)

    def index(self, document_id: str) -> None:
        note = index_document(self.service, document_id)
        with self.service.records.writing() as session:
            note(session)

    def withhold(self, document_id: str) -> None:
        with self.service.records.writing() as session:
            withhold_document(session, session.get_one(Document, document_id), "Dấu mật")

    def set_revision(self, document_id: str, revision: int) -> None:
        with self.service.records.writing() as session:
            changed = update(Document).where(Document.id == document_id)
            session.execute(changed.values(search_revision=revision))

    def forget_jobs(self) -> None:
        """As if they had been done."""
        with self.service.records.writing() as session:
            session.execute(drift_module.Job.__table__.delete())

    def revisions(self) -> dict[str, int]:
        return dict(self.service.search.revisions())

    def total(self) -> int:
        grants = tuple(Grant(role, frozenset({self.unit_id})) for role in Role)
        everything = Clearance("x", grants, max(Secrecy), max(Sensitivity))
        self.service.search.refresh()
        return self.service.search.search(everything, SearchQuery()).total

    def put_out_of_step(self) -> None:
        """One document each: lost from the index, changed since, withheld since, and one that has no row."""
        lost, changed, withheld = self.ids[0], self.ids[2], self.ids[4]
        with self.service.search.rebuild() as fresh, self.service.records.reading() as session:
            for document in session.scalars(select(Document).where(Document.id != lost)).all():
                fresh.write([build_search_record(session, self.service.dictionaries.present(session), document)])
            fresh.write([make_record("f" * 32, "thừa", revision=4)])
        self.set_revision(changed, 2)
        self.withhold(withheld)
        self.forget_jobs()


@pytest.fixture(params=BACKENDS)
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with fresh_index(request.param, tmp_path) as opened, closing(opened()) as search:
        made = Installation(replace(make_service(Settings(data_dir=tmp_path)), search=search))
        yield made
        made.service.records.close()


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (drift_module, "_AT_ONCE"),
        (reindex_module, "_AT_ONCE"),
        (fts5, "_REVISIONS_AT_ONCE"),
        (opensearch, "_REVISIONS_AT_ONCE"),
    ):
        monkeypatch.setattr(module, name, 2)


def test_in_step_there_is_nothing_to_do(installation: Installation) -> None:
    assert list(find_drift(installation.service)) == []
    assert reindex(installation.service, rebuild=False) == 0


@pytest.mark.usefixtures("small_portions")
def test_what_differs_is_found_exactly_and_mended(installation: Installation) -> None:
    installation.put_out_of_step()
    ids = installation.ids
    expected = [
        Drift(ids[0], held=None, wanted=1, known=True, awaited=False),
        Drift(ids[2], held=1, wanted=2, known=True, awaited=False),
        Drift(ids[4], held=1, wanted=None, known=True, awaited=False),
        Drift("f" * 32, held=4, wanted=None, known=False, awaited=False),
    ]
    assert list(find_drift(installation.service)) == expected
    findings = [one for one in check_installation(installation.service, deep=False) if one.part == "index"]
    assert [(one.kind, one.where) for one in findings] == [
        *(("out_of_step", f"document {name}") for name in (ids[0], ids[2], ids[4])),
        ("orphaned", f"document {'f' * 32}"),
    ]
    assert reindex(installation.service, rebuild=False) == len(expected)
    assert list(find_drift(installation.service)) == []
    assert installation.revisions() == {name: 2 if name == ids[2] else 1 for name in ids if name != ids[4]}
    assert installation.total() == DOCUMENTS - 1


def test_what_a_job_is_to_write_still_is_no_finding(installation: Installation) -> None:
    with installation.service.records.writing() as session:
        request_index(session, session.get_one(Document, installation.ids[1]))
    assert [one.awaited for one in find_drift(installation.service)] == [True]
    assert [one for one in check_installation(installation.service, deep=False) if one.part == "index"] == []


@pytest.mark.usefixtures("small_portions")
def test_a_rebuild_holds_the_records_and_nothing_else_and_no_late_write_revives(installation: Installation) -> None:
    ids = installation.ids
    with installation.service.records.reading() as session:
        document = session.get_one(Document, ids[4])
        late = build_search_record(session, installation.service.dictionaries.present(session), document)
    installation.put_out_of_step()
    assert reindex(installation.service, rebuild=True) == DOCUMENTS - 1
    assert installation.revisions() == {name: 2 if name == ids[2] else 1 for name in ids if name != ids[4]}
    assert installation.service.search.write([late]) == 0
    assert installation.service.search.standing("f" * 32) is None
    assert installation.total() == DOCUMENTS - 1
    with installation.service.records.reading() as session:
        assert (
            session.scalars(select(Document.id).where(Document.indexed_revision < Document.search_revision)).all() == []
        )


def test_an_index_that_is_ahead_of_restored_records_is_overtaken(installation: Installation) -> None:
    """The records were restored from a copy in which two documents were older, one of them not yet withheld."""
    ids = installation.ids
    installation.set_revision(ids[0], 9)
    installation.index(ids[0])
    installation.service.search.remove(ids[1], 9)
    for name in ids[:2]:
        installation.set_revision(name, 3)
    assert [(one.held, one.wanted) for one in find_drift(installation.service)] == [(9, 3), (None, 3)]
    assert reindex(installation.service, rebuild=False) == 2
    assert list(find_drift(installation.service)) == []
    assert installation.service.search.standing(ids[0]) == Standing(10, gone=False)
    assert installation.service.search.standing(ids[1]) == Standing(10, gone=False)


def test_documents_that_are_not_described_yet_are_in_no_index(installation: Installation) -> None:
    with installation.service.records.writing() as session:
        session.execute(update(Document).values(state=DocumentState.PROCESSING, search_revision=0))
        enqueue(session, Stage.DESCRIBE, installation.ids[0], installation.batch_id)
    assert reindex(installation.service, rebuild=True) == 0
    assert installation.revisions() == {}
    assert installation.total() == 0
