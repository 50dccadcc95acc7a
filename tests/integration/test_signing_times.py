"""When PDFs were signed: read from real containers, and kept with the file that was split."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import DamagedFile
from core.settings import Settings
from core.states import BatchState, DocumentState
from flow.known_facts import VIETNAMESE_TIME, gather_facts
from flow.split import split_incoming_file
from ingest.checks.inspect import PDF
from ingest.signing_times import find_signing_times
from storage.objects import Area
from storage.tables import Document, IncomingFile
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, make_service
from tests.signed_pdfs import sign_nothing, write_signed_pdf

EVAL = Path(__file__).parents[3] / "shared" / "eval"
DAYS_AFTER = {
    "qn_01ct": ("2021-01-04", [1]),
    "qn_07ct18": ("2018-03-20", [1]),
    "qn_299ub": ("2025-01-15", [0, 1]),
    "tt_209": ("2025-02-18", [1]),
    "ep_0006_canon_ocr": ("2021-06-15", []),
}
"""Dates written on real papers, and the days from there to their signatures."""


def test_the_signed_attribute_counts_before_the_dictionary(tmp_path: Path) -> None:
    path = write_signed_pdf(tmp_path / "signed.pdf", [(sign_nothing(), "D:20200101000000Z")])
    (time,) = find_signing_times(path, PDF)
    assert abs(datetime.now(UTC) - time) < timedelta(minutes=2)


def test_local_time_that_a_container_gives_as_utc_is_put_right_by_the_dictionary(tmp_path: Path) -> None:
    stated = datetime.now(UTC).strftime("D:%Y%m%d%H%M%S+07'00'")
    (time,) = find_signing_times(write_signed_pdf(tmp_path / "signed.pdf", [(sign_nothing(), stated)]), PDF)
    assert abs(datetime.now(UTC) - timedelta(hours=7) - time) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("stated", "times"),
    [
        ("D:20250219075513+07'00'", [datetime(2025, 2, 19, 0, 55, 13, tzinfo=UTC)]),
        ("D:20250219", [datetime(2025, 2, 19, tzinfo=UTC)]),
        ("D:20251319075513", []),
        ("19.02.2025", []),
        (None, []),
    ],
)
def test_without_a_readable_container_the_dictionary_counts(
    tmp_path: Path, stated: str | None, times: list[datetime]
) -> None:
    assert list(find_signing_times(write_signed_pdf(tmp_path / "signed.pdf", [(b"\x30\x03", stated)]), PDF)) == times


def test_what_is_no_pdf_has_none_and_a_broken_one_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    assert find_signing_times(broken, "image/png") == ()
    with pytest.raises(DamagedFile):
        find_signing_times(broken, PDF)


@pytest.mark.eval
@pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation documents are not here")
@pytest.mark.parametrize("name", DAYS_AFTER)
def test_real_papers_were_signed_on_their_day_or_the_next(name: str) -> None:
    written, days = DAYS_AFTER[name]
    times = find_signing_times(EVAL / "pdfs" / f"{name}.pdf", PDF)
    found = [(time.astimezone(VIETNAMESE_TIME).date() - date.fromisoformat(written)).days for time in times]
    assert found == days


def test_splitting_keeps_the_times_with_the_file_and_leaves_its_bytes(tmp_path: Path) -> None:
    signatures = [(b"", "D:20250219235513+07'00'"), (b"", "D:20250219175513Z")]
    path = write_signed_pdf(tmp_path / "signed.pdf", signatures)
    before = path.read_bytes()
    digest = hashlib.sha256(before).hexdigest()
    service = make_service(Settings(data_dir=tmp_path / "data"))
    with service.records.writing() as session:
        office = add_office(session)
        entry = add_entry(session, office.unit, office["owner"])
        batch = add_batch(session, entry, office["owner"], state=BatchState.PROCESSING)
        document = add_document(session, batch, add_archival_file(session, batch), state=DocumentState.PROCESSING)
        service.objects.put_file(Area.ORIGINALS, path, digest)
        file = session.scalars(select(IncomingFile)).one()
        file.sha256 = digest
        ids = document.id, file.id
    record = split_incoming_file(service, ids[1])
    with service.records.writing() as session:
        record(session)
    with service.records.reading() as session:
        kept = session.get_one(IncomingFile, ids[1]).signing_times
        assert kept == ["2025-02-19T16:55:13+00:00", "2025-02-19T17:55:13+00:00"]
        # The second is past midnight in Việt Nam.
        facts = gather_facts(session, session.get_one(Document, ids[0]))
        assert facts.signed_on == (date(2025, 2, 19), date(2025, 2, 20))
        assert (facts.file_code, facts.ordinal) == ("HS01", 1)
    with service.objects.local(Area.ORIGINALS, digest) as stored:
        assert stored.read_bytes() == before
    service.close()
