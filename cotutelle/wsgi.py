"""The application for a web server: ``gunicorn cotutelle.wsgi:app``."""

from cotutelle import create_app
from cotutelle.db import check_durable, db

app = create_app()
with app.app_context():
    check_durable(db.engine)
    db.engine.dispose()
