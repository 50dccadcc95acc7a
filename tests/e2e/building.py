"""The office at its browsers: a signed-in page for each person, and a batch that waits for entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page
from sqlalchemy import select, update

from core.states import BatchState, DocumentState, PageState
from flow.run_job import run_job
from storage.tables import Batch, CatalogueEntry, Document, Job, Station
from storage.tables import Page as PageRow
from tests import factories
from tests.web_office import PASSWORD, PLAN, WebOffice, _suggestions, fill_document, suggest

CODE = "LO-02"


class Building:
    """The office with its people at their browsers."""

    def __init__(self, web: WebOffice, browser: Browser, url: str) -> None:
        self.web, self._browser, self._url = web, browser, url

    @contextmanager
    def at_desk(self, name: str, path: str = "/") -> Iterator[Page]:
        """A signed-in person's browser page at this address."""
        page = self._browser.new_page(base_url=self._url, viewport={"width": 1440, "height": 900})
        page.set_default_timeout(8000)
        page.goto("/sign-in")
        page.fill("#username", self.web.username(name))
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(path)
        yield page
        page.close()

    def batch_state(self, code: str = CODE) -> BatchState:
        with self.web.service.records.reading() as session:
            return session.scalars(select(Batch.state).where(Batch.code == code)).one()

    def document_states(self, code: str = CODE) -> list[DocumentState]:
        query = select(Document.state).join(Batch, Batch.id == Document.batch_id).where(Batch.code == code)
        with self.web.service.records.reading() as session:
            return list(session.scalars(query.order_by(Document.ordinal)))

    def run_jobs(self) -> None:
        """Does what the workers would do now."""
        with self.web.service.records.reading() as session:
            jobs = list(session.scalars(select(Job.id)))
        for job in jobs:
            run_job(self.web.service, job, "test")


def add_batch(web: WebOffice) -> None:
    """A batch of two documents of one page each that the machine has described, both with the same number."""
    office = web.office
    with web.service.records.writing() as session:
        withheld = PageRow.document_id == web.documents["withheld"]
        session.execute(update(PageRow).where(withheld).values(state=PageState.WITHHELD))
        entry = session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == "DM01")).one()
        station = session.scalars(select(Station).where(Station.operator_id == office["scanner"].user_id)).one()
        batch = factories.add_batch(session, entry, office["scanner"], CODE, station=station)
        batch.manifest, batch.manifest_digest = {"files": [None] * 2}, factories.fake_sha256(CODE)
        shelf = factories.add_archival_file(session, batch, "HS07")
        for ordinal in (1, 2):
            document = factories.add_document(session, batch, shelf, ordinal)
            document.title, document.form = "", "party"
            document.suggested_record_type, document.suggested_confidence = "party_document", 0.91
            lines = fill_document(session, web.service, document, (*PLAN, f"Phần thứ {ordinal}"))
            suggest(session, document, _suggestions(lines, pen=False))
