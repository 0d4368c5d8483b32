"""Alembic's environment: the application's engine and metadata, one transaction for each run.

SQLite rebuilds a table by dropping it: with foreign keys on, every row that hangs on it would be deleted too.
They are switched off before the transaction begins (inside one the switch does nothing) and checked at its end.
"""

from alembic import context

from cotutelle.db import db

with db.engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.dbapi_connection
    if sqlite and raw is not None:
        raw.execute("PRAGMA foreign_keys = OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            include_name=lambda name, kind, parents: (
                not str(name).startswith(("thesis_search", "ix_thesis_search"))
            ),
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"The migration broke {len(broken)} references: {broken[:3]}")
        connection.commit()
    finally:
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys = ON")
