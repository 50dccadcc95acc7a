"""Jobs: the truth about what is to be done, by whom it is being done, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.stages import Queue, Stage
from core.states import JobState
from storage.tables.base import ID, Base, Instant, now, state_column


class Job(Base):
    """One stage for one subject at one revision of it. `fence` rises with every claim: an older one cannot commit."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("stage", "subject_id", "subject_revision"),
        Index("ix_jobs_due", "state", "run_after"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    stage: Mapped[Stage] = mapped_column(state_column(Stage))
    subject_id: Mapped[str] = mapped_column(ID, index=True)
    subject_revision: Mapped[int] = mapped_column(default=0)
    queue: Mapped[Queue] = mapped_column(state_column(Queue))
    state: Mapped[JobState] = mapped_column(state_column(JobState), default=JobState.READY)
    priority: Mapped[int] = mapped_column(default=5)
    run_after: Mapped[datetime] = mapped_column(Instant, default=now)
    attempt: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    worker: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(Text)
    """Why the last attempt failed."""
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    """When the last attempt came to an end, whichever."""
    seconds: Mapped[float | None]
    """How long it took."""
