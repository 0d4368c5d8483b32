"""The monitoring committee: who sits on it, and what was noted of its interviews."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "committee_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("belongs_to", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("specialist", "field_outsider", "external", "outside_unit", "outside_region")
        ),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_committee_member_thesis_id_thesis"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_committee_member_person_id_person"),
        sa.ForeignKeyConstraint(
            ["party_id"], ["institution.id"], name="fk_committee_member_party_id_institution"
        ),
        sa.UniqueConstraint("public_id", name="uq_committee_member_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_committee_member"),
    )
    op.create_index("ix_committee_member_thesis_id", "committee_member", ["thesis_id"])
    op.create_table(
        "committee_interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("with_whom", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["thesis_id"], ["thesis.id"], name="fk_committee_interview_thesis_id_thesis"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_committee_interview_event_id_event"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_committee_interview_by_account"),
        sa.UniqueConstraint("event_id", "with_whom", name="uq_committee_interview_event_id_with_whom"),
        sa.UniqueConstraint("public_id", name="uq_committee_interview_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_committee_interview"),
    )
    op.create_index("ix_committee_interview_thesis_id", "committee_interview", ["thesis_id"])


def downgrade() -> None:
    """Go back: committees and their interviews go with their tables."""
    op.drop_table("committee_interview")
    op.drop_table("committee_member")
