"""Reusing what another document of the same person's file says: entered once, taken over in the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from core.catalogue import Dictionary, RecordType
from people.persons import Person
from review.archival_files import composition_of, find_contents
from review.person_file import read_claims
from storage.access import readable
from storage.tables import Batch, Document

Origins = Mapping[tuple[str, str], str]
"""By field of the document being entered and document of origin: what that one says of the same fact."""


def list_origins(
    session: Session,
    person: Person,
    dictionary: Dictionary,
    document: Document,
    chosen: RecordType,
    wanted: Collection[str],
) -> Origins:
    """What the wanted documents say that a field of the chosen record type can take over, as far as this person reads
    it: documents of the same archival file alone, and nothing above their clearance."""
    if not wanted:
        return {}
    composition = composition_of(session, dictionary, session.get_one(Batch, document.batch_id))
    if composition is None:
        return {}
    contents = find_contents(session, document, readable(person.clearance))
    documents = [one for one in contents.documents if one.id in wanted and one.id != document.id]
    claims = read_claims(session, person.clearance, dictionary, composition, documents)
    return {
        (rule.name, claim.document_id): claim.value
        for rule in chosen.fields
        for claim in claims
        if composition.fact_of(chosen.code, rule.name) == claim.fact
    }
