"""A file lent to be signed with a certificate, where the originals are, and how strong a signature must be at least."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "file_loan",
        sa.Column("id", sa.Integer(), nullable=False),
        *_others("file_loan", thesis_id="thesis", version_id="convention_version", sign_off_id="sign_off"),
        sa.Column("lent_digest", sa.String(64), nullable=False),
        sa.Column("lent_at", sa.DateTime(), nullable=False),
        *_others("file_loan", optional=True, lent_by="account"),
        sa.Column("given_back_at", sa.DateTime(), nullable=True),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.Column("file_digest", sa.String(64), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("signature", sa.JSON(), nullable=False),
        sa.Column("accepted_why", sa.Text(), nullable=False),
        *_others("file_loan", optional=True, taken_in_by="account"),
        *_kept("file_loan"),
    )
    for column in ("thesis_id", "version_id", "sign_off_id", "file_digest"):
        op.create_index(f"ix_file_loan_{column}", "file_loan", [column])
    op.create_table(
        "original",
        sa.Column("id", sa.Integer(), nullable=False),
        *_others("original", thesis_id="thesis", convention_id="convention"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        *_others("original", optional=True, institution_id="institution"),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_kept("original"),
    )
    op.create_index("ix_original_thesis_id", "original", ["thesis_id"])
    with op.batch_alter_table("institution") as table:
        table.add_column(sa.Column("signature_levels", sa.JSON(), nullable=False, server_default="{}"))


def _others(table: str, *, optional: bool = False, **columns: str) -> list[sa.schema.SchemaItem]:
    """Columns that name a row of another table, each with its constraint."""
    found: list[sa.schema.SchemaItem] = []
    for column, other in columns.items():
        found.append(sa.Column(column, sa.Integer(), nullable=optional))
        found.append(sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}"))
    return found


def _kept(table: str) -> list[sa.schema.SchemaItem]:
    """The name that addresses use, the retention, and the key."""
    return [
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.UniqueConstraint("public_id", name=f"uq_{table}_public_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Go back: loans and originals go with their tables."""
    with op.batch_alter_table("institution") as table:
        table.drop_column("signature_levels")
    op.drop_table("original")
    op.drop_table("file_loan")
