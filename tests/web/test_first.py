"""The first journey: sign in, register, read the draft."""

from tests.builders import World
from tests.client import Client


def test_an_administrator_signs_in_and_sees_their_theses_alone(client: Client, world: World) -> None:
    assert client.sign_in(world.emails["administrator"]).status == 303
    page = client.get("/theses")
    assert page.status == 200
    assert "Canary-title-of-mine" in page.text
    assert "Canary-title-of-other" not in page.text
