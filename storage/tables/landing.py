"""Uploads under way in an S3 landing: what has been put where, so that any process can go on with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import ID, Base, Instant, now


class LandingUpload(Base):
    """An upload from its first piece until it is settled. How far it has come stands with the incoming file."""

    __tablename__ = "landing_uploads"
    file_id: Mapped[str] = mapped_column(ForeignKey("incoming_files.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    """Object that the parts will make; new for each beginning, so that nothing of an earlier one gets into it."""
    upload: Mapped[str | None] = mapped_column(Text)
    """The server's id of the multipart upload; none until there is enough for a part."""
    next_part: Mapped[int] = mapped_column(default=1)
    """Given out once each: of two senders with the same piece, the slower one's part has a number that nobody names."""
    tail: Mapped[str | None] = mapped_column(String(160))
    """Object with the bytes after the last part, too few for one."""
    touched_at: Mapped[datetime] = mapped_column(Instant, default=now)


class LandingPart(Base):
    """A part of a multipart upload; in the order of their numbers they are the file."""

    __tablename__ = "landing_parts"
    file_id: Mapped[str] = mapped_column(ID, ForeignKey("landing_uploads.file_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(String(200))
    """Its ETag."""
