"""landing on S3: uploads and their parts; when an original's lock ends; the stages that copy and lock"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STAGES = ("split", "read", "describe", "index", "copy", "lock")
_STAGES_BEFORE = ("split", "read", "describe", "index")


def upgrade() -> None:
    op.create_table(
        "landing_uploads",
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("next_part", sa.Integer(), nullable=False),
        sa.Column("tail", sa.String(length=160), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["incoming_files.id"], name=op.f("fk_landing_uploads_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_landing_uploads")),
    )
    op.create_table(
        "landing_parts",
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["landing_uploads.file_id"], name=op.f("fk_landing_parts_file_id")),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_landing_parts")),
    )
    with op.batch_alter_table("incoming_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    _allow_stages(_STAGES)


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE stage IN ('copy', 'lock')")
    _allow_stages(_STAGES_BEFORE)
    # Not as a batch: SQLite would copy the table and lose its checks.
    op.drop_column("incoming_files", "locked_until")
    op.drop_table("landing_parts")
    op.drop_table("landing_uploads")


def _allow_stages(stages: tuple[str, ...]) -> None:
    """Puts the check of `jobs.stage` anew. SQLite can do so only by copying the table, whose form is given here."""
    rule = f"stage IN ({', '.join(repr(stage) for stage in stages)})"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_jobs_stage"), "jobs", type_="check")
        op.create_check_constraint(op.f("ck_jobs_stage"), "jobs", rule)
        return
    table = sa.Table(
        "jobs",
        sa.MetaData(),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("subject_revision", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_jobs_batch_id")),
        sa.UniqueConstraint(
            "stage", "subject_id", "subject_revision", name=op.f("uq_jobs_stage_subject_id_subject_revision")
        ),
        sa.CheckConstraint(rule, name=op.f("ck_jobs_stage")),
        sa.CheckConstraint("queue IN ('read.cpu', 'read.gpu', 'light')", name=op.f("ck_jobs_queue")),
        sa.CheckConstraint("state IN ('ready', 'leased', 'done', 'failed', 'parked')", name=op.f("ck_jobs_jobstate")),
        sa.Index(op.f("ix_jobs_batch_id"), "batch_id"),
        sa.Index(op.f("ix_jobs_subject_id"), "subject_id"),
        sa.Index(op.f("ix_jobs_due"), "state", "run_after"),
    )
    with op.batch_alter_table("jobs", copy_from=table, recreate="always"):
        pass
