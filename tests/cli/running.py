"""Running a command as somebody would type it."""

from click.testing import Result
from flask import Flask


def run(app: Flask, *arguments: str) -> Result:
    with app.app_context():  # as the group of commands gives one to each
        return app.test_cli_runner().invoke(args=list(arguments))
