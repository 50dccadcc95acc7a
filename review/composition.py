"""Thành phần hồ sơ: the documents of an archival file held against what its kind must and may hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Composition
from storage.tables import Absence, ArchivalFile


@dataclass(frozen=True, slots=True)
class CompositionCheck:
    """How a file stands against its composition. `missing`: required record types without a document."""

    missing: tuple[str, ...]
    unforeseen: tuple[str, ...]
    """Ids of documents of a record type that the composition does not name."""
    untyped: tuple[str, ...]
    """Ids of documents whose record type no person chose yet: any of them may be one that is missing."""


def hold_against(composition: Composition, types: Mapping[str, str | None]) -> CompositionCheck:
    """types: of each living document, by id, the record type that a person chose, or None."""
    present = {one for one in types.values() if one is not None}
    foreseen = {*composition.required, *composition.optional}
    return CompositionCheck(
        missing=tuple(one for one in composition.required if one not in present),
        unforeseen=tuple(key for key, one in types.items() if one is not None and one not in foreseen),
        untyped=tuple(key for key, one in types.items() if one is None),
    )


def list_absences(session: Session, file_ids: Collection[str]) -> dict[str, list[Absence]]:
    """The reasons that stand, entered or confirmed, by archival file."""
    rows = session.scalars(
        select(Absence)
        .where(Absence.archival_file_id.in_(sorted(file_ids)), Absence.revoked_at.is_(None))
        .order_by(Absence.entered_at, Absence.id)
    )
    found: dict[str, list[Absence]] = defaultdict(list)
    for one in rows:
        found[one.archival_file_id].append(one)
    return found


def list_revoked(session: Session, batch_id: str) -> list[Absence]:
    """The reasons that were taken back, oldest first."""
    rows = select(Absence).join(ArchivalFile).where(ArchivalFile.batch_id == batch_id, Absence.revoked_at.is_not(None))
    return list(session.scalars(rows.order_by(Absence.revoked_at, Absence.id)))
