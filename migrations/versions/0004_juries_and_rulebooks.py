"""Juries with their seats, approvals and kept findings; rulebooks of the installation; readings; derogations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _public(table: str) -> tuple[sa.Column[str], sa.UniqueConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name=f"uq_{table}_public_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "jury",
        _id(),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("remote_mode", sa.String(40), nullable=False),
        sa.Column("remote_authorised", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("jury", "thesis_id", "thesis"),
        sa.UniqueConstraint("thesis_id", name="uq_jury_thesis_id"),
        *_public("jury"),
    )
    op.create_table(
        "seat",
        _id(),
        sa.Column("jury_id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("elsewhere", sa.Text(), nullable=False),
        sa.Column("attached_id", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("rank", sa.String(40), nullable=False),
        sa.Column("emeritus", sa.Boolean(), nullable=False),
        sa.Column("accredited", sa.Boolean(), nullable=True),
        sa.Column("gender", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("supervision", sa.String(40), nullable=False),
        sa.Column("rapporteur", sa.String(40), nullable=False),
        sa.Column("president", sa.Boolean(), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("copublished", sa.Boolean(), nullable=True),
        sa.Column("on_committee", sa.Boolean(), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=True),
        sa.Column("impartial_on", sa.Date(), nullable=True),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        _to("seat", "jury_id", "jury"),
        _to("seat", "thesis_id", "thesis"),
        _to("seat", "person_id", "person"),
        _to("seat", "institution_id", "institution"),
        _to("seat", "attached_id", "institution"),
        sa.UniqueConstraint("jury_id", "person_id", name="uq_seat_jury_id_person_id"),
        *_public("seat"),
    )
    for column in ("jury_id", "thesis_id", "person_id"):
        op.create_index(f"ix_seat_{column}", "seat", [column])
    op.create_table(
        "jury_approval",
        _id(),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        _to("jury_approval", "thesis_id", "thesis"),
        _to("jury_approval", "institution_id", "institution"),
        _to("jury_approval", "by", "account"),
        *_public("jury_approval"),
    )
    op.create_index("ix_jury_approval_thesis_id", "jury_approval", ["thesis_id"])
    op.create_table(
        "findings_kept",
        _id(),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("rulebooks", sa.String(64), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        _to("findings_kept", "thesis_id", "thesis"),
        *_public("findings_kept"),
    )
    op.create_index("ix_findings_kept_thesis_id", "findings_kept", ["thesis_id"])
    op.create_table(
        "rulebook_file",
        _id(),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        _to("rulebook_file", "by", "account"),
        *_public("rulebook_file"),
    )
    op.create_index("ix_rulebook_file_code", "rulebook_file", ["code"])
    op.create_table(
        "reading",
        _id(),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("reading", "institution_id", "institution"),
        _to("reading", "school_id", "school"),
        _to("reading", "by", "account"),
        *_public("reading"),
    )
    op.create_index("ix_reading_institution_id_key", "reading", ["institution_id", "key"])
    op.create_table(
        "derogation",
        _id(),
        sa.Column("convention_id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        _to("derogation", "convention_id", "convention"),
        _to("derogation", "thesis_id", "thesis"),
        _to("derogation", "asked_by_id", "institution"),
        sa.UniqueConstraint("convention_id", "rule", name="uq_derogation_convention_id_rule"),
        *_public("derogation"),
    )
    for column in ("convention_id", "thesis_id"):
        op.create_index(f"ix_derogation_{column}", "derogation", [column])


def downgrade() -> None:
    """Go back."""
    for table in ("derogation", "reading", "rulebook_file", "findings_kept", "jury_approval", "seat", "jury"):
        op.drop_table(table)
