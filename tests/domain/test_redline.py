"""What a version says that the one before did not, as a reader sees it."""

import time
from typing import Any

from cotutelle.domain.convention.redline import Mark, Piece, redline, words
from cotutelle.domain.convention.redline import marked as whole

S, G, N = Mark.SAME, Mark.GONE, Mark.NEW


def article(clause: str, *rows: str, number: int = 7, annex: bool = False) -> dict[str, Any]:
    listed = [{"en": row} for row in rows]
    return {"clause": clause, "annex": annex, "number": number, "titles": {"en": "Stays"}, "rows": listed}


def marked(pieces: tuple[Piece, ...]) -> list[tuple[Mark, str]]:
    return [(piece.mark, piece.text) for piece in pieces]


def test_a_changed_figure_is_shown_old_beside_new_and_the_rest_stays() -> None:
    assert marked(words("at least nine months in Ghent.", "at least six months in Ghent.")) == [
        (S, "at least "), (G, "nine "), (N, "six "), (S, "months in Ghent."),
    ]  # fmt: skip


def test_words_with_apostrophes_hyphens_and_no_break_spaces_stay_whole() -> None:
    before, after = "l’école doctorale\u00a0: peut-être", "l’université doctorale\u00a0: peut-être"
    assert marked(words(before, after))[:2] == [(G, "l’école "), (N, "l’université ")]
    assert "".join(p.text for p in words(before, after) if p.mark is not G) == after
    assert "".join(p.text for p in words(before, after) if p.mark is not N) == before


def test_nothing_is_shown_where_nothing_changed() -> None:
    text = [article("CL-14", "One.", "Two.")]
    assert redline(text, text) == []


def test_only_the_lines_that_changed_are_shown_with_their_new_numbers() -> None:
    (changed,) = redline(
        [article("CL-14", "The stays alternate.", "Nine months in Ghent.", "Dates are agreed.")],
        [article("CL-14", "The stays alternate.", "Six months in Ghent.", "Dates are agreed.")],
    )
    assert (changed.clause, changed.mark, [line.number for line in changed.lines]) == ("CL-14", S, ["7.2"])


def test_a_line_put_between_others_is_new_and_the_others_are_not() -> None:
    (changed,) = redline(
        [article("CL-14", "The stays alternate.", "Dates are agreed.")],
        [article("CL-14", "The stays alternate.", "Lodging is found by Ghent.", "Dates are agreed.")],
    )
    (line,) = changed.lines
    assert line.number == "7.2"
    assert marked(line.cells["en"]) == [(N, "Lodging is found by Ghent.")]


def test_a_line_taken_out_bears_the_number_that_it_had() -> None:
    (changed,) = redline(
        [article("CL-14", "The stays alternate.", "Lodging is found by Ghent.")],
        [article("CL-14", "The stays alternate.")],
    )
    (line,) = changed.lines
    assert (line.number, marked(line.cells["en"])) == ("7.2", [(G, "Lodging is found by Ghent.")])


def test_lines_that_share_nothing_are_two_lines() -> None:
    before, after = "The direction is shared by two directors.", "Institutions agree on who pays for travel."
    (changed,) = redline([article("CL-14", before)], [article("CL-14", after)])
    assert {marked(line.cells["en"])[0] for line in changed.lines} == {(G, before), (N, after)}


def test_lines_that_changed_stand_beside_what_they_were_though_others_came_between() -> None:
    before = article(
        "CL-14", "Nine months of stay are spent in Lille.", "Six months of stay are spent in Ghent."
    )
    after = article(
        "CL-14", "Lodging is found by the host.", "Ten months of stay are spent in Lille.",
        "Five months of stay are spent in Ghent.",
    )  # fmt: skip
    (changed,) = redline([before], [after])
    assert [marked(line.cells["en"])[0] for line in changed.lines] == [
        (N, "Lodging is found by the host."), (G, "Nine "), (G, "Six "),
    ]  # fmt: skip


def test_an_article_by_another_title_has_changed() -> None:
    before, after = article("CL-14", "One."), {**article("CL-14", "One."), "titles": {"en": "Periods"}}
    (changed,) = redline([before], [after])
    assert marked(changed.lines[0].cells["en"]) == [(G, "Stays"), (N, "Periods")]


def test_every_line_of_an_article_is_there_with_its_marks() -> None:
    lines = whole(article("CL-14", "The stays alternate."), article("CL-14", "The stays alternate.", "New."))
    assert [(line.number, line.changed) for line in lines] == [("7.1", False), ("7.2", True)]


def test_comparing_hostile_texts_takes_no_time() -> None:
    begin = time.process_time()
    words("a b c " * 1000, "c a b " * 1000)
    words(" ".join(f"a{n}" for n in range(300)), " ".join(f"b{n}" for n in range(300)))
    assert time.process_time() - begin < 2


def test_an_article_that_came_or_went_is_whole_and_what_went_comes_last() -> None:
    kept = article("CL-01", "Parties.", number=1)
    came, went = article("CL-33", "Set aside.", number=2), article("CL-11", "Main institution.", number=2)
    changed = redline([kept, went], [kept, came])
    assert [(each.clause, each.mark) for each in changed] == [("CL-33", N), ("CL-11", G)]


def test_a_language_that_was_added_is_new_in_every_line() -> None:
    before = article("CL-14", "The stays alternate.")
    after = {**before, "rows": [{"en": "The stays alternate.", "nl": "De verblijven wisselen af."}]}
    (changed,) = redline([before], [after])
    (line,) = changed.lines
    assert marked(line.cells["en"]) == [(S, "The stays alternate.")]
    assert marked(line.cells["nl"]) == [(N, "De verblijven wisselen af.")]


def test_a_text_too_long_to_compare_is_shown_whole() -> None:
    long = "word " * 4000
    assert [piece.mark for piece in words(long, f"{long}more")] == [G, N]
