"""In the drawing of a thesis no two words ever meet, however close the dates, and no upright strikes a word."""

from datetime import date
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cotutelle.domain.calendar import Period
from cotutelle.web.timeline import WIDTH, remainders
from cotutelle.web.timeline_layout import (
    Act,
    Block,
    Box,
    Lane,
    Lying,
    Timeline,
    Year,
    broken,
    room_for_names,
    width_of,
)
from cotutelle.web.timeline_upright import Upright

LEFT = 150
places = st.integers(LEFT, WIDTH)
labels = st.sampled_from(["Convention en vigueur", "Soutenance", "CSI", "Fin de la convention", "Ω" * 30])
acts = st.lists(
    st.builds(
        Act,
        places,
        labels,
        st.sampled_from(["", "30 nov. 2026"]),
        st.sampled_from(["done", "planned", "late"]),
    ),
    max_size=14,
)
today = st.lists(st.builds(Act, places, st.just("Aujourd’hui"), st.just(""), st.just("today")), max_size=1)


@st.composite
def lanes(draw: st.DrawFn) -> Lane:
    """A strand with stays that follow one another, some of a day, some of years."""
    cuts = sorted(draw(st.sets(places, max_size=12)))
    blocks = tuple(
        Block(a, b - a, draw(st.booleans()), f"{b - a} mois prévus", f"{b - a},5")
        for a, b in list(pairwise(cuts))[:: draw(st.integers(1, 2))]
    )
    name = draw(
        st.sampled_from(["Lille", "KU Leuven", "Université européenne Viadrina de Francfort-sur-l’Oder"])
    )
    return Lane(draw(st.integers(1, 6)), name, LEFT, WIDTH, blocks)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Any thesis: up to fifteen acts, six institutions, years as close as they come."""
    step = draw(st.integers(20, 300))
    years = tuple(Year(x, "2026–27") for x in range(LEFT, WIDTH, step))
    listed = tuple(draw(st.lists(lanes(), min_size=1, max_size=6)))
    return Timeline(WIDTH, LEFT, years, listed, (*draw(acts), *draw(today)))


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(timelines())
def test_lying_no_word_meets_another_and_no_upright_strikes_one(timeline: Timeline) -> None:
    drawing = Lying(timeline)
    words = [mark.box for mark in drawing.marks]
    words += [word.box for lane in drawing.lanes for word in lane.words]
    assert [pair for pair in combinations(words, 2) if meet(*pair)] == []
    uprights = [(m.act.x - 1, m.upright_from, m.act.x + 1, drawing.last + 26.0) for m in drawing.marks]
    assert [(box, line) for box in words for line in uprights if meet(box, line)] == []
    assert len(drawing.marks) == len(timeline.acts), "every act has its words"


def test_two_acts_keep_clear_of_each_other_at_every_distance() -> None:
    for gap in range(260):
        pair = (
            Act(600, "Soutenance", "30 nov. 2026", "done"),
            Act(600 + gap, "CSI", "1er déc. 2026", "late"),
        )
        one, other = Lying(Timeline(WIDTH, LEFT, acts=pair)).marks
        assert not meet(one.box, other.box), gap
        assert one.right < other.act.x, gap
        assert (one.row == other.row) is (gap > 95), gap


@given(timelines())
def test_lying_nothing_is_cut_off(timeline: Timeline) -> None:
    drawing = Lying(timeline)
    for box in [mark.box for mark in drawing.marks] + [w.box for lane in drawing.lanes for w in lane.words]:
        assert drawing.left <= box[0] <= box[2] <= drawing.left + drawing.width
        assert 0 <= box[1] <= box[3] <= drawing.height
    shown = [year for year in drawing.years if year.label]
    ends = [year.x + 6 + width_of(year.label) for year in shown]
    assert all(end <= following.x + 6 for end, following in zip(ends, shown[1:], strict=False))


@given(timelines())
def test_upright_each_word_stands_below_the_one_before(timeline: Timeline) -> None:
    drawing = Upright(timeline)
    assert all(one.top + one.high < other.top for one, other in pairwise(drawing.lines))
    for line in drawing.lines:
        assert line.top + line.high <= drawing.height
        assert drawing.words + line.wide <= 288
    told = [block for lane in timeline.lanes for block in lane.blocks]
    assert len(drawing.lines) == len(timeline.acts) + len(told)


def test_the_name_of_an_institution_has_the_room_it_needs_within_bounds() -> None:
    assert room_for_names(["Lille"]) == 150
    assert 150 < room_for_names(["Université Mykolas Romeris"]) < room_for_names(["W" * 60]) == 300
    assert broken("Université européenne Viadrina", 120, 15) == ["Université", "européenne", "Viadrina"]
    assert all(width_of(line, 15) <= 60 for line in broken("Donaudampfschifffahrt", 60, 15))


def test_a_plan_that_came_true_is_drawn_once() -> None:
    year = Period(date(2025, 9, 1), date(2026, 8, 31))
    assert remainders([year], [year]) == []
    assert remainders([year], [Period(date(2025, 1, 1), date(2027, 1, 1))]) == []
    assert remainders([year], [Period(date(2025, 10, 1), date(2026, 3, 31))]) == [
        Period(date(2025, 9, 1), date(2025, 9, 30)),
        Period(date(2026, 4, 1), date(2026, 8, 31)),
    ]
    assert remainders([year], [Period(date(2027, 1, 1), date(2027, 2, 1))]) == [year]
