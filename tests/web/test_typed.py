"""What is typed and cannot be kept or printed is refused beside its field; signs that show nothing are no answer."""

import pytest

from tests.builders import World
from tests.client import Client, Page
from tests.web.test_edits import answers


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.sign_in(world.emails["administrator"])
    return client


def sent(office: Client, url: str, **more: str) -> Page:
    return Page(office.browser.post(url, data={**answers(office.get(url)), **more}))


@pytest.mark.parametrize("unseen", ["\u200b", "\u200b \u200f", "\ufeff", "\u202e", "\u00ad"])
def test_signs_that_show_nothing_are_no_title(office: Client, world: World, unseen: str) -> None:
    page = sent(office, f"/theses/{world.thesis}/edit", title=unseen)
    assert page.status == 422
    assert any("title" in error.casefold() for error in page.errors)


@pytest.mark.parametrize("turning", ["a\u202ebc", "a\u2066bc"])
def test_signs_that_turn_the_words_around_them_are_refused(
    office: Client, world: World, turning: str
) -> None:
    for url, field in (
        ("edit", "title"),
        ("convention/terms/training", "training_lead__fr"),
        ("notes", "text"),
    ):
        form = answers(office.get(f"/theses/{world.thesis}/{url}"))
        name = field if field in form else next(n for n in form if n.endswith("__fr"))
        page = sent(office, f"/theses/{world.thesis}/{url}", **{name: turning})
        assert page.status == 422, url
        assert any("control character" in error for error in page.errors), url


def test_a_name_in_another_script_keeps_the_signs_that_it_needs(office: Client, world: World) -> None:
    kept = "نام\u200cخانوادگی"
    assert sent(office, f"/theses/{world.thesis}/edit", title=kept).status == 303
    assert kept in office.get(f"/theses/{world.thesis}").text


@pytest.mark.parametrize(("text", "why"), [("سلام", "Documents cannot print"), ("x" * 121, "121 characters")])
def test_a_term_that_no_document_prints_is_refused_beside_its_field(
    office: Client, world: World, text: str, why: str
) -> None:
    url = f"/theses/{world.thesis}/convention/terms/training"
    name = next(name for name in answers(office.get(url)) if name.endswith("__fr"))
    page = sent(office, url, **{name: text})
    assert page.status == 422
    assert any(why in error for error in page.errors)
    assert answers(page)[name] == text
    assert sent(office, url, **{name: "x" * 120}).status == 303


@pytest.mark.parametrize(
    "url", ["/theses/{thesis}/supervisors/add", "/theses/new", "/theses/{thesis}/jury/seats/add"]
)
def test_an_endless_name_is_refused_by_its_length(office: Client, world: World, url: str) -> None:
    here = url.format(thesis=world.thesis)
    if "jury" in here:
        office.post(f"/theses/{world.thesis}/jury/begin", form=f"/theses/{world.thesis}/jury")
    page = sent(office, here, family_name="x y " * 50_000, given_names="z" * 90_000, same_person="new")
    assert page.status == 422
    assert any("At most 120 characters" in error for error in page.errors)
