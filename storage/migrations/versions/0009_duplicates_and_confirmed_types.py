"""what documents are compared by, pairs of duplicates, and confirmed record types to learn from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('same_bytes', 'same_key', 'near_text')"
_DECISIONS = "decision IN ('not_duplicate', 'kept', 'dropped')"


def upgrade() -> None:
    op.create_table(
        "document_likeness",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_document_likeness_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_likeness")),
    )
    op.create_index(op.f("ix_document_likeness_key"), "document_likeness", ["key"])
    op.create_table(
        "likeness_bands",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_likeness_bands_document_id")),
        sa.PrimaryKeyConstraint("hash", "document_id", name=op.f("pk_likeness_bands")),
    )
    op.create_index(op.f("ix_likeness_bands_document_id"), "likeness_bands", ["document_id"])
    _create_pairs()
    _create_confirmed_types()
    op.create_index(op.f("ix_pages_image_sha256"), "pages", ["image_sha256"])


def _create_pairs() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint(_KINDS, name=op.f("ck_duplicate_pairs_duplicatekind")),
        sa.CheckConstraint(_DECISIONS, name=op.f("ck_duplicate_pairs_duplicatedecision")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_duplicate_pairs_document_id")),
        sa.ForeignKeyConstraint(["other_id"], ["documents.id"], name=op.f("fk_duplicate_pairs_other_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_duplicate_pairs_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint(
            "document_id", "other_id", "kind", name=op.f("uq_duplicate_pairs_document_id_other_id_kind")
        ),
    )
    op.create_index(op.f("ix_duplicate_pairs_other_id"), "duplicate_pairs", ["other_id"])


def _create_confirmed_types() -> None:
    op.create_table(
        "confirmed_types",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("suggested", sa.String(length=60), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("confirmed", sa.String(length=60), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("dictionary_version", sa.String(length=20), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_confirmed_types_document_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_confirmed_types_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmed_types")),
    )
    op.create_index(op.f("ix_confirmed_types_document_id"), "confirmed_types", ["document_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_pages_image_sha256"), "pages")
    op.drop_table("confirmed_types")
    op.drop_table("duplicate_pairs")
    op.drop_table("likeness_bands")
    op.drop_table("document_likeness")
