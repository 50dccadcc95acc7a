"""What the flow relies on from a database: consistent reads, and fan-in that never misses the last of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.stages import Stage
from core.states import BatchState, DocumentState
from flow.progress import advance_batch, advance_document
from storage.access_log import append_event, find_fault
from storage.database import Records
from storage.jobs import enqueue
from storage.tables import AccessEvent, Batch, Document, Job, Page, PageReading
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office

Change = Callable[[Session, str], None]


@pytest.fixture
def records(tmp_path: Path, new_records: Callable[[Path], Records]) -> Iterator[Records]:
    made = new_records(tmp_path)
    yield made
    made.close()


@pytest.fixture
def documents(records: Records) -> list[str]:
    """Two documents of a batch in processing, of two pages each."""
    with records.writing() as session:
        office = add_office(session)
        batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
        batch.state = BatchState.PROCESSING
        archival = add_archival_file(session, batch)
        made = [
            add_document(session, batch, archival, number, state=DocumentState.PROCESSING, pages=2) for number in (1, 2)
        ]
        return [document.id for document in made]


def both_at_once(records: Records, change: Change, first: str, second: str) -> None:
    """Both changes; the second is tried while the first is not committed yet."""
    changed, ended = Event(), Event()

    def do_first() -> None:
        with records.writing() as session:
            change(session, first)
            session.flush()
            changed.set()
            # Where nothing holds the second back, it ends within this time, and has not seen the first.
            ended.wait(timeout=1.0)

    def do_second() -> None:
        changed.wait(timeout=10)
        with records.writing() as session:
            change(session, second)
        ended.set()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(do_first), pool.submit(do_second)]:
            done.result(timeout=60)


def test_the_last_of_two_pages_read_at_once_has_the_document_described(records: Records, documents: list[str]) -> None:
    with records.writing() as session:
        pages = list(session.scalars(select(Page.id).where(Page.document_id == documents[0])))
        session.execute(delete(PageReading).where(PageReading.page_id.in_(pages)))

    def read(session: Session, page_id: str) -> None:
        page = session.get_one(Page, page_id)
        page.failure = "no ink"
        advance_document(session, session.get_one(Document, page.document_id))

    both_at_once(records, read, *pages)
    with records.reading() as session:
        found = session.scalars(select(Job.subject_id).where(Job.stage == Stage.DESCRIBE)).all()
    assert found == [documents[0]]


def test_the_last_of_two_documents_described_at_once_brings_the_batch_to_review(
    records: Records, documents: list[str]
) -> None:
    def describe(session: Session, document_id: str) -> None:
        document = session.get_one(Document, document_id, with_for_update=True)
        document.state = DocumentState.DESCRIBED
        advance_batch(session, document.batch_id)

    both_at_once(records, describe, *documents)
    with records.reading() as session:
        assert session.scalars(select(Batch.state)).one() is BatchState.IN_REVIEW


def test_a_reader_sees_one_state_while_others_write(records: Records, documents: list[str]) -> None:
    count = select(func.count()).select_from(Document).where(Document.title == "mới")
    with records.reading() as reader:
        assert reader.scalar(count) == 0
        with records.writing() as session:
            session.get_one(Document, documents[0]).title = "mới"
        assert reader.scalar(count) == 0
    with records.reading() as reader:
        assert reader.scalar(count) == 1


def test_events_of_many_at_once_make_one_chain(records: Records) -> None:
    def note(number: int) -> None:
        with records.writing() as session:
            append_event(session, f"user:{number}", "view", f"document:{number}", allowed=True)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))
    with records.reading() as session:
        assert session.scalars(select(AccessEvent.sequence).order_by(AccessEvent.sequence)).all() == [*range(1, 41)]
        assert find_fault(session) is None


def test_two_who_add_to_a_batch_and_then_hold_it_do_not_wait_for_each_other(
    records: Records, documents: list[str]
) -> None:
    """A row that names the batch is put in first, by both; only then is the batch's own row held."""
    put_in = Barrier(2)

    def describe(document_id: str) -> None:
        with records.writing() as session:
            document = session.get_one(Document, document_id)
            enqueue(session, Stage.INDEX, document_id, document.batch_id, 1)
            session.flush()
            with suppress(BrokenBarrierError):  # SQLite lets one in at a time
                put_in.wait(timeout=1.0)
            document.state = DocumentState.DESCRIBED
            advance_batch(session, document.batch_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(describe, documents))
    with records.reading() as session:
        assert session.scalars(select(Batch.state)).one() is BatchState.IN_REVIEW
