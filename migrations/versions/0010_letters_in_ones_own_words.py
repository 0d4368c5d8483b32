"""Letters in an office's own words."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "letter_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_letter_wording_school_id_school"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_letter_wording_by_account"),
        sa.UniqueConstraint(
            "school_id", "kind", "language", name="uq_letter_wording_school_id_kind_language"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_wording"),
    )


def downgrade() -> None:
    """Go back: letters are the shipped ones again."""
    op.drop_table("letter_wording")
