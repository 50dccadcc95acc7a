"""The register of a batch: uploaded by people, kept, shown, and evidence for numbers and dates by pen.

What it says of a document is a suggestion like a machine's: it is shown with its source, and a person decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import IllegalTransition, NotFound
from core.known_facts import RegisterRow
from core.labels import AccessLabel, Role, Secrecy, Visibility, permits
from core.states import BatchState
from flow.find import find_batch
from flow.known_facts import list_register
from flow.weigh_pen import weigh_batch_again
from ingest.register import read_register
from people.persons import Person
from storage.access_log import append_event
from storage.tables import Batch, BatchRegister, CatalogueEntry, RegisterEntry, User

KEEPERS = (Role.SCAN_OPERATOR, Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER)
"""Who may open a batch brings its register too."""
TAKING = frozenset(
    {
        BatchState.OPENED,
        BatchState.RECEIVING,
        BatchState.SEALED,
        BatchState.PROCESSING,
        BatchState.IN_REVIEW,
        BatchState.REWORK,
    }
)
"""States in which something may still be entered by it."""


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register as a person may see it: its rows only where they may read all that the batch may hold."""

    name: str
    row_count: int
    uploaded_by: str
    uploaded_at: datetime
    rows: tuple[RegisterRow, ...] | None


def keep_register(session: Session, person: Person, code: str, name: str, data: bytes) -> int:
    """Puts the CSV file in place of the batch's earlier register, and weighs again what waits for entry.

    Answers the number of documents whose suggestions changed. Raises NotFound, Forbidden, IllegalTransition, and
    InvalidValue naming the lines that cannot be understood; then the earlier register stays.
    """
    batch = _open_batch(session, person, code)
    rows = read_register(data)
    _delete(session, batch.id)
    digest = hashlib.sha256(data).hexdigest()
    session.add(
        BatchRegister(
            batch_id=batch.id, name=name[:200], sha256=digest, row_count=len(rows), uploaded_by=person.user_id
        )
    )
    session.add_all(
        RegisterEntry(
            batch_id=batch.id,
            line=row.line,
            file_code=row.file_code,
            ordinal=row.ordinal,
            number=row.number,
            symbol=row.symbol,
            dated=row.dated,
            abstract=row.abstract,
        )
        for row in rows
    )
    session.flush()
    detail = {"sha256": digest, "rows": len(rows)}
    append_event(session, person.actor, "keep_register", f"batch:{batch.id}", allowed=True, detail=detail)
    return weigh_batch_again(session, batch.id)


def remove_register(session: Session, person: Person, code: str) -> int:
    """Takes the batch's register away, and its weight with it; answers as keep_register does. Raises as that does."""
    batch = _open_batch(session, person, code)
    if session.get(BatchRegister, batch.id) is None:
        raise NotFound(f"Batch {code} has no register.", "Load the page again.")
    append_event(session, person.actor, "remove_register", f"batch:{batch.id}", allowed=True)
    return forget_register(session, batch.id)


def forget_register(session: Session, batch_id: str) -> int:
    """Deletes the batch's register, if it has one, and what it made of suggestions; answers as keep_register does."""
    if session.get(BatchRegister, batch_id) is None:
        return 0
    _delete(session, batch_id)
    return weigh_batch_again(session, batch_id)


def _delete(session: Session, batch_id: str) -> None:
    session.execute(delete(RegisterEntry).where(RegisterEntry.batch_id == batch_id))
    session.execute(delete(BatchRegister).where(BatchRegister.batch_id == batch_id))


def read_batch_register(session: Session, person: Person, dictionary: Dictionary, batch: Batch) -> RegisterView | None:
    """The batch's register as this person may see it; None where there is none."""
    register = session.get(BatchRegister, batch.id)
    if register is None:
        return None
    may_read = permits(person.clearance, _label_of(session, dictionary, batch))
    return RegisterView(
        register.name if may_read else "",
        register.row_count,
        session.get_one(User, register.uploaded_by).full_name,
        register.uploaded_at,
        list_register(session, batch.id) if may_read else None,
    )


def _label_of(session: Session, dictionary: Dictionary, batch: Batch) -> AccessLabel:
    """As careful as the most sensitive document that the batch may hold."""
    types = session.get_one(CatalogueEntry, batch.catalogue_entry_id).record_types
    sensitivity = max(dictionary.record_type(code).labels.sensitivity for code in types)
    return AccessLabel(batch.unit_id, Secrecy(batch.secrecy), sensitivity, Visibility.UNPUBLISHED)


def _open_batch(session: Session, person: Person, code: str) -> Batch:
    batch = find_batch(session, person, code)
    person.require_any(KEEPERS, batch.unit_id)
    session.refresh(batch, with_for_update=True)
    if batch.state not in TAKING:
        raise IllegalTransition(f"Batch {code} is '{batch.state}': its register stays as it is.", "Reopen it first.")
    return batch
