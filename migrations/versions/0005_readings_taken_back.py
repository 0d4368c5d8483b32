"""A reading can be taken back; a supervisor comes from the academic world, or from outside it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("supervision", sa.Column("academic", sa.Boolean(), nullable=True))
    op.add_column("reading", sa.Column("withdrawn_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("reading", "withdrawn_at")
    op.drop_column("supervision", "academic")
