"""Where every word of a timeline stands on a phone: each below the one before, a leader ties it to its place."""

from dataclasses import dataclass

from cotutelle.web.timeline_layout import Timeline, broken, width_of

WIDTH, FACTOR, LINE = 288, 0.6, 17


@dataclass(slots=True)
class Line:
    """Words of the upright drawing: their place on the strands, and where they stand."""

    y: float
    kind: str
    lines: list[str]
    date: str = ""
    position: int = 0
    top: float = 0

    @property
    def high(self) -> float:
        """How high the words are."""
        if self.kind == "today":
            return 25
        return LINE * (len(self.lines) + bool(self.date))

    @property
    def wide(self) -> float:
        """How wide the words are."""
        return max(width_of(line) for line in [*self.lines, self.date])

    @property
    def aside(self) -> bool:
        """Whether the words stand so far from their place that a leader must tie them to it."""
        return self.kind != "block" or not self.top - 4 <= self.y <= self.top + self.high + 4


class Upright:
    """The strands running down, 288 px wide; words at the right, each below the one before."""

    factor = FACTOR

    def __init__(self, timeline: Timeline) -> None:
        starts = [lane.line_from for lane in timeline.lanes]
        starts += [block.x for lane in timeline.lanes for block in lane.blocks]
        self.start = min([*starts, *(act.x for act in timeline.acts)], default=0)
        self.lanes_end = 18 + 26 * max(len(timeline.lanes) - 1, 0)
        self.words = self.lanes_end + 28
        self.lines = self._lines(timeline)
        below = 0.0
        for line in self.lines:
            middle = line.high / 2 if line.kind in {"block", "today"} else 9
            line.top = max(line.y - middle, below)
            below = line.top + line.high + 7
        self.height = round(max(self.y(timeline.width) + 16, below + 6))

    def y(self, x: float) -> float:
        """The height at which a point of time lies."""
        return (x - self.start) * FACTOR + 16

    def _lines(self, timeline: Timeline) -> list[Line]:
        room = WIDTH - self.words
        lines = [
            Line(
                self.y(act.x),
                act.state,
                broken(act.label, room - (20 if act.state == "today" else 0)),
                act.date,
            )
            for act in timeline.acts
        ]
        lines += [
            Line(
                self.y(block.x + block.width / 2),
                "block",
                broken(f"{lane.name}, {block.words}", room),
                position=lane.position,
            )
            for lane in timeline.lanes
            for block in lane.blocks
            if block.words
        ]
        return sorted(lines, key=lambda line: line.y)
