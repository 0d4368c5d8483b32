"""The calendar kept, signatures asked of people with or without an account, and mail that tells of them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _public(
    table: str,
) -> tuple[sa.Column[int], sa.Column[str], sa.UniqueConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.UniqueConstraint("public_id", name=f"uq_{table}_public_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "milestone",
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("side", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("institutions", sa.JSON(), nullable=False),
        sa.Column("required_on", sa.Date(), nullable=True),
        sa.Column("required_by", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("certainty", sa.String(40), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_why", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("in_turn", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("condition", sa.String(40), nullable=False),
        sa.Column("remind", sa.JSON(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("milestone", "thesis_id", "thesis"),
        _to("milestone", "document_id", "document"),
        sa.UniqueConstraint(
            "thesis_id", "kind", "side", "year", name="uq_milestone_thesis_id_kind_side_year"
        ),
        *_public("milestone"),
    )
    op.create_index("ix_milestone_state_remind_on", "milestone", ["state", "remind_on"])
    op.create_index("ix_milestone_state_due_on", "milestone", ["state", "due_on"])
    op.create_table(
        "sign_off",
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(40), nullable=False),
        sa.Column("side", sa.String(60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.String(12), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("delegated_from_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("outdated_at", sa.DateTime(), nullable=True),
        sa.Column("outdated_by", sa.JSON(), nullable=False),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        _to("sign_off", "thesis_id", "thesis"),
        _to("sign_off", "milestone_id", "milestone"),
        _to("sign_off", "person_id", "person"),
        _to("sign_off", "asked_by", "account"),
        _to("sign_off", "account_id", "account"),
        _to("sign_off", "document_id", "document"),
        _to("sign_off", "delegated_from_id", "sign_off"),
        *_public("sign_off"),
    )
    op.create_index("ix_sign_off_person_id_state", "sign_off", ["person_id", "state"])
    op.create_index("ix_sign_off_milestone_id_round", "sign_off", ["milestone_id", "round"])
    op.create_index("ix_sign_off_thesis_id_state", "sign_off", ["thesis_id", "state"])
    with op.batch_alter_table("link") as table:
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("sign_off_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("digest", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key("fk_link_person_id_person", "person", ["person_id"], ["id"])
        table.create_foreign_key("fk_link_sign_off_id_sign_off", "sign_off", ["sign_off_id"], ["id"])
        table.create_index("ix_link_person_id", ["person_id"])
        table.create_index("ix_link_sign_off_id", ["sign_off_id"])
    op.add_column("message", sa.Column("reply_to", sa.Text(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("event", sa.Text(), nullable=False, server_default=""))
    op.add_column("thesis", sa.Column("calendar_changes", sa.Integer(), nullable=False, server_default="0"))
    paused = sa.Column("reminders_paused", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("thesis", paused)
    op.create_table(
        "undeliverable",
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(12), nullable=True),
        sa.Column("retention", sa.String(20), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        _to("undeliverable", "message_id", "message"),
        sa.PrimaryKeyConstraint("address", name="pk_undeliverable"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thesis_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sign_off_id", sa.Integer(), nullable=True),
        sa.Column("tone", sa.String(40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("message_id", sa.String(12), nullable=True),
        _to("reminder", "thesis_id", "thesis"),
        _to("reminder", "milestone_id", "milestone"),
        _to("reminder", "person_id", "person"),
        _to("reminder", "sign_off_id", "sign_off"),
        _to("reminder", "message_id", "message"),
        sa.UniqueConstraint("person_id", "milestone_id", "on", name="uq_reminder_person_id_milestone_id_on"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_thesis_id", "reminder", ["thesis_id"])
    op.create_index("ix_reminder_milestone_id", "reminder", ["milestone_id"])
    unsent = sa.text("message_id IS NULL")
    op.create_index(
        "ix_reminder_unsent", "reminder", ["person_id"], sqlite_where=unsent, postgresql_where=unsent
    )
    _have_calendars_made()


def _have_calendars_made() -> None:
    """The calendars of theses that are there already are made by the worker, as after any change of rules."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM thesis LIMIT 1")).first() is None:
        return
    connection.execute(sa.text("UPDATE thesis SET good_until = '1970-01-01'"))
    names = ("kind", "subject", "unique_key", "state", "error")
    job = sa.table(
        "job",
        *(sa.column(name, sa.Text()) for name in names),
        sa.column("payload", sa.JSON()),
        sa.column("due_at", sa.DateTime()),
        sa.column("done", sa.Integer()),
        sa.column("total", sa.Integer()),
        sa.column("cancel_asked", sa.Boolean()),
    )
    connection.execute(
        job.insert().values(
            kind="health",
            subject="",
            unique_key="health:calendars",
            state="queued",
            error="",
            payload={},
            due_at=datetime(2026, 11, 25, tzinfo=UTC).replace(tzinfo=None),
            done=0,
            total=0,
            cancel_asked=False,
        )
    )


def downgrade() -> None:
    """Go back: what was asked and signed goes with its tables."""
    op.execute("DELETE FROM job WHERE unique_key = 'health:calendars'")
    op.drop_table("reminder")
    op.drop_table("undeliverable")
    op.drop_column("thesis", "reminders_paused")
    op.drop_column("thesis", "calendar_changes")
    op.drop_column("message", "event")
    op.drop_column("message", "reply_to")
    op.execute(
        "UPDATE message SET link_id = NULL WHERE link_id IN (SELECT id FROM link WHERE account_id IS NULL)"
    )
    op.execute("DELETE FROM link WHERE account_id IS NULL")
    with op.batch_alter_table("link") as table:
        table.drop_index("ix_link_sign_off_id")
        table.drop_index("ix_link_person_id")
        table.drop_constraint("fk_link_sign_off_id_sign_off", type_="foreignkey")
        table.drop_constraint("fk_link_person_id_person", type_="foreignkey")
        for column in ("tries", "digest", "sign_off_id", "person_id"):
            table.drop_column(column)
        table.alter_column("account_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("sign_off")
    op.drop_table("milestone")
