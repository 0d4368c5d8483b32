"""What the national registry of theses asks besides the file itself."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "national_record",
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("nnt", sa.String(12), nullable=False),
        sa.Column("on_works", sa.Boolean(), nullable=True),
        sa.Column("reproduction", sa.String(40), nullable=False),
        sa.Column("oai_set", sa.String(60), nullable=False),
        sa.Column("rameau", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_national_record_thesis_id_thesis"),
        sa.PrimaryKeyConstraint("thesis_id", name="pk_national_record"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("national_record")
