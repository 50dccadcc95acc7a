"""Finding the documents that may be one with a given one: by bytes, by key, by text.

Every look-up goes through an index and takes at most so many rows, so that its time hardly grows with the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from core.duplicates import GIVEN_UP, DuplicateKind
from core.likeness import NEAR, Signature, bands_of, estimate, unpack
from core.states import FileState
from storage.tables import Document, DocumentLikeness, IncomingFile, LikenessBand, Page, PageReading

MOST_OTHERS = 50
"""Others of one kind that are looked up: a circular that stands in a thousand files is compared with fifty of them."""
_MOST_IN_BAND = 64


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another document and how it is like the one asked about."""

    other_id: str
    kind: DuplicateKind
    similarity: float


def find_like(session: Session, document: Document, known: Collection[tuple[str, DuplicateKind]]) -> list[Likeness]:
    """What the document is like, those of `known` first looked at again. Documents that were given up, and other
    versions of the same place, are nobody's duplicates."""
    if document.state in GIVEN_UP:
        return []
    found = [
        *_same_bytes(session, document),
        *_same_key(session, document, [one for one, kind in known if kind is DuplicateKind.SAME_KEY]),
        *_near_text(session, document, [one for one, kind in known if kind is DuplicateKind.NEAR_TEXT]),
    ]
    living = _living(session, document, {one.other_id for one in found})
    return [one for one in found if one.other_id in living]


def _living(session: Session, document: Document, ids: Iterable[str]) -> set[str]:
    same_place = (Document.archival_file_id == document.archival_file_id) & (Document.ordinal == document.ordinal)
    query = select(Document.id).where(Document.id.in_(sorted(ids)), Document.state.not_in(GIVEN_UP), ~same_place)
    return set(session.scalars(query))


def _same_bytes(session: Session, document: Document) -> list[Likeness]:
    mine, other = aliased(IncomingFile), aliased(IncomingFile)
    files = (
        select(other.document_id)
        .join(mine, mine.sha256 == other.sha256)
        .where(
            mine.document_id == document.id,
            mine.state == FileState.RECEIVED,
            other.state == FileState.RECEIVED,
            other.document_id != document.id,
        )
        .distinct()
        .limit(MOST_OTHERS)
    )
    found = dict.fromkeys(session.scalars(files), 1.0)
    for other_id, share in _shared_images(session, document).items():
        found.setdefault(other_id, share)
    return [Likeness(one, DuplicateKind.SAME_BYTES, share) for one, share in found.items()]


def _shared_images(session: Session, document: Document) -> dict[str, float]:
    """Others with the same page images, and their share of the images of the one that has fewer. Blank pages of
    scanners without noise are all the same and say nothing."""
    images = set(session.scalars(_images(Page.document_id == document.id)))
    rows = session.execute(
        select(Page.document_id, func.count(Page.image_sha256.distinct()))
        .where(Page.image_sha256.in_(sorted(images)), Page.document_id != document.id)
        .group_by(Page.document_id)
        .limit(MOST_OTHERS)
    ).all()
    others = _images(Page.document_id.in_([one for one, _ in rows])).add_columns(Page.document_id)
    totals = Counter(document_id for _, document_id in session.execute(others))
    return {other_id: min(1.0, shared / max(1, min(len(images), totals[other_id]))) for other_id, shared in rows}


def _images(which: ColumnElement[bool]) -> Select[str | None]:
    return (
        select(Page.image_sha256)
        .outerjoin(PageReading, PageReading.page_id == Page.id)
        .where(which, Page.image_sha256.is_not(None), or_(PageReading.blank.is_(None), PageReading.blank.is_(False)))
        .distinct()
    )


def _same_key(session: Session, document: Document, known: Sequence[str]) -> list[Likeness]:
    key = session.scalar(select(DocumentLikeness.key).where(DocumentLikeness.document_id == document.id))
    if key is None:
        return []
    same = select(DocumentLikeness.document_id).where(
        DocumentLikeness.key == key, DocumentLikeness.document_id != document.id
    )
    ids = {
        *session.scalars(same.limit(MOST_OTHERS)),
        *session.scalars(same.where(DocumentLikeness.document_id.in_(known))),
    }
    return [Likeness(one, DuplicateKind.SAME_KEY, 1.0) for one in sorted(ids)]


def _near_text(session: Session, document: Document, known: Sequence[str]) -> list[Likeness]:
    """Two keys that differ are two documents, however like their template makes them. Where a machine misread one, the
    keys are the same once people have entered them, and that is found then."""
    mine = session.get(DocumentLikeness, document.id)
    if mine is None or mine.signature is None:
        return []
    found = near_signatures(session, unpack(mine.signature), document.id, known)
    return [
        Likeness(other.document_id, DuplicateKind.NEAR_TEXT, similarity)
        for other, similarity in found
        if not (mine.key and other.key and mine.key != other.key)
    ]


def near_signatures(
    session: Session, signature: Signature, document_id: str, known: Sequence[str] = ()
) -> list[tuple[DocumentLikeness, float]]:
    """Documents whose text is near the signature's, nearest first, at most fifty. `known`: looked at in any case.

    Of each band at most 64 documents are looked at: a form that half of the records are made of costs no more.
    """
    in_bands = [
        select(LikenessBand.document_id).where(LikenessBand.hash == band).limit(_MOST_IN_BAND).subquery()
        for band in bands_of(signature)
    ]
    sharing = Counter(session.scalars(union_all(*(select(one.c.document_id) for one in in_bands))))
    del sharing[document_id]
    wanted = [one for one, _ in sharing.most_common(4 * MOST_OTHERS)]
    rows = session.scalars(
        select(DocumentLikeness).where(
            DocumentLikeness.document_id.in_([*wanted, *known]), DocumentLikeness.signature.is_not(None)
        )
    )
    found = [(one, estimate(signature, unpack(one.signature or b""))) for one in rows]
    near = sorted((one for one in found if one[1] >= NEAR), key=lambda one: (-one[1], one[0].document_id))
    return near[:MOST_OTHERS]
