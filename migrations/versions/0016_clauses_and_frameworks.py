"""Clauses in an institution's own words, and framework agreements that conventions stand under."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("notice_months", sa.Integer(), nullable=True),
        sa.Column("denounced_on", sa.Date(), nullable=True),
        sa.Column("most_theses", sa.Integer(), nullable=True),
        sa.Column("file_digest", sa.String(64), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_framework_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_framework"),
    )
    op.create_table(
        "framework_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name="fk_framework_party_framework_id_framework"
        ),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_framework_party_institution_id_institution"
        ),
        sa.UniqueConstraint(
            "framework_id", "institution_id", name="uq_framework_party_framework_id_institution_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_framework_party"),
    )
    op.create_index("ix_framework_party_institution_id", "framework_party", ["institution_id"])
    op.create_table(
        "framework_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name="fk_framework_clause_framework_id_framework"
        ),
        sa.Column("clause", sa.String(12), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.UniqueConstraint("framework_id", "clause", name="uq_framework_clause_framework_id_clause"),
        sa.PrimaryKeyConstraint("id", name="pk_framework_clause"),
    )
    op.create_table(
        "clause_variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_clause_variant_institution_id_institution"
        ),
        sa.Column("clause", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("with_institution_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["with_institution_id"],
            ["institution.id"],
            name="fk_clause_variant_with_institution_id_institution",
        ),
        sa.Column("with_country", sa.String(2), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name="fk_clause_variant_framework_id_framework"
        ),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_clause_variant_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clause_variant"),
    )
    op.create_index("ix_clause_variant_institution_id", "clause_variant", ["institution_id"])
    op.create_table(
        "clause_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["clause_variant.id"], name="fk_clause_version_variant_id_clause_variant"
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_clause_version_by_account"),
        sa.UniqueConstraint("variant_id", "number", name="uq_clause_version_variant_id_number"),
        sa.PrimaryKeyConstraint("id", name="pk_clause_version"),
    )
    with op.batch_alter_table("convention") as table:
        table.add_column(sa.Column("wordings", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("framework_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_convention_framework_id_framework", "framework", ["framework_id"], ["id"]
        )
        table.add_column(sa.Column("layout", sa.String(40), nullable=False, server_default="columns"))
    with op.batch_alter_table("convention") as table:
        table.alter_column("wordings", server_default=None)
        table.alter_column("layout", server_default=None)


def downgrade() -> None:
    """Go back: frameworks and own wordings go; agreed texts keep what they said."""
    with op.batch_alter_table("convention") as table:
        table.drop_column("layout")
        table.drop_constraint("fk_convention_framework_id_framework", type_="foreignkey")
        table.drop_column("framework_id")
        table.drop_column("wordings")
    for table_name in (
        "clause_version",
        "clause_variant",
        "framework_clause",
        "framework_party",
        "framework",
    ):
        op.drop_table(table_name)
