"""The journal becomes append-only; searching gets its index."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
            FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()"""
        )
        op.execute(
            """CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
            FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"""
        )
        op.execute("CREATE INDEX ix_thesis_search ON thesis USING gin (to_tsvector('simple', search_key))")
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER journal_no_{act.lower()} BEFORE {act} ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
        )
    op.execute("CREATE VIRTUAL TABLE thesis_search USING fts5(search_key, tokenize='trigram')")
    op.execute("INSERT INTO thesis_search (rowid, search_key) SELECT id, search_key FROM thesis")


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_thesis_search")
        op.execute("DROP TRIGGER journal_no_truncate ON journal")
        op.execute("DROP TRIGGER journal_append_only ON journal")
        op.execute("DROP FUNCTION journal_is_append_only()")
        return
    op.execute("DROP TABLE thesis_search")
    op.execute("DROP TRIGGER journal_no_update")
    op.execute("DROP TRIGGER journal_no_delete")
