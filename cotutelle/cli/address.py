"""E-mail addresses as arguments of commands."""

from typing import Any

import click
from email_validator import EmailNotValidError, validate_email


class Address(click.ParamType[str]):
    """An e-mail address; one that cannot be written to is refused before anything is done."""

    name = "email"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The address in small letters."""
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            self.fail(f"{value!r} is not an e-mail address.", param, ctx)
        return str(value).casefold()
