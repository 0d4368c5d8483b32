"""Where a converted thesis goes on, and who signs in somebody's place while they are away."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("transition") as table:
        table.add_column(sa.Column("institution_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_transition_institution_id_institution", "institution", ["institution_id"], ["id"]
        )
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name="ck_deputy_order"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_deputy_person_id_person"),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name="fk_deputy_deputy_id_person"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_deputy_school_id_school"),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name="fk_deputy_given_by_account"),
        sa.UniqueConstraint("public_id", name="uq_deputy_public_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )
    op.create_index("ix_deputy_person_id_until_on", "deputy", ["person_id", "until_on"])


def downgrade() -> None:
    """Go back: deputies go with their table."""
    op.drop_table("deputy")
    with op.batch_alter_table("transition") as table:
        table.drop_constraint("fk_transition_institution_id_institution", type_="foreignkey")
        table.drop_column("institution_id")
