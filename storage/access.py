"""The SQL rendering of the one access rule, held equal to `core.labels.permits` by a property test."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from core.labels import READERS, AccessLabel, Clearance, Secrecy, Sensitivity, Visibility
from storage.tables import Document


def label_of(document: Document) -> AccessLabel:
    """The document's access label."""
    return AccessLabel(
        document.unit_id, Secrecy(document.secrecy), Sensitivity(document.sensitivity), document.visibility
    )


def readable(clearance: Clearance) -> ColumnElement[bool]:
    """A condition on `documents` that holds exactly for those this clearance may read."""
    ways: list[ColumnElement[bool]] = []
    for visibility, roles in READERS.items():
        units = clearance.units_of(roles)
        if not units:
            continue
        way = [Document.visibility == visibility, Document.unit_id.in_(sorted(units))]
        if visibility is not Visibility.WITHHELD:
            way += [
                Document.secrecy <= int(clearance.secrecy),
                Document.sensitivity <= int(clearance.sensitivity),
            ]
        ways.append(and_(*way))
    return or_(*ways) if ways else false()
