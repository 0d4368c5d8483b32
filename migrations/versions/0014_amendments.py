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
    _find_amendments()
    op.create_index(
        "uq_convention_holding",
        "convention",
        ["thesis_id"],
        unique=True,
        sqlite_where=sa.text("holding"),
        postgresql_where=sa.text("holding"),
    )


def _find_amendments() -> None:
    """Amendments that were there before going back: their numbers, and which text holds while one is being made."""
    rows = (
        op.get_bind()
        .execute(sa.text("SELECT id, amends_id, state, current FROM convention ORDER BY number"))
        .all()
    )
    numbers: dict[int, int] = {}
    for row in rows:
        if row.amends_id is None:
            continue
        numbers[row.id] = numbers.get(row.amends_id, 0) + 1
        found = {"id": row.id, "number": numbers[row.id], "base": row.amends_id}
        op.get_bind().execute(sa.text("UPDATE convention SET amendment = :number WHERE id = :id"), found)
        if row.current and row.state not in ("in_force", "expired", "ended"):
            op.get_bind().execute(
                sa.text("UPDATE convention SET holding = (id = :base) WHERE id IN (:id, :base)"), found
            )


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_convention_holding", "convention")
    with op.batch_alter_table("convention") as table:
        for column in ("expiry_told", "effective_on", "triggers", "amendment", "holding"):
            table.drop_column(column)
