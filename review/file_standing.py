"""How each archival file of a batch stands: against its composition, and its documents against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import true
from sqlalchemy.orm import Session

from core.catalogue import Composition, Dictionary
from review.archival_files import FileContents, composition_of, list_contents
from review.composition import CompositionCheck, hold_against, list_absences
from review.person_file import (
    Claim,
    Contradiction,
    Settled,
    find_contradictions,
    list_claims,
    list_settled,
    open_pairs,
)
from storage.tables import Absence, Batch

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class FileStanding:
    """One file, whoever looks. `own`: ids of the documents that this batch brought."""

    contents: FileContents
    own: frozenset[str]
    composition: Composition
    check: CompositionCheck
    absences: tuple[Absence, ...]
    """Reasons that stand, of what is missing indeed: a document that turned up needs none."""
    claims: tuple[Claim, ...]
    settled: tuple[Settled, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Record types that block acceptance: missing, without a confirmed reason. While a document's type is not
        chosen it may be the one, so that none is named yet; the document itself blocks then."""
        if self.check.untyped:
            return ()
        excused = {one.record_type for one in self.absences if one.confirmed_by is not None}
        return tuple(one for one in self.check.missing if one not in excused)

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Those that a document of this batch takes part in."""
        found = find_contradictions(self.composition, self.claims)
        return tuple(one for one in found if any(claim.document_id in self.own for claim in one.claims))

    def unsettled(self) -> Iterator[tuple[str, tuple[tuple[Claim, Claim], ...]]]:
        """The facts that block acceptance, each with the pairs of claims that nobody settled."""
        for one in self.contradictions():
            pairs = tuple(
                pair for pair in open_pairs(one, self.settled) if any(claim.document_id in self.own for claim in pair)
            )
            if pairs:
                yield one.fact, pairs


def list_standings(session: Session, dictionary: Dictionary, batch: Batch) -> list[FileStanding]:
    """The files of the batch that hold living documents of it; none where no composition is given."""
    composition = composition_of(session, dictionary, batch)
    if composition is None:
        return []
    filled = [
        (one, own)
        for one in list_contents(session, batch, true())
        if (own := frozenset(document.id for document in one.documents if document.batch_id == batch.id))
    ]
    documents = [document for one, _ in filled for document in one.documents]
    claims = _by_document((one.document_id, one) for one in list_claims(session, dictionary, composition, documents))
    settled = _by_document(
        (words[0], one) for one in list_settled(session, [one.id for one in documents]) for words in one.claims
    )
    absences = list_absences(session, [one.archival_file.id for one, _ in filled])
    made: list[FileStanding] = []
    for contents, own in filled:
        check = hold_against(composition, {one.id: one.record_type for one in contents.documents})
        reasons = absences.get(contents.archival_file.id, ())
        made.append(
            FileStanding(
                contents=contents,
                own=own,
                composition=composition,
                check=check,
                absences=tuple(one for one in reasons if one.record_type in check.missing),
                claims=tuple(claim for one in contents.documents for claim in claims.get(one.id, ())),
                settled=tuple(dict.fromkeys(each for one in contents.documents for each in settled.get(one.id, ()))),
            )
        )
    return made


def _by_document(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for document_id, item in pairs:
        found[document_id].append(item)
    return found
