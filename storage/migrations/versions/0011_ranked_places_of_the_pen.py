"""what the ink of a head's number and date may say, ranked where the page is read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_readings", sa.Column("places", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("page_readings", "places")
