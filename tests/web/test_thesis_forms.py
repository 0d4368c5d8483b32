"""The forms of a thesis ask for all that is kept of it, and check it."""

from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers


def test_the_room_of_the_defence_is_asked_kept_and_shown(client: Client, world: World) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}"
    form = {
        **answers(client.get(f"{url}/edit")),
        "defence_institution": "ghent",
        "defence_place": "Salle des actes",
    }
    assert Page(client.browser.post(f"{url}/edit", data=form)).status == 303
    assert "UGent, Salle des actes" in client.get(url).text
    again = answers(client.get(f"{url}/edit"))
    assert again["defence_place"] == "Salle des actes"
    assert Page(client.browser.post(f"{url}/edit", data=again)).status == 303
    assert "UGent, Salle des actes" in client.get(url).text, "saving the form again keeps it"


def test_the_days_on_which_an_institution_joined_and_left_are_asked_checked_and_shown(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/institutions"
    form = {
        **answers(client.get(url)),
        "parties-1-joined_on": "2026-02-01",
        "parties-1-left_on": "2026-01-31",
    }
    page = Page(client.browser.post(url, data=form))
    assert page.status == 422
    assert page.errors.count("The end comes before the beginning (1 February 2026).") == 2
    assert 'value="2026-01-31"' in page.text
    assert 'href="#parties-1-left_on"' in page.text
    page = Page(client.browser.post(url, data={**form, "parties-1-left_on": "2099-01-31"}))
    assert page.status == 303
    shown = client.get(f"/theses/{world.thesis}").text
    assert "1 February 2026" in shown
    assert "31 January 2099" in shown


def test_the_lead_institution_is_not_asked_when_it_left_and_cannot_leave(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/institutions"
    page = client.get(url)
    assert 'id="parties-0-joined_on"' in page.text
    assert 'id="parties-0-left_on"' not in page.text
    refused = Page(client.browser.post(url, data={**answers(page), "parties-0-left_on": "2099-01-31"}))
    assert refused.status == 422
    assert refused.errors.count("The lead institution cannot leave: put another one first.") == 2


def test_a_title_pasted_in_lines_is_one_line_and_shown_whole_in_its_form(
    client: Client, world: World
) -> None:
    client.sign_in(world.emails["administrator"])
    url = f"/theses/{world.thesis}/edit"
    form = {**answers(client.get(url)), "title": "Gouverner les crues.\r\n  Mémoires fluviales\nde l’Escaut"}
    assert Page(client.browser.post(url, data=form)).status == 303
    page = client.get(url)
    assert answers(page)["title"] == "Gouverner les crues. Mémoires fluviales de l’Escaut"
    assert "<textarea" in page.text.partition('id="title"')[0].rpartition("<label")[2]
