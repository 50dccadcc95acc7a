"""Duplicates: what documents are compared by, and the pairs that were found, with what a person decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.duplicates import DuplicateDecision, DuplicateKind
from core.identity import new_id
from storage.tables.base import ID, Base, Instant, now, state_column


class DocumentLikeness(Base):
    """What a document is compared by; a derivative, made again whenever the document is described or entered."""

    __tablename__ = "document_likeness"
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    key: Mapped[str | None] = mapped_column(String(64), index=True)
    """core.document_keys."""
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    """core.likeness, 512 bytes; None for a text that is too short."""


class LikenessBand(Base):
    """A band of a document's signature: the index by which like texts are found, whatever the number of documents."""

    __tablename__ = "likeness_bands"
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True, index=True)


class DuplicatePair(Base):
    """Two documents that may be one, in one way. `document_id` is the smaller id, so that a pair is one row a kind."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (UniqueConstraint("document_id", "other_id", "kind"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    kind: Mapped[DuplicateKind] = mapped_column(state_column(DuplicateKind))
    similarity: Mapped[float]
    found_at: Mapped[datetime] = mapped_column(Instant, default=now)
    decision: Mapped[DuplicateDecision | None] = mapped_column(state_column(DuplicateDecision))
    """None until a person decides."""
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
