"""Abandoned uploads: after the hours that the settings allow, what has landed goes, and the station can start over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from core.errors import StoreUnavailable
from core.states import FileState, move
from flow.service import Service
from storage.access_log import append_event
from storage.database import HELD
from storage.tables import IncomingFile, now

logger = logging.getLogger(__name__)


def tidy_stores(service: Service) -> int:
    """Drops abandoned uploads, and what writes that were cut off have left in the stores; answers how many things.

    A store that is away is tidied another time.
    """
    before = now() - timedelta(hours=service.settings.landing_hours)
    try:
        return expire_uploads(service, before) + service.landing.tidy(before) + service.objects.tidy(before)
    except StoreUnavailable as error:
        logger.warning("the stores are tidied another time: %s", error)
        return 0


def expire_uploads(service: Service, before: datetime) -> int:
    """Drops uploads that no piece has come for since that moment: the file is announced again, with no byte of it."""
    with service.records.reading() as session:
        query = select(IncomingFile.id).where(IncomingFile.state == FileState.ARRIVING)
        arriving = set(session.scalars(query))
    # An upload of which nothing lies here came to another landing, before the settings changed.
    lost = arriving - set(service.landing.list_ids())
    expired = 0
    for file_id in sorted(lost.union(service.landing.find_stale(before))):
        expired += _expire(service, file_id, before)
    return expired


def _expire(service: Service, file_id: str, before: datetime) -> bool:
    with service.landing.locked(file_id):
        with service.records.writing() as session:
            file = session.get(IncomingFile, file_id, with_for_update=HELD)
            clear = service.landing.release(session, file_id, untouched_since=before)
            if clear is None:
                return False
            if file is not None and file.state is FileState.ARRIVING:
                file.state = move(f"File '{file.name}'", file.state, FileState.ANNOUNCED)
                file.received_bytes = 0
                append_event(session, "system", "expire_upload", f"file:{file.id}", allowed=True)
        clear()
    return True
