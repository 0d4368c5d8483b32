"""A convention that everybody signed is closed: the file that counts, and the record of its signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("record_digest", sa.String(64), nullable=False),
        sa.Column("seal_name", sa.Text(), nullable=False),
        sa.Column("seal_digest", sa.String(64), nullable=False),
        sa.Column("stamped", sa.Boolean(), nullable=False),
        sa.Column("record_sealed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_closing_thesis_id_thesis"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["convention_version.id"], name="fk_closing_version_id_convention_version"
        ),
        sa.UniqueConstraint("version_id", name="uq_closing_version_id"),
        sa.UniqueConstraint("number", name="uq_closing_number"),
        sa.UniqueConstraint("public_id", name="uq_closing_public_id"),
    )
    op.create_index("ix_closing_thesis_id", "closing", ["thesis_id"])
    for column in ("file_digest", "record_digest", "seal_digest"):
        op.create_index(f"ix_closing_{column}", "closing", [column])


def downgrade() -> None:
    """Go back: what was closed goes with its table; the files stay where they are."""
    op.drop_table("closing")
