"""The hour of the defence, which invitations and notices name."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("thesis") as table:
        table.add_column(sa.Column("defence_hour", sa.String(5), nullable=False, server_default=""))
    with op.batch_alter_table("thesis") as table:
        table.alter_column("defence_hour", server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("thesis") as table:
        table.drop_column("defence_hour")
