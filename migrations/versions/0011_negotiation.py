"""Versions of a convention lie before the parties, who approve them one by one and ask for changes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("convention_version") as table:
        table.add_column(sa.Column("text", sa.JSON(), nullable=True))
        table.add_column(sa.Column("put_on", sa.Date(), nullable=True))
        table.alter_column("file_digest", existing_type=sa.String(64), nullable=True)
    op.create_table(
        "convention_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        *_parts("convention_approval", thesis_id="thesis", version_id="convention_version"),
        *_parts("convention_approval", institution_id="institution"),
        sa.Column("on", sa.Date(), nullable=False),
        *_act("convention_approval"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        *_public("convention_approval"),
    )
    op.create_index("ix_convention_approval_thesis_id", "convention_approval", ["thesis_id"])
    op.create_index(
        "uq_convention_approval_standing",
        "convention_approval",
        ["version_id", "institution_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "convention_point",
        sa.Column("id", sa.Integer(), nullable=False),
        *_parts("convention_point", thesis_id="thesis", convention_id="convention"),
        sa.Column("clause", sa.String(12), nullable=False),
        *_parts("convention_point", asked_by_id="institution"),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["institution.id"], name="fk_convention_point_owner_id_institution"
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_act("convention_point"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_public("convention_point"),
    )
    op.create_index("ix_convention_point_convention_id", "convention_point", ["convention_id"])
    op.create_table(
        "point_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        *_parts("point_answer", thesis_id="thesis", point_id="convention_point"),
        *_parts("point_answer", institution_id="institution"),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_act("point_answer"),
        sa.PrimaryKeyConstraint("id", name="pk_point_answer"),
    )
    op.create_index("ix_point_answer_point_id", "point_answer", ["point_id"])


def _parts(table: str, **others: str) -> list[sa.schema.SchemaItem]:
    """Columns that name a row of another table, each with its constraint."""
    found: list[sa.schema.SchemaItem] = []
    for column, other in others.items():
        found.append(sa.Column(column, sa.Integer(), nullable=False))
        found.append(sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}"))
    return found


def _act(table: str) -> list[sa.schema.SchemaItem]:
    """When it was done, and by which account."""
    return [
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=f"fk_{table}_by_account"),
    ]


def _public(table: str) -> list[sa.schema.SchemaItem]:
    """The name that addresses use, and the key."""
    return [
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name=f"uq_{table}_public_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def downgrade() -> None:
    """Go back: what was negotiated goes with its tables, and versions without bytes with it."""
    op.drop_table("point_answer")
    op.drop_table("convention_point")
    op.drop_table("convention_approval")
    op.execute("DELETE FROM convention_version WHERE file_digest IS NULL")
    with op.batch_alter_table("convention_version") as table:
        table.alter_column("file_digest", existing_type=sa.String(64), nullable=False)
        table.drop_column("put_on")
        table.drop_column("text")
