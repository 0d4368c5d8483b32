"""Amendments: which text holds while the next one is made, what it is made for, and when its offices were told."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("convention") as table:
        table.add_column(sa.Column("holding", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("amendment", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("triggers", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("effective_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("expiry_told", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE convention SET holding = current")
    op.create_index(
        "uq_convention_holding",
        "convention",
        ["thesis_id"],
        unique=True,
        sqlite_where=sa.text("holding"),
        postgresql_where=sa.text("holding"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_convention_holding", "convention")
    with op.batch_alter_table("convention") as table:
        for column in ("expiry_told", "effective_on", "triggers", "amendment", "holding"):
            table.drop_column(column)
