"""The September campaign: what a school asks of its candidates each year, and what they sent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        _to("campaign", "school_id", "school"),
        sa.UniqueConstraint("school_id", "year", name="uq_campaign_school_id_year"),
        sa.UniqueConstraint("public_id", name="uq_campaign_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
    op.create_table(
        "campaign_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("enrolled_on", sa.Date(), nullable=True),
        sa.Column("fee", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        _to("campaign_item", "campaign_id", "campaign"),
        _to("campaign_item", "thesis_id", "thesis"),
        _to("campaign_item", "institution_id", "institution"),
        _to("campaign_item", "document_id", "document"),
        _to("campaign_item", "answered_by", "account"),
        sa.UniqueConstraint(
            "campaign_id", "thesis_id", "institution_id", "proof",
            name="uq_campaign_item_campaign_id_thesis_id_institution_id_proof",
        ),
        sa.UniqueConstraint("public_id", name="uq_campaign_item_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_item"),
    )  # fmt: skip
    op.create_index("ix_campaign_item_thesis_id", "campaign_item", ["thesis_id"])
    op.create_index("ix_campaign_item_campaign_id_state", "campaign_item", ["campaign_id", "state"])


def downgrade() -> None:
    """Go back: campaigns go with their tables; the documents and enrolments that came of them stay."""
    op.drop_table("campaign_item")
    op.drop_table("campaign")
