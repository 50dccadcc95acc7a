"""Documents of one person's file contradict each other: a confirmer finds that the papers differ, and says why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import NotFound, SeparationOfDuties, StaleRevision
from core.labels import Role
from flow.changes import log_change, require_open_batch, require_reason
from flow.find import find_document
from people.persons import Person
from review.archival_files import composition_of, find_contents
from review.person_file import Claim, Contradiction, find_contradictions, read_claims
from storage.access import readable
from storage.tables import SettledClaim, Settlement


def settle_contradiction(
    session: Session, person: Person, dictionary: Dictionary, document_id: str, fact: str, key: str, reason: str
) -> Settlement:
    """Settles what the documents of this document's file say of one fact, as far as this person reads it.

    key: of the contradiction that they looked at. Raises NotFound where there is none, StaleRevision where a value has
    changed since, SeparationOfDuties for whoever entered one of the values.
    """
    document = find_document(session, person, document_id)
    person.require(Role.REVIEWER, document.unit_id)
    batch = require_open_batch(session, document.batch_id)
    composition = composition_of(session, dictionary, batch)
    contents = find_contents(session, document, readable(person.clearance))
    found: dict[str, Contradiction] = {}
    if composition is not None:
        claims = read_claims(session, person.clearance, dictionary, composition, contents.documents)
        found = {one.fact: one for one in find_contradictions(composition, claims)}
    if fact not in found:
        raise NotFound(f"The documents of this file do not contradict each other on '{fact[:60]}'.", "Load it again.")
    if found[fact].key != key:
        raise StaleRevision("A value of this contradiction has changed meanwhile.", "Look at it again.")
    _require_others(person, found[fact].claims)
    settlement = Settlement(batch_id=batch.id, fact=fact, reason=require_reason(reason), settled_by=person.user_id)
    session.add(settlement)
    session.flush()
    session.add_all(
        SettledClaim(settlement_id=settlement.id, document_id=one.document_id, field=one.rule.name, value=one.value)
        for one in found[fact].claims
    )
    documents = sorted({one.document_id for one in found[fact].claims})
    detail = {"fact": fact, "documents": documents, "settlement": settlement.id}
    log_change(session, person, "settle_contradiction", document, detail)
    return settlement


def _require_others(person: Person, claims: tuple[Claim, ...]) -> None:
    mine = sorted({one.rule.name for one in claims if one.entered_by == person.user_id})
    if mine:
        raise SeparationOfDuties(
            f"{person.full_name} entered one of these values: {', '.join(mine)}.", "Have another reviewer settle it."
        )
