"""Proves that an installation's rulebooks lie over those shipped from their day on, and disturb nothing else."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from cotutelle.domain.evaluation import evaluate
from cotutelle.domain.rulebook import Library, Rulebook
from cotutelle.rulebooks import shelf
from cotutelle.rulebooks.reading import read
from cotutelle.rulebooks.shelf import read_folder, shipped, standard, with_own
from tests.domain.rules.dossiers import dossier, jury, seat


def book(id_: str, *rules: str, scope: str = '{ country = "FR" }', head: str = "") -> Rulebook:
    text = f'[rulebook]\nid = "{id_}"\nname.fr = "Un livre"\nname.en = "A book"\nscope = {scope}\nread_on = 2026-11-24\n{head}'
    found, mistakes = read(text + "".join(rules), id_)
    assert found, mistakes
    return found


def rule(id_: str, check: str, figures: str, **more: str) -> str:
    lines = {"severity": '"legal"', "certainty": '"sourced"', "source": '{ text = "x" }', **more}
    return f'\n[[rule]]\nid = "{id_}"\ncheck = "{check}"\nfigures = {figures}\n' + "".join(
        f"{key} = {value}\n" for key, value in lines.items()
    )


def size(most: int, **more: str) -> str:
    return rule(
        "FR-JURY-SIZE", "jury_size", f"{{ min = 4, max = {most} }}", **{"dated_by": '"defence"', **more}
    )


def verdict(library: Library, members: int, day: str, rule_id: str = "FR-JURY-SIZE") -> str:
    about = jury(*[seat()] * members, defence=day)
    (found,) = [f for f in evaluate(library, about) if f.rule.id == rule_id]
    return str(found.verdict)


def test_a_rule_of_the_installation_takes_the_shipped_one_s_place_from_its_day_and_not_a_day_before() -> None:
    library, rejected = with_own([book("france", size(6, **{"from": "2027-01-01"}))])
    assert not rejected
    assert verdict(library, 8, "2026-12-31") == "pass"
    assert verdict(library, 8, "2027-01-01") == "fail"
    assert verdict(library, 6, "2027-01-01") == "pass"
    assert verdict(library, 3, "2016-08-31", "FR-JURY-SIZE-2005") == "pass"
    assert verdict(standard(), 8, "2027-01-01") == "pass"  # what is shipped is not touched


def test_without_a_day_it_takes_the_place_for_all_time() -> None:
    library, _ = with_own([book("france", size(6))])
    assert verdict(library, 8, "2020-01-01") == "fail"
    assert [entry.book for entry in library.rules["FR-JURY-SIZE"]] == ["france"]
    assert len(library.rules["FR-JURY-SIZE"]) == 1


def test_after_its_end_no_older_rule_comes_back() -> None:
    own = size(6, **{"from": "2027-01-01", "until": "2027-12-31"})
    library, _ = with_own([book("france", own)])
    assert verdict(library, 8, "2027-12-31") == "fail"
    assert verdict(library, 8, "2028-01-01") == "not_applicable"


def test_it_takes_the_place_of_later_texts_as_well() -> None:
    remote = rule(
        "FR-REMOTE",
        "remote_authorised",
        "{ president = true }",
        dated_by='"defence"',
        **{"from": "2019-01-01"},
    )
    library, _ = with_own([book("france", remote)])
    assert [entry.begin for entry in library.rules["FR-REMOTE"]] == [date(2016, 9, 1), date(2019, 1, 1)]
    assert library.rules["FR-REMOTE"][0].until == date(2018, 12, 31)


def test_what_it_does_not_name_stays() -> None:
    library, _ = with_own([book("france", size(6))])
    assert library.rules.keys() == standard().rules.keys()
    assert [b.id for b in library.books] == [b.id for b in shipped()]


def test_a_new_rule_is_asked_beside_the_others() -> None:
    more = rule("LILLE-OUTSIDE", "jury_outsiders", "{ least = 3 }", dated_by='"defence"')
    library, rejected = with_own([book("lille", more, scope='{ institution = "lille", country = "FR" }')])
    assert not rejected
    assert verdict(library, 2, "2026-01-01", "LILLE-OUTSIDE") == "fail"
    assert "LILLE-SHS-PRES" in library.rules


def test_a_new_university_is_known_by_all_its_names() -> None:
    somewhere = book(
        "somewhere", scope='{ institution = "somewhere", country = "PL" }', head='aliases = ["U-Some"]\n'
    )
    library, _ = with_own([somewhere])
    for name in ("somewhere", "SOMEWHERE", "u_some", "USOME"):
        place = library.place(name)
        assert place
        assert (place.code, place.country) == ("somewhere", "PL")
    assert library.place("elsewhere") is None


def test_a_university_s_own_book_keeps_the_names_of_its_schools() -> None:
    scope = '{ institution = "ghent", country = "BE", region = "BE-VLG" }'
    library, rejected = with_own(
        [book("ghent", scope=scope, head='aliases = ["GHENT-U"]\nschools = { GE = ["Medicine"] }\n')]
    )
    assert not rejected
    assert library.schools("ghent", ["Veterinary Medicine", "medicine"]) == {"di", "ge"}
    assert library.code("ghentu") == library.code("UGENT") == "ghent"


FOREIGN = {
    "a rule of another scope": (
        book("mine", size(6), scope='{ country = "BE" }'), "FR-JURY-SIZE is a rule of “france”"),
    "a rule of a wider scope": (
        book("mine", size(6), scope='{ institution = "lille", country = "FR" }'), "only its own rulebook"),
    "a book of another scope": (
        book("ghent", scope='{ country = "FR" }'), "There is a rulebook “ghent” of another scope"),
    "a rule read by another day": (
        book("france", size(6, dated_by='"today"', **{"from": "2027-01-01"})), "read by the day of “defence”"),
    "a rule that says no day": (
        book("france", rule("FR-JURY-SIZE", "jury_size", "{ min = 4, max = 6 }")), "write dated_by so"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_would_replace_a_rule_of_others_is_left_out_with_a_sentence(name: str) -> None:
    own, sentence = FOREIGN[name]
    library, rejected = with_own([own])
    ((mistake,),) = [each.mistakes for each in rejected]
    assert rejected[0].name == f"{own.id}.toml"
    assert sentence in mistake.text
    assert mistake.text.endswith(".")
    assert mistake.line == (1 if "book of" in name else 8)
    assert library.rules.keys() == standard().rules.keys()


def test_the_digest_of_a_book_tells_whatever_it_is_made_of() -> None:
    six, seven = (with_own([book("france", size(most))])[0] for most in (6, 7))
    digests = [next(b.digest for b in each.books if b.id == "france") for each in (standard(), six, seven)]
    assert len(set(digests)) == 3
    assert all(each.startswith(digests[0]) for each in digests)


def test_one_wrong_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[rulebook]\n")
    good = 'id = "good"\nname.fr = "b"\nname.en = "g"\nscope = { country = "PL" }\nread_on = 2026-11-24\n'
    (tmp_path / "good.toml").write_text("[rulebook]\n" + good)
    books, rejected = read_folder(tmp_path, read)
    assert [each.id for each in books] == ["good"]
    assert [each.name for each in rejected] == ["bad.toml"]
    assert with_own(books)[0].books[-1].id == "good"


def test_the_order_of_books_of_different_places_never_matters() -> None:
    own = [
        book("france", size(6)),
        book("poland", rule("PL-SIZE", "jury_size", "{ min = 3, max = 9 }"), scope='{ country = "PL" }'),
        book(
            "lille",
            rule("LILLE-X", "jury_gender", "{ least = 2 }"),
            scope='{ institution = "lille", country = "FR" }',
        ),
    ]
    about = jury(*[seat()] * 7, defence="2026-01-01")
    answers = []
    for order in permutations(own):
        library, rejected = with_own(order)
        assert not rejected
        answers.append(sorted((f.rule.id, f.institution, str(f.verdict)) for f in evaluate(library, about)))
    assert all(answer == answers[0] for answer in answers)


def test_a_confirmation_makes_an_interpretation_bind_but_never_advice() -> None:
    by_id = {id_: entries[-1] for id_, entries in standard().rules.items()}
    library, _ = with_own([], [by_id["FR-JURY-EXT-BOTH"].key, by_id["FR-JURY-GENDER"].key])
    assert library.binds(by_id["FR-JURY-EXT-BOTH"])
    assert not standard().binds(by_id["FR-JURY-EXT-BOTH"])
    assert not library.binds(by_id["FR-JURY-GENDER"])
    assert library.binds(by_id["FR-JURY-SIZE"])


def test_the_shelf_is_read_from_the_disk_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped() is shipped()
    assert standard() is standard()
    monkeypatch.setattr(shelf, "read", lambda *_: pytest.fail("the shipped books were read again"))
    with_own([])
    evaluate(standard(), dossier(today="2026-01-01"))


def test_shipped_ids_stand_under_one_scope_and_no_two_books_share_a_name() -> None:
    names: dict[str, str] = {}
    for each in shipped():
        for rule_ in each.rules:
            assert standard().rules[rule_.id][0].book == each.id, rule_.id
        own = each.scope.institution if each.scope.of_institution else ""
        for alias in (own, *each.aliases):
            key = alias.casefold().replace("-", "").replace("_", "")
            assert not key or names.setdefault(key, each.id) == each.id
