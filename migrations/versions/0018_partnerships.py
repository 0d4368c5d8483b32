"""Partnerships of every kind, the theses that stand under them, and what a source of money asks."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PARTS = ("partnership_member", "partnership_contact", "partnership_call", "partnership_document")


def _of_partnership(name: str) -> list[sa.schema.SchemaItem]:
    """The key of a part, and the partnership that it belongs to."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=f"fk_{name}_partnership_id_partnership"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    ]


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("short_name", sa.String(60), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("denounced_on", sa.Date(), nullable=True),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("code", name="uq_partnership_code"),
        sa.PrimaryKeyConstraint("id", name="pk_partnership"),
    )
    op.create_index("ix_partnership_kind", "partnership", ["kind"])
    op.create_index("ix_partnership_sort_key", "partnership", ["sort_key"])
    op.create_table(
        "partnership_member",
        *_of_partnership("partnership_member"),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_partnership_member_institution_id_institution"
        ),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.UniqueConstraint(
            "partnership_id",
            "institution_id",
            "from_on",
            name="uq_partnership_member_partnership_id_institution_id_from_on",
        ),
    )
    op.create_index("ix_partnership_member_institution_id", "partnership_member", ["institution_id"])
    op.create_table(
        "partnership_contact",
        *_of_partnership("partnership_contact"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("in_charge", sa.Boolean(), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
    )
    op.create_table(
        "partnership_call",
        *_of_partnership("partnership_call"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
    )
    op.create_table(
        "partnership_document",
        *_of_partnership("partnership_document"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_partnership_document_public_id"),
    )
    for part in PARTS:
        op.create_index(f"ix_{part}_partnership_id", part, ["partnership_id"])
    op.create_table(
        "thesis_partnership",
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_thesis_partnership_thesis_id_thesis"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name="fk_thesis_partnership_partnership_id_partnership"
        ),
        sa.PrimaryKeyConstraint("thesis_id", "partnership_id", name="pk_thesis_partnership"),
    )
    op.create_index("ix_thesis_partnership_partnership_id", "thesis_partnership", ["partnership_id"])
    with op.batch_alter_table("funding") as table:
        table.add_column(sa.Column("total_amount", sa.Numeric(12, 2), nullable=True))
        table.add_column(sa.Column("asks", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("partnership_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_funding_partnership_id_partnership", "partnership", ["partnership_id"], ["id"]
        )
        table.create_index("ix_funding_partnership_id", ["partnership_id"])
    with op.batch_alter_table("funding") as table:
        table.alter_column("asks", server_default=None)


def downgrade() -> None:
    """Go back: partnerships go, and with them what funds asked."""
    with op.batch_alter_table("funding") as table:
        table.drop_index("ix_funding_partnership_id")
        table.drop_constraint("fk_funding_partnership_id_partnership", type_="foreignkey")
        table.drop_column("partnership_id")
        table.drop_column("asks")
        table.drop_column("total_amount")
    op.drop_table("thesis_partnership")
    for part in reversed(PARTS):
        op.drop_table(part)
    op.drop_table("partnership")
