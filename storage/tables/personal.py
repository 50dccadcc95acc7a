"""Personal values that were found in documents, and who was shown them in full."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from storage.tables.base import ID, Base, Instant, now


class PersonalFinding(Base):
    """A personal value on a page: where it stands, and what of it everybody is shown. The value itself is not kept."""

    __tablename__ = "personal_findings"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """A core.personal_data.PersonalKind."""
    words: Mapped[list[Any]] = mapped_column(JSON)
    """[[box, shown], …]: each word by its box, with `*` for every hidden letter."""
    areas: Mapped[list[Any]] = mapped_column(JSON)
    """Boxes of places of a form in which nothing was read; whatever stands there is hidden."""
    confidence: Mapped[float]
    rule: Mapped[str] = mapped_column(String(60))


class Unmasking(Base):
    """A person is shown a document's personal values for a while, for a reason that they gave."""

    __tablename__ = "unmaskings"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    granted_at: Mapped[datetime] = mapped_column(Instant, default=now)
    expires_at: Mapped[datetime] = mapped_column(Instant)
