"""Conventions drafted elsewhere: the file that is their text, and where each subject stands in it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("convention") as table:
        table.add_column(sa.Column("text_document_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_convention_text_document_id_document", "document", ["text_document_id"], ["id"]
        )
    op.create_table(
        "clause_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_clause_mark_thesis_id_thesis"),
        sa.Column("convention_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["convention.id"], name="fk_clause_mark_convention_id_convention"
        ),
        sa.Column("clause", sa.String(12), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_clause_mark_public_id"),
        sa.UniqueConstraint("convention_id", "clause", name="uq_clause_mark_convention_id_clause"),
        sa.PrimaryKeyConstraint("id", name="pk_clause_mark"),
    )
    op.create_index("ix_clause_mark_thesis_id", "clause_mark", ["thesis_id"])


def downgrade() -> None:
    """Go back: the marks go with their table."""
    op.drop_table("clause_mark")
    with op.batch_alter_table("convention") as table:
        table.drop_constraint("fk_convention_text_document_id_document", type_="foreignkey")
        table.drop_column("text_document_id")
