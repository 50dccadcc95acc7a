"""Uploads that nobody goes on with leave nothing in any landing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from core.errors import OffsetMismatch, StoreUnavailable
from core.states import FileState
from flow.expire_uploads import expire_uploads, tidy_stores
from storage.tables import LandingUpload, now
from tests.contract.landings import (
    CHUNK,
    LARGE,
    MEGABYTE,
    SMALL,
    Yard,
    assert_received,
    send_all,
)


def age(yard: Yard, file_id: str) -> datetime:
    """Makes the upload look old; answers a moment after that."""
    if yard.buckets is None:
        return now() + timedelta(seconds=5)
    with yard.base.records.writing() as session:
        old = now() - timedelta(days=9)
        session.execute(update(LandingUpload).where(LandingUpload.file_id == file_id).values(touched_at=old))
    return now() - timedelta(days=8)


@pytest.mark.parametrize("sent", [100, CHUNK, 2 * CHUNK, 12 * MEGABYTE + 5])
def test_an_abandoned_upload_leaves_nothing_and_can_begin_anew(yard: Yard, sent: int) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    service = yard.replica()
    for offset in range(0, sent, CHUNK):
        yard.send(service, file.id, offset, LARGE[offset : min(offset + CHUNK, sent)])
    assert service.landing.list_ids() == [file.id]
    assert expire_uploads(service, now() - timedelta(hours=1)) == 0
    assert yard.row(file.id).received_bytes == sent
    before = age(yard, file.id)
    assert expire_uploads(yard.replica(), before) == 1
    assert yard.leftovers() == []
    row = yard.row(file.id)
    assert (row.state, row.received_bytes) == (FileState.ANNOUNCED, 0)
    with pytest.raises(OffsetMismatch) as caught:
        yard.send(service, file.id, sent, LARGE[sent : sent + CHUNK])
    assert caught.value.expected == 0
    send_all(yard, file.id, LARGE, [CHUNK])
    assert_received(yard, file.id, LARGE)


def test_an_upload_that_arrived_whole_and_was_never_judged_expires_too(yard: Yard) -> None:
    file = yard.announce({"a.png": SMALL})["a.png"]
    service = yard.replica()
    with (
        service.landing.locked(file.id),
        service.landing.placed(file.id, 0, SMALL) as record,
        service.records.writing() as session,
    ):
        record(session)
        row = session.get_one(type(file), file.id)
        row.state, row.received_bytes = FileState.ARRIVING, len(SMALL)
    assert expire_uploads(service, age(yard, file.id)) == 1
    assert (yard.row(file.id).state, yard.leftovers()) == (FileState.ANNOUNCED, [])


def test_an_upload_of_which_nothing_lies_here_begins_anew(yard: Yard) -> None:
    file = yard.announce({"a.png": SMALL})["a.png"]
    with yard.base.records.writing() as session:
        row = session.get_one(type(file), file.id)
        row.state, row.received_bytes = FileState.ARRIVING, 1000
    service = yard.replica()
    with pytest.raises(StoreUnavailable):
        yard.send(service, file.id, 1000, SMALL[1000:])
    assert expire_uploads(service, now() - timedelta(hours=1)) == 1
    send_all(yard, file.id, SMALL, [CHUNK])
    assert_received(yard, file.id, SMALL)


def test_tidying_spares_what_is_under_way(yard: Yard) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    service = yard.replica()
    yard.send(service, file.id, 0, LARGE[: 6 * MEGABYTE])
    yard.send(service, file.id, 6 * MEGABYTE, LARGE[6 * MEGABYTE : 7 * MEGABYTE])
    assert tidy_stores(service) == 0
    assert service.landing.tidy(now() + timedelta(hours=1)) == 0
    yard.send(service, file.id, 7 * MEGABYTE, LARGE[7 * MEGABYTE :])
    assert_received(yard, file.id, LARGE)
