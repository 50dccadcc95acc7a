"""The versions of the data dictionary: the database tells which there are and which holds on a day.

A record keeps the version that its batch was opened with. An approved version never changes, so one that was read
once is kept; which holds today is asked each time, so that every process follows without a restart.
"""

from __future__ import annotations

import hashlib
import threading
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, DictionaryFault, builtin_text, check_dictionary, load_builtin
from core.errors import NotFound, SettingsError
from core.states import ChangeState
from storage.access_log import append_event
from storage.database import Records, present
from storage.tables import Batch, DictionaryVersion, Document

_FIRST_DAY = date(1900, 1, 1)
_PROGRAM = "system:program"


class Dictionaries:
    """The dictionary in each of its versions. Until one is registered, the built-in one is all there is."""

    def __init__(self) -> None:
        self._kept: dict[str, Dictionary] = {}
        self._lock = threading.Lock()

    def of(self, session: Session, version: str) -> Dictionary:
        """The approved dictionary of that version. Raises NotFound; SettingsError if its text is damaged."""
        with self._lock:
            kept = self._kept.get(version)
        if kept is not None:
            return kept
        row = session.scalars(
            select(DictionaryVersion).where(
                DictionaryVersion.version == version, DictionaryVersion.state == ChangeState.APPROVED
            )
        ).one_or_none()
        if row is None:
            return _unregistered(version)
        made = read_version(row)
        with self._lock:
            self._kept[version] = made
        return made

    def present(self, session: Session) -> Dictionary:
        """The dictionary that holds today, for what begins today. Raises SettingsError."""
        return self.of(session, present_version(session))

    def of_batch(self, session: Session, code: str) -> Dictionary:
        """The dictionary that the batch was opened with; today's for one that does not exist."""
        version = session.scalar(select(Batch.dictionary_version).where(Batch.code == code))
        return self.present(session) if version is None else self.of(session, version)

    def of_document(self, session: Session, document_id: str) -> Dictionary:
        """The dictionary that the document's batch was opened with; today's for one that does not exist."""
        query = select(Batch.dictionary_version).join(Document, Document.batch_id == Batch.id)
        version = session.scalar(query.where(Document.id == document_id))
        return self.present(session) if version is None else self.of(session, version)


def _unregistered(version: str) -> Dictionary:
    builtin = load_builtin()
    if version != builtin.version:
        raise NotFound(f"There is no approved data dictionary of version '{version[:20]}'.", "Look at its versions.")
    return builtin


def find_version(session: Session, version: str | None) -> DictionaryVersion:
    """The row of an approved version, today's for None. Raises NotFound."""
    wanted = version or present_version(session)
    row = session.scalars(
        select(DictionaryVersion).where(
            DictionaryVersion.version == wanted, DictionaryVersion.state == ChangeState.APPROVED
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no approved data dictionary of version '{wanted[:20]}'.", "Look at its versions.")
    return row


def read_version(row: DictionaryVersion) -> Dictionary:
    """The dictionary that a version's text makes. Raises SettingsError if the text is not what was approved."""
    if text_hash(row.text) != row.content_hash:
        raise SettingsError(
            f"The text of data dictionary version '{row.version}' has changed since it was proposed.",
            "Restore the table 'dictionary_versions' from a backup.",
        )
    dictionary, faults = check_text(row.text)
    if dictionary is None:
        raise SettingsError(
            f"Data dictionary version '{row.version}': {' '.join(map(str, faults[:5]))}", "Mend the data dictionary."
        )
    return dictionary


@lru_cache(maxsize=8)
def check_text(text: str) -> tuple[Dictionary | None, tuple[DictionaryFault, ...]]:
    """The dictionary of a version's text, or its faults. Kept for a while: a proposal is shown again and again."""
    return check_dictionary({"yaml": text})


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def today(session: Session) -> date:
    """The day by the clock that all processes share, in the machine's zone."""
    return present(session).astimezone().date()


def present_version(session: Session) -> str:
    """The version that holds today: of those approved, the one whose day came last."""
    found = session.scalar(
        select(DictionaryVersion.version)
        .where(DictionaryVersion.state == ChangeState.APPROVED, DictionaryVersion.effective_on <= today(session))
        .order_by(DictionaryVersion.effective_on.desc(), DictionaryVersion.decided_at.desc())
        .limit(1)
    )
    return found or load_builtin().version


def register_builtin(records: Records) -> None:
    """Makes the built-in dictionary the first version where there is none, and reads those that hold or will hold.

    Whoever starts the service calls it. Raises SettingsError naming what is wrong with a version.
    """
    with records.writing() as session:
        approved = session.scalars(
            select(DictionaryVersion).where(DictionaryVersion.state == ChangeState.APPROVED)
        ).all()
        for row in approved:
            read_version(row)
        if approved:
            return
        text = builtin_text()
        row = DictionaryVersion(
            version=load_builtin().version,
            content_hash=text_hash(text),
            text=text,
            state=ChangeState.APPROVED,
            reason="Từ điển có sẵn của chương trình.",
            decided_at=present(session),
            effective_on=_FIRST_DAY,
        )
        session.add(row)
        session.flush()
        append_event(session, _PROGRAM, "register_dictionary", f"dictionary:{row.id}", allowed=True)
