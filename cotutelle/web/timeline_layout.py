"""Where every word of a timeline stands on a desk, so that no two ever meet.

The words of an act end before the next act's upright and take the lowest row on which no upright passes
through them. For phones, see `timeline_upright`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ROW, LANE_GAP = 44, 54
CLEAR = 6
"""Blank between a word and the next upright."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def width_of(words: str, size: int = 14) -> float:
    """How wide the words are at most, in the interface's semibold type; drawings are laid out by it."""
    return size * sum(_advance(sign) for sign in words)


def _advance(sign: str) -> float:
    if sign in "ijlI.,:;'’!|()- \u00a0":
        return 0.36
    if sign in "mwMWŒœÆæ%—":
        return 0.92
    if sign.isdecimal():
        return 0.54
    return 0.7 if sign.isupper() else 0.58


def broken(words: str, width: float, size: int = 14) -> list[str]:
    """The words in lines of at most this width; what has no blank is cut where it must be."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.append("")
        for sign in word:
            if lines[-1] and width_of(lines[-1] + sign, size) > width:
                lines.append("")
            lines[-1] += sign
    return lines


def room_for_names(names: Iterable[str]) -> int:
    """The room that the names of the lanes need at the left: as much as they ask for, within bounds."""
    widest = max((width_of(name, 15) for name in names), default=0)
    return round(min(max(29 + widest + 16, 150), 300))


@dataclass(frozen=True, slots=True)
class Year:
    """The beginning of an academic year."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act that binds all, or today: done, planned, late, today."""

    x: int
    label: str
    date: str
    state: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stay in its lane, with its months in words and as a bare number."""

    x: int
    width: int
    planned: bool
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The strand of one institution."""

    position: int
    name: str
    line_from: int
    line_to: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn, in both shapes."""

    width: int
    left: int
    years: tuple[Year, ...] = ()
    lanes: tuple[Lane, ...] = ()
    acts: tuple[Act, ...] = ()
    uncovered: tuple[int, int] | None = None


@dataclass(slots=True)
class Mark:
    """An act with its words: where they stand, and from where its upright comes down."""

    act: Act
    left: float
    right: float
    row: int
    top: float = 0
    upright_from: float = 0

    @property
    def middle(self) -> float:
        """Where the words are centred."""
        return (self.left + self.right) / 2

    @property
    def box(self) -> Box:
        """The room of the words."""
        return self.left, self.top, self.right, self.top + ROW - 8


@dataclass(slots=True)
class Word:
    """Words of a block: in it, or under it."""

    x: float
    y: float
    text: str
    inside: bool
    planned: bool

    @property
    def box(self) -> Box:
        """The room of the words."""
        return self.x, self.y - 11, self.x + width_of(self.text), self.y + 3


@dataclass(slots=True)
class PlacedLane:
    """A lane at its height, with the lines of its name and the words of its blocks."""

    lane: Lane
    y: float
    name: list[str]
    words: list[Word] = field(default_factory=list)


class Lying:
    """The strands lying, drawn for `width` pixels; acts stand above in as many rows as they need."""

    def __init__(self, timeline: Timeline) -> None:
        self.marks = _marks(timeline)
        rows = 1 + max((mark.row for mark in self.marks), default=0)
        self.top = 6 + ROW * rows
        for mark in self.marks:
            mark.top = self.top - ROW * mark.row - 38
            # where the words had to leave their upright, it goes on beside them
            beside = mark.top + (12 if mark.act.state == "today" else 2)
            mark.upright_from = beside if mark.act.x > mark.right else mark.top + ROW - 8
        self.left = min([0, *(mark.left for mark in self.marks)])
        self.width = timeline.width - self.left
        self.first = self.top + ROW
        self.last = self.first + LANE_GAP * max(len(timeline.lanes) - 1, 0)
        self.floor = self.last + 48
        self.height = self.floor + 24
        self.years = _years(timeline)
        uprights = sorted(act.x for act in timeline.acts)
        self.lanes = [
            _placed(lane, self.first + LANE_GAP * index, uprights, timeline)
            for index, lane in enumerate(timeline.lanes)
        ]


def _marks(timeline: Timeline) -> list[Mark]:
    acts = sorted(timeline.acts, key=lambda act: act.x)
    placed: list[Mark] = []
    for index, act in enumerate(acts):
        wide = max(width_of(act.label), width_of(act.date)) + (14 if act.state == "today" else 0)
        limit = acts[index + 1].x - CLEAR if index + 1 < len(acts) else timeline.width
        right = min(act.x + wide / 2, limit)
        mark = Mark(act, right - wide, right, 0)
        passed = [m.row + 1 for m in placed if m.act.x + CLEAR > mark.left]
        taken = {m.row for m in placed if m.right + CLEAR > mark.left}
        mark.row = max(passed, default=0)
        while mark.row in taken:
            mark.row += 1
        placed.append(mark)
    return placed


def _years(timeline: Timeline) -> list[Year]:
    """The years, with a label where there is room for one."""
    shown, free = [], 0.0
    for year in timeline.years:
        end = year.x + 6 + width_of(year.label)
        label = year.label if year.x >= free and end <= timeline.width else ""
        free = end if label else free
        shown.append(Year(year.x, label))
    return shown


def _placed(lane: Lane, y: float, uprights: Sequence[int], timeline: Timeline) -> PlacedLane:
    placed = PlacedLane(lane, y, broken(lane.name, timeline.left - 45, 15)[:3])
    inside_until = under_until = 0.0
    for block in lane.blocks:
        begin, end = max(block.x, inside_until), block.x + block.width
        word = _inside(block, begin, y, uprights)
        if word is not None:
            inside_until = word.box[2] + CLEAR
        elif block.number:
            x = _clear_of(max(block.x, under_until), width_of(block.number), uprights)
            if x <= end + CLEAR and x + width_of(block.number) <= timeline.width:
                word = Word(x, y + 28, block.number, inside=False, planned=block.planned)
                under_until = word.box[2] + CLEAR
        if word is not None:
            placed.words.append(word)
    return placed


def _inside(block: Block, begin: float, y: float, uprights: Sequence[int]) -> Word | None:
    """The words in the block where it has room between the uprights, else its number, else nothing."""
    end = block.x + block.width
    within = [x for x in uprights if begin - 12 < x < end + 12]
    edges = [begin - 4, *within, end + 8]
    for text in filter(None, (block.words, block.number)):
        for left, right in pairwise(edges):
            if left + 12 + width_of(text) <= right - 12 and left + 12 >= begin:
                return Word(left + 12, y + 4.5, text, inside=True, planned=block.planned)
    return None


def _clear_of(x: float, wide: float, uprights: Sequence[int]) -> float:
    """The first place from here on where words of that width meet no upright."""
    for upright in uprights:
        if x - 4 < upright < x + wide + 4:
            x = upright + CLEAR
    return x
