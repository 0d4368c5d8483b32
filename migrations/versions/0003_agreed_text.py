"""The agreed text is kept with its convention; a school's number may be longer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("convention") as table:
        table.add_column(sa.Column("agreed", sa.JSON(), nullable=True))
    with op.batch_alter_table("school") as table:
        table.alter_column(
            "number", existing_type=sa.String(20), type_=sa.String(80), existing_nullable=False
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("school") as table:
        table.alter_column(
            "number", existing_type=sa.String(80), type_=sa.String(20), existing_nullable=False
        )
    with op.batch_alter_table("convention") as table:
        table.drop_column("agreed")
