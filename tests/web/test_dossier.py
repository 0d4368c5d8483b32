"""The whole file of a thesis as one archive: all of what a reader sees, nothing of what they do not."""

import io
import json
import zipfile

import pytest
from flask import Flask

from tests.client import Client
from tests.files import picture

THESIS = "/theses/LILLE-2026-0001"


def reader(app: Flask, who: str) -> Client:
    client = Client(app)
    client.sign_in(f"{who}@tests.example")
    return client


@pytest.fixture
def filed(app: Flask) -> Flask:
    """Three documents: one for offices, one for all with a hostile name, one twice under one name."""
    office = reader(app, "administrator")
    move = {"to": "admitted", "on": "2026-11-24", "reason": ""}
    assert office.post(f"{THESIS}/move", move, form=f"{THESIS}/move").status == 303
    for title, audience, name in (
        ("Minutes", "offices", "secret.jpg"), ("Passport", "everyone", "../..\\evil: name?.jpg"),
        ("Copy", "everyone", "minutes.jpg"),
    ):  # fmt: skip
        data = {
            "kind": "other",
            "title": title,
            "audience": audience,
            "file": (io.BytesIO(picture("jpeg")), name),
        }
        assert office.post(f"{THESIS}/documents/add", data, form=f"{THESIS}/documents/add").status == 303
    return app


def taken(app: Flask, who: str) -> tuple[list[str], dict[str, object], str]:
    """Names in the archive, its data, its history."""
    answer = reader(app, who).get(f"{THESIS}/file.zip").response
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        data = json.loads(archive.read("LILLE-2026-0001/thesis.json"))
        return archive.namelist(), data, archive.read("LILLE-2026-0001/history.txt").decode()


def test_the_office_takes_documents_history_and_data(filed: Flask) -> None:
    names, data, history = taken(filed, "administrator")
    papers = [name for name in names if "/documents/" in name]
    assert len(papers) == len(set(papers)) == 3
    assert all(".." not in name and "\\" not in name for name in names)
    assert [each["title"] for each in data["documents"]] == ["Minutes", "Passport", "Copy"]  # type: ignore[attr-defined]
    assert {"thesis", "convention", "candidate", "supervisors", "stays", "moves"} <= data.keys()
    assert "reason" in data["moves"][0]  # type: ignore[index]
    assert "secret.jpg" in history
    assert "evil" in history


def test_whoever_sees_less_takes_less(filed: Flask) -> None:
    names, data, history = taken(filed, "supervisor")
    assert [each["title"] for each in data["documents"]] == ["Passport", "Copy"]  # type: ignore[attr-defined]
    assert len([name for name in names if "/documents/" in name]) == 2
    assert "birth_date" not in data["candidate"]  # type: ignore[operator]
    assert "reason" not in data["moves"][0]  # type: ignore[index]
    assert data["leaves"] == []
    assert "evil" in history
    assert "secret.jpg" not in history


def keys_of(value: object) -> list[str]:
    """Every key in some JSON, however deep."""
    if isinstance(value, list):
        return [key for each in value for key in keys_of(each)]
    if isinstance(value, dict):
        return [*value, *(key for each in value.values() for key in keys_of(each))]
    return []


def test_no_key_of_a_row_leaves(filed: Flask) -> None:
    _names, data, _history = taken(filed, "administrator")
    own = {name: value for name, value in data.items() if name != "convention"}
    assert not [key for key in keys_of(own) if key in ("id", "by", "registered_by") or key.endswith("_id")]


def test_who_does_not_see_the_thesis_takes_nothing(filed: Flask) -> None:
    assert reader(filed, "stranger").get(f"{THESIS}/file.zip").status == 404
