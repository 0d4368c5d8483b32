"""Checking a file against a public XML schema that somebody brings along, without the network."""

from pathlib import Path
from typing import Any

from lxml import etree


class CannotCheck(ValueError):
    """The schema that was named cannot be read; the message says why."""


class Schema:
    """The public schema, read from a folder of its own: what it asks for elsewhere is taken from beside it."""

    def __init__(self, path: Path) -> None:
        """Raises CannotCheck when the file is no schema, or lacks parts."""
        parser = etree.XMLParser(no_network=True, resolve_entities=False)
        parser.resolvers.add(_Beside(path.parent))
        try:
            self._schema = etree.XMLSchema(etree.parse(str(path), parser))
        except (OSError, etree.LxmlError) as error:
            raise CannotCheck(str(error)) from None

    def faults(self, data: bytes) -> list[str]:
        """What is wrong with a file, each with its line; empty when it is valid."""
        parser = etree.XMLParser(no_network=True, resolve_entities=False)
        if self._schema.validate(etree.fromstring(data, parser)):
            return []
        return [f"line {each.line}: {each.message}" for each in self._schema.error_log]


class _Beside(etree.Resolver):  # type: ignore[misc]  # lxml has no types
    """Takes what a schema imports from the network from the folder of the schema."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str | None, public_id: str | None, context: Any) -> Any:
        """The local copy of a remote schema; others are read where they are named."""
        if url and url.startswith(("http:", "https:")):
            return self.resolve_filename(str(self.folder / url.rsplit("/", 1)[1]), context)
        return None
